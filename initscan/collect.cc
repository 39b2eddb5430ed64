#include "initscan/collect.h"

#include "initscan/analyze/analyzer.h"

namespace initscan {

Sbom collect(const RootFs& image) {
  Sbom sbom = analyze_image(image);
  std::vector<std::string> incomplete = std::move(sbom.coverage.incomplete);
  sbom.coverage = image.walk();
  sbom.coverage.incomplete = std::move(incomplete);
  return sbom;
}

}  // namespace initscan

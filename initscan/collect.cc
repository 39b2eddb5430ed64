#include "initscan/collect.h"

#include "initscan/analyze/analyzer.h"

namespace initscan {

Sbom collect(const RootFs& image) {
  Sbom sbom = analyze_image(image);
  Coverage walked = image.walk();
  walked.incomplete = std::move(sbom.coverage.incomplete);
  walked.unmatched = std::move(sbom.coverage.unmatched);
  sbom.coverage = std::move(walked);
  return sbom;
}

}  // namespace initscan

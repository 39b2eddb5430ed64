#include "initscan/collect.h"

#include "initscan/analyze/analyzer.h"
#include "initscan/sbom/cyclonedx_writer.h"
#include "initscan/source/open_image.h"

namespace initscan {

Result<std::string> collect(const std::string& reference, std::string confinement) {
  const auto image = open_image(reference);
  if (!image) return image.error();
  Sbom sbom = analyze_image(**image, all_analyzers());
  sbom.confinement = std::move(confinement);
  return write_cyclonedx(sbom);
}

}  // namespace initscan

// What reads survives being written and read again, and is a package by its name and its lengths.
#include "initscan/model/package_limits.h"
#include "initscan/sbom/cyclonedx_reader.h"
#include "initscan/sbom/cyclonedx_writer.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto sbom = initscan::read_cyclonedx({reinterpret_cast<const char*>(data), size});
  if (!sbom) return sbom.error().text.empty() ? (std::abort(), 0) : 0;
  for (const initscan::Package& package : sbom->packages) {
    const bool has_names =
        is_package_name(package.type, package.name) && is_package_name(package.type, package.source_name);
    if (!has_names || package.version.empty() || !too_long_in(package).empty()) std::abort();
  }
  const auto again = initscan::read_cyclonedx(initscan::write_cyclonedx(*sbom));
  if (!again || again->packages.size() != sbom->packages.size()) std::abort();
  return 0;
}

#include "initscan/analyze/rpm_manifest.h"
#include "initscan/model/package_limits.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<initscan::Package> packages;
  const auto parsed = initscan::parse_rpm_manifest({reinterpret_cast<const char*>(data), size}, "db", packages);
  if (!parsed && parsed.error().text.empty()) std::abort();
  for (const auto& package : packages) {
    if (!is_package_name(package.type, package.name) || !too_long_in(package).empty()) std::abort();
  }
  return 0;
}

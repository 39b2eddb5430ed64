#include "initscan/analyze/apk_db.h"
#include "initscan/model/package_limits.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<initscan::Package> packages;
  const auto parsed = initscan::parse_apk_db({reinterpret_cast<const char*>(data), size}, "db", packages);
  if (!parsed && parsed.error().text.empty()) std::abort();
  for (const auto& package : packages) {
    if (package.version.empty() || !is_package_name(package.type, package.name)) std::abort();
    if (!is_package_name(package.type, package.source_name) || !too_long_in(package).empty()) std::abort();
  }
  return 0;
}

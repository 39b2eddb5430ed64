#include "initscan/analyze/dpkg_status.h"
#include "initscan/model/package_limits.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const auto shape : {initscan::DpkgShape::status, initscan::DpkgShape::control}) {
    std::vector<initscan::DpkgEntry> entries;
    const auto parsed =
        initscan::parse_dpkg_status({reinterpret_cast<const char*>(data), size}, "status", shape, entries);
    if (!parsed && parsed.error().text.empty()) std::abort();
    for (const auto& entry : entries) {
      if (entry.package.name.empty() || (entry.installed && entry.package.version.empty())) std::abort();
      if (!too_long_in(entry.package).empty()) std::abort();
    }
  }
  return 0;
}

#include "initscan/analyze/rpm_package.h"
#include "initscan/model/package_limits.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto header = initscan::parse_rpm_header({reinterpret_cast<const char*>(data), size});
  if (!header) {
    if (header.error().text.empty()) std::abort();
    return 0;
  }
  const auto package = initscan::package_of_rpm(*header, "db");
  if (!package || !*package) return 0;
  if (!is_package_name((*package)->type, (*package)->name) || !too_long_in(**package).empty()) std::abort();
  if (!is_package_name((*package)->type, (*package)->source_name)) std::abort();
  return 0;
}

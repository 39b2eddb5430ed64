// Both orders are orders: comparing the other way round gives the opposite, a version equals itself.
#include "initscan/version/version.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

int sign(int order) {
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view a = text.substr(0, text.find(' '));
  const std::string_view b = a.size() < text.size() ? text.substr(a.size() + 1) : std::string_view();
  for (const auto type : {initscan::PackageType::deb, initscan::PackageType::apk}) {
    (void)initscan::is_version(type, a);
    if (initscan::compare_versions(type, a, a) != 0) std::abort();
    if (sign(initscan::compare_versions(type, a, b)) != -sign(initscan::compare_versions(type, b, a))) std::abort();
  }
  return 0;
}

// Each order is an order: comparing the other way round gives the opposite, a version equals itself, what is a
// version can be compared, and what is none of Debian's cannot.
#include "initscan/version/version.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

int sign(int order) {
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

void check(initscan::VersionOrder order, std::string_view a, std::string_view b) {
  const auto forth = compare_versions(order, a, b);
  const auto back = compare_versions(order, b, a);
  if (forth.has_value() != back.has_value()) std::abort();
  if (forth && sign(*forth) != -sign(*back)) std::abort();
  if (is_version(order, a) && compare_versions(order, a, a) != 0) std::abort();
  const bool are_versions = is_version(order, a) && is_version(order, b);
  if (are_versions && !forth) std::abort();
  // Of apk's, what differs before the place where one ceases to be a version is in order all the same.
  if (order == initscan::VersionOrder::deb && !are_versions && forth) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view a = text.substr(0, text.find(' '));
  const std::string_view b = a.size() < text.size() ? text.substr(a.size() + 1) : std::string_view();
  using initscan::VersionOrder;
  for (const auto order : {VersionOrder::deb, VersionOrder::apk2, VersionOrder::apk3}) check(order, a, b);
  return 0;
}

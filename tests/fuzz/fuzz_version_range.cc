// Whatever is read as a range has bounds that its order compares.
#include "initscan/version/written_range.h"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

using initscan::VersionOrder;

constexpr std::array kOrders{VersionOrder::npm, VersionOrder::cargo,    VersionOrder::python,
                             VersionOrder::gem, VersionOrder::composer, VersionOrder::maven};

void check(VersionOrder order, std::string_view bound) {
  if (!bound.empty() && compare_versions(order, bound, bound) != 0) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const VersionOrder order : kOrders) {
    const auto ranges = initscan::read_written_range(order, text);
    if (!ranges) continue;
    for (const initscan::VersionRange& range : *ranges) {
      check(order, range.introduced);
      check(order, range.fixed);
      check(order, range.last_affected);
      if (!range.fixed.empty() && !range.last_affected.empty()) std::abort();
    }
  }
  return 0;
}

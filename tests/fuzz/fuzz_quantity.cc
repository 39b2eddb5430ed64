#include "injector/pod/quantity.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto quantity = initscan::injector::parse_quantity({reinterpret_cast<const char*>(data), size});
  if (!quantity) return 0;
  if (*quantity < 0) std::abort();
  const auto again = initscan::injector::parse_quantity(initscan::injector::format_cpu(*quantity));
  if (!again) std::abort();
  return 0;
}

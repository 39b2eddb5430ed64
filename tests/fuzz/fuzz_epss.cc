#include "initscan/advisory/overlay/overlay_sources.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto part = initscan::parse_epss({reinterpret_cast<const char*>(data), size});
  if (!part && part.error().text.empty()) std::abort();
  return 0;
}

#include "initscan/analyze/os_release.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)initscan::parse_os_release({reinterpret_cast<const char*>(data), size});
  return 0;
}

// Heads between scanner and courier: what is taken is within the limits, and is what would be written again.
#include "initscan/courier/frame.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace initscan;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  constexpr std::size_t kMost = 1 << 20;
  if (const auto errand = read_errand_head(bytes)) {
    if (errand->bytes > kMaxSentBytes || errand->time > kLongestErrand || write_head(*errand) != bytes) std::abort();
  }
  if (const auto delivery = read_delivery_head(bytes, kMost)) {
    if (delivery->bytes > kMost || write_head(*delivery) != bytes) std::abort();
  }
  return 0;
}

#include "initscan/advisory/feed/cvss.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto score = initscan::cvss_score({reinterpret_cast<const char*>(data), size});
  if (score && !(score->score >= 0 && score->score <= 10)) std::abort();
  return 0;
}

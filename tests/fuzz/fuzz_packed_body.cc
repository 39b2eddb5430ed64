// A packed body: the first byte says how it is packed. What comes out is within its limits.
#include "server/api/body.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace initscan::server;
  if (size == 0) return 0;
  const std::string packed(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto body = decode_body(data[0] == 'g' ? "gzip" : "zstd", packed);
  if (body && body->size() > std::max(kAlwaysAllowed, packed.size() * kMaxRatio)) std::abort();
  return 0;
}

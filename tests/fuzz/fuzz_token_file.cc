#include "server/auth/token_file.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace initscan::server;
  const auto table = parse_token_file({reinterpret_cast<const char*>(data), size});
  if (table && (table->size() > kMaxTokens || table->find(""))) std::abort();
  return 0;
}

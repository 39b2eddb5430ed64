// A message of a client's or a server's is read the same however it is split, and never holds more than it may.
#include "common/net/message_reader.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

constexpr initscan::MessageLimits kLimits{2000, 1000};

// The body, and how far the message went; or why it could not be read.
template <bool is_request>
std::string read(std::string_view bytes, std::size_t piece_bytes) {
  initscan::MessageReader<is_request> reader(kLimits);
  std::string body;
  std::string_view left = bytes;
  while (!left.empty() && !reader.is_done()) {
    const auto piece = reader.take(left.substr(0, piece_bytes));
    if (!piece) {
      if (reader.fault() == initscan::MessageFault::none) std::abort();
      return piece.error().text;
    }
    if (piece->taken == 0 || piece->taken > left.size()) std::abort();
    body += piece->data;
    if (body.size() > *kLimits.body_bytes) std::abort();
    left.remove_prefix(piece->taken);
  }
  const auto ended = reader.end();
  return ended ? body + '|' + std::string(left) : ended.error().text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (read<true>(bytes, size + 1) != read<true>(bytes, 1)) std::abort();
  if (read<false>(bytes, size + 1) != read<false>(bytes, 3)) std::abort();
  return 0;
}

#pragma once

#include <cstddef>
#include <string_view>

namespace initscan {

/// At most `most` bytes of a text in UTF-8, and no half of a character: bytes 10xxxxxx go on with one.
constexpr std::string_view cut(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80) --most;
  return text.substr(0, most);
}

}  // namespace initscan

#pragma once

#include "common/text/ascii.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace initscan {

/// Percent-encodes every byte of `text` (RFC 3986, section 2.1) but ASCII letters, digits and those in `plain`.
inline std::string percent_encode(std::string_view text, std::string_view plain) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool stays = is_alphanumeric(c) || plain.find(c) != std::string_view::npos;
    if (stays) {
      out += c;
      continue;
    }
    const auto byte = static_cast<std::uint8_t>(c);
    out += '%';
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

}  // namespace initscan

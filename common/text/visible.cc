#include "common/text/visible.h"

#include "common/text/utf8.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace initscan {
namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

// Controls, line and paragraph separators, format characters, what is ignored when it is shown
// (Default_Ignorable_Code_Point of Unicode 15) and what XML 1.0 forbids. In order.
constexpr std::array kInvisible = {
    Range{0x00, 0x1f},       Range{0x7f, 0x9f},       Range{0xad, 0xad},       Range{0x34f, 0x34f},
    Range{0x600, 0x605},     Range{0x61c, 0x61c},     Range{0x6dd, 0x6dd},     Range{0x70f, 0x70f},
    Range{0x890, 0x891},     Range{0x8e2, 0x8e2},     Range{0x115f, 0x1160},   Range{0x17b4, 0x17b5},
    Range{0x180b, 0x180f},   Range{0x200b, 0x200f},   Range{0x2028, 0x202e},   Range{0x2060, 0x206f},
    Range{0x3164, 0x3164},   Range{0xfe00, 0xfe0f},   Range{0xfeff, 0xfeff},   Range{0xffa0, 0xffa0},
    Range{0xfff0, 0xfffb},   Range{0xfffe, 0xffff},   Range{0x110bd, 0x110bd}, Range{0x110cd, 0x110cd},
    Range{0x13430, 0x1343f}, Range{0x1bca0, 0x1bca3}, Range{0x1d173, 0x1d17a}, Range{0xe0000, 0xe0fff},
};

bool is_visible(std::uint32_t code) {
  if (code >= 0x20 && code < 0x7f) return true;
  const auto range = std::lower_bound(kInvisible.begin(), kInvisible.end(), code,
                                      [](const Range& r, std::uint32_t wanted) { return r.last < wanted; });
  return range == kInvisible.end() || code < range->first;
}

void append_code(std::string& out, char kind, std::uint32_t code) {
  std::array<char, 8> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), code, 16);
  out += '\\';
  out += kind;
  out += '{';
  out.append(digits.data(), end.ptr);
  out += '}';
}

std::string made_visible(std::string_view text, bool keep_lines, std::size_t max_bytes) {
  std::string out;
  out.reserve(std::min(text.size(), max_bytes) + 3);
  while (!text.empty()) {
    if (out.size() >= max_bytes) return out + "...";
    const Utf8Character character = first_utf8_character(text);
    if (character.bytes == 0) {
      append_code(out, 'x', static_cast<std::uint8_t>(text.front()));
    } else if (is_visible(character.code) || (keep_lines && character.code == '\n')) {
      out += text.substr(0, character.bytes);
    } else {
      append_code(out, 'u', character.code);
    }
    text.remove_prefix(std::max<std::size_t>(character.bytes, 1));
  }
  return out;
}

}  // namespace

std::string visible(std::string_view text) {
  return made_visible(text, false, kMaxVisibleBytes);
}

std::string visible_lines(std::string_view text, std::size_t max_bytes) {
  return made_visible(text, true, max_bytes);
}

}  // namespace initscan

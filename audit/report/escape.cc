#include "audit/report/escape.h"

#include "common/utf8.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace initscan::audit {
namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

// What moves the cursor, ends a line, turns the direction, cannot be seen, or is forbidden in XML 1.0.
constexpr std::array kInvisible = {
    Range{0x00, 0x1f},     Range{0x7f, 0x9f},     Range{0xad, 0xad},     Range{0x61c, 0x61c},
    Range{0x180e, 0x180e}, Range{0x200b, 0x200f}, Range{0x2028, 0x202e}, Range{0x2060, 0x206f},
    Range{0xfeff, 0xfeff}, Range{0xfff9, 0xfffb}, Range{0xfffe, 0xffff}, Range{0xe0000, 0xe0fff},
};

bool is_visible(std::uint32_t code) {
  return std::none_of(kInvisible.begin(), kInvisible.end(),
                      [code](const Range& range) { return code >= range.first && code <= range.last; });
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

std::string make_visible(std::string_view text, bool keep_lines, std::size_t max_bytes) {
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

std::string escape_markup(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

// The longest run of `c` in `text`.
std::size_t longest_run(std::string_view text, char c) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char at : text) {
    run = at == c ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

// What spreadsheets read as the start of a formula, the full-width forms of East Asian ones included.
bool starts_like_formula(std::string_view text) {
  constexpr std::array<std::string_view, 8> kStarts = {"=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"};
  return std::any_of(kStarts.begin(), kStarts.end(),
                     [text](std::string_view start) { return text.starts_with(start); });
}

}  // namespace

std::string visible(std::string_view text) {
  return make_visible(text, false, kMaxShownBytes);
}

std::string visible_lines(std::string_view text) {
  return make_visible(text, true, kMaxShownPatchBytes);
}

std::string markup_text(std::string_view text) {
  return escape_markup(visible(text));
}

std::string markup_lines(std::string_view text) {
  return escape_markup(visible_lines(text));
}

std::string markdown_text(std::string_view text) {
  constexpr std::string_view kPunctuation = "\\`*_{}[]()<>#+-!|~^=&$:";
  std::string out;
  const std::string shown = visible(text);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const char c = shown[i];
    if (kPunctuation.find(c) != kPunctuation.npos) out += '\\';
    out += c;
    // Links and mentions are made of plain text as well, after Markdown has been read; an empty comment parts them.
    const bool mention = c == '@';
    const bool address = (c == 'w' || c == 'W') && i + 1 < shown.size() && (shown[i + 1] == 'w' || shown[i + 1] == 'W');
    const bool scheme = c == ':' && i + 1 < shown.size() && shown[i + 1] == '/';
    if (mention || address || scheme) out += "<!-- -->";
  }
  return out;
}

std::string markdown_code(std::string_view text) {
  const std::string shown = visible(text);
  if (shown.empty()) return "";
  const std::string fence(longest_run(shown, '`') + 1, '`');
  const bool needs_space = shown.front() == '`' || shown.back() == '`' || shown.front() == ' ';
  std::string out = fence + (needs_space ? " " : "");
  for (const char c : shown) {
    if (c == '|') out += '\\';  // a table is cut into cells before code spans are read
    out += c;
  }
  return out + (needs_space ? " " : "") + fence;
}

std::string csv_field(std::string_view text) {
  std::string field = visible(text);
  if (starts_like_formula(field)) field.insert(0, 1, '\'');
  if (field.find_first_of(",\"") == field.npos) return field;
  std::string quoted = "\"";
  for (const char c : field) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace initscan::audit

#include "audit/report/escape.h"

#include <algorithm>
#include <array>

namespace initscan::audit {
namespace {

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

std::string markup_text(std::string_view text) {
  return escape_markup(visible(text));
}

std::string markup_lines(std::string_view text) {
  return escape_markup(visible_lines(text, kMaxShownPatchBytes));
}

std::string markdown_text(std::string_view text) {
  constexpr std::string_view kPunctuation = "\\`*_{}[]()<>#+!|~^=&$";
  std::string out;
  const std::string shown = visible(text);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const char c = shown[i];
    const bool starts_list = c == '-' && shown.find_first_not_of(' ') == i;  // elsewhere it is no markup
    if (starts_list || kPunctuation.find(c) != kPunctuation.npos) out += '\\';
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

#include "common/json/writer.h"

#include "common/text/utf8.h"

#include <algorithm>

namespace initscan {
namespace {

constexpr bool is_plain(char c) {
  return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

void append_escape(std::string& out, char c) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  const auto byte = static_cast<std::uint8_t>(c);
  out += "\\u00";
  out += kDigits[byte >> 4];
  out += kDigits[byte & 15];
}

}  // namespace

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  quote(name);
  text_ += indent_ > 0 ? ": " : ":";
  needs_comma_ = false;
  follows_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  separate();
  quote(text);
  return *this;
}

JsonWriter& JsonWriter::open(char bracket) {
  separate();
  text_ += bracket;
  needs_comma_ = false;
  ++depth_;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  --depth_;
  if (needs_comma_) start_line();  // something is in it
  text_ += bracket;
  needs_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view token) {
  separate();
  text_ += token;
  return *this;
}

void JsonWriter::separate() {
  if (needs_comma_) text_ += ',';
  if (depth_ > 0 && !follows_key_) start_line();
  needs_comma_ = true;
  follows_key_ = false;
}

void JsonWriter::start_line() {
  if (indent_ == 0) return;
  text_ += '\n';
  text_.append(indent_ * depth_, ' ');
}

void JsonWriter::quote(std::string_view text) {
  text_ += '"';
  while (!text.empty()) {
    // Nearly all of nearly every text.
    const auto special = std::find_if_not(text.begin(), text.end(), [](char c) { return is_plain(c); });
    text_.append(text.begin(), special);
    text.remove_prefix(static_cast<std::size_t>(special - text.begin()));
    if (text.empty()) break;
    const char c = text.front();
    const std::size_t length = first_utf8_character(text).bytes;
    if (length == 1 && (static_cast<std::uint8_t>(c) < 0x20 || c == '"' || c == '\\' || c == 0x7f)) {
      append_escape(text_, c);
    } else if (length > 0) {
      text_ += text.substr(0, length);
    } else {
      text_ += "\xef\xbf\xbd";
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  text_ += '"';
}

}  // namespace initscan

#include "common/json/writer.h"

#include "common/text/utf8.h"

#include <algorithm>
#include <cstring>

namespace initscan {
namespace {

constexpr bool is_plain(char c) {
  return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

// Eight bytes in one calculation; the high bit of a byte says what is wrong with it. A borrow reaches the next byte
// only from one that is wrong itself.
bool are_plain(const char* bytes) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  std::uint64_t eight = 0;
  std::memcpy(&eight, bytes, sizeof eight);
  const std::uint64_t quote = eight ^ ('"' * kOnes);
  const std::uint64_t backslash = eight ^ ('\\' * kOnes);
  const std::uint64_t is_low = (eight - 0x20 * kOnes) | (quote - kOnes) | (backslash - kOnes);
  const std::uint64_t is_high = eight | (eight + kOnes);
  return ((is_low | is_high) & (0x80 * kOnes)) == 0;
}

const char* end_of_plain(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (end - at >= 8 && are_plain(at)) at += 8;
  return std::find_if_not(at, end, [](char c) { return is_plain(c); });
}

void append_code(std::string& out, std::uint32_t code) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += kDigits[code >> shift & 15];
}

// Beyond 16 bits a character takes two escapes (RFC 8259, 7).
void append_escaped(std::string& out, std::uint32_t code) {
  if (code < 0x10000) return append_code(out, code);
  append_code(out, 0xd800 + ((code - 0x10000) >> 10));
  append_code(out, 0xdc00 + ((code - 0x10000) & 0x3ff));
}

void append_escape(std::string& out, char c) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: append_code(out, static_cast<std::uint8_t>(c));
  }
}

}  // namespace

JsonWriter JsonWriter::ascii() {
  JsonWriter json;
  json.is_ascii_ = true;
  return json;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  quote(name);
  text_ += ':';
  if (indent_ > 0) text_ += ' ';
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

void JsonWriter::append_character(std::string_view character, std::uint32_t code) {
  if (is_ascii_) return append_escaped(text_, code);
  text_ += character;
}

void JsonWriter::quote(std::string_view text) {
  text_ += '"';
  while (!text.empty()) {
    // Nearly all of nearly every text.
    const char* const special = end_of_plain(text);
    text_.append(text.data(), special);
    text.remove_prefix(static_cast<std::size_t>(special - text.data()));
    if (text.empty()) break;
    const char c = text.front();
    const Utf8Character character = first_utf8_character(text);
    const std::size_t length = character.bytes;
    if (length == 1 && (static_cast<std::uint8_t>(c) < 0x20 || c == '"' || c == '\\' || c == 0x7f)) {
      append_escape(text_, c);
    } else if (length > 0) {
      append_character(text.substr(0, length), character.code);
    } else {
      append_character("\xef\xbf\xbd", 0xfffd);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  text_ += '"';
}

}  // namespace initscan

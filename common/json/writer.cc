#include "common/json/writer.h"

#include "common/text/utf8.h"

#include <algorithm>
#include <cstring>

namespace initscan {
namespace {

constexpr std::size_t kFirstBytes = 256;

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
  // The last eight again: what is left of them is looked at in one go.
  if (text.size() >= 8 && end - at < 8 && are_plain(end - 8)) return end;
  while (at < end && is_plain(*at)) ++at;
  return at;
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

std::string JsonWriter::take() {
  buffer_.resize(size_);
  size_ = 0;
  return std::move(buffer_);
}

JsonWriter& JsonWriter::key(std::string_view name) {
  if (indent_ > 0 || !append_plain_key(name)) {
    separate();
    quote(name);
    append(':');
    if (indent_ > 0) append(' ');
  }
  needs_comma_ = false;
  follows_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  separate();
  quote(text);
  return *this;
}

JsonWriter& JsonWriter::again(std::size_t first, std::size_t last) {
  separate();
  const std::size_t bytes = last - first;
  char* const at = room(bytes);
  std::memcpy(at, buffer_.data() + first, bytes);
  size_ += bytes;
  return *this;
}

JsonWriter& JsonWriter::open(char bracket) {
  separate();
  append(bracket);
  needs_comma_ = false;
  ++depth_;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  --depth_;
  if (needs_comma_) start_line();  // something is in it
  append(bracket);
  needs_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view token) {
  separate();
  append(token);
  return *this;
}

void JsonWriter::separate() {
  if (needs_comma_) append(',');
  if (depth_ > 0 && !follows_key_) start_line();
  needs_comma_ = true;
  follows_key_ = false;
}

void JsonWriter::start_line() {
  if (indent_ == 0) return;
  const std::size_t spaces = indent_ * depth_;
  char* const at = room(1 + spaces);
  *at = '\n';
  std::memset(at + 1, ' ', spaces);
  size_ += 1 + spaces;
}

void JsonWriter::grow(std::size_t bytes) {
  buffer_.resize(std::max({kFirstBytes, 2 * buffer_.size(), size_ + bytes}));
}

// What nearly every key is, at once: half of a verdict is keys.
bool JsonWriter::append_plain_key(std::string_view name) {
  constexpr std::size_t kAround = std::string_view(",\"\":").size();
  const std::size_t length = name.size();
  if (end_of_plain(name) != name.data() + length) return false;
  char* at = room(length + kAround);
  if (needs_comma_) {
    *at++ = ',';
    ++size_;
  }
  at[0] = '"';
  if (length > 0) std::memcpy(at + 1, name.data(), length);
  at[length + 1] = '"';
  at[length + 2] = ':';
  size_ += length + 3;
  return true;
}

void JsonWriter::append(std::string_view text) {
  if (text.empty()) return;
  std::memcpy(room(text.size()), text.data(), text.size());
  size_ += text.size();
}

void JsonWriter::append_character(std::string_view character, std::uint32_t code) {
  if (!is_ascii_) return append(character);
  std::string escape;
  append_escaped(escape, code);
  append(escape);
}

void JsonWriter::quote(std::string_view text) {
  const auto plain = static_cast<std::size_t>(end_of_plain(text) - text.data());
  char* const at = room(plain + 2);
  *at = '"';
  if (plain > 0) std::memcpy(at + 1, text.data(), plain);
  size_ += 1 + plain;
  if (plain < text.size()) append_special(text.substr(plain));
  append('"');
}

// From the first character on that is more than itself.
void JsonWriter::append_special(std::string_view text) {
  while (!text.empty()) {
    const char c = text.front();
    const Utf8Character character = first_utf8_character(text);
    const std::size_t length = character.bytes;
    if (length == 1 && (static_cast<std::uint8_t>(c) < 0x20 || c == '"' || c == '\\' || c == 0x7f)) {
      std::string escape;
      append_escape(escape, c);
      append(escape);
    } else if (length > 0) {
      append_character(text.substr(0, length), character.code);
    } else {
      append_character("\xef\xbf\xbd", 0xfffd);
    }
    text.remove_prefix(length == 0 ? 1 : length);
    const auto plain = static_cast<std::size_t>(end_of_plain(text) - text.data());
    append(text.substr(0, plain));
    text.remove_prefix(plain);
  }
}

}  // namespace initscan

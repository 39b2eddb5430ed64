#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace initscan {

// Writes JSON from front to back: same calls, same bytes. Whatever is only written is written by this; trees are for
// objects that are read, changed and written again (tree_text.h). Small on purpose: it is linked into what runs
// inside hostile images. Text that is not UTF-8 comes out with U+FFFD for each wrong byte.
class JsonWriter {
 public:
  JsonWriter() = default;

  /// For people: each value on a line of its own, this many spaces deeper in each object and array.
  explicit JsonWriter(std::size_t indent) : indent_(indent) {}

  /// For bytes that travel: what is not ASCII is escaped.
  static JsonWriter ascii();

  /// Makes room for so many bytes in all: what is known to become long is not copied while it grows.
  void reserve(std::size_t bytes) {
    if (bytes > buffer_.size()) buffer_.resize(bytes);
  }

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }

  JsonWriter& key(std::string_view name);

  JsonWriter& value(std::string_view text);
  JsonWriter& value(std::same_as<bool> auto flag) { return raw(flag ? "true" : "false"); }
  JsonWriter& value(std::unsigned_integral auto number) requires(!std::same_as<decltype(number), bool>) {
    return raw(std::to_string(number));
  }
  JsonWriter& value(std::signed_integral auto number) { return raw(std::to_string(number)); }
  JsonWriter& null() { return raw("null"); }

  /// A number in the form that it is to have: "7.5".
  JsonWriter& number(std::string_view text) { return raw(text); }

  /// A value that is JSON already.
  JsonWriter& json(std::string_view text) { return raw(text); }

  JsonWriter& field(std::string_view name, const auto& content) { return key(name).value(content); }

  /// null where there is no text.
  JsonWriter& field_or_null(std::string_view name, std::string_view text) {
    return text.empty() ? key(name).null() : key(name).value(text);
  }

  /// A value that stands in text() already, at the same depth, from the first of these places to before the second.
  JsonWriter& again(std::size_t first, std::size_t last);

  std::string_view text() const { return {buffer_.data(), size_}; }

  /// Forgets what has been written so far, which the caller has stored, and continues from there.
  void forget_text() { size_ = 0; }

  std::string take();

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  JsonWriter& raw(std::string_view token);
  void separate();
  void start_line();
  bool append_plain_key(std::string_view name);  // false: it is not one, and nothing is written
  void quote(std::string_view text);
  void append_special(std::string_view text);
  void append_character(std::string_view character, std::uint32_t code);
  void append(std::string_view text);
  void append(char c) {
    *room(1) = c;
    ++size_;
  }

  // For so many more bytes, behind the text.
  char* room(std::size_t bytes) {
    if (buffer_.size() - size_ < bytes) grow(bytes);
    return buffer_.data() + size_;
  }
  void grow(std::size_t bytes);

  std::string buffer_;  // its first bytes are the text
  std::size_t size_ = 0;
  bool is_ascii_ = false;
  bool needs_comma_ = false;
  bool follows_key_ = false;
  std::size_t indent_ = 0;
  std::size_t depth_ = 0;
};

}  // namespace initscan

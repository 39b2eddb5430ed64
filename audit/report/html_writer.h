#pragma once

#include "audit/report/escape.h"
#include "audit/report/html_template.h"

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace initscan::audit {

class Html;

// What stands for the placeholder kText. It refers to what it was made of, and so lasts for one call.
template <Name kText, class T>
struct Value {
  static constexpr auto kName = kText;
  static constexpr bool kIsHtml = std::is_same_v<T, const Html&>;
  T value;
};

/// A value under the name of its placeholder: as<"team">(workload.team). Text is escaped; Html is so already.
template <Name kText>
Value<kText, std::string_view> as(std::string_view text) {
  return {text};
}
template <Name kText>
Value<kText, std::int64_t> as(std::integral auto number) {
  return {static_cast<std::int64_t>(number)};
}
template <Name kText>
Value<kText, const Html&> as(const Html& html) {
  return {html};
}

// Writes HTML from front to back. Markup comes from fragments alone and everything else is escaped, so that a
// forgotten escape is a compiler error and not a hole.
class Html {
 public:
  Html& text(std::string_view text) {
    out_ += markup_text(text);
    return *this;
  }
  Html& lines(std::string_view text) {
    out_ += markup_lines(text);
    return *this;
  }
  Html& number(std::int64_t number) {
    out_ += std::to_string(number);
    return *this;
  }
  Html& put(const Html& other) {
    out_ += other.out_;
    return *this;
  }
  /// Between fragments, whose own line breaks are not the page's.
  Html& line_break() {
    out_ += '\n';
    return *this;
  }

  /// The fragment of this name with its placeholders filled.
  template <Name kFragment, class... Values>
  Html& fill(const Values&... values) {
    static constexpr auto kPieces = pieces_of<kFragment, Values::kName...>();
    static_assert(std::none_of(kPieces.begin(), kPieces.end(),
                               [](const Piece& piece) {
                                 std::size_t place = 0;
                                 return piece.in_attribute && ((piece.value == place++ && Values::kIsHtml) || ...);
                               }),
                  "an attribute takes text or a number");
    for (const Piece& piece : kPieces) {
      out_ += piece.text;
      std::size_t place = 0;
      ((piece.value == place++ ? put_value(values.value) : void()), ...);
    }
    return *this;
  }

  bool is_empty() const { return out_.empty(); }
  std::string take() { return std::move(out_); }

 private:
  void put_value(std::string_view value) { text(value); }
  void put_value(std::int64_t value) { number(value); }
  void put_value(const Html& value) { put(value); }

  std::string out_;
};

}  // namespace initscan::audit

#pragma once

#include "audit/report/escape.h"

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>

namespace initscan::audit {

// Markup is a literal in our own source: no text from a cluster can become one.
class Markup {
 public:
  template <std::size_t N>
  consteval Markup(const char (&literal)[N]) : text_(literal, N - 1) {}
  constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

// Writes HTML from front to back. Everything that is not a literal is escaped, so that a forgotten escape is a
// compiler error and not a hole.
class Html {
 public:
  Html& put(Markup markup) {
    out_ += markup.text();
    return *this;
  }
  Html& text(std::string_view text) {
    out_ += markup_text(text);
    return *this;
  }
  Html& lines(std::string_view text) {
    out_ += markup_lines(text);
    return *this;
  }
  Html& number(std::integral auto number) {
    out_ += std::to_string(number);
    return *this;
  }
  Html& put(const Html& other) {
    out_ += other.out_;
    return *this;
  }

  /// An element with nothing but text in it: element("td", "Deployment").
  Html& element(Markup name, std::string_view content) {
    out_ += '<' + std::string(name.text()) + '>' + markup_text(content) + "</" + std::string(name.text()) + '>';
    return *this;
  }

  bool is_empty() const { return out_.empty(); }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

}  // namespace initscan::audit

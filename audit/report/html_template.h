#pragma once

#include "audit/report/page_templates.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace initscan::audit {

// The page's markup is in page/*.html: fragments, each under a line "<!-- fragment NAME -->", with {placeholders}.
// A line break and the indentation behind it are the file's layout and not the page's. All of it is read by the
// compiler: a placeholder that nothing fills, a value that no placeholder takes, or a placeholder where escaping
// does not make every text harmless, is an error of the build.

// A literal as an argument of a template.
template <std::size_t kSize>
struct Name {
  consteval Name(const char (&literal)[kSize]) { std::copy_n(literal, kSize, text); }  // NOLINT: it names one
  constexpr std::string_view view() const { return {text, kSize - 1}; }

  char text[kSize];
};

// What a fragment consists of: some text, and then perhaps a value.
struct Piece {
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  std::string_view text;
  std::string_view placeholder;
  std::size_t value = kNone;  // place among the values
  bool in_attribute = false;
};

consteval std::string_view fragment_text(std::string_view name) {
  constexpr std::string_view kStart = "<!-- fragment ";
  constexpr std::string_view kEnd = " -->\n";
  for (std::size_t at = kPageTemplates.find(kStart); at != kPageTemplates.npos; at = kPageTemplates.find(kStart, at)) {
    at += kStart.size();
    std::string_view rest = kPageTemplates.substr(at);
    if (!rest.starts_with(name) || !rest.substr(name.size()).starts_with(kEnd)) continue;
    rest.remove_prefix(name.size() + kEnd.size());
    return rest.substr(0, rest.find("<!--"));
  }
  throw "no file in page/ has this fragment";
}

// Takes the first piece off `rest`.
consteval Piece next_piece(std::string_view& rest) {
  const std::size_t end = std::min(rest.find_first_of("{\n"), rest.size());
  Piece piece{.text = rest.substr(0, end), .placeholder = {}};
  rest.remove_prefix(end);
  if (rest.starts_with('\n')) rest.remove_prefix(std::min(rest.find_first_not_of("\n "), rest.size()));
  if (rest.starts_with('{')) {
    const std::size_t close = rest.find('}');
    if (close == rest.npos) throw "a placeholder has no end";
    piece.placeholder = rest.substr(1, close - 1);
    rest.remove_prefix(close + 1);
  }
  return piece;
}

// Whether escaped text at the end of `before` stays a text or a part of one attribute, and means nothing there.
consteval bool is_in_attribute(std::string_view before) {
  const std::size_t tag = before.rfind('<');
  if (tag == before.npos || before.find('>', tag) != before.npos) return false;
  const std::string_view attributes = before.substr(tag);
  if (std::count(attributes.begin(), attributes.end(), '"') % 2 == 0) throw "a placeholder is in a tag, unquoted";
  const std::size_t quote = attributes.rfind('"');
  const std::string_view head = attributes.substr(0, quote);
  const std::string_view name = head.substr(head.find_last_of(" \n") + 1);
  if (name.starts_with("on") || name == "style=" || name == "src=") throw "a placeholder is in code or in an address";
  if (name == "href=" && !attributes.substr(quote + 1).starts_with('#')) throw "a placeholder is in an address";
  return true;
}

consteval std::size_t count_pieces(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) next_piece(text);
  return count;
}

// The pieces of a fragment whose values have these names.
template <Name kFragment, Name... kValues>
consteval auto pieces_of() {
  constexpr std::string_view kText = fragment_text(kFragment.view());
  constexpr std::array<std::string_view, sizeof...(kValues)> kNames = {kValues.view()...};
  std::array<Piece, count_pieces(kText)> pieces;
  std::array<bool, sizeof...(kValues) + 1> used{};
  std::string_view rest = kText;
  for (Piece& piece : pieces) {
    piece = next_piece(rest);
    if (piece.placeholder.empty()) continue;
    piece.value = static_cast<std::size_t>(std::find(kNames.begin(), kNames.end(), piece.placeholder) - kNames.begin());
    if (piece.value == kNames.size()) throw "no value has the name of this placeholder";
    used[piece.value] = true;
    const std::size_t length = piece.placeholder.size() + 2;
    piece.in_attribute = is_in_attribute(kText.substr(0, kText.size() - rest.size() - length));
  }
  if (std::count(used.begin(), used.end(), true) != sizeof...(kValues)) throw "no placeholder takes this value";
  return pieces;
}

}  // namespace initscan::audit

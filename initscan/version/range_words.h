#pragma once

#include "common/text/trim.h"
#include "initscan/version/numbers.h"

#include <string>
#include <string_view>
#include <vector>

// What the languages of ranges have in common.
namespace initscan {

inline constexpr std::string_view kSpaces = " \t";

inline bool is_space(char c) {
  return kSpaces.find(c) != kSpaces.npos;
}

inline void skip_spaces(std::string_view& text) {
  take_while(text, is_space);
}

/// The parts between separators, without the spaces around them.
inline std::vector<std::string_view> parts_between(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(trimmed(text.substr(0, end), kSpaces));
    if (end == text.npos) return parts;
    text.remove_prefix(end + separator.size());
  }
}

/// "<=", "^", "" and the like, cut off from `text` with the spaces behind it.
inline std::string_view take_operator(std::string_view& text) {
  const std::string_view found =
      take_while(text, [](char c) { return std::string_view("<>=!~^").find(c) != std::string_view::npos; });
  skip_spaces(text);
  return found;
}

/// A number and one, whatever its length.
inline std::string incremented(std::string_view number) {
  std::string digits(number);
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    if (*digit != '9') {
      ++*digit;
      return digits;
    }
    *digit = '0';
  }
  return '1' + digits;
}

}  // namespace initscan

#pragma once

#include <cstddef>
#include <string_view>

namespace initscan {

inline constexpr std::string_view kBlanks = " \t\r\n";

/// Without the blanks at both ends.
constexpr std::string_view trimmed(std::string_view text, std::string_view blanks = kBlanks) {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace initscan

#pragma once

#include "common/text/ascii.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace initscan {

/// Whether two texts are the same but for capital letters of ASCII.
constexpr bool is_same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return to_lower(x) == to_lower(y); });
}

/// The next of words that are separated by spaces; takes it and the space behind it off `words`.
constexpr std::string_view take_word(std::string_view& words) {
  const std::size_t end = std::min(words.find(' '), words.size());
  const std::string_view word = words.substr(0, end);
  words.remove_prefix(std::min(end + 1, words.size()));
  return word;
}

/// Whether a word is among words that are separated by spaces, capital letters or not.
constexpr bool has_word(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    if (is_same_word(take_word(words), word)) return true;
  }
  return false;
}

}  // namespace initscan

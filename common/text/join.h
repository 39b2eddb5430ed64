#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace initscan {

/// "a, b, c"; "" of nothing.
template <class Words>
std::string join(const Words& words, std::string_view separator = ", ") {
  std::string text;
  bool is_first = true;
  for (const auto& word : words) {
    if (!is_first) text += separator;
    text += word;
    is_first = false;
  }
  return text;
}

/// "a, b and 3 more": of many words only the first `most`.
template <class Words>
std::string join_some(const Words& words, std::size_t most) {
  std::string text;
  std::size_t count = 0;
  for (const auto& word : words) {
    if (count++ >= most) continue;
    if (!text.empty()) text += ", ";
    text += word;
  }
  if (count > most) text += " and " + std::to_string(count - most) + " more";
  return text;
}

}  // namespace initscan

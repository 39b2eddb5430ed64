#pragma once

#include "common/text/ascii.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

// What the orders have in common. Numbers may have any length: they are compared as texts.
namespace initscan {

/// The longest head of whose characters each passes, cut off from `text`.
template <class Is>
std::string_view take_while(std::string_view& text, Is is) {
  const auto end = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is) - text.begin());
  const std::string_view head = text.substr(0, end);
  text.remove_prefix(end);
  return head;
}

inline std::string_view take_digits(std::string_view& text) {
  return take_while(text, is_digit);
}

inline std::string_view leading_digits(std::string_view text) {
  return take_digits(text);
}

/// Cut off from `text` where it stands there.
inline bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

inline std::string_view without_zeros(std::string_view digits) {
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

inline bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

/// Of digits, whatever zeros they begin with; none are 0.
inline int compare_numbers(std::string_view a, std::string_view b) {
  a = without_zeros(a);
  b = without_zeros(b);
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a.compare(b);
}

inline int order_of(long a, long b) {
  return a < b ? -1 : a > b;
}

}  // namespace initscan

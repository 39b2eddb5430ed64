#include "initscan/version/numbers.h"
#include "initscan/version/version.h"

#include <array>
#include <cstdint>
#include <vector>

namespace initscan {
namespace {

// Words that come before the version itself, in their order.
struct EarlyWord {
  std::string_view text;
  int order;
};
constexpr std::array<EarlyWord, 12> kEarlyWords{{{"dev", 0},
                                                 {"snapshot", 0},
                                                 {"nightly", 0},
                                                 {"alpha", 1},
                                                 {"a", 1},
                                                 {"beta", 2},
                                                 {"b", 2},
                                                 {"milestone", 3},
                                                 {"m", 3},
                                                 {"pre", 4},
                                                 {"preview", 4},
                                                 {"rc", 5}}};

enum class Kind : std::uint8_t { early_word, end, word, revision, number };

struct Part {
  Kind kind = Kind::end;
  int order = 0;  // of an early word
  std::string_view text{};
};

bool is_separator(char c) {
  return c == '.' || c == '-' || c == '_' || c == '~';
}

bool is_same_word(std::string_view a, std::string_view lower) {
  return a.size() == lower.size() &&
         std::equal(a.begin(), a.end(), lower.begin(), [](char x, char y) { return to_lower(x) == y; });
}

Part word_of(std::string_view text, bool is_letter_release) {
  for (const EarlyWord& early : kEarlyWords) {
    if (!is_letter_release && is_same_word(text, early.text)) return {Kind::early_word, early.order, {}};
  }
  return {Kind::word, 0, text};
}

bool is_zero(const Part& part) {
  return part.kind == Kind::number && without_zeros(part.text).empty();
}

// Zeros at the end of a row of numbers count for nothing: 1.0 is 1, and 1.0-rc1 is 1-rc1.
void drop_zeros(std::vector<Part>& parts) {
  while (!parts.empty() && is_zero(parts.back())) parts.pop_back();
}

// What comes behind a plus sign says how it was built.
std::optional<std::vector<Part>> read(std::string_view text) {
  if (text.size() > 1 && to_lower(text.front()) == 'v') text.remove_prefix(1);
  text = text.substr(0, text.find('+'));
  if (text.empty() || !is_digit(text.front())) return std::nullopt;
  std::vector<Part> parts;
  bool is_behind_number = false;
  bool is_behind_dash = false;
  while (!text.empty()) {
    if (is_digit(text.front())) {
      if (is_behind_dash) drop_zeros(parts);
      parts.push_back({is_behind_dash ? Kind::revision : Kind::number, 0, take_digits(text)});
      is_behind_number = true;
    } else if (is_letter(text.front())) {
      const std::string_view word = take_while(text, is_letter);
      // A letter between a number and the end is one of the releases after it, as OpenSSL's 1.1.1a.
      const bool is_release = word.size() == 1 && is_behind_number && (text.empty() || !is_digit(text.front()));
      drop_zeros(parts);
      parts.push_back(word_of(word, is_release));
      is_behind_number = false;
    } else if (!is_separator(text.front())) {
      return std::nullopt;
    }
    is_behind_dash = text.starts_with('-');
    if (!text.empty() && is_separator(text.front())) {
      text.remove_prefix(1);
      is_behind_number = false;
      if (text.empty() || is_separator(text.front())) return std::nullopt;
    }
  }
  drop_zeros(parts);
  return parts;
}

int compare_words(std::string_view a, std::string_view b) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (const int order = order_of(to_lower(a[i]), to_lower(b[i])); order != 0) return order;
  }
  return a.size() == b.size() ? 0 : a.size() < b.size() ? -1 : 1;
}

int compare_parts(const Part& a, const Part& b) {
  if (a.kind != b.kind) return a.kind < b.kind ? -1 : 1;
  if (a.kind == Kind::number || a.kind == Kind::revision) return compare_numbers(a.text, b.text);
  return a.kind == Kind::word ? compare_words(a.text, b.text) : order_of(a.order, b.order);
}

}  // namespace

std::optional<int> compare_generic_versions(std::string_view a, std::string_view b) {
  const auto parts_a = read(a);
  const auto parts_b = read(b);
  if (!parts_a || !parts_b) return std::nullopt;
  for (std::size_t i = 0; i < std::max(parts_a->size(), parts_b->size()); ++i) {
    const Part part_a = i < parts_a->size() ? (*parts_a)[i] : Part{};
    const Part part_b = i < parts_b->size() ? (*parts_b)[i] : Part{};
    if (const int order = compare_parts(part_a, part_b); order != 0) return order;
  }
  return 0;
}

bool is_generic_version(std::string_view text) {
  return read(text).has_value();
}

}  // namespace initscan

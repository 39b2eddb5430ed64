#include "initscan/version/numbers.h"
#include "initscan/version/version.h"

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace initscan {
namespace {

// As Composer orders the words of a version; where one ends, it counts as `end`.
enum class Rank : std::uint8_t { other, dev, alpha, beta, candidate, end, number, patch };

struct Part {
  Rank rank;
  std::string_view number{};  // of `number`
};

using Parts = std::vector<Part>;

struct Stability {
  std::string_view word;
  Rank rank;
};

// The longer first, where one begins as another.
constexpr std::array<Stability, 9> kStabilities{{{"stable", Rank::other},
                                                 {"beta", Rank::beta},
                                                 {"b", Rank::beta},
                                                 {"rc", Rank::candidate},
                                                 {"alpha", Rank::alpha},
                                                 {"a", Rank::alpha},
                                                 {"patch", Rank::patch},
                                                 {"pl", Rank::patch},
                                                 {"p", Rank::patch}}};

bool begins_with(std::string_view text, std::string_view word) {
  return text.size() >= word.size() &&
         std::equal(word.begin(), word.end(), text.begin(), [](char a, char b) { return a == to_lower(b); });
}

bool is_dot_or_dash(std::string_view text) {
  return text.starts_with('.') || text.starts_with('-');
}

// ".5" or "-5" or "5" behind a stability; false where there is none.
bool take_stability_number(std::string_view& text, Parts& parts) {
  std::string_view rest = text;
  if (is_dot_or_dash(rest)) rest.remove_prefix(1);
  const std::string_view number = take_digits(rest);
  if (number.empty()) return false;
  parts.push_back({Rank::number, number});
  text = rest;
  return true;
}

bool is_dev_at_end(std::string_view text) {
  if (is_dot_or_dash(text)) text.remove_prefix(1);
  return text.size() == 3 && begins_with(text, "dev");
}

// [._-][STABILITY[NUMBERS]][.-][dev], to the end of the text.
bool read_modifier(std::string_view text, Parts& parts) {
  if (text.empty() || is_dev_at_end(text)) {
    if (!text.empty()) parts.push_back({Rank::dev});
    return true;
  }
  if (is_dot_or_dash(text) || text.starts_with('_')) text.remove_prefix(1);
  for (const auto& [word, rank] : kStabilities) {
    if (!begins_with(text, word)) continue;
    const bool is_release = text.starts_with("stable");
    text.remove_prefix(word.size());
    Parts own{{rank}};
    while (take_stability_number(text, own)) {}
    if (!text.empty() && !is_dev_at_end(text)) return false;
    if (is_release) return true;  // whatever follows it
    if (!text.empty()) own.push_back({Rank::dev});
    parts.insert(parts.end(), own.begin(), own.end());
    return true;
  }
  // A separator alone, or one more in front of "dev".
  if (!text.empty() && !is_dev_at_end(text)) return false;
  if (!text.empty()) parts.push_back({Rank::dev});
  return true;
}

// 1, 1.2, 1.2.3 or 1.2.3.4
std::optional<Parts> read_numbers(std::string_view text) {
  constexpr std::size_t kMaxNumbers = 4;
  constexpr std::size_t kMaxDigits = 5;  // of the first
  Parts parts{{Rank::number, take_digits(text)}};
  if (parts[0].number.empty() || parts[0].number.size() > kMaxDigits) return std::nullopt;
  while (parts.size() < kMaxNumbers && text.size() > 1 && text.front() == '.' && is_digit(text[1])) {
    text.remove_prefix(1);
    parts.push_back({Rank::number, take_digits(text)});
  }
  while (parts.size() < kMaxNumbers) parts.push_back({Rank::number, "0"});
  return read_modifier(text, parts) ? std::optional(std::move(parts)) : std::nullopt;
}

// Rows of digits, each behind a '.', a ':' or a '-'; cut off from the text.
std::vector<std::string_view> take_rows(std::string_view& text) {
  std::vector<std::string_view> rows{take_digits(text)};
  while (text.size() > 1 && (is_dot_or_dash(text) || text.front() == ':') && is_digit(text[1])) {
    text.remove_prefix(1);
    rows.push_back(take_digits(text));
  }
  return rows;
}

// Four digits, one to six pairs, and up to three digits more, parted wherever a pair or the last ones begin.
bool is_date(const std::vector<std::string_view>& rows) {
  constexpr std::size_t kYear = 4;
  constexpr std::size_t kMaxPairs = 6;
  constexpr std::size_t kMaxTail = 3;
  std::size_t pairs = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i == 0 && rows[i].size() < kYear) return false;
    const std::size_t digits = rows[i].size() - (i == 0 ? kYear : 0);
    if (i + 1 < rows.size()) {
      if (digits % 2 != 0) return false;
      pairs += digits / 2;
      continue;
    }
    for (std::size_t tail = 0; tail <= std::min(kMaxTail, digits); ++tail) {
      const std::size_t all = pairs + (digits - tail) / 2;
      if ((digits - tail) % 2 == 0 && all >= 1 && all <= kMaxPairs) return true;
    }
  }
  return false;
}

// 20240131, 2024-01-31, 2024-01-31-120000
std::optional<Parts> read_date(std::string_view text) {
  const std::vector<std::string_view> rows = take_rows(text);
  if (!is_date(rows)) return std::nullopt;
  Parts parts;
  for (const std::string_view row : rows) parts.push_back({Rank::number, row});
  return read_modifier(text, parts) ? std::optional(std::move(parts)) : std::nullopt;
}

// "1.x-dev": the branch of all that begin so.
std::optional<Parts> read_branch(std::string_view text) {
  constexpr std::size_t kMaxNumbers = 4;
  constexpr std::string_view kAny = "9999999";
  if (text.size() < 4 || !begins_with(text.substr(text.size() - 3), "dev")) return std::nullopt;
  text.remove_suffix(3);
  if (text.ends_with('.') || text.ends_with('-')) text.remove_suffix(1);
  Parts parts;
  do {
    const std::string_view number = take_digits(text);
    const bool is_any = number.empty() && !parts.empty() && (take(text, 'x') || take(text, 'X') || take(text, '*'));
    if (parts.size() == kMaxNumbers || (number.empty() && !is_any)) return std::nullopt;
    parts.push_back({Rank::number, is_any ? kAny : number});
  } while (take(text, '.'));
  if (!text.empty()) return std::nullopt;
  while (parts.size() < kMaxNumbers) parts.push_back({Rank::number, kAny});
  parts.push_back({Rank::dev});
  return parts;
}

std::string_view without_flag(std::string_view text) {
  const std::size_t at = text.rfind('@');
  if (at == text.npos) return text;
  const std::string flag = in_lower_case(text.substr(at + 1));
  const bool is_flag = flag == "stable" || flag == "rc" || flag == "beta" || flag == "alpha" || flag == "dev";
  return is_flag ? text.substr(0, at) : text;
}

// nullopt for what has no place among the others: "dev-main".
std::optional<Parts> read(std::string_view text) {
  if (std::any_of(text.begin(), text.end(), [](char c) { return c == ' ' || c == ','; })) return std::nullopt;
  text = without_flag(text);
  if (const std::size_t plus = text.find('+'); plus != text.npos && plus > 0 && plus + 1 < text.size()) {
    text = text.substr(0, plus);
  }
  if (!text.empty() && to_lower(text.front()) == 'v') text.remove_prefix(1);
  if (auto numbers = read_numbers(text)) return numbers;
  if (auto date = read_date(text)) return date;
  return read_branch(text);
}

}  // namespace

std::optional<int> compare_composer_versions(std::string_view a, std::string_view b) {
  const auto parts_a = read(a);
  const auto parts_b = read(b);
  if (!parts_a || !parts_b) return std::nullopt;
  for (std::size_t i = 0; i < std::max(parts_a->size(), parts_b->size()); ++i) {
    const Part part_a = i < parts_a->size() ? (*parts_a)[i] : Part{Rank::end};
    const Part part_b = i < parts_b->size() ? (*parts_b)[i] : Part{Rank::end};
    if (part_a.rank != part_b.rank) return part_a.rank < part_b.rank ? -1 : 1;
    if (const int order = compare_numbers(part_a.number, part_b.number); order != 0) return order;
  }
  return 0;
}

bool is_composer_version(std::string_view text) {
  return read(text).has_value();
}

}  // namespace initscan

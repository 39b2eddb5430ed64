#include "initscan/version/range_words.h"
#include "initscan/version/written_range.h"

namespace initscan {
namespace {

constexpr std::size_t kMaxNumbers = 4;
constexpr std::string_view kDev = "-dev";  // the first of a version

// The numbers at the head of a version, and whether anything is behind them.
struct Head {
  std::vector<std::string> numbers{};
  bool is_all = true;
  bool has_wildcard = false;
};

std::optional<Head> read_head(std::string_view text) {
  Head head;
  if (text.starts_with('v') || text.starts_with('V')) text.remove_prefix(1);
  do {
    if (take(text, '*') || take(text, 'x') || take(text, 'X')) {
      head.has_wildcard = true;
      continue;
    }
    const std::string_view number = take_digits(text);
    if (number.empty() || head.has_wildcard || head.numbers.size() == kMaxNumbers) return std::nullopt;
    head.numbers.emplace_back(number);
  } while (take(text, '.'));
  head.is_all = text.empty();
  return head;
}

// The first version behind all that have the same numbers up to and with this one.
Bound behind(const Head& head, std::size_t number) {
  std::string text;
  for (std::size_t i = 0; i < number; ++i) text += head.numbers[i] + '.';
  return {text + incremented(head.numbers[number]) + std::string(kDev), false};
}

// Where a version begins that does not say how stable it is.
Bound first_of(std::string_view text) {
  const bool says_stability = text.find('-') != text.npos;
  return {std::string(text) + std::string(says_stability ? "" : kDev)};
}

std::optional<Interval> read_wildcard(const Head& head) {
  if (!head.is_all) return std::nullopt;
  if (head.numbers.empty()) return Interval{};
  std::string text;
  for (const std::string& number : head.numbers) text += (text.empty() ? "" : ".") + number;
  return Interval{first_of(text), behind(head, head.numbers.size() - 1)};
}

std::optional<Interval> read_about(std::string_view op, std::string_view text, const Head& head) {
  if (head.has_wildcard || head.numbers.empty() || !is_composer_version(text)) return std::nullopt;
  std::size_t kept = 0;
  if (op == "^") {
    while (kept + 1 < std::min<std::size_t>(head.numbers.size(), 3) && without_zeros(head.numbers[kept]).empty())
      ++kept;
  } else {
    kept = head.numbers.size() > 2 ? head.numbers.size() - 2 : 0;
  }
  return Interval{first_of(text), behind(head, kept)};
}

std::optional<Intervals> read_constraint(std::string_view op, std::string_view text) {
  const auto head = read_head(text);
  if (!head) return std::nullopt;
  std::optional<Interval> interval;
  if (head->has_wildcard && op.empty()) interval = read_wildcard(*head);
  if (op == "^" || op == "~") interval = read_about(op, text, *head);
  if (interval) return Intervals{*interval};
  if (head->has_wildcard || !is_composer_version(text)) return std::nullopt;
  const std::string version(text);
  if (op == ">=") return Intervals{{first_of(text), std::nullopt}};
  if (op == ">") return Intervals{{Bound{version, false}, std::nullopt}};
  if (op == "<=") return Intervals{{std::nullopt, Bound{version}}};
  if (op == "<") return Intervals{{std::nullopt, Bound{first_of(text).version, false}}};
  if (op == "=" || op == "==" || op.empty()) return Intervals{{Bound{version}, Bound{version}}};
  if (op == "!=" || op == "<>") return all_but({Bound{version}, Bound{version}});
  return std::nullopt;
}

// "1.0 - 2.0" ends behind all of 2.0, "1.0 - 2.0.0" with 2.0.0.
std::optional<Intervals> read_hyphen(std::string_view from, std::string_view to) {
  const auto last = read_head(to);
  if (!last || last->has_wildcard || !is_composer_version(from) || !is_composer_version(to)) return std::nullopt;
  const bool is_whole = last->numbers.size() >= 3 || !last->is_all;
  const Interval begin{first_of(from), std::nullopt};
  const Interval end{std::nullopt, is_whole ? Bound{std::string(to)} : behind(*last, last->numbers.size() - 1)};
  return intersect(VersionOrder::composer, {begin}, {end});
}

std::optional<Intervals> read_all(std::string_view text) {
  if (const std::size_t hyphen = text.find(" - "); hyphen != text.npos) {
    return read_hyphen(trimmed(text.substr(0, hyphen), kSpaces), trimmed(text.substr(hyphen + 3), kSpaces));
  }
  Intervals found{Interval{}};
  const auto is_between = [](char c) { return is_space(c) || c == ','; };
  while (!text.empty()) {
    const std::string_view op = take_operator(text);
    const auto constraint = read_constraint(op, take_while(text, [&](char c) { return !is_between(c); }));
    take_while(text, is_between);
    auto both = constraint ? intersect(VersionOrder::composer, found, *constraint) : std::nullopt;
    if (!both) return std::nullopt;
    found = std::move(*both);
  }
  return found;
}

}  // namespace

std::optional<Intervals> read_composer_range(std::string_view text) {
  Intervals all;
  for (const std::string_view alternative : parts_between(text, "|")) {
    if (alternative.empty()) continue;  // between the two of "||"
    const auto found = read_all(alternative);
    if (!found || all.size() + found->size() > kMaxIntervals) return std::nullopt;
    all.insert(all.end(), found->begin(), found->end());
  }
  return all.empty() ? std::nullopt : std::optional(all);
}

}  // namespace initscan

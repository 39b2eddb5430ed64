#include "initscan/version/range_words.h"
#include "initscan/version/semver.h"
#include "initscan/version/written_range.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace initscan {
namespace {

// A version of which the last numbers may be missing: 1.2, 1.x, *.
struct Partial {
  std::array<std::string, 3> numbers{"0", "0", "0"};
  std::size_t count = 0;      // of the numbers that are given
  bool has_wildcard = false;  // in place of one, or nothing at all
  std::string prerelease{};

  bool is_whole() const { return count == numbers.size(); }
};

// 1.2.3 alone is ^1.2.3 to Cargo, and nothing but itself to npm.
enum class Bare : std::uint8_t { is_itself, is_caret };

bool take_wildcard(std::string_view& text) {
  return take(text, 'x') || take(text, 'X') || take(text, '*');
}

std::optional<Partial> read_partial(std::string_view text) {
  Partial partial;
  take(text, 'v');
  partial.has_wildcard = text.empty();
  for (std::size_t i = 0; i < partial.numbers.size() && !text.empty(); ++i) {
    if (i > 0 && !take(text, '.')) return std::nullopt;
    if (take_wildcard(text)) {
      partial.has_wildcard = true;
      continue;
    }
    const std::string_view number = take_digits(text);
    if (number.empty() || (number.size() > 1 && number.front() == '0')) return std::nullopt;
    if (partial.has_wildcard) continue;  // behind a wildcard nothing counts
    partial.numbers[i] = number;
    ++partial.count;
  }
  if (text.empty()) return partial;
  if (!partial.is_whole()) return std::nullopt;
  const std::string padded = "0.0.0" + std::string(text);
  const auto whole = read_semver(padded, {});
  if (!whole) return std::nullopt;
  partial.prerelease = whole->prerelease;
  return partial;
}

std::string text_of(const Partial& partial) {
  std::string text = partial.numbers[0] + '.' + partial.numbers[1] + '.' + partial.numbers[2];
  return partial.prerelease.empty() ? text : text + '-' + partial.prerelease;
}

// npm takes what begins at 0.0.0 for what has no beginning: its prereleases are in it, too.
std::optional<Bound> from(const Partial& partial) {
  std::string text = text_of(partial);
  if (text == "0.0.0") return std::nullopt;
  return Bound{std::move(text)};
}

// The release behind all that have the same numbers up to and with this one.
std::string release_behind(Partial partial, std::size_t number) {
  partial.numbers[number] = incremented(partial.numbers[number]);
  for (std::size_t i = number + 1; i < partial.numbers.size(); ++i) partial.numbers[i] = "0";
  partial.prerelease.clear();
  return text_of(partial);
}

// Which is before the prereleases of that release, too.
Bound before_release(const std::string& release) {
  return {release + "-0", false};
}

Bound behind(const Partial& partial, std::size_t number) {
  return before_release(release_behind(partial, number));
}

Interval all_of(const Partial& partial) {
  if (partial.is_whole()) return {Bound{text_of(partial)}, Bound{text_of(partial)}};
  return {from(partial), behind(partial, partial.count - 1)};
}

// The first number that is given and not 0 stays.
Interval caret(const Partial& partial) {
  std::size_t kept = 0;
  while (kept + 1 < partial.count && partial.numbers[kept] == "0") ++kept;
  return {from(partial), behind(partial, kept)};
}

Interval tilde(const Partial& partial) {
  return {from(partial), behind(partial, partial.count > 1 ? 1 : 0)};
}

Interval above(const Partial& partial) {
  if (partial.is_whole()) return {Bound{text_of(partial), false}, std::nullopt};
  return {Bound{release_behind(partial, partial.count - 1)}, std::nullopt};
}

Interval below(const Partial& partial) {
  if (partial.is_whole()) return {std::nullopt, Bound{text_of(partial), false}};
  return {std::nullopt, before_release(text_of(partial))};
}

Interval up_to(const Partial& partial) {
  return {std::nullopt, partial.is_whole() ? Bound{text_of(partial)} : behind(partial, partial.count - 1)};
}

std::optional<Intervals> read_comparator(std::string_view op, const Partial& partial, Bare bare) {
  constexpr std::array<std::string_view, 8> kOperators{"", "=", "^", "~", "~>", "<=", ">=", "<"};
  const bool is_known = op == ">" || std::find(kOperators.begin(), kOperators.end(), op) != kOperators.end();
  const bool is_bad =
      bare == Bare::is_caret && partial.has_wildcard && !op.empty();  // Cargo takes none with an operator
  if (!is_known || is_bad) return std::nullopt;
  if (partial.count == 0) return op == "<" || op == ">" ? Intervals{} : Intervals{Interval{}};
  if (op == "^" || (op.empty() && bare == Bare::is_caret && !partial.has_wildcard)) return Intervals{caret(partial)};
  if (op == "~" || op == "~>") return Intervals{tilde(partial)};
  if (op == ">=") return Intervals{{from(partial), std::nullopt}};
  if (op == "<=") return Intervals{up_to(partial)};
  if (op == "<") return Intervals{below(partial)};
  return Intervals{op == ">" ? above(partial) : all_of(partial)};
}

std::optional<Intervals> read_hyphen(std::string_view from, std::string_view to) {
  const auto first = read_partial(from);
  const auto last = read_partial(to);
  if (!first || !last) return std::nullopt;
  const auto begin = read_comparator(">=", *first, Bare::is_itself);
  const auto end = read_comparator("<=", *last, Bare::is_itself);
  return intersect(VersionOrder::npm, *begin, *end);
}

// Comparators one behind another, all of which hold.
std::optional<Intervals> read_all(std::string_view text, Bare bare, Intervals found) {
  while (!text.empty()) {
    const std::string_view op = take_operator(text);
    const auto partial = read_partial(take_while(text, [](char c) { return !is_space(c); }));
    skip_spaces(text);
    const auto comparator = partial ? read_comparator(op, *partial, bare) : std::nullopt;
    auto both = comparator ? intersect(VersionOrder::npm, found, *comparator) : std::nullopt;
    if (!both) return std::nullopt;
    found = std::move(*both);
  }
  return found;
}

}  // namespace

std::optional<Intervals> read_npm_range(std::string_view text) {
  Intervals all;
  for (const std::string_view alternative : parts_between(text, "||")) {
    const std::size_t hyphen = alternative.find(" - ");
    const auto found = hyphen == alternative.npos ? read_all(alternative, Bare::is_itself, {Interval{}})
                                                  : read_hyphen(trimmed(alternative.substr(0, hyphen), kSpaces),
                                                                trimmed(alternative.substr(hyphen + 3), kSpaces));
    if (!found || all.size() + found->size() > kMaxIntervals) return std::nullopt;
    all.insert(all.end(), found->begin(), found->end());
  }
  return all;
}

std::optional<Intervals> read_cargo_range(std::string_view text) {
  std::optional<Intervals> found = Intervals{Interval{}};
  for (const std::string_view part : parts_between(text, ",")) {
    if (part.empty()) return std::nullopt;
    found = read_all(part, Bare::is_caret, std::move(*found));
    if (!found) return std::nullopt;
  }
  return found;
}

}  // namespace initscan

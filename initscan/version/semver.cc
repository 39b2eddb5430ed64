#include "initscan/version/semver.h"

#include "initscan/version/numbers.h"

#include <string>

namespace initscan {
namespace {

bool is_of_identifier(char c) {
  return is_alphanumeric(c) || c == '-';
}

std::string_view take_identifier(std::string_view& text) {
  const std::string_view identifier = text.substr(0, text.find('.'));
  text.remove_prefix(std::min(identifier.size() + 1, text.size()));
  return identifier;
}

bool has_leading_zero(std::string_view number) {
  return number.size() > 1 && number.front() == '0';
}

// Cut off from `text`; "" where there are none, or an empty one.
std::string_view take_identifiers(std::string_view& text, bool may_have_zeros) {
  const std::string_view all = take_while(text, [](char c) { return is_of_identifier(c) || c == '.'; });
  if (all.ends_with('.')) return {};
  for (std::string_view left = all; !left.empty();) {
    const std::string_view identifier = take_identifier(left);
    const bool is_bad = !may_have_zeros && is_number(identifier) && has_leading_zero(identifier);
    if (identifier.empty() || is_bad) return {};
  }
  return all;
}

int compare_words(std::string_view a, std::string_view b, LetterCase letters) {
  if (letters == LetterCase::counts) return a.compare(b);
  const auto differ = std::mismatch(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(std::min(a.size(), b.size())),
                                    b.begin(), [](char x, char y) { return to_upper(x) == to_upper(y); });
  if (differ.first == a.end() || differ.second == b.end()) {
    return order_of(static_cast<long>(a.size()), static_cast<long>(b.size()));
  }
  return order_of(to_upper(*differ.first), to_upper(*differ.second));
}

int compare_identifier(std::string_view a, std::string_view b, LetterCase letters) {
  const bool a_is_number = is_number(a);
  const bool b_is_number = is_number(b);
  if (a_is_number && b_is_number) return compare_numbers(a, b);
  if (a_is_number != b_is_number) return a_is_number ? -1 : 1;
  return compare_words(a, b, letters);
}

}  // namespace

std::optional<Semver> read_semver(std::string_view text, const SemverRules& rules) {
  Semver version;
  std::size_t count = 0;
  do {
    if (count == rules.most_numbers) return std::nullopt;
    const std::string_view number = take_digits(text);
    if (number.empty() || (!rules.has_leading_zeros && has_leading_zero(number))) return std::nullopt;
    const std::string_view greatest = rules.greatest_number;
    if (!greatest.empty() && compare_numbers(number, greatest) > 0) return std::nullopt;
    version.numbers[count++] = number;
  } while (take(text, '.'));
  if (count < rules.fewest_numbers) return std::nullopt;
  if (count < 3 && !rules.short_has_prerelease && !text.empty()) return std::nullopt;
  if (take(text, '-')) {
    version.prerelease = take_identifiers(text, rules.has_leading_zeros);
    if (version.prerelease.empty()) return std::nullopt;
  }
  if (take(text, '+')) {
    version.build = take_identifiers(text, true);
    if (version.build.empty()) return std::nullopt;
  }
  return text.empty() ? std::optional(version) : std::nullopt;
}

int compare_identifiers(std::string_view a, std::string_view b, LetterCase letters) {
  while (!a.empty() && !b.empty()) {
    const std::string_view own = take_identifier(a);
    const std::string_view other = take_identifier(b);
    if (const int order = compare_identifier(own, other, letters); order != 0) return order;
  }
  return order_of(!a.empty(), !b.empty());
}

int compare_semver(const Semver& a, const Semver& b, LetterCase letters) {
  for (std::size_t i = 0; i < a.numbers.size(); ++i) {
    if (const int order = compare_numbers(a.numbers[i], b.numbers[i]); order != 0) return order;
  }
  if (a.prerelease.empty() || b.prerelease.empty()) return order_of(a.prerelease.empty(), b.prerelease.empty());
  return compare_identifiers(a.prerelease, b.prerelease, letters);
}

}  // namespace initscan

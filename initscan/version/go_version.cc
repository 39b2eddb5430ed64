#include "initscan/version/numbers.h"
#include "initscan/version/semver.h"
#include "initscan/version/version.h"

#include <string>

namespace initscan {
namespace {

constexpr SemverRules kRules{.fewest_numbers = 1};

// A module's version, or a toolchain's in the same terms: go1.21rc2 is 1.21.0-rc.2, which comes before 1.21.0.
struct GoVersion {
  Semver semver;
  std::string_view stage{};  // of a toolchain: "beta" or "rc"
  std::string_view number{};
};

bool take_word(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

// 1.21, 1.21.3, 1.21rc2; behind a toolchain's own number is the word of whoever built it: go1.21.3-custom.
std::optional<GoVersion> read_toolchain(std::string_view text, bool has_name) {
  GoVersion version;
  std::size_t count = 0;
  do {
    const std::string_view number = take_digits(text);
    if (count == 3 || number.empty() || (number.size() > 1 && number.front() == '0')) return std::nullopt;
    version.semver.numbers[count++] = number;
  } while (take(text, '.'));
  for (const std::string_view stage : {"beta", "rc"}) {
    if (!take_word(text, stage)) continue;
    version.stage = stage;
    version.number = take_digits(text);
    if (version.number.empty()) return std::nullopt;
  }
  const bool is_custom = has_name && (text.starts_with('-') || text.starts_with('+') || text.starts_with(' '));
  return text.empty() || is_custom ? std::optional(version) : std::nullopt;
}

std::optional<GoVersion> read(std::string_view text) {
  if (take_word(text, "go")) return read_toolchain(text, true);
  const bool has_v = take(text, 'v');
  if (const auto semver = read_semver(text, kRules)) return GoVersion{*semver};
  return has_v ? std::nullopt : read_toolchain(text, false);
}

// "rc.2" and its like.
int compare_prereleases(const GoVersion& a, const GoVersion& b) {
  const auto is_release = [](const GoVersion& v) { return v.stage.empty() && v.semver.prerelease.empty(); };
  if (is_release(a) || is_release(b)) return order_of(is_release(a), is_release(b));
  const auto text_of = [](const GoVersion& v) {
    if (v.stage.empty()) return std::string(v.semver.prerelease);
    return std::string(v.stage) + '.' + std::string(v.number);
  };
  return compare_identifiers(text_of(a), text_of(b), LetterCase::counts);
}

}  // namespace

std::optional<int> compare_go_versions(std::string_view a, std::string_view b) {
  const auto version_a = read(a);
  const auto version_b = read(b);
  if (!version_a || !version_b) return std::nullopt;
  for (std::size_t i = 0; i < 3; ++i) {
    const int order = compare_numbers(version_a->semver.numbers[i], version_b->semver.numbers[i]);
    if (order != 0) return order;
  }
  return compare_prereleases(*version_a, *version_b);
}

bool is_go_version(std::string_view text) {
  return read(text).has_value();
}

}  // namespace initscan

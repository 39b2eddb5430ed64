#include "initscan/version/numbers.h"
#include "initscan/version/semver.h"
#include "initscan/version/version.h"

namespace initscan {
namespace {

constexpr std::size_t kMaxBytes = 256;                                // npm's own limit
constexpr SemverRules kRules{.greatest_number = "9007199254740991"};  // the last whole number of JavaScript

std::optional<Semver> read(std::string_view text) {
  if (text.size() > kMaxBytes) return std::nullopt;
  take(text, 'v');
  return read_semver(text, kRules);
}

}  // namespace

std::optional<int> compare_npm_versions(std::string_view a, std::string_view b) {
  const auto version_a = read(a);
  const auto version_b = read(b);
  return version_a && version_b ? std::optional(compare_semver(*version_a, *version_b)) : std::nullopt;
}

bool is_npm_version(std::string_view text) {
  return read(text).has_value();
}

}  // namespace initscan

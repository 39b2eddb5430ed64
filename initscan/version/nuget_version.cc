#include "initscan/version/semver.h"
#include "initscan/version/version.h"

namespace initscan {
namespace {

constexpr SemverRules kRules{.fewest_numbers = 1,
                             .most_numbers = 4,
                             .short_has_prerelease = true,
                             .has_leading_zeros = true,
                             .greatest_number = "2147483647"};  // of 32 bits

}  // namespace

std::optional<int> compare_nuget_versions(std::string_view a, std::string_view b) {
  const auto version_a = read_semver(a, kRules);
  const auto version_b = read_semver(b, kRules);
  if (!version_a || !version_b) return std::nullopt;
  return compare_semver(*version_a, *version_b, LetterCase::is_ignored);
}

bool is_nuget_version(std::string_view text) {
  return read_semver(text, kRules).has_value();
}

}  // namespace initscan

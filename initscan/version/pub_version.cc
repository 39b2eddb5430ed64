#include "initscan/version/numbers.h"
#include "initscan/version/semver.h"
#include "initscan/version/version.h"

namespace initscan {
namespace {

constexpr SemverRules kRules{.has_leading_zeros = true, .greatest_number = "9223372036854775807"};  // of 64 bits

}  // namespace

// Unlike Semantic Versioning has it, the build counts, too: with one is after without.
std::optional<int> compare_pub_versions(std::string_view a, std::string_view b) {
  const auto version_a = read_semver(a, kRules);
  const auto version_b = read_semver(b, kRules);
  if (!version_a || !version_b) return std::nullopt;
  if (const int order = compare_semver(*version_a, *version_b); order != 0) return order;
  return compare_identifiers(version_a->build, version_b->build, LetterCase::counts);
}

bool is_pub_version(std::string_view text) {
  return read_semver(text, kRules).has_value();
}

}  // namespace initscan

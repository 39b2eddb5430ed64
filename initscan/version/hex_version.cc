#include "initscan/version/semver.h"
#include "initscan/version/version.h"

namespace initscan {
namespace {

constexpr SemverRules kRules{};

}  // namespace

std::optional<int> compare_hex_versions(std::string_view a, std::string_view b) {
  const auto version_a = read_semver(a, kRules);
  const auto version_b = read_semver(b, kRules);
  return version_a && version_b ? std::optional(compare_semver(*version_a, *version_b)) : std::nullopt;
}

bool is_hex_version(std::string_view text) {
  return read_semver(text, kRules).has_value();
}

}  // namespace initscan

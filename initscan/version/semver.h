#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace initscan {

// Where those who number by Semantic Versioning differ from each other.
struct SemverRules {
  std::size_t fewest_numbers = 3;
  std::size_t most_numbers = 3;
  bool short_has_prerelease = false;  // one with fewer than three numbers
  bool has_leading_zeros = false;
  std::string_view greatest_number{};  // "": there is none
};

// MAJOR.MINOR.PATCH[-PRERELEASE][+BUILD]; what is not given is "", and counts as 0.
struct Semver {
  std::array<std::string_view, 4> numbers{};
  std::string_view prerelease{};
  std::string_view build{};
};

/// nullopt for what is none. Source: semver.org, 2.0.0, sections 2, 9 and 10.
std::optional<Semver> read_semver(std::string_view text, const SemverRules& rules);

enum class LetterCase : bool { counts, is_ignored };

/// By numbers, then by prerelease; the build is of no matter. Source: semver.org, 2.0.0, section 11.
int compare_semver(const Semver& a, const Semver& b, LetterCase letters = LetterCase::counts);

/// Of identifiers parted by points, none of which is empty: numbers by value and before words, fewer before more.
int compare_identifiers(std::string_view a, std::string_view b, LetterCase letters);

}  // namespace initscan

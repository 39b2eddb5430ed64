#pragma once

#include "initscan/version/version.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

// An ecosystem whose packages are matched.
struct MatchedEcosystem {
  std::string
      name;  // as the index spells it: "Debian:12", "Alpine:v3.20", "Ubuntu:22.04:LTS", "PyPI"; all releases: "Debian"
  std::string family;  // "Debian"
  PackageType type;
  std::string flavour;               // of the distribution, of which the record speaks: "Pro:FIPS"; mostly ""
  std::vector<VersionOrder> orders;  // that its packages may be compared by; the image says which
};

/// "Debian" of "Debian:12".
constexpr std::string_view family_of(std::string_view ecosystem) {
  return ecosystem.substr(0, ecosystem.find(':'));
}

/// nullopt for ecosystems that are not matched, and for unknown releases: "Debian:next".
std::optional<MatchedEcosystem> matched_ecosystem(std::string_view name);

/// "Debian, Alpine or PyPI", for people.
std::string names_of_matched_ecosystems();

/// Whether a feed gives a word in place of a version, "<undetermined>" or "none": versions begin with a digit, and
/// to compare with a word means nothing.
bool is_word_for_version(std::string_view text);

}  // namespace initscan

#pragma once

#include "initscan/version/intervals.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

inline constexpr std::size_t kMaxRangeBytes = 4096;

/// A range as the users of a package manager write it, as stretches of its order:
///
///   npm         ^1.2.3 || >=3.0.0-rc.1 <3.5 || 1.x || 1.2 - 1.4
///   Cargo       >=1.2, <1.5     (the like of npm's, parted by commas)
///   PEP 440     >=1.0,!=1.4.*,<2
///   RubyGems    ~> 1.2, != 1.2.5
///   Composer    ^1.2 || >=2.0,<2.5 || 1.2.*
///   Maven       [1.0,2.0),[2.5]
///
/// What is in it by the order alone: npm's rule that a prerelease is in no range that does not name one is for those
/// who choose a version, not for who has it. nullopt where it is not understood, of other orders, and where it begins
/// right after a version that none comes next to: "> 1.0" of PEP 440, RubyGems and Composer, "(1.0,)" of Maven.
/// Sources: the documentation of npm's semver; the Cargo book, "Specifying dependencies"; PyPA's "Version specifiers";
/// RubyGems' guides, "Patterns"; getcomposer.org/doc/articles/versions.md; maven.apache.org/pom.html, "Dependency
/// Version Requirement Specification".
std::optional<std::vector<VersionRange>> read_written_range(VersionOrder order, std::string_view text);

std::optional<Intervals> read_npm_range(std::string_view text);
std::optional<Intervals> read_cargo_range(std::string_view text);
std::optional<Intervals> read_python_range(std::string_view text);
std::optional<Intervals> read_gem_range(std::string_view text);
std::optional<Intervals> read_composer_range(std::string_view text);
std::optional<Intervals> read_maven_range(std::string_view text);

}  // namespace initscan

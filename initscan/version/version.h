#pragma once

#include "initscan/model/ecosystems.h"

#include <optional>
#include <string_view>

namespace initscan {

/// Below 0, 0 or above 0, as a is before, equal to or after b. nullopt if it cannot be decided: one of them is not a
/// version, and they do not differ before the place where it ceases to be one.
std::optional<int> compare_versions(VersionOrder order, std::string_view a, std::string_view b);

/// Whether the package manager takes a text for a version, without a warning.
bool is_version(VersionOrder order, std::string_view text);

/// dpkg's order: [epoch:]upstream[-revision]. What is no version cannot be compared, though dpkg orders some of it with
/// a warning: above each number, be it "UNKNOWN" or "latest".
/// Source: deb-version(7), Debian policy 5.6.12.
std::optional<int> compare_deb_versions(std::string_view a, std::string_view b);
bool is_deb_version(std::string_view text);

/// apk's order: 1.2.3[letter][_suffix[number]][~hash][-rN], with _alpha, _beta, _pre and _rc before and _cvs,
/// _svn, _git, _hg and _p after the version itself.
/// Source: apk-package(5), apk-version(8); where they leave room, what apk itself says.
std::optional<int> compare_apk_versions(VersionOrder order, std::string_view a, std::string_view b);
bool is_apk_version(VersionOrder order, std::string_view text);

/// rpm's order: [epoch:]version[-release], with ~ before and ^ behind what ends there. What has no release is before
/// each that has one.
/// Source: rpm-version(7); where it leaves room, what rpm itself says.
std::optional<int> compare_rpm_versions(std::string_view a, std::string_view b);
bool is_rpm_version(std::string_view text);

/// PEP 440, with all spellings that it accepts; what older tools took besides is none.
/// Source: packaging.python.org, "Version specifiers", and its appendix on parsing.
std::optional<int> compare_python_versions(std::string_view a, std::string_view b);
bool is_python_version(std::string_view text);

/// Semantic Versioning as npm has it: numbers up to 2^53-1, 256 bytes, a "v" in front.
/// Source: semver.org, 2.0.0, and the limits of npm's package "semver".
std::optional<int> compare_npm_versions(std::string_view a, std::string_view b);
bool is_npm_version(std::string_view text);

/// Semantic Versioning as Cargo has it: numbers of 64 bits, and nothing but those three.
/// Source: semver.org, 2.0.0; doc.rust-lang.org/cargo/reference/semver.html.
std::optional<int> compare_cargo_versions(std::string_view a, std::string_view b);
bool is_cargo_version(std::string_view text);

/// Modules, "v" in front or not: Semantic Versioning, to which pseudo-versions and +incompatible keep, and one or two
/// numbers alone. Toolchains: go1.21rc2 is 1.21.0-rc.2, as advisories write it, and what follows a dash behind the
/// number of one says who built it.
/// Source: go.dev/ref/mod, "Versions"; go.dev/doc/toolchain, "Go versions"; golang.org/x/mod/semver.
std::optional<int> compare_go_versions(std::string_view a, std::string_view b);
bool is_go_version(std::string_view text);

/// What Maven's ComparableVersion takes, if it is in ASCII. nullopt for some that it orders in a circle.
/// Source: maven.apache.org/pom.html, "Version Order Specification"; where it leaves room, what Maven 3.8 itself says.
std::optional<int> compare_maven_versions(std::string_view a, std::string_view b);
bool is_maven_version(std::string_view text);

/// Numbers and words, parted by points and where digits and letters meet; words are before numbers, and a dash means
/// a prerelease.
/// Source: the documentation of Ruby's Gem::Version.
std::optional<int> compare_gem_versions(std::string_view a, std::string_view b);
bool is_gem_version(std::string_view text);

/// What Composer makes of a version before it compares: four numbers or a date, a stability, "dev". Branches without a
/// number, as "dev-main", have no place among the others.
/// Source: getcomposer.org/doc/articles/versions.md; PHP's documentation of version_compare; where they leave room,
/// what composer/semver itself says.
std::optional<int> compare_composer_versions(std::string_view a, std::string_view b);
bool is_composer_version(std::string_view text);

/// One to four numbers of 32 bits, and a prerelease of which the case of letters does not matter.
/// Source: learn.microsoft.com/nuget/concepts/package-versioning, "Version basics" and "Normalized version numbers".
std::optional<int> compare_nuget_versions(std::string_view a, std::string_view b);
bool is_nuget_version(std::string_view text);

/// Semantic Versioning in whose order the build counts, too.
/// Source: dart.dev/tools/pub/versioning; the documentation of Dart's package pub_semver.
std::optional<int> compare_pub_versions(std::string_view a, std::string_view b);
bool is_pub_version(std::string_view text);

/// Semantic Versioning as Elixir has it.
/// Source: the documentation of Elixir's module Version.
std::optional<int> compare_hex_versions(std::string_view a, std::string_view b);
bool is_hex_version(std::string_view text);

/// Of software that has no rules of its own, such as Bitnami's: numbers and words, parted by ".", "-", "_", "~" and
/// where digits and letters meet. "dev", "alpha", "beta", "pre", "rc" and their like are before the version itself,
/// other words after it, then revisions, which are numbers behind a dash, and then other numbers: 1.0-rc1, 1.0, 1.0a,
/// 1.0-1, 1.0.2. What is behind a plus sign does not count.
/// Source: none; Bitnami counts its revisions so: github.com/bitnami/go-version, its description.
std::optional<int> compare_generic_versions(std::string_view a, std::string_view b);
bool is_generic_version(std::string_view text);

}  // namespace initscan

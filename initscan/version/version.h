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

}  // namespace initscan

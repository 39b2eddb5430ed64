#pragma once

#include "initscan/model/package.h"

#include <string_view>

namespace initscan {

/// The order of dpkg's versions: [epoch:]upstream[-revision]. Below 0, 0 or above 0, as a is before, equal to
/// or after b. Total: what is no version is ordered all the same.
/// Source: deb-version(7).
int compare_deb_versions(std::string_view a, std::string_view b);
bool is_deb_version(std::string_view text);

/// The order of apk's versions: 1.2.3[letter][_suffix[number]][~hash][-rN], with _alpha, _beta, _pre and _rc
/// before and _cvs, _svn, _git, _hg and _p after the version itself.
/// Source: apk-package(5); where it leaves room, what apk itself says.
int compare_apk_versions(std::string_view a, std::string_view b);
bool is_apk_version(std::string_view text);

/// The same by the kind of package.
int compare_versions(PackageType type, std::string_view a, std::string_view b);
bool is_version(PackageType type, std::string_view text);

}  // namespace initscan

#pragma once

#include "common/result.h"
#include "initscan/model/package.h"

#include <string_view>
#include <vector>

namespace initscan {

/// Reads Alpine's installed-package database.
///
/// Grammar: records of "X:value\n" lines, separated by empty lines. Read are P (name), V (version),
/// A (architecture) and o (origin: the source package); a record starts with any field.
/// Source:  apk-package(5), apk-tools.
/// Units:   line numbers in errors count from 1.
/// Errors:  malformed - a line without "X:", a NUL byte, an invalid name, a record without P or V, or one with a
///                      field twice (as where two records became one);
///          truncated - no line break at the end;
///          over_limit - kMaxPackages, a field that is longer than any (model/package_limits.h).
/// The packages before an error are in `packages` all the same. `text` is attacker-controlled.
Result<void> parse_apk_db(std::string_view text, std::string_view path, std::vector<Package>& packages);

}  // namespace initscan

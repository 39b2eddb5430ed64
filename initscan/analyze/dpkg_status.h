#pragma once

#include "common/result.h"
#include "initscan/model/package.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

// A stanza of dpkg's database: a package, and whether its files are there.
struct DpkgEntry {
  Package package;
  bool installed = false;
};

inline constexpr std::size_t kMaxFields = 256;  // of one stanza; Debian's have about 25

// Which of dpkg's two shapes a text has. In distroless images each package has a file of its own in
// status.d, a control file without a Status field: there it is installed.
enum class DpkgShape { status, control };

/// Reads dpkg's status file: stanzas of "Field: value" lines with folded continuation lines, separated by
/// empty lines. Read are Package, Status, Architecture, Version and Source ("name" or "name (version)").
/// Source:  deb-control(5), deb-src-control(5), dpkg-query(1).
/// Units:   line numbers in errors count from 1.
/// Errors:  malformed - a line without a colon, a NUL byte, an invalid name, a field that is given twice (as where
///                      two stanzas became one), a blank line inside a field, a stanza without Package, Status
///                      (shape status), or the Version of a package that is there;
///          truncated - no line break at the end (shape status);
///          over_limit - kMaxPackages, kMaxFields, a field that is longer than any (model/package_limits.h).
/// The entries before an error are in `entries` all the same. `text` is attacker-controlled.
Result<void> parse_dpkg_status(std::string_view text, std::string_view path, DpkgShape shape,
                               std::vector<DpkgEntry>& entries);

}  // namespace initscan

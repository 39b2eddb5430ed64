#pragma once

#include "initscan/model/advisory.h"

#include <optional>
#include <string_view>

namespace initscan {

// A line of the Debian tracker's lists about a package: "[bullseye] - xorg-server 2:1.20.11-1+deb11u6 (low; bug #1)".
struct DebianStatement {
  std::string_view codename;  // "" of one that is not about a release of its own
  std::string_view package;   // "": it is not given
  std::string_view version;   // or the tag in its place, "<no-dsa>"; ""
  std::string_view remark;    // without the parentheses; ""
};

/// nullopt of what is no such line.
std::optional<DebianStatement> debian_statement_in(std::string_view line);

/// What a version or the tag in its place says. A tag that is not known may mean anything.
void read_debian_version(std::string_view version, AffectedPackage& affected);

/// The first word of a text, and takes it off.
std::string_view take_debian_word(std::string_view& text);

}  // namespace initscan

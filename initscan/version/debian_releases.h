#pragma once

#include <string_view>

namespace initscan {

/// The number of a Debian release by its codename: "12" of "bookworm". "" for those that have none (sid) or are not
/// known here.
/// Source: debian.org/releases.
std::string_view debian_number(std::string_view codename);

}  // namespace initscan

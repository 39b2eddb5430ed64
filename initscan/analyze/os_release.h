#pragma once

#include "initscan/analyze/analyzer.h"

#include <string_view>

namespace initscan {

inline constexpr std::size_t kMaxOsReleaseBytes = 64 << 10;

/// Reads os-release(5): lines KEY=value, the value bare, in "..." with backslash escapes, or in '...'.
/// Lines that are no assignment are passed over, as shells and systemd do; the last of several counts.
OsRelease parse_os_release(std::string_view text);

// etc/os-release, or usr/lib/os-release where that is missing. Both have to say the same, and so has the file in which
// Alpine and Debian repeat their version.
class OsReleaseAnalyzer : public Analyzer {
 public:
  void look_up(const ImageFiles& files, Inventory& inventory) const override;
};

}  // namespace initscan

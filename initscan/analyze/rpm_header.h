#pragma once

#include "common/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace initscan {

inline constexpr std::uint32_t kMaxRpmTags = 65'535;   // of one header: rpm's own limit
inline constexpr std::size_t kMaxRpmTextBytes = 1024;  // of a text that is read

// What the header of a package says of it; "" where it says nothing. Views into the header. The files that a package
// owns stand in other tags of the same header: 1117 BASENAMES, 1116 DIRINDEXES and 1118 DIRNAMES.
struct RpmHeader {
  std::string_view name, version, release, architecture, source_rpm, module;
  std::optional<std::uint32_t> epoch;

  bool operator==(const RpmHeader&) const = default;
};

/// Reads a header as rpm's databases have it, without the magic that it has in a package's file.
///
/// Grammar: the number of entries and the bytes of data, then the entries (tag, type, offset, count), then the data;
///          all numbers of 32 bits, big-endian. The first entry of what was signed is a region, tag 61 to 63: its
///          data, an entry again, ends the region, and says with a negative offset how many entries belong to it. What
///          rpm added when it installed the package stands behind the region.
/// Source:  rpm-software-management/rpm, docs/manual/format_header.md, and lib/header.cc, hdrblobVerify...().
/// Errors:  malformed - lengths, types, offsets or counts that contradict each other, a wanted tag that is given
///          twice, a text that does not end; over_limit - kMaxRpmTags, kMaxRpmTextBytes.
/// `header` is attacker-controlled.
Result<RpmHeader> parse_rpm_header(std::string_view header);

}  // namespace initscan

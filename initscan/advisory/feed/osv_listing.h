#pragma once

#include "common/result.h"

#include <compare>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace initscan {

inline constexpr std::size_t kMaxListedRecords = 2'000'000;
inline constexpr std::size_t kMaxListedIdBytes = 100;

// When a record was modified, to the fraction of a second.
struct OsvMoment {
  std::int64_t seconds = 0;  // since 1970
  std::string fraction;      // its digits, without zeros behind them

  // NOLINTNEXTLINE(modernize-use-nullptr): what clang makes of the default is no pointer
  auto operator<=>(const OsvMoment&) const = default;
};

/// Errors: malformed.
Result<OsvMoment> parse_osv_moment(std::string_view text);

// Records by their ids.
using OsvRecords = std::map<std::string, OsvMoment>;

/// OSV's modified_id.csv of an ecosystem: "2026-01-02T03:04:05.6Z,DSA-1-1", a line for each record that there is.
/// Source: google.github.io/osv.dev/data. Errors, with the line: malformed - also an id that can be no file's name, and
/// one that is there twice; over_limit.
Result<OsvRecords> parse_osv_listing(std::string_view csv);

/// The id of a record, and when it was modified, and nothing else of it. Errors: malformed.
Result<std::pair<std::string, OsvMoment>> parse_osv_stamp(std::string_view json);

}  // namespace initscan

#pragma once

#include "initscan/model/advisory.h"
#include "initscan/version/version.h"

#include <optional>
#include <string>
#include <vector>

namespace initscan {

// Where an interval of versions begins or ends.
struct Bound {
  std::string version;
  bool is_in = true;  // the version itself is part of the interval
};

// All versions between two, or to the end where one is not given.
struct Interval {
  std::optional<Bound> from{};
  std::optional<Bound> to{};
};

using Intervals = std::vector<Interval>;  // a version is in any of them

inline constexpr std::size_t kMaxIntervals = 100;  // of one range

/// What is in both; nullopt where their bounds cannot be compared, and of more than kMaxIntervals.
std::optional<Intervals> intersect(VersionOrder order, const Intervals& a, const Intervals& b);

/// All but one interval.
Intervals all_but(const Interval& interval);

/// The first version that is after another; "" where the order has none. Of Semantic Versioning 1.2.4-0 is after 1.2.3,
/// and 1.2.3-rc.0 after 1.2.3-rc.
std::string version_after(VersionOrder order, std::string_view version);

/// nullopt where an interval begins right after a version and the order has none that comes next, and where a bound is
/// no version: a number that has grown beyond the greatest.
std::optional<std::vector<VersionRange>> ranges_of(VersionOrder order, const Intervals& intervals);

}  // namespace initscan

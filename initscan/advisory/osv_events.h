#pragma once

#include "initscan/model/advisory.h"
#include "initscan/model/package.h"

#include <string_view>
#include <vector>

namespace initscan {

// One event of an OSV range: from this version on a package is affected, or no longer.
struct OsvEvent {
  enum class Kind : std::uint8_t { introduced, fixed, last_affected };

  Kind kind;
  std::string_view version;  // "0" is before every other
};

/// The stretches that the events of one range make. They count in the order of versions, however they are
/// listed; one that changes nothing, such as a second fix, is of no matter.
/// Source: ossf.github.io/osv-schema, 1.6, "Evaluation".
std::vector<VersionRange> stretches_of(std::vector<OsvEvent> events, PackageType order);

/// Whether a version lies in one of the ranges.
bool covers(const std::vector<VersionRange>& ranges, std::string_view version, PackageType order);

}  // namespace initscan

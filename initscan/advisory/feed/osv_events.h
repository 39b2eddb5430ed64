#pragma once

#include "initscan/model/advisory.h"
#include "initscan/version/version.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace initscan {

// One event of an OSV range: from this version on a package is affected, or no longer.
struct OsvEvent {
  enum class Kind : std::uint8_t { introduced, fixed, last_affected, limit };

  Kind kind;
  std::string_view version;  // "0" is before every other; a limit "*" is none
};

/// The stretches that the events of one range make. They count in the order of versions, however they are
/// listed; one that changes nothing, such as a second fix, is of no matter. From the highest limit on nothing is
/// affected.
/// nullopt where no version is said to be affected, where versions cannot be put in order, and where the orders that
/// an image may have do not agree: which of them holds is known only when an image is there.
/// Source: ossf.github.io/osv-schema, 1.7, "Evaluation".
std::optional<std::vector<VersionRange>> stretches_of(const std::vector<OsvEvent>& events,
                                                      const std::vector<VersionOrder>& orders);

/// Whether a version lies in one of the ranges by every order; false where that cannot be said.
bool covers(const std::vector<VersionRange>& ranges, std::string_view version, const std::vector<VersionOrder>& orders);

}  // namespace initscan

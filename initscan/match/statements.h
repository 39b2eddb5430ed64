#pragma once

#include "initscan/model/advisory_lookup.h"
#include "initscan/version/version.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace initscan {

// What all statements about one vulnerability of one package come to for one installed version.
struct Conclusion {
  enum class Is : std::uint8_t { unaffected, affected, undecided };

  Is is = Is::unaffected;
  std::string_view fixed;  // where affected: the lowest fix that none of the statements calls affected; "": none
  std::string why;         // where undecided: "\"1_0\" cannot be compared with \"1.0-1\""
  std::size_t steps = 0;   // statements that were compared with a version, each as often as it was
};

/// A version is affected if any statement says so, and undecided if none does and one cannot be decided. A record
/// that knows of no fix speaks of the versions before the fix that another record knows: who has that fix has it.
Conclusion conclude(VersionOrder order, std::string_view version, std::span<const AffectedRow> statements);

}  // namespace initscan

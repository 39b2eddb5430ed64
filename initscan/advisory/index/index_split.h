#pragma once

#include "common/result.h"
#include "initscan/advisory/index/index.h"

#include <set>
#include <string>
#include <string_view>

namespace initscan {

/// An index of what another says of some of its ecosystems, with the statistics of the other's feeds: "Debian:12".
/// Errors: of the index.
Result<std::string> split_index(const AdvisoryIndex& index, const std::set<std::string>& ecosystems);

}  // namespace initscan

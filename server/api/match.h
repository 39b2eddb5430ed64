#pragma once

#include "server/api/scan.h"
#include "server/index/open_index.h"

#include <string>
#include <string_view>

namespace initscan::server {

/// Matches an SBOM and says what was found, for whoever judges by a policy of their own. What cannot be read as an SBOM
/// is a problem, and so is one with more findings than an answer holds: a part of them would look like all.
/// `sha256`: of the SBOM as it came.
ScanAnswer answer_match(std::string_view sbom, const std::string& sha256, const OpenIndex& index);

}  // namespace initscan::server

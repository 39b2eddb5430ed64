#pragma once

#include "common/http/exchange.h"
#include "server/index/open_index.h"

#include <string_view>

namespace initscan::server {

/// Matches an SBOM and says what was found, for whoever judges by a policy of their own. What cannot be read as an SBOM
/// is a problem, and so is one with more findings than an answer holds: a part of them would look like all.
HttpResponse answer_match(std::string_view sbom, const OpenIndex& index);

}  // namespace initscan::server

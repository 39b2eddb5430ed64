#pragma once

#include "initscan/advisory/feed/feed.h"
#include "initscan/advisory/feed/matched_ecosystem.h"
#include "initscan/model/advisory.h"

#include <simdjson.h>

namespace initscan {

/// Reads `ranges` and `versions` of an entry of OSV's `affected` into `affected`; what says nothing that can be
/// indexed is counted in `record`, what is not understood is in `affected.unclear`.
void read_osv_versions(const simdjson::dom::element& entry, const MatchedEcosystem& ecosystem,
                       AffectedPackage& affected, FeedRecord& record);

}  // namespace initscan

#pragma once

#include "common/result.h"
#include "initscan/model/advisory_lookup.h"
#include "initscan/model/finding.h"
#include "initscan/model/sbom.h"

namespace initscan {

/// Finds the vulnerabilities of an image's packages, by source package and source version. Distributions
/// without data in the index, and versions that cannot be compared, go into MatchResult::undecided.
/// Errors: of the index alone.
Result<MatchResult> match_sbom(const Sbom& sbom, const AdvisoryLookup& advisories);

}  // namespace initscan

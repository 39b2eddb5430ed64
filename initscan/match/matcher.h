#pragma once

#include "common/result.h"
#include "initscan/model/advisory_lookup.h"
#include "initscan/model/finding.h"
#include "initscan/model/sbom.h"

#include <functional>

namespace initscan {

using FindingSink = std::function<void(Finding)>;

/// Finds the vulnerabilities of an image's packages, by source package and source version, and hands them over one by
/// one, in no order. What keeps the answer from being whole is in the result, whose findings stay empty.
/// Vulnerabilities of an installed package of which the statements cannot be compared with its version are undecided; a
/// version that is none, and of which no advisory speaks, is of no matter.
/// Errors: of the index alone.
Result<MatchResult> match_sbom(const Sbom& sbom, const AdvisoryLookup& advisories, const FindingSink& sink);

/// The same with the findings in the result.
Result<MatchResult> match_sbom(const Sbom& sbom, const AdvisoryLookup& advisories);

}  // namespace initscan

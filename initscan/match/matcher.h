#pragma once

#include "common/result.h"
#include "initscan/model/advisory_lookup.h"
#include "initscan/model/finding.h"
#include "initscan/model/matcher.h"
#include "initscan/model/sbom.h"

#include <cstdint>

namespace initscan {

// What matching one image may cost: a step is a version compared with a statement, or a vulnerability handed over. A
// desktop with all of its kernels takes some hundred thousand; what is left when they are used up is undecided.
inline constexpr std::uint64_t kMaxMatchSteps = 3'000'000;

/// Finds the vulnerabilities of an image's packages, by source package and source version, and hands them over one by
/// one, in no order. What keeps the answer from being whole is in the result, whose findings stay empty.
/// Vulnerabilities whose statements cannot be compared with the installed version are undecided; a version that cannot
/// be parsed does not matter if no advisory is about its package. The binary packages of one source version are matched
/// once. Errors: of the index alone.
Result<MatchResult> match_sbom(const Sbom& sbom, const AdvisoryLookup& advisories, const FindingSink& sink,
                               const DoubtSink& accepts = {});

/// The same with the findings in the result.
Result<MatchResult> match_sbom(const Sbom& sbom, const AdvisoryLookup& advisories);

}  // namespace initscan

#include "initscan/match/local_matcher.h"

#include "initscan/match/matcher.h"

namespace initscan {

Result<MatchResult> LocalMatcher::match(const Sbom& sbom, const FindingSink& sink, const DoubtSink& accepts) const {
  auto result = match_sbom(sbom, advisories_, sink, accepts);
  if (!result) return Error(result.error()).within(place_);
  return result;
}

}  // namespace initscan

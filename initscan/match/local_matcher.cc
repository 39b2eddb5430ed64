#include "initscan/match/local_matcher.h"

#include "initscan/match/matcher.h"
#include "initscan/model/ecosystems.h"

#include <optional>

namespace initscan {
namespace {

// A vulnerability has several names, and what is known under any of them is known of it.
void take_into(Exploitation& known, Exploitation other) {
  const bool is_earlier = known.known_since.empty() || other.known_since < known.known_since;
  if (!other.known_since.empty() && is_earlier) known.known_since = std::move(other.known_since);
  if (other.epss > known.epss) {
    known.epss = other.epss;
    known.percentile = other.percentile;
  }
}

std::string support_end_of(const OsRelease& os, const OverlayLookup& overlay) {
  const Distribution* const distribution = find_distribution(os.id);
  if (distribution == nullptr) return {};
  return overlay.support_end(os.id, release_number(*distribution, os.version_id, os.version_codename)).value_or("");
}

}  // namespace

Result<MatchResult> LocalMatcher::match_without_overlay(const Sbom& sbom, const FindingSink& sink,
                                                        const DoubtSink& accepts) const {
  auto result = match_sbom(sbom, advisories_, sink, accepts);
  if (!result) return Error(result.error()).within(place_);
  return result;
}

Result<void> LocalMatcher::enrich(Finding& finding) const {
  const auto add = [&](std::string_view name) -> Result<void> {
    auto known = overlay_.overlay->exploitation(name);
    if (!known) return Error(known.error()).within(overlay_.place);
    take_into(finding.exploitation, std::move(*known));
    return {};
  };
  auto added = add(finding.id);
  for (const std::string& alias : finding.aliases) {
    if (added) added = add(alias);
  }
  return added;
}

Result<MatchResult> LocalMatcher::match(const Sbom& sbom, const FindingSink& sink, const DoubtSink& accepts) const {
  if (overlay_.overlay == nullptr) return match_without_overlay(sbom, sink, accepts);
  std::optional<Error> fault;
  const auto enriched = [&](Finding&& finding) {
    if (fault) return;
    if (const auto known = enrich(finding); !known) {
      fault = with_id(known.error(), ReasonId::overlay_unreadable);
    } else {
      sink(std::move(finding));
    }
  };
  auto result = match_without_overlay(sbom, enriched, accepts);
  if (!result) return result;
  if (fault) return *fault;
  result->overlay_dates = overlay_.overlay->dates();
  result->support_end = support_end_of(sbom.os, *overlay_.overlay);
  return result;
}

}  // namespace initscan

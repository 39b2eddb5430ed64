#pragma once

#include "initscan/model/advisory_lookup.h"
#include "initscan/model/matcher.h"
#include "initscan/model/overlay_lookup.h"

#include <string>
#include <string_view>

namespace initscan {

// An overlay, and where it is, for errors.
struct PlacedOverlay {
  const OverlayLookup* overlay = nullptr;  // nullptr: there is none
  std::string place{};
};

// Matches with an index on this machine, and tells of its findings what an overlay knows of them. Both outlive the
// matcher.
class LocalMatcher : public Matcher {
 public:
  /// `place` is where the index is, for errors; `data_date` see Matcher.
  LocalMatcher(const AdvisoryLookup& advisories, std::string place, std::string data_date, PlacedOverlay overlay = {})
      : advisories_(advisories),
        place_(std::move(place)),
        data_date_(std::move(data_date)),
        overlay_(std::move(overlay)) {}

  /// Errors: of the index and of the overlay, with the place.
  Result<MatchResult> match(const Sbom& sbom, const FindingSink& sink, const DoubtSink& accepts) const override;
  std::string_view data_date() const override { return data_date_; }

 private:
  Result<MatchResult> match_without_overlay(const Sbom& sbom, const FindingSink& sink, const DoubtSink& accepts) const;
  Result<void> enrich(Finding& finding) const;

  const AdvisoryLookup& advisories_;
  std::string place_;
  std::string data_date_;
  PlacedOverlay overlay_;
};

}  // namespace initscan

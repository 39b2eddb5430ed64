#pragma once

#include "initscan/model/advisory_lookup.h"
#include "initscan/model/matcher.h"

#include <string>
#include <string_view>

namespace initscan {

// Matches with an index on this machine, which outlives the matcher.
class LocalMatcher : public Matcher {
 public:
  /// `place` is where the index is, for errors; `data_date` see Matcher.
  LocalMatcher(const AdvisoryLookup& advisories, std::string place, std::string data_date)
      : advisories_(advisories), place_(std::move(place)), data_date_(std::move(data_date)) {}

  Result<MatchResult> match(const Sbom& sbom, const FindingSink& sink, const DoubtSink& accepts) const override;
  std::string_view data_date() const override { return data_date_; }

 private:
  const AdvisoryLookup& advisories_;
  std::string place_;
  std::string data_date_;
};

}  // namespace initscan

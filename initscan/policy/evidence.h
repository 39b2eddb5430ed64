#pragma once

#include "initscan/model/finding.h"
#include "initscan/model/policy.h"
#include "initscan/model/reason.h"
#include "initscan/model/sbom.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace initscan {

// What a scan of an image can say for it. The one rule of what is never clean: a pass needs packages that were read, of
// an ecosystem that is matched, compared with data for it, by a scan that saw everything. What is missing of that is a
// doubt, whose weight a key of the policy gives; without one of these objects nothing passes (Judge::conclude).
class Evidence {
 public:
  /// `data_date`: of the newest advisory in the index, RFC 3339, or ""; it counts where no distribution was matched.
  Evidence(const Sbom& sbom, const MatchResult& match, std::string data_date);

  const std::vector<Reason>& doubts() const { return doubts_; }
  const std::string& data_date() const { return data_date_; }
  const OsRelease& os() const { return os_; }

  /// As of MatchResult.
  const std::map<std::string, std::string>& overlay_dates() const { return overlay_dates_; }

  /// When the support of the image's release ends or ended; nullopt where nobody knows.
  std::optional<std::chrono::sys_seconds> support_end() const;

  /// Whether anybody compared the packages with anything: false where nobody could be asked.
  bool was_matched() const { return was_matched_; }

 private:
  void doubt(ReasonId id, const std::vector<std::string>& sentences);
  void doubt_coverage(const Coverage& coverage);

  std::vector<Reason> doubts_;
  std::string data_date_;
  OsRelease os_;
  std::map<std::string, std::string> overlay_dates_;
  std::string support_end_;  // by the overlay; ""
  bool was_matched_ = true;
};

// What the doubts of an image come to under a policy.
struct Weighed {
  std::vector<Reason> undecided;  // keep the image from passing
  std::vector<Reason> warnings;   // are told
};

/// Why what a server matched with is too old, or may be, for a policy that cares; nullopt where it is not. `data_date`
/// as of Evidence.
std::optional<std::string> too_old(const Policy& policy, std::chrono::sys_seconds now, const MatchResult& match,
                                   std::string data_date);

/// What the policy makes of a reason; deny of those that it has no key for.
Reaction reaction_to(const Policy& policy, ReasonId id);

/// Why a scan with the default policy would not call the image clean at this moment; "" where it would.
std::string why_not_clean(const Evidence& evidence, std::chrono::sys_seconds now);

/// Also weighs what time makes of the evidence: data that is too old, a release that is no longer maintained.
Weighed weigh(const Policy& policy, std::chrono::sys_seconds now, const Evidence& evidence);

}  // namespace initscan

#include "initscan/judging.h"

#include "initscan/policy/judge.h"

#include <algorithm>
#include <functional>

namespace initscan {

Judging::Judging(const Matcher& matcher, const Policy& policy, std::chrono::sys_seconds now)
    : matcher_(matcher), policy_(policy), now_(now), used_(policy.ignore.size()) {
  verdict_.policy_name = policy.name;
  verdict_.enforcement = policy.enforcement;
  verdict_.warnings = expired_exemptions(policy, now);
}

Result<void> Judging::add(std::string index, std::string image, Sbom sbom, std::string sha256) {
  Judge judge(policy_, now_);
  const auto match = matcher_.match(
      sbom, [&](Finding&& finding) { judge.add(std::move(finding)); },
      [&](const Finding& finding, const std::string& why) { return judge.accepts_doubt(finding, why); });
  if (!match) return match.error();
  // From here on each package was compared with the advisories of its release, or its doubt is in `match`.
  if (!match->overlay_dates.empty()) verdict_.overlay_dates = match->overlay_dates;
  const Evidence evidence(sbom, *match, std::string(matcher_.data_date()));
  std::transform(used_.begin(), used_.end(), judge.used().begin(), used_.begin(), std::logical_or<>());
  verdict_.images.push_back(judge.conclude(std::move(index), std::move(image), std::move(sbom), evidence));
  verdict_.images.back().sbom_sha256 = std::move(sha256);
  // From here on the image has passed only where its evidence leaves no doubt that the policy denies.
  return {};
}

void Judging::add_unreadable(std::string index, std::string image, Reason reason) {
  ImageVerdict verdict;
  verdict.index = std::move(index);
  verdict.image = std::move(image);
  verdict.outcome = Outcome::undecided;
  verdict.undecided = {std::move(reason)};
  verdict_.images.push_back(std::move(verdict));
}

Verdict Judging::conclude() {
  verdict_.data_date = matcher_.data_date();
  verdict_.notes = unused_exemptions(policy_, now_, used_);
  initscan::conclude(verdict_);
  return std::move(verdict_);
}

}  // namespace initscan

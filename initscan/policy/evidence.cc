#include "initscan/policy/evidence.h"

#include "common/time/day.h"
#include "common/time/rfc3339.h"
#include "initscan/model/overlay_lookup.h"
#include "initscan/policy/release.h"

#include <algorithm>
#include <utility>

namespace initscan {
namespace {

void note(Weighed& weighed, const Policy& policy, Reason reason) {
  const Reaction reaction = reaction_to(policy, reason.id);
  if (reaction == Reaction::allow) return;
  (reaction == Reaction::deny ? weighed.undecided : weighed.warnings).push_back(std::move(reason));
}

std::string day_of(std::string_view rfc3339) {
  return std::string(rfc3339.substr(0, 10));
}

// What is wrong with the age of a source of the overlay, behind its name; nullopt where nothing is.
std::optional<std::string> fault_of_date(const Policy& policy, std::chrono::sys_seconds now, const std::string& date) {
  const auto moment = parse_rfc3339(date);
  if (!moment) return "has no date, so that nobody knows how old it is";
  if (*moment > now + std::chrono::days(1)) return "is dated " + day_of(date) + ", which is in the future";
  const auto age = std::chrono::floor<std::chrono::days>(now - *moment).count();
  if (age <= policy.stale_after_days) return std::nullopt;
  return "is dated " + day_of(date) + ", " + std::to_string(age) + " days ago; make the overlay again";
}

// What is wrong with the age of advisories; nullopt where nothing is.
std::optional<Reason> fault_of_age(const Policy& policy, std::chrono::sys_seconds now, const std::string& data_date) {
  const auto date = parse_rfc3339(data_date);
  if (!date)
    return Reason{ReasonId::undated_data,
                  "how old the advisories are is not known: no feed gives a date (onStaleData)"};
  if (*date > now + std::chrono::days(1)) {
    return Reason{ReasonId::undated_data, "how old the advisories are is not known: the newest is dated " +
                                              day_of(data_date) + ", which is in the future (onStaleData)"};
  }
  const auto age = std::chrono::floor<std::chrono::days>(now - *date).count();
  if (age <= policy.stale_after_days) return std::nullopt;
  return Reason{ReasonId::stale_data, "the newest advisory is dated " + day_of(data_date) + ", " + std::to_string(age) +
                                          " days ago; rebuild the index (onStaleData)"};
}

void weigh_age(const Policy& policy, std::chrono::sys_seconds now, const std::string& data_date, Weighed& weighed) {
  if (auto fault = fault_of_age(policy, now, data_date)) note(weighed, policy, std::move(*fault));
}

// Of what is told of findings, and of releases.
void weigh_overlay(const Policy& policy, std::chrono::sys_seconds now, const Evidence& evidence, Weighed& weighed) {
  const auto& dates = evidence.overlay_dates();
  if (policy.fail_on_epss && !dates.contains(std::string(kEpss))) {
    note(weighed, policy,
         {ReasonId::epss_missing,
          "how likely it is that findings are exploited is not known: there is no overlay with EPSS (failOn.epss)"});
  }
  for (const auto& [source, date] : dates) {
    const auto fault = fault_of_date(policy, now, date);
    if (!fault) continue;
    note(weighed, policy, {ReasonId::stale_overlay, "the overlay's " + source + ' ' + *fault + " (onStaleData)"});
  }
}

void weigh_release(const Policy& policy, std::chrono::sys_seconds now, const Evidence& evidence, Weighed& weighed) {
  const OsRelease& os = evidence.os();
  const auto end = evidence.support_end();
  if (!end || now < *end) return;
  note(weighed, policy,
       {ReasonId::end_of_life, '"' + os.id + ' ' + os.version_id + "\" has had no support since " +
                                   day_of(format_rfc3339(*end)) +
                                   ": its vulnerabilities are no longer published (onEndOfLife)"});
}

// Fresh data of one distribution says nothing of another's.
std::string oldest_of(const MatchResult& match, std::string otherwise) {
  const auto oldest = std::min_element(match.data_dates.begin(), match.data_dates.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
  if (oldest == match.data_dates.end()) return otherwise;
  return oldest->second;
}

}  // namespace

Evidence::Evidence(const Sbom& sbom, const MatchResult& match, std::string data_date)
    : data_date_(oldest_of(match, std::move(data_date))),
      os_(sbom.os),
      overlay_dates_(match.overlay_dates),
      support_end_(match.support_end) {
  doubt_coverage(sbom.coverage);
  doubt(ReasonId::release_contradiction, contradictions_of(sbom));
  doubt(ReasonId::not_comparable, match.undecided);
  doubt(ReasonId::match_limit, match.over_limit);
  doubt(ReasonId::unmatched, sbom.coverage.unmatched);
  doubt(ReasonId::unmatched, match.unmatched);
  doubt(ReasonId::no_data, match.no_data);

  if (match.unavailable) {
    doubts_.push_back(*match.unavailable);
    was_matched_ =
        match.unavailable->id == ReasonId::server_stale || match.unavailable->id == ReasonId::server_replaced;
  }

  if (match.checked > 0) return;
  const bool is_explained = std::any_of(doubts_.begin(), doubts_.end(), [](const Reason& d) {
    return d.id == ReasonId::unmatched || d.id == ReasonId::no_data;
  });
  if (sbom.packages.empty() && !is_explained) {
    doubts_.push_back({ReasonId::nothing_found, "no package was found: there was nothing to check (onNothingFound)"});
  } else if (!is_explained && was_matched_) {
    doubts_.push_back({ReasonId::not_compared, "no package was compared with advisories"});
  }
}

std::optional<std::chrono::sys_seconds> Evidence::support_end() const {
  if (const auto day = parse_day(support_end_)) return *day;
  return support_end_of(os_);
}

void Evidence::doubt(ReasonId id, const std::vector<std::string>& sentences) {
  for (const std::string& sentence : sentences) doubts_.push_back({id, sentence});
}

void Evidence::doubt_coverage(const Coverage& coverage) {
  doubt(ReasonId::incomplete, coverage.incomplete);
  if (coverage.truncated) {
    doubts_.push_back({ReasonId::walk_limit, "the walk over the image reached a limit after " +
                                                 std::to_string(coverage.files_seen) + " entries"});
  }
  if (!coverage.is_stated) {
    doubts_.push_back({ReasonId::coverage_unknown, "what could not be read is not known: another tool wrote the SBOM"});
  }
  if (coverage.unreadable > 0) {
    doubts_.push_back(
        {ReasonId::unreadable, std::to_string(coverage.unreadable) + " files or directories could not be read"});
  }
  if (coverage.unsupported > 0 && coverage.unmatched.empty()) {
    doubts_.push_back(
        {ReasonId::unmatched, std::to_string(coverage.unsupported) + " components of types that are not matched"});
  }
}

std::optional<std::string> too_old(const Policy& policy, std::chrono::sys_seconds now, const MatchResult& match,
                                   std::string data_date) {
  if (policy.on_stale_data == Reaction::allow) return std::nullopt;
  const std::string date = oldest_of(match, std::move(data_date));
  if (!fault_of_age(policy, now, date)) return std::nullopt;
  return date.empty() ? "its advisories have no date" : "its newest advisory is dated " + day_of(date);
}

Reaction reaction_to(const Policy& policy, ReasonId id) {
  switch (id) {
    case ReasonId::incomplete:
    case ReasonId::walk_limit:
    case ReasonId::release_contradiction:
    case ReasonId::not_comparable:
    case ReasonId::match_limit: return policy.on_incomplete;
    case ReasonId::unreadable:
    case ReasonId::coverage_unknown: return policy.on_unreadable;
    case ReasonId::nothing_found: return policy.on_nothing_found;
    case ReasonId::unmatched: return policy.on_unmatched;
    case ReasonId::no_data:
    case ReasonId::not_compared: return policy.on_no_data;
    case ReasonId::stale_data:
    case ReasonId::undated_data:
    case ReasonId::stale_overlay: return policy.on_stale_data;
    case ReasonId::end_of_life: return policy.on_end_of_life;
    case ReasonId::malicious: return policy.on_malicious;
    case ReasonId::known_exploited: return policy.on_known_exploited;
    // What is let through without a look is always told. Where the policy says local, either the local index was asked,
    // and the reason is server_replaced, or that could not be done, either.
    case ReasonId::server_unreachable:
    case ReasonId::server_refused:
    case ReasonId::server_answer:
    case ReasonId::server_stale: return policy.on_unavailable == Unavailable::allow ? Reaction::warn : Reaction::deny;
    case ReasonId::server_replaced:
      return policy.on_unavailable == Unavailable::local ? Reaction::warn : Reaction::deny;
    default: return Reaction::deny;  // no policy makes it mild
  }
}

Weighed weigh(const Policy& policy, std::chrono::sys_seconds now, const Evidence& evidence) {
  Weighed weighed;
  for (const Reason& doubt : evidence.doubts()) note(weighed, policy, doubt);
  if (evidence.was_matched()) weigh_age(policy, now, evidence.data_date(), weighed);
  if (evidence.was_matched()) weigh_overlay(policy, now, evidence, weighed);
  weigh_release(policy, now, evidence, weighed);
  return weighed;
}

std::string why_not_clean(const Evidence& evidence, std::chrono::sys_seconds now) {
  const Weighed weighed = weigh(Policy{}, now, evidence);
  return weighed.undecided.empty() ? std::string() : weighed.undecided.front().sentence;
}

}  // namespace initscan

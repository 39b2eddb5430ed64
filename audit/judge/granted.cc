#include "audit/judge/granted.h"

#include "audit/check/evaluate.h"
#include "audit/judge/exceptions.h"
#include "common/names.h"
#include "common/time/rfc3339.h"
#include "initscan/policy/combine.h"

#include <algorithm>
#include <optional>

namespace initscan::audit {
namespace {

constexpr std::string_view kDefaultPolicy = "default";

// What an exemption says of a check, or why it says nothing that could be accepted.
Result<Exception> exception_of(const Exemption& exemption) {
  const auto refused = [](std::string why) { return Error{Errc::malformed, std::move(why)}; };
  const Check* const check = find_check(exemption.check);
  if (check == nullptr) return refused("there is no check \"" + exemption.check + '"');
  if (!exemption.id.empty() || !exemption.package.empty()) {
    return refused("a finding of the audit has neither id nor package: name only the check");
  }
  if (check->severity > exemption.max_severity) {
    return refused(exemption.check + " is " + std::string(to_string(check->severity)) + ", worse than the " +
                   std::string(to_string(exemption.max_severity)) + " that it may accept");
  }
  const auto end = parse_rfc3339(exemption.expires_at);
  if (!end) return end.error();
  Exception exception;
  exception.check = exemption.check;
  exception.reason = exemption.reason;
  exception.expires = *end;
  return exception;
}

}  // namespace

GrantedExceptions::GrantedExceptions(const ClusterFacts& cluster, Time now) : cluster_(cluster), now_(now) {
  if (cluster.scan_policies) {
    for (const auto& [name, policy] : *cluster.scan_policies) take_policy(policy);
  }
  if (!cluster.exemptions) return;
  std::vector<const ScanExemption*> sorted;
  for (const ScanExemption& exemption : *cluster.exemptions) sorted.push_back(&exemption);
  std::sort(sorted.begin(), sorted.end(), [](const ScanExemption* a, const ScanExemption* b) {
    return std::tie(a->namespace_, a->name) < std::tie(b->namespace_, b->name);
  });
  for (const ScanExemption* exemption : sorted) take_exemption(*exemption);
}

std::string GrantedExceptions::with_cluster(std::string_view text) const {
  return (cluster_.name.empty() ? std::string() : cluster_.name + ": ").append(text);
}

void GrantedExceptions::warn(std::string sentence) {
  if (refused_.size() < kMaxGrantWarnings) {
    refused_.push_back(std::move(sentence));
  } else {
    ++not_told_;
  }
}

void GrantedExceptions::take_policy(const ScanPolicy& policy) {
  const std::string place = with_cluster("ClusterScanPolicy " + policy.accepts.name);
  if (!policy.problem.empty()) return warn(with_cluster(policy.problem) + ": it accepts nothing");
  for (const Exemption& ignored : policy.accepts.ignore) {
    auto exception = exception_of(ignored);
    if (!exception) {
      warn(place + " does not accept " + ignored.check + ": " + exception.error().text);
      continue;
    }
    exception->granted_by = place;
    of_policies_[policy.accepts.name].push_back({std::move(*exception)});
  }
}

const ScanPolicy* GrantedExceptions::policy_of(std::string_view namespace_, std::string& why_not) const {
  why_not = "which policy applies in its namespace is not known: ";
  if (!cluster_.scan_policies) {
    why_not += cluster_.scan_policies.why_not;
    return nullptr;
  }
  if (!cluster_.namespaces) {
    why_not += cluster_.namespaces.why_not;
    return nullptr;
  }
  std::string_view name = kDefaultPolicy;
  if (const auto space = cluster_.namespaces->find(namespace_); space != cluster_.namespaces->end()) {
    const auto named = space->second.annotations.find(names::kPolicy);
    if (named != space->second.annotations.end() && !named->second.empty()) name = named->second;
  }
  const auto policy = cluster_.scan_policies->find(name);
  if (policy == cluster_.scan_policies->end()) {
    why_not = "there is no ClusterScanPolicy \"" + std::string(name) + "\" that would allow it";
    return nullptr;
  }
  if (!policy->second.problem.empty()) {
    why_not += policy->second.problem;
    return nullptr;
  }
  return &policy->second;
}

void GrantedExceptions::take_exemption(const ScanExemption& exemption) {
  const std::string place = with_cluster("ScanExemption " + exemption.namespace_ + '/' + exemption.name);
  const auto refuse = [&](const std::string& why) { warn(place + " accepts nothing: " + why); };
  if (!exemption.problem.empty()) return warn(with_cluster(exemption.problem) + ": it accepts nothing");
  std::string why_not;
  const ScanPolicy* const policy = policy_of(exemption.namespace_, why_not);
  if (policy == nullptr) return refuse(why_not);
  // The injector's own answer, which the object's status shows: allowed at all, not for too long, not for what is
  // worse.
  Policy taken;
  taken.name = policy->accepts.name;
  if (const auto refused = add_exemption(taken, exemption.wanted, exemption.made, policy->rules))
    return refuse(*refused);
  auto exception = exception_of(taken.ignore.front());
  if (!exception) return refuse(exception.error().text);
  exception->namespace_ = exemption.namespace_;
  exception->granted_by = place;
  of_namespaces_[exemption.namespace_].push_back({std::move(*exception)});
}

void GrantedExceptions::apply(Grants& grants, Workload& workload) const {
  for (Grant& grant : grants) {
    for (WorkloadResult& found : workload.results) {
      if (!speaks_of(grant.exception, found.result)) continue;
      grant.is_used = true;
      if (grant.exception.expires > now_ && !found.is_accepted()) found.exception = accepted_text(grant.exception);
    }
  }
}

void GrantedExceptions::apply(Workload& workload) {
  if (!of_policies_.empty()) {
    std::string why_not;
    const ScanPolicy* const policy = policy_of(workload.namespace_, why_not);
    const auto own = policy == nullptr ? of_policies_.end() : of_policies_.find(policy->accepts.name);
    if (own != of_policies_.end()) apply(own->second, workload);
  }
  if (const auto own = of_namespaces_.find(workload.namespace_); own != of_namespaces_.end()) {
    apply(own->second, workload);
  }
}

std::vector<Exception> GrantedExceptions::all() const {
  std::vector<Exception> all;
  for (const auto* list : {&of_policies_, &of_namespaces_}) {
    for (const auto& [name, grants] : *list) {
      for (const Grant& grant : grants) all.push_back(grant.exception);
    }
  }
  return all;
}

std::vector<std::string> GrantedExceptions::warnings() const {
  std::vector<std::string> warnings = refused_;
  std::size_t more = not_told_;
  for (const auto* list : {&of_policies_, &of_namespaces_}) {
    for (const auto& [name, grants] : *list) {
      for (const Grant& grant : grants) {
        auto warning = warning_of(grant.exception, grant.is_used, now_);
        if (!warning) continue;
        if (warnings.size() < kMaxGrantWarnings)
          warnings.push_back(std::move(*warning));
        else
          ++more;
      }
    }
  }
  if (more > 0) warnings.push_back(std::to_string(more) + " more of initscan's objects accept nothing");
  return warnings;
}

}  // namespace initscan::audit

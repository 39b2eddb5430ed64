#include "audit/pipeline.h"

#include "audit/check/evaluate.h"
#include "audit/check/gate.h"
#include "audit/compare/compare.h"
#include "audit/compare/history.h"
#include "audit/judge/exceptions.h"
#include "audit/judge/glob.h"
#include "audit/judge/granted.h"
#include "audit/judge/workloads.h"
#include "audit/plan/waves.h"

#include <algorithm>

namespace initscan::audit {
namespace {

bool is_skipped(const Pod& pod, const AuditPolicy& policy) {
  return std::any_of(policy.skip_namespaces.begin(), policy.skip_namespaces.end(),
                     [&](const std::string& pattern) { return matches_glob(pattern, pod.namespace_); });
}

// Its phase says that it is over, and no container says otherwise.
bool has_ended(const Pod& pod) {
  if (pod.phase != "Succeeded" && pod.phase != "Failed") return false;
  return std::none_of(pod.containers.begin(), pod.containers.end(),
                      [](const Container& container) { return container.status.state == ContainerState::running; });
}

void take_detours(const ClusterFacts& facts, ClusterSummary& summary) {
  if (!facts.detours) return;
  for (const auto& [holder, held] : *facts.detours) {
    for (const Detour& detour : held) {
      if (summary.detours.size() < kMaxHeldDetours) {
        summary.detours.push_back({holder, detour});
      } else {
        ++summary.detours_left_out;
      }
    }
  }
}

// One cluster: its facts are held, its pods pass by and leave what the checks say of them with their owners.
Result<ClusterFacts> audit_cluster(Source& source, const AuditRequest& request, AuditReport& report) {
  auto facts = source.facts();
  if (!facts) return facts.error();

  const CheckContext context{*facts, request.policy, request.images, request.now};
  GrantedExceptions granted(*facts, request.now);
  Workloads workloads(context, request.observed, &granted);
  ClusterSummary summary;
  summary.name = facts->name;
  summary.version = facts->version;
  summary.gaps = facts->gaps;
  take_detours(*facts, summary);
  auto gaps = source.pods([&](const Pod& pod) {
    if (is_skipped(pod, request.policy)) {
      ++summary.skipped_pods;
      return;
    }
    if (has_ended(pod)) {
      ++summary.ended_pods;
      return;
    }
    ++summary.pods;
    if (!refusal_of(pod).empty()) ++summary.blocked_pods;
    summary.containers += pod.containers.size();
    workloads.add(pod, evaluate(pod, context));
  });
  if (!gaps) return gaps.error();

  summary.gaps.insert(summary.gaps.end(), gaps->begin(), gaps->end());
  // Each image says for itself that it is not known; that nobody could be asked is a gap of the whole.
  if (request.images != nullptr && !request.images->trouble().empty()) {
    summary.gaps.push_back({"SBOMs of images", request.images->trouble()});
  }
  report.clusters.push_back(std::move(summary));
  std::vector<Workload> judged = workloads.finish();
  std::move(judged.begin(), judged.end(), std::back_inserter(report.workloads));
  for (Exception& exception : granted.all()) report.exceptions.push_back(std::move(exception));
  for (std::string& warning : granted.warnings()) report.warnings.push_back(std::move(warning));
  facts->write_layers.clear();  // the largest part, and no longer needed
  return facts;
}

Result<void> compare(const AuditRequest& request, AuditReport& report) {
  if (request.earlier) return compare_with(report, request.earlier, request.policy);
  if (request.history == nullptr) return {};
  compare_with_history(report, *request.history, request.policy);
  remember(report, *request.history);
  return {};
}

bool is_open(const WorkloadResult& found, Outcome outcome) {
  return found.result.outcome == outcome && !found.is_accepted();
}

template <class Predicate>
bool any_result(const AuditReport& report, Predicate predicate) {
  return std::any_of(report.workloads.begin(), report.workloads.end(), [&](const Workload& workload) {
    return std::any_of(workload.results.begin(), workload.results.end(), predicate);
  });
}

bool has_gaps(const AuditReport& report) {
  return std::any_of(report.clusters.begin(), report.clusters.end(),
                     [](const ClusterSummary& cluster) { return !cluster.gaps.empty(); });
}

}  // namespace

Result<AuditReport> audit(const AuditRequest& request) {
  AuditReport report;
  report.made = request.now;
  report.policy_name = request.policy.name;
  report.exceptions = request.policy.exceptions;

  // Collect, check and roll up, one cluster after the other: no pod is held.
  std::vector<ClusterFacts> clusters;
  for (const auto& source : request.sources) {
    auto facts = audit_cluster(*source, request, report);
    if (!facts) return facts.error();
    clusters.push_back(std::move(*facts));
  }
  // From here on every pod was asked every question, and each answer is with its owner; what could not be read is among
  // the gaps of its cluster.

  sort_by_urgency(report.workloads);
  // From here on the order is final: waves name workloads by their places.
  report.waves = plan_waves(report.workloads, clusters);

  std::vector<std::string> warnings = exception_warnings(request.policy, report.workloads, request.now);
  report.warnings.insert(report.warnings.begin(), warnings.begin(), warnings.end());
  report.complete =
      !has_gaps(report) && !any_result(report, [](const auto& found) { return is_open(found, Outcome::unknown); });
  // From here on the report says all of today, and whether that is all there is to say: only now can it be compared.
  if (auto compared = compare(request, report); !compared) return compared.error();
  // From here on each finding says whether it was there the last time, where anything is known of a last time.
  return report;
}

Verdict verdict_of(const AuditReport& report, std::optional<Severity> fail_on) {
  const auto has = [&](Outcome outcome) {
    return any_result(report, [&](const WorkloadResult& found) {
      return is_open(found, outcome) && found.result.check->severity >= *fail_on;
    });
  };
  if (fail_on && has(Outcome::fail)) return Verdict::fail;
  if (has_gaps(report) || (fail_on && has(Outcome::unknown))) return Verdict::undecided;
  return Verdict::pass;
}

}  // namespace initscan::audit

#include "audit/report/summary.h"

#include <map>
#include <numeric>
#include <string_view>

namespace initscan::audit {

std::size_t Summary::failed() const {
  return std::accumulate(failures.begin(), failures.end(), std::size_t{0});
}

bool counts(const WorkloadResult& result) {
  return result.result.outcome == Outcome::fail && !result.is_accepted();
}

Summary summary_of(const AuditReport& report) {
  Summary sum;
  for (const ClusterSummary& cluster : report.clusters) {
    sum.pods += cluster.pods;
    sum.containers += cluster.containers;
    sum.skipped_pods += cluster.skipped_pods;
    sum.ended_pods += cluster.ended_pods;
    sum.blocked_pods += cluster.blocked_pods;
    sum.detours += cluster.detours.size() + cluster.detours_left_out;
    sum.gaps += cluster.gaps.size();
  }
  for (const Workload& workload : report.workloads) {
    ++sum.actions[static_cast<std::size_t>(workload.action)];
    sum.passed += workload.passed;
    for (const WorkloadResult& result : workload.results) {
      if (result.is_accepted()) {
        ++sum.accepted;
      } else if (result.result.outcome == Outcome::unknown) {
        ++sum.unknown;
      } else if (counts(result)) {
        ++sum.failures[static_cast<std::size_t>(result.result.check->severity)];
        if (result.change == Change::appeared) ++sum.appeared;
      }
    }
  }
  return sum;
}

std::vector<const Check*> checks_of(const AuditReport& report) {
  std::map<std::string_view, const Check*> by_id;
  for (const Workload& workload : report.workloads) {
    for (const WorkloadResult& result : workload.results) by_id.emplace(result.result.check->id, result.result.check);
  }
  std::vector<const Check*> checks;
  checks.reserve(by_id.size());
  for (const auto& [id, check] : by_id) checks.push_back(check);
  return checks;
}

}  // namespace initscan::audit

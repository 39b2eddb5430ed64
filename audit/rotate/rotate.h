#pragma once

#include "audit/model/report.h"
#include "common/kube/client.h"
#include "common/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace initscan::audit {

struct RotationOptions {
  bool confirmed = false;  // false: the API server checks each change, and makes none
  std::size_t most = 5;    // restarts of one run
};

enum class RotationOutcome : std::uint8_t { restarted, would_restart, skipped, failed };

constexpr std::string_view to_string(RotationOutcome outcome) {
  switch (outcome) {
    case RotationOutcome::restarted: return "restarted";
    case RotationOutcome::would_restart: return "would-restart";
    case RotationOutcome::skipped: return "skipped";
    case RotationOutcome::failed: return "failed";
  }
  return "failed";
}

// What became of one workload of the plan.
struct RotationStep {
  std::string namespace_;
  std::string workload;  // "Deployment/web"
  int wave = 0;
  RotationOutcome outcome = RotationOutcome::skipped;
  std::string text;  // why; "" with restarted and would_restart
};

/// Restarts what the report plans, as `kubectl rollout restart` does: by the annotation
/// kubectl.kubernetes.io/restartedAt of the pod template. One wave in a run: the first in which something can be
/// restarted, or is not back from an earlier run; the next run takes the next one. Each workload is looked at anew
/// before: one that is no longer the same, paused, in the middle of a rollout, not fully available, or whose
/// PodDisruptionBudgets allow no disruption now is skipped. Each change is asked of the API server as a dry run first.
/// Every step is logged. Needs get and patch of Deployments, StatefulSets and DaemonSets, and list of
/// PodDisruptionBudgets. Errors: io - the API server cannot be asked at all.
boost::asio::awaitable<Result<std::vector<RotationStep>>> apply_rotation(KubeClient& client, const AuditReport& report,
                                                                         std::string cluster, Time now,
                                                                         RotationOptions options);

/// The same on this thread, for a command line.
Result<std::vector<RotationStep>> apply_rotation(const KubeConfig& config, const AuditReport& report,
                                                 const std::string& cluster, Time now, const RotationOptions& options);

}  // namespace initscan::audit

#pragma once

#include "audit/model/cluster.h"
#include "audit/model/report.h"

#include <cstddef>
#include <vector>

namespace initscan::audit {

inline constexpr std::size_t kMaxWorkloadsPerWave = 10;

/// Whether `kubectl rollout restart` knows this kind.
bool can_be_restarted(const Owner& owner);

/// Plans the rotation of all workloads to be rotated now, in waves that respect PodDisruptionBudgets; says in each
/// workload its wave, or why it has none. First those with several pods, then single pods, StatefulSets last; in
/// each wave at most kMaxWorkloadsPerWave, and one of those that a Service or a budget has in common. `clusters` has
/// the facts of every cluster of the report.
std::vector<RotationWave> plan_waves(std::vector<Workload>& workloads, const std::vector<ClusterFacts>& clusters);

}  // namespace initscan::audit

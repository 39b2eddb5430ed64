#pragma once

#include "audit/model/cluster.h"
#include "audit/model/report.h"

#include <vector>

namespace initscan::audit {

/// Plans the rotation of all workloads to be rotated now, in waves that respect PodDisruptionBudgets; says in each
/// workload its wave, or why it has none. `clusters` has the facts of every cluster of the report, by its name.
std::vector<RotationWave> plan_waves(std::vector<Workload>& workloads, const std::vector<ClusterFacts>& clusters);

}  // namespace initscan::audit

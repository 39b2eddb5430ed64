#pragma once

#include "audit/rotate/rotate.h"

#include <vector>

namespace initscan::audit {

/// Applies the report's rotation plan, cluster after cluster, and prints what became of each workload. Whether all
/// went as planned: a workload that was left alone did, one that the API server refused did not.
/// `configs` are in the order of the report's clusters. Errors: io.
Result<bool> rotate_clusters(const AuditReport& report, const std::vector<KubeConfig>& configs,
                             const RotationOptions& options);

}  // namespace initscan::audit

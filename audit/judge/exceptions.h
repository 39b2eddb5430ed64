#pragma once

#include "audit/model/policy.h"
#include "audit/model/report.h"

#include <string>
#include <vector>

namespace initscan::audit {

/// Marks the results that the policy accepts: those no longer count. An exception that has expired accepts nothing.
void apply_exceptions(Workload& workload, const AuditPolicy& policy, Time now);

/// One sentence for each exception that has expired, or that speaks of nothing in the whole report.
std::vector<std::string> exception_warnings(const AuditPolicy& policy, const std::vector<Workload>& workloads,
                                            Time now);

}  // namespace initscan::audit

#pragma once

#include "audit/model/policy.h"
#include "audit/model/report.h"

#include <optional>
#include <string>
#include <vector>

namespace initscan::audit {

/// Whether an exception is about a result, of whichever workload.
bool speaks_of(const Exception& exception, const KeptResult& result);

/// "accepted until 2027-01-01T00:00:00Z: a legacy (ScanExemption shop/legacy)".
std::string accepted_text(const Exception& exception);

/// What to say about an exception that has expired, or that matches nothing.
std::optional<std::string> warning_of(const Exception& exception, bool is_about_something, Time now);

/// Marks the results that the policy accepts: those no longer count. An exception that has expired accepts nothing.
void apply_exceptions(Workload& workload, const AuditPolicy& policy, Time now);

/// One sentence for each exception that has expired, or that speaks of nothing in the whole report.
std::vector<std::string> exception_warnings(const AuditPolicy& policy, const std::vector<Workload>& workloads,
                                            Time now);

}  // namespace initscan::audit

#pragma once

#include "audit/model/report.h"
#include "common/result.h"

#include <string>

namespace initscan::audit {

/// Marks in `report` what is new and what is still there since `previous` (an audit's JSON report), and lists what
/// was fixed. What this audit could not read is not fixed.
/// Errors: malformed, over_limit - of the previous report.
Result<void> compare_with(AuditReport& report, const std::string& previous_json);

}  // namespace initscan::audit

#pragma once

#include "audit/model/policy.h"
#include "audit/model/report.h"
#include "common/result.h"

#include <cstddef>
#include <string>

namespace initscan::audit {

inline constexpr std::size_t kMaxPreviousBytes = 512 << 20;
inline constexpr std::size_t kMaxPreviousResults = 5'000'000;

/// Whether a gap hides pods, or whom they belong to: then what is absent may still be there. ("poddisruptionbudgets"
/// hides none.)
bool hides_pods(const Gap& gap);

/// Marks in `report` what is new and what is still there since `previous` (an audit's JSON report, or what
/// history_record() made of one), and lists what was fixed and what could not be read this time: results of a cluster
/// that was not read or whose pods were not, and what `policy` skips now.
/// Errors: malformed, over_limit - of the previous report; `report` is as it was then.
Result<void> compare_with(AuditReport& report, const std::string& previous_json, const AuditPolicy& policy = {});

/// The part of a report that the next comparison needs, as JSON: {"schema", "made", "workloads": [{"cluster",
/// "namespace", "kind", "name", "results": [{"check", "outcome", "container", "firstSeen"}]}], "notRead": [...]}.
std::string history_record(const AuditReport& report);

}  // namespace initscan::audit

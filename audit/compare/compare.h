#pragma once

#include "audit/model/policy.h"
#include "audit/model/report.h"
#include "common/result.h"

#include <functional>
#include <string_view>

namespace initscan::audit {

/// Whether a gap hides pods, or whom they belong to: then what is absent may still be there. ("poddisruptionbudgets"
/// hides none.)
bool hides_pods(const Gap& gap);

// Takes bytes piece by piece; after an error no more.
using TakeBytes = std::function<Result<void>(std::string_view)>;

// Hands on the bytes of an earlier audit: its JSON report, or what history_record() made of one. Returns its own
// error, or what the taker returned.
using EarlierAudit = std::function<Result<void>(const TakeBytes&)>;

/// Marks in `report`, which was compared with nothing yet, what is new and what is still there since an earlier audit,
/// and lists what was fixed, what is gone with its pods, and what could not be read this time: results of a cluster
/// that was not read or whose pods were not, and what `policy` skips now. Holds neither that audit nor more of it than
/// one workload. Errors: malformed, over_limit - of the earlier audit, or its reader's; `report` is as it was then.
Result<void> compare_with(AuditReport& report, const EarlierAudit& earlier, const AuditPolicy& policy = {});

/// Hands on the part of a report that the next comparison needs, as JSON: {"schema", "made", "workloads": [{"cluster",
/// "namespace", "kind", "name", "results": [{"check", "outcome", "container", "firstSeen"}]}], "notRead": [...]}.
void history_record(const AuditReport& report, const std::function<void(std::string_view)>& put);

}  // namespace initscan::audit

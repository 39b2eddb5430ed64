#pragma once

#include "audit/collect/source.h"
#include "audit/compare/compare.h"
#include "audit/model/image_history.h"
#include "audit/model/policy.h"
#include "audit/model/report.h"
#include "common/result.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace initscan::audit {

class HistoryStore;
class ObservedWrites;

struct AuditRequest {
  std::vector<std::unique_ptr<Source>> sources;  // one for each cluster
  AuditPolicy policy;
  const ImageHistory* images = nullptr;      // nullptr: not asked for
  const ObservedWrites* observed = nullptr;  // nullptr: nothing was observed
  EarlierAudit earlier;                      // to compare with; empty: none
  HistoryStore* history = nullptr;           // the same, kept from run to run; nullptr: none
  Time now;
};

/// The whole way of an audit. What cannot be read of a cluster is a gap of the report; an error is what leaves
/// nothing to report on: a file that cannot be opened, a previous report that cannot be parsed.
Result<AuditReport> audit(const AuditRequest& request);

/// What the exit code says. A failure of `fail_on` or worse that is not accepted outweighs what is not known; without
/// fail_on only what could not be read counts.
enum class Verdict : std::uint8_t { pass, undecided, fail };
Verdict verdict_of(const AuditReport& report, std::optional<Severity> fail_on);

}  // namespace initscan::audit

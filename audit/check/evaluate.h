#pragma once

#include "audit/model/check.h"
#include "audit/model/cluster.h"
#include "audit/model/image_history.h"
#include "audit/model/policy.h"
#include "audit/model/report.h"

#include <span>
#include <string_view>
#include <vector>

namespace initscan::audit {

/// Every check there is, by family, in report order.
std::span<const Check> all_checks();

/// nullptr where there is no such check.
const Check* find_check(std::string_view id);

// What the checks know besides the pod itself.
struct CheckContext {
  const ClusterFacts& cluster;
  const AuditPolicy& policy;
  const ImageHistory* history = nullptr;  // nullptr: not asked for, so those checks are skipped
  Time now;
};

/// Asks every check that the policy does not disable, of the pod and of each of its containers. Every question
/// gets an answer: what cannot be known is `unknown` with its reason, what does not apply is `skip`.
std::vector<CheckResult> evaluate(const Pod& pod, const CheckContext& context);

/// The questions that only all pods of a workload together answer: do its replicas run the same bits?
std::vector<CheckResult> evaluate(const Workload& workload, const CheckContext& context);

}  // namespace initscan::audit

#pragma once

#include "initscan/model/policy.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace initscan {

// What a cluster's policy lets a namespace exempt by itself.
struct ExemptionRules {
  bool allowed = false;
  Severity max_severity = Severity::high;
  std::chrono::days longest{90};  // from the exemption's making to its end
};

/// The policy that asks for more in each of its points: a namespace may tighten what the cluster demands, never
/// loosen it. Name, enforcement and exemptions are the cluster's.
Policy stricter(Policy cluster, const Policy& namespace_);

/// Asks for nothing: what a namespace's policy is where it says nothing, so that it tightens what it speaks of alone.
Policy mildest();

/// Takes a namespace's exemption into a policy, mildened to what the rules allow. Why not, where they do not:
/// one sentence for its owner.
std::optional<std::string> add_exemption(Policy& policy, Exemption exemption, std::chrono::sys_seconds made,
                                         const ExemptionRules& rules);

}  // namespace initscan

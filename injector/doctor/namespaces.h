#pragma once

#include "injector/cluster/settings.h"
#include "injector/doctor/found.h"

#include <string>
#include <vector>

namespace initscan::injector {

// What the namespaces' policies follow from, and why that is not all known.
struct FollowedPolicies {
  const ClusterSettings& settings;
  Failure failure;
};

/// The namespaces that have the label: their policy, mode and enforcement, or all that is wrong with what their labels
/// and annotations say, an item each, the worst of a namespace first. `policies` are of the same cluster. `hook` may be
/// null.
std::vector<CheckItem> judge_namespaces(const FoundList& namespaces, const nlohmann::json& hook,
                                        const FollowedPolicies& policies);

/// What the settings complain of: policies that cannot be read, exemptions that are not allowed.
std::vector<CheckItem> judge_complaints(const ClusterSettings& settings);

/// The namespace to try a pod in: `wish`, or the first that is injected and enforced; "" if there is none.
std::string trial_namespace(const FoundList& namespaces, const nlohmann::json& hook, const std::string& wish);

}  // namespace initscan::injector

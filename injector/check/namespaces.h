#pragma once

#include "injector/check/found.h"
#include "injector/cluster/settings.h"

#include <vector>

namespace initscan {

/// The namespaces that have the label, one item each: their policy, mode and enforcement, or what is wrong with what
/// their labels and annotations say. `settings` follows the same cluster. `hook` may be null.
std::vector<CheckItem> judge_namespaces(const FoundList& namespaces, const nlohmann::json& hook,
                                        const ClusterSettings& settings);

/// What the settings complain of: policies that cannot be read, exemptions that are not allowed.
std::vector<CheckItem> judge_complaints(const ClusterSettings& settings);

/// The namespace to try a pod in: `wish`, or the first that is injected and enforced; "" where there is none.
std::string trial_namespace(const FoundList& namespaces, const nlohmann::json& hook, const std::string& wish);

}  // namespace initscan

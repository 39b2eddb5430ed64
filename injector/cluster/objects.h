#pragma once

#include "common/result.h"
#include "initscan/model/policy.h"
#include "initscan/policy/policy_objects.h"
#include "injector/inject/config.h"

#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace initscan::injector {

// What a namespace's labels and annotations ask for.
struct NamespaceWish {
  bool injected = false;         // label initscan.io/inject: enabled
  bool only_reports = false;     // label initscan.io/enforcement: report
  std::string policy;            // annotation initscan.io/policy: a ClusterScanPolicy; "": the default
  std::optional<ModeWish> mode;  // annotation initscan.io/mode
};

// A ClusterScanPolicy: a policy and what namespaces may do with it.
struct ClusterPolicy {
  Policy policy;
  ExemptionRules exemptions;
  bool allow_pod_opt_out = false;
  Hardening hardening{};
};

/// Each reads one object as the API server sends it. Strict in spec, indifferent to metadata that is not ours.
/// Errors: malformed, in the words of the policy file, named by kind and name.
NamespaceWish read_namespace(const nlohmann::json& object);
Result<ClusterPolicy> read_cluster_policy(const ConfigNode& object);

}  // namespace initscan::injector

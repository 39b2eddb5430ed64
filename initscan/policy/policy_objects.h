#pragma once

#include "common/config/node.h"
#include "common/result.h"
#include "initscan/model/policy.h"
#include "initscan/policy/combine.h"

#include <chrono>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace initscan {

// A ScanExemption: what one namespace accepts.
struct NamespaceExemption {
  Exemption exemption;
  std::chrono::sys_seconds made;
};

/// Each reads one object, as the API server sends it or a file holds it. Strict in spec, indifferent to metadata that
/// is not ours. Errors: malformed, in the words of the policy file, named by kind, name and place. A namespace's policy
/// is the mildest in what it does not say.
Result<Policy> read_namespace_policy(const ConfigNode& object);
Result<NamespaceExemption> read_exemption(const ConfigNode& object);

/// The same of a ClusterScanPolicy, without what says how pods are injected: its policy, and what it lets namespaces
/// exempt.
Result<Policy> read_cluster_policy_part(const ConfigNode& object);
Result<ExemptionRules> read_exemption_rules(const ConfigNode& object);

/// metadata.name and metadata.namespace; "" where there is none.
std::string name_of(const nlohmann::json& object);
std::string namespace_of(const nlohmann::json& object);
std::string name_of(const ConfigNode& object);
std::string namespace_of(const ConfigNode& object);

/// An error of the object: "ScanExemption shop/a: ...".
Error about_object(const ConfigNode& object, const char* kind, Error error);

}  // namespace initscan

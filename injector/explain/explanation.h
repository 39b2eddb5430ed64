#pragma once

#include "common/exit_code.h"
#include "common/result.h"
#include "injector/doctor/found.h"
#include "injector/inject/config.h"
#include "injector/inject/reason.h"

#include <string>
#include <string_view>
#include <vector>

namespace initscan::injector {

// The surroundings of a pod in a cluster.
struct PodSurroundings {
  Found namespace_object;              // its Namespace
  Found configuration;                 // the MutatingWebhookConfiguration
  std::vector<nlohmann::json> events;  // on the pod
  FoundList endpoints;                 // EndpointSlices of the injector's Service
  InjectorConfig config;               // what the injector would use for its namespace now
  std::string unread;                  // why that is not known; "": it is
};

// Why a pod is as it is.
struct Explanation {
  bool injected = false;
  bool is_blocked = false;           // the gate keeps it from starting
  bool is_refused = false;           // because its policy failed
  bool is_stuck = false;             // one of our containers does not get to start
  bool is_undecided = false;         // what the injector would make now is not known
  std::vector<std::string> reasons;  // the deciding one first
  std::string before;                // YAML without anything of ours
  std::string after;                 // with; what the injector would make, where the pod has nothing of ours
};

/// Explains one pod. Errors: malformed - it cannot be read as a pod.
Result<Explanation> explain_pod(const nlohmann::json& pod, const PodSurroundings& around);

/// How `explain` ends: with 2 where the policy has refused the pod; with 1 where the scan could not decide or does not
/// come about, or not all could be found out.
ExitCode exit_code_of(const Explanation& explanation);

/// What a reason of patch_pod means, for people.
std::string sentence_of(Reason reason);

}  // namespace initscan::injector

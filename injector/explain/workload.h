#pragma once

#include "common/result.h"

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace initscan::injector {

// A kind that has pods, as people name it.
struct WorkloadKind {
  std::string_view kind;                // "Deployment"
  std::string_view collection;          // "/apis/apps/v1"
  std::string_view plural;              // "deployments"
  std::vector<std::string_view> names;  // besides kind and plural: "deployment", "deploy"
  std::string_view between;             // the kind of what is between it and its pods; "": nothing
};

// What `explain` is asked about.
struct WorkloadName {
  const WorkloadKind* kind;
  std::string name;
};

/// "web", "pod/web", "deploy/web", "Deployment.apps/web", as kubectl takes them.
/// Errors: usage - no such kind, or no name; it says which there are.
Result<WorkloadName> workload_name(std::string_view text);

/// The kind of that name; nullptr if there is none.
const WorkloadKind* workload_kind(std::string_view name);

/// Where objects of a kind are: ".../namespaces/SPACE/deployments".
std::string collection_of(const WorkloadKind& kind, std::string_view namespace_name);

/// Those that one of `owners` (uids) controls.
std::vector<nlohmann::json> controlled_by(const std::set<std::string>& owners, const std::vector<nlohmann::json>& all);

/// Why no pods are made, as the objects of a workload and the events about them say it: each sentence once, whatever
/// the pod was called, and how often.
std::vector<std::string> refusals(const std::vector<nlohmann::json>& objects,
                                  const std::vector<nlohmann::json>& events);

/// What makes new pods of a workload in place of blocked ones: "kubectl rollout restart deployment web -n shop".
std::string renewal_of(const WorkloadKind& kind, const std::string& name, const std::string& namespace_name);

}  // namespace initscan::injector

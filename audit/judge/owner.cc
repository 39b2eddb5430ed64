#include "audit/judge/workloads.h"

#include <string_view>

namespace initscan::audit {
namespace {

// A reference in the model has no group; these kinds have one that everybody knows.
std::string_view group_of(std::string_view kind) {
  constexpr std::string_view kApps[] = {"ReplicaSet", "Deployment", "StatefulSet", "DaemonSet"};
  for (const std::string_view app : kApps) {
    if (kind == app) return "apps/v1";
  }
  if (kind == "Job" || kind == "CronJob") return "batch/v1";
  if (kind == "Node" || kind == "Pod" || kind == "ReplicationController") return "v1";
  return "";
}

constexpr int kMaxSteps = 8;  // from a pod up; real chains have two, and a forged one may be a circle

}  // namespace

Owner owner_of(const Pod& pod, const ClusterFacts& cluster) {
  if (!pod.owner) return {"v1", "Pod", pod.name, pod.uid};
  // A mirror of a file on its node: the node is no workload, and each of its files is one.
  if (pod.owner->kind == "Node") return {"v1", "Pod", pod.name, pod.uid};
  Owner owner{std::string(group_of(pod.owner->kind)), pod.owner->kind, pod.owner->name, pod.owner->uid};
  if (!cluster.owners) return owner;
  for (int step = 0; step < kMaxSteps; ++step) {
    const auto above = cluster.owners->find(owner.uid);
    if (above == cluster.owners->end()) break;
    owner = above->second;
  }
  return owner;
}

}  // namespace initscan::audit

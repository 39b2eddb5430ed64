#pragma once

#include <map>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace initscan::server {

// What a pod belongs to: what people look for, and what makes it again.
struct Workload {
  std::string kind;  // "Deployment"; "Pod" of one that nothing controls; "" where nobody knows
  std::string name;

  bool operator==(const Workload&) const = default;
};

// An image that a pod's gate scans, as its node tells of it.
struct NodesImage {
  std::string digest;       // ""; it tells none, or two of one name
  bool may_follow = false;  // it has not told everything yet

  bool operator==(const NodesImage&) const = default;
};

// What the API server knows of a pod whose gate reports.
struct ReportingPod {
  Workload workload;
  std::map<std::string, NodesImage> images;  // by what the pod calls them

  bool operator==(const ReportingPod&) const = default;
};

/// What controls a pod. Nothing else is asked for it: a ReplicaSet that has its Deployment's name and the pod's
/// pod-template-hash is that Deployment's, and a Job with the name of a CronJob and the minute of its time is that
/// CronJob's. A pod of a node's own file belongs to nothing.
Workload workload_of(const nlohmann::json& pod);

/// Who may write a pod's status can forge the digests, and whoever made the pod the rest.
ReportingPod reporting_pod_of(const nlohmann::json& pod);

}  // namespace initscan::server

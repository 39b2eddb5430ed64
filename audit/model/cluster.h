#pragma once

#include "audit/model/pod.h"
#include "audit/model/rights.h"
#include "audit/model/scan_objects.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace initscan::audit {

// A fact, or the reason why it is not known. A 403 and a dead node are never "fine".
template <class T>
struct Known {
  std::optional<T> value;
  std::string why_not;  // one sentence where there is no value: "nodes: 403 Forbidden"

  explicit operator bool() const { return value.has_value(); }
  const T& operator*() const { return *value; }
  const T* operator->() const { return &*value; }
};

// A part of the cluster that could not be read.
struct Gap {
  std::string part;    // pods, namespaces, nodes, "write layers of node worker-1"
  std::string reason;  // 403 Forbidden, ...
};

struct Namespace {
  StringMap labels;
  StringMap annotations;
};

struct Node {
  bool ready = false;
  std::string os;               // linux, windows
  std::string kubelet_version;  // v1.36.2
  std::string runtime_version;  // containerd://2.1.4
};

// The final owner of a pod: a Deployment, not its ReplicaSet; the pod itself if it has none.
struct Owner {
  std::string api_version;  // apps/v1
  std::string kind;
  std::string name;
  std::string uid;

  auto operator<=>(const Owner&) const = default;
};

// A label selector in the two forms that Kubernetes has; without any requirement it selects everything.
struct LabelSelector {
  struct Requirement {
    std::string key;
    std::string op;  // In, NotIn, Exists, DoesNotExist
    std::vector<std::string> values;
  };
  std::vector<Requirement> requirements;
};

struct DisruptionBudget {
  std::string name;
  std::string namespace_;
  LabelSelector selector;
  std::int64_t disruptions_allowed = 0;
};

// How a Service or an Ingress lets others in.
enum class Exposure : std::uint8_t { none, cluster, node_port, load_balancer };

struct Service {
  std::string name;
  std::string namespace_;
  StringMap selector;
  Exposure exposure = Exposure::cluster;
};

// What the kubelet says of a container's write layer.
struct WriteLayer {
  std::uint64_t bytes = 0;
  std::uint64_t inodes = 0;
};

// A pod's container: namespace, pod, container.
struct ContainerKey {
  std::string namespace_;
  std::string pod;
  std::string container;

  // NOLINTNEXTLINE(modernize-use-nullptr): what clang makes of the default is no pointer
  auto operator<=>(const ContainerKey&) const = default;
};

// Everything about one cluster that is small enough to be kept while its pods stream past.
struct ClusterFacts {
  std::string name;     // the context; "" for files
  std::string version;  // of the API server: v1.36.2; "" where it is not known
  Known<std::map<std::string, Namespace, std::less<>>> namespaces;
  Known<std::map<std::string, Node, std::less<>>> nodes;
  Known<std::map<std::string, Owner, std::less<>>> owners;  // by uid of a ReplicaSet or Job: what controls it
  Known<std::map<std::pair<std::string, std::string>, bool>> token_automount;  // by namespace and service account
  Known<std::vector<DisruptionBudget>> budgets;
  Known<std::vector<Service>> services;
  Known<std::vector<ScanExemption>> exemptions;                             // about checks
  Known<std::map<std::string, ScanPolicy, std::less<>>> scan_policies;      // of the cluster, by name
  Known<std::map<std::string, std::string, std::less<>>> runtime_handlers;  // by name of the RuntimeClass
  Known<Detours> detours;
  bool detours_are_asked = false;  // otherwise nobody wanted to know, or gave what tells them
  std::map<ContainerKey, WriteLayer> write_layers;
  std::map<std::string, std::string, std::less<>> write_layer_gaps;  // node -> why its write layers are not known
  std::vector<Gap> gaps;
};

}  // namespace initscan::audit

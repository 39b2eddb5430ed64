#pragma once

#include "audit/collect/detour_reader.h"
#include "audit/model/cluster.h"
#include "common/names.h"
#include "common/result.h"

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <simdjson.h>

namespace initscan::audit {

// Kinds of objects that say something about pods.
enum class FactKind : std::uint8_t {
  namespace_,
  node,
  replica_set,
  job,
  service_account,
  disruption_budget,
  service,
  ingress,
  scan_exemption,
  cluster_scan_policy,
  runtime_class,
  role,
  cluster_role,
  role_binding,
  cluster_role_binding
};

inline constexpr std::size_t kFactKinds = 15;

struct FactKindNames {
  FactKind kind;
  std::string_view object;      // PodDisruptionBudget
  std::string_view group;       // policy; other groups have kinds of the same names
  std::string_view collection;  // as people say it and as kubectl takes it: poddisruptionbudgets
  std::string_view path;        // of the API: /apis/policy/v1/poddisruptionbudgets
};

inline constexpr std::string_view kRbac = "rbac.authorization.k8s.io";

inline constexpr std::array<FactKindNames, kFactKinds> kFactKindNames{{
    {FactKind::namespace_, "Namespace", "", "namespaces", "/api/v1/namespaces"},
    {FactKind::node, "Node", "", "nodes", "/api/v1/nodes"},
    {FactKind::replica_set, "ReplicaSet", "apps", "replicasets", "/apis/apps/v1/replicasets"},
    {FactKind::job, "Job", "batch", "jobs", "/apis/batch/v1/jobs"},
    {FactKind::service_account, "ServiceAccount", "", "serviceaccounts", "/api/v1/serviceaccounts"},
    {FactKind::disruption_budget, "PodDisruptionBudget", "policy", "poddisruptionbudgets",
     "/apis/policy/v1/poddisruptionbudgets"},
    {FactKind::service, "Service", "", "services", "/api/v1/services"},
    {FactKind::ingress, "Ingress", "networking.k8s.io", "ingresses", "/apis/networking.k8s.io/v1/ingresses"},
    {FactKind::scan_exemption, "ScanExemption", names::kGroup, "scanexemptions", names::kExemptionsPath},
    {FactKind::cluster_scan_policy, "ClusterScanPolicy", names::kGroup, "clusterscanpolicies",
     names::kClusterPoliciesPath},
    {FactKind::runtime_class, "RuntimeClass", "node.k8s.io", "runtimeclasses", "/apis/node.k8s.io/v1/runtimeclasses"},
    {FactKind::role, "Role", kRbac, "roles", "/apis/rbac.authorization.k8s.io/v1/roles"},
    {FactKind::cluster_role, "ClusterRole", kRbac, "clusterroles", "/apis/rbac.authorization.k8s.io/v1/clusterroles"},
    {FactKind::role_binding, "RoleBinding", kRbac, "rolebindings", "/apis/rbac.authorization.k8s.io/v1/rolebindings"},
    {FactKind::cluster_role_binding, "ClusterRoleBinding", kRbac, "clusterrolebindings",
     "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings"},
}};

/// nullptr where objects of this kind are no facts. `api_version` may be "": a list's items need not say it.
const FactKindNames* fact_kind_of(std::string_view api_version, std::string_view object_kind);

// Where a node's kubelet listens.
struct KubeletAddress {
  std::string host;
  std::string port;
};

// Gathers a cluster's facts from its objects, in any order. A kind is not known before known() says that all of its
// objects have been added; one that cannot be read makes its kind unknown, because it is not known what it would
// have said.
class FactsBuilder {
 public:
  /// Takes one object. unknown() reports what is wrong with it.
  void add(FactKind kind, const simdjson::dom::element& object);

  void known(FactKind kind);

  /// It could not be read: a gap of the audit.
  void unknown(FactKind kind, std::string why);

  /// Nobody asked for it: not known, and no gap.
  void not_given(FactKind kind, std::string why);

  /// Forgets every object of a kind: its list starts over.
  void forget(FactKind kind);

  std::size_t count(FactKind kind) const { return state(kind).objects; }

  /// By node; only of nodes that say it.
  const std::map<std::string, KubeletAddress>& kubelets() const { return kubelets_; }

  /// Everything, once. The reason why a kind is not known is in its Known, and among the gaps if it is one.
  ClusterFacts finish() &&;

 private:
  struct State {
    std::size_t objects = 0;
    bool is_known = false;
    bool is_gap = false;
    std::string why_not;
  };
  State& state(FactKind kind) { return states_[static_cast<std::size_t>(kind)]; }
  const State& state(FactKind kind) const { return states_[static_cast<std::size_t>(kind)]; }
  void add_exemption(const simdjson::dom::element& object);
  void add_detours(ClusterFacts& facts) const;
  template <class T>
  Known<T> taken(FactKind kind, T&& value) const;

  std::array<State, kFactKinds> states_;
  std::map<std::string, Namespace, std::less<>> namespaces_;
  std::map<std::string, Node, std::less<>> nodes_;
  std::map<std::string, KubeletAddress> kubelets_;
  std::map<std::string, Owner, std::less<>> replica_sets_;
  std::map<std::string, Owner, std::less<>> jobs_;
  std::map<std::pair<std::string, std::string>, bool> token_automount_;
  std::vector<DisruptionBudget> budgets_;
  std::vector<Service> services_;
  std::set<std::pair<std::string, std::string>> behind_ingress_;  // namespace and Service
  std::vector<ScanExemption> exemptions_;
  std::map<std::string, std::size_t, std::less<>> exemptions_of_;  // by namespace: how many
  std::map<std::string, ScanPolicy, std::less<>> scan_policies_;
  std::map<std::string, std::string, std::less<>> runtime_handlers_;
  DetourReader detours_;
};

}  // namespace initscan::audit

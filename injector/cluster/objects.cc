#include "injector/cluster/objects.h"

#include "common/json/parts.h"
#include "common/names.h"
#include "injector/cluster/hardening_reader.h"

#include <nlohmann/json.hpp>

namespace initscan::injector {
namespace {
using Json = nlohmann::json;
}

NamespaceWish read_namespace(const Json& object) {
  const Json& metadata = object_in(object, "metadata");
  const Json& labels = object_in(metadata, "labels");
  const Json& annotations = object_in(metadata, "annotations");
  NamespaceWish wish;
  wish.injected = text_in(labels, names::kInject) == "enabled";
  wish.only_reports = text_in(labels, names::kEnforcement) == "report";
  wish.policy = text_in(annotations, names::kPolicy);
  wish.mode = mode_wish_from(text_in(annotations, names::kMode));
  return wish;
}

Result<ClusterPolicy> read_cluster_policy(const Json& object) {
  const Json& spec = object_in(object, "spec");
  ClusterPolicy cluster;
  auto rules = read_exemption_rules(object);
  if (!rules) return rules.error();
  cluster.exemptions = *rules;
  const Json opt_out = spec.value("allowPodOptOut", Json(false));
  if (!opt_out.is_boolean()) {
    return about_object(object, "ClusterScanPolicy", {Errc::malformed, "allowPodOptOut: want true or false"});
  }
  cluster.allow_pod_opt_out = opt_out.get<bool>();
  auto hardening = read_hardening(spec.value("hardening", Json()));
  if (!hardening) return about_object(object, "ClusterScanPolicy", hardening.error());
  cluster.hardening = std::move(*hardening);
  auto policy = read_cluster_policy_part(object);
  if (!policy) return policy.error();
  cluster.policy = std::move(*policy);
  return cluster;
}

}  // namespace initscan::injector

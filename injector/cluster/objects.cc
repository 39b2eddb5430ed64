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

Result<ClusterPolicy> read_cluster_policy(const ConfigNode& object) {
  ClusterPolicy cluster;
  auto policy = read_cluster_policy_part(object);  // first, because it knows which keys there are
  if (!policy) return policy.error();
  cluster.policy = std::move(*policy);
  auto rules = read_exemption_rules(object);
  if (!rules) return rules.error();
  cluster.exemptions = *rules;
  const ConfigNode* const spec = object.find("spec");
  if (spec == nullptr) return cluster;
  if (const ConfigNode* const opt_out = spec->find("allowPodOptOut")) {
    if (opt_out->kind != ConfigKind::boolean) {
      return about_object(object, "ClusterScanPolicy", at_place(opt_out->place, "allowPodOptOut: want true or false"));
    }
    cluster.allow_pod_opt_out = opt_out->words == "true";
  }
  if (const ConfigNode* const section = spec->find("hardening")) {
    auto hardening = read_hardening(*section);
    if (!hardening) return about_object(object, "ClusterScanPolicy", hardening.error());
    cluster.hardening = std::move(*hardening);
  }
  return cluster;
}

}  // namespace initscan::injector

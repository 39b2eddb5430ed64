#include "injector/cluster/objects.h"

#include "injector/cluster/hardening_reader.h"

#include <nlohmann/json.hpp>

namespace initscan {
namespace {

using Json = nlohmann::json;

const Json& part(const Json& object, const char* key) {
  static const Json kNone = Json::object();
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() && found->is_object() ? *found : kNone;
}

std::string text(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

NamespaceWish read_namespace(const Json& object) {
  const Json& metadata = part(object, "metadata");
  const Json& labels = part(metadata, "labels");
  const Json& annotations = part(metadata, "annotations");
  NamespaceWish wish;
  wish.injected = text(labels, "initscan.io/inject") == "enabled";
  wish.only_reports = text(labels, "initscan.io/enforcement") == "report";
  wish.policy = text(annotations, "initscan.io/policy");
  wish.mode = mode_wish_from(text(annotations, "initscan.io/mode"));
  return wish;
}

Result<ClusterPolicy> read_cluster_policy(const Json& object) {
  const Json& spec = part(object, "spec");
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

}  // namespace initscan

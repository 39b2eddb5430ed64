#include "audit/collect/scan_object_reader.h"

#include "common/config/from_json.h"
#include "initscan/policy/policy_objects.h"

#include <algorithm>
#include <utility>

namespace initscan::audit {
namespace {

Result<ScanPolicy> policy_of(const ConfigNode& object) {
  auto rules = read_exemption_rules(object);
  if (!rules) return rules.error();
  auto policy = read_cluster_policy_part(object);
  if (!policy) return policy.error();
  ScanPolicy made;
  made.rules = *rules;
  made.accepts = std::move(*policy);
  std::erase_if(made.accepts.ignore, [](const Exemption& one) { return one.check.empty(); });
  return made;
}

}  // namespace

std::optional<ScanExemption> read_scan_exemption(const simdjson::dom::element& object) {
  simdjson::dom::element check;
  if (object["spec"]["check"].get(check) != simdjson::SUCCESS) return std::nullopt;
  ScanExemption made;
  const auto tree = config_from_json(object);
  if (!tree) {
    made.problem = "a ScanExemption: " + tree.error().text;
    return made;
  }
  made.namespace_ = namespace_of(*tree);
  made.name = name_of(*tree);
  auto read = read_exemption(*tree);
  if (read) {
    made.wanted = std::move(read->exemption);
    made.made = read->made;
  } else {
    made.problem = read.error().text;
  }
  return made;
}

ScanPolicy read_scan_policy(const simdjson::dom::element& object) {
  const auto tree = config_from_json(object);
  auto policy = tree ? policy_of(*tree) : tree.error();
  if (policy) return std::move(*policy);
  ScanPolicy made;
  if (tree) made.accepts.name = name_of(*tree);
  made.problem = (tree ? "" : "a ClusterScanPolicy: ") + policy.error().text;
  return made;
}

}  // namespace initscan::audit

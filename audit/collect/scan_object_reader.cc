#include "audit/collect/scan_object_reader.h"

#include "initscan/policy/policy_objects.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace initscan::audit {
namespace {

nlohmann::json json_of(const simdjson::dom::element& object) {
  return nlohmann::json::parse(simdjson::minify(object), nullptr, false);
}

}  // namespace

std::optional<ScanExemption> read_scan_exemption(const simdjson::dom::element& object) {
  simdjson::dom::element check;
  if (object["spec"]["check"].get(check) != simdjson::SUCCESS) return std::nullopt;
  const nlohmann::json json = json_of(object);
  ScanExemption made;
  made.namespace_ = namespace_of(json);
  made.name = name_of(json);
  auto read = read_exemption(json);
  if (read) {
    made.wanted = std::move(read->exemption);
    made.made = read->made;
  } else {
    made.problem = read.error().text;
  }
  return made;
}

ScanPolicy read_scan_policy(const simdjson::dom::element& object) {
  const nlohmann::json json = json_of(object);
  ScanPolicy made;
  made.accepts.name = name_of(json);
  auto rules = read_exemption_rules(json);
  auto policy = read_cluster_policy_part(json);
  if (rules && policy) {
    made.rules = *rules;
    made.accepts = std::move(*policy);
    std::erase_if(made.accepts.ignore, [](const Exemption& one) { return one.check.empty(); });
  } else {
    made.problem = (rules ? policy.error() : rules.error()).text;
  }
  return made;
}

}  // namespace initscan::audit

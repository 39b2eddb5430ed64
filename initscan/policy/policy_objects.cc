#include "initscan/policy/policy_objects.h"

#include "common/json/parts.h"
#include "common/names.h"
#include "common/time/now.h"
#include "common/time/rfc3339.h"
#include "initscan/policy/fields.h"
#include "initscan/policy/policy_file.h"

#include <nlohmann/json.hpp>

namespace initscan {
namespace {

using Json = nlohmann::json;

// One reader for all policies, however they are brought: the file's.
Result<Policy> read_spec(const Json& object, Json spec, const Policy& unsaid = {}) {
  const Json document{{"apiVersion", names::kApiVersion},
                      {"kind", "ScanPolicy"},
                      {"metadata", {{"name", name_of(object)}}},
                      {"spec", std::move(spec)}};
  return parse_policy(document.dump(-1, ' ', true, Json::error_handler_t::replace), unsaid);
}

Result<ExemptionRules> read_rules(const Json& json) {
  ExemptionRules rules;
  if (json.is_null()) return rules;
  if (!json.is_object()) return Error{Errc::malformed, "want a mapping for namespaceExemptions"};
  for (const auto& [key, value] : json.items()) {
    if (key == "allowed" && value.is_boolean()) {
      rules.allowed = value.get<bool>();
    } else if (key == "maxSeverity" && value.is_string() && severity_from(value.get<std::string>())) {
      rules.max_severity = *severity_from(value.get<std::string>());
    } else if (key == "maxDays" && value.is_number_integer() && value.get<std::int64_t>() >= 0 &&
               value.get<std::int64_t>() <= 3650) {
      rules.longest = std::chrono::days(value.get<std::int64_t>());
    } else {
      return Error{Errc::malformed, "namespaceExemptions: " + key +
                                        ": want allowed: true or false, maxSeverity: one of "
                                        "negligible, low, medium, high, critical, or maxDays: 0 to 3650"};
    }
  }
  return rules;
}

}  // namespace

std::string name_of(const Json& object) {
  return text_in(object_in(object, "metadata"), "name");
}

std::string namespace_of(const Json& object) {
  return text_in(object_in(object, "metadata"), "namespace");
}

Error about_object(const Json& object, const char* kind, Error error) {
  const std::string space = namespace_of(object);
  return std::move(error).within(std::string(kind) + ' ' + (space.empty() ? "" : space + '/') + name_of(object));
}

Result<ExemptionRules> read_exemption_rules(const Json& object) {
  auto rules = read_rules(object_in(object, "spec").value("namespaceExemptions", Json()));
  if (!rules) return about_object(object, "ClusterScanPolicy", rules.error());
  return rules;
}

Result<Policy> read_cluster_policy_part(const Json& object) {
  Json spec = object_in(object, "spec");
  for (const std::string_view key : kClusterKeys) spec.erase(std::string(key));
  auto policy = read_spec(object, std::move(spec));
  if (!policy) return about_object(object, "ClusterScanPolicy", policy.error());
  return policy;
}

Result<Policy> read_namespace_policy(const Json& object) {
  auto policy = read_spec(object, object_in(object, "spec"), mildest());
  if (!policy) return about_object(object, "ScanPolicy", policy.error());
  return policy;
}

Result<NamespaceExemption> read_exemption(const Json& object) {
  auto policy = read_spec(object, {{"ignore", Json::array({object_in(object, "spec")})}});
  if (!policy) return about_object(object, "ScanExemption", policy.error());
  NamespaceExemption exemption;
  exemption.exemption = std::move(policy->ignore.front());
  // Without a date of birth (from a file) it counts as made now: its own end bounds it.
  const auto made = parse_rfc3339(text_in(object_in(object, "metadata"), "creationTimestamp"));
  exemption.made = made ? *made : current_time();
  return exemption;
}

}  // namespace initscan

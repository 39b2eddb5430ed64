#include "initscan/policy/policy_objects.h"

#include "common/config/strict_mapping.h"
#include "common/json/parts.h"
#include "common/time/now.h"
#include "common/time/rfc3339.h"
#include "initscan/policy/fields.h"
#include "initscan/policy/spec_reader.h"

#include <span>

#include <nlohmann/json.hpp>

namespace initscan {
namespace {

constexpr std::int64_t kMaxExemptionDays = 3650;

// What says nothing is as good as empty.
const ConfigNode& spec_of(const ConfigNode& object) {
  static const ConfigNode kEmpty{ConfigKind::mapping, {}, {}, {}, {}};
  const ConfigNode* const spec = object.find("spec");
  return spec != nullptr ? *spec : kEmpty;
}

std::string metadata_of(const ConfigNode& object, std::string_view key) {
  const ConfigNode* const metadata = object.find("metadata");
  return metadata != nullptr ? text_in(*metadata, key) : std::string();
}

Result<Policy> read_spec(const ConfigNode& object, std::span<const std::string_view> besides, Policy policy) {
  policy.name = name_of(object);
  if (policy.name.empty()) return Error{Errc::malformed, "no metadata.name"};
  if (auto read = read_policy_spec(spec_of(object), besides, policy); !read) return read.error();
  return policy;
}

}  // namespace

std::string name_of(const nlohmann::json& object) {
  return text_in(object_in(object, "metadata"), "name");
}

std::string namespace_of(const nlohmann::json& object) {
  return text_in(object_in(object, "metadata"), "namespace");
}

std::string name_of(const ConfigNode& object) {
  return metadata_of(object, "name");
}

std::string namespace_of(const ConfigNode& object) {
  return metadata_of(object, "namespace");
}

Error about_object(const ConfigNode& object, const char* kind, Error error) {
  const std::string space = namespace_of(object);
  return std::move(error).within(std::string(kind) + ' ' + (space.empty() ? "" : space + '/') + name_of(object));
}

Result<ExemptionRules> read_exemption_rules(const ConfigNode& object) {
  ExemptionRules rules;
  const ConfigNode* const node = spec_of(object).find("namespaceExemptions");
  if (node == nullptr || node->kind == ConfigKind::null) return rules;
  StrictMapping fields(*node, "namespaceExemptions", {"allowed", "maxSeverity", "maxDays"});
  std::int64_t days = rules.longest.count();
  fields.boolean("allowed", rules.allowed);
  read_severity(fields, "maxSeverity", rules.max_severity);
  fields.number("maxDays", 0, kMaxExemptionDays, days);
  if (fields.error()) return about_object(object, "ClusterScanPolicy", *fields.error());
  rules.longest = std::chrono::days(days);
  return rules;
}

Result<Policy> read_cluster_policy_part(const ConfigNode& object) {
  auto policy = read_spec(object, kClusterKeys, {});
  if (!policy) return about_object(object, "ClusterScanPolicy", policy.error());
  return policy;
}

Result<Policy> read_namespace_policy(const ConfigNode& object) {
  auto policy = read_spec(object, {}, mildest());
  if (!policy) return about_object(object, "ScanPolicy", policy.error());
  return policy;
}

Result<NamespaceExemption> read_exemption(const ConfigNode& object) {
  auto read = read_exemption_entry(spec_of(object), "an exemption");
  if (!read) return about_object(object, "ScanExemption", read.error());
  NamespaceExemption exemption;
  exemption.exemption = std::move(*read);
  // Without a date of birth (from a file) it counts as made now: its own end bounds it.
  const auto made = parse_rfc3339(metadata_of(object, "creationTimestamp"));
  exemption.made = made ? *made : current_time();
  return exemption;
}

}  // namespace initscan

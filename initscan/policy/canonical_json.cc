#include "initscan/policy/fields.h"
#include "initscan/policy/policy_file.h"

#include <nlohmann/json.hpp>

namespace initscan {
namespace {

using Json = nlohmann::ordered_json;

template <class T>
Json json_of(const T& value) {
  return value;
}
Json json_of(Enforcement value) {
  return to_string(value);
}
Json json_of(Severity value) {
  return to_string(value);
}
Json json_of(Reaction value) {
  return to_string(value);
}
Json json_of(const Exemption& exemption) {
  Json entry;
  if (!exemption.id.empty()) entry["id"] = exemption.id;
  if (!exemption.package.empty()) entry["package"] = exemption.package;
  if (!exemption.check.empty()) entry["check"] = exemption.check;
  entry["reason"] = exemption.reason;
  entry["expiresAt"] = exemption.expires_at;
  entry["maxSeverity"] = to_string(exemption.max_severity);
  return entry;
}
Json json_of(const std::vector<Exemption>& exemptions) {
  Json list = Json::array();
  for (const Exemption& exemption : exemptions) list.push_back(json_of(exemption));
  return list;
}
// Not there where nothing is said: an empty list says something.
Json json_of(const std::optional<std::vector<std::string>>& images) {
  return images ? Json(*images) : Json();
}

}  // namespace

std::string canonical_json(const Policy& policy) {
  Json spec;
  for_each_policy_field([&](const auto& field) {
    Json value = json_of(policy.*field.member);
    if (value.is_null()) return;
    const auto [group, name] = group_and_name(field.key);
    Json& mapping = group.empty() ? spec : spec[std::string(group)];
    mapping[std::string(name)] = std::move(value);
  });
  Json document;
  document["apiVersion"] = kPolicyApiVersion;
  document["kind"] = kPolicyKind;
  document["metadata"]["name"] = policy.name;
  document["spec"] = std::move(spec);
  return document.dump(-1, ' ', true, Json::error_handler_t::replace);
}

}  // namespace initscan

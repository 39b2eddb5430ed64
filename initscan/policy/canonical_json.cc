#include "common/json/writer.h"
#include "common/text/plain_number.h"
#include "initscan/policy/fields.h"
#include "initscan/policy/policy_file.h"

namespace initscan {
namespace {

// An optional is not written where nothing is said: an empty list says something. Nor is a key that is younger than the
// form, where it says what held before: hashes of that form are in pods, and in what is expected of them.
template <class Field>
bool is_said(const Field&, const Policy&) {
  return true;
}
bool is_said(const ImagesField& field, const Policy& policy) {
  return (policy.*field.member).has_value();
}
bool is_said(const ShareField& field, const Policy& policy) {
  return (policy.*field.member).has_value();
}
bool is_said(const UnavailableField& field, const Policy& policy) {
  return policy.*field.member != Policy{}.*field.member;
}
bool is_said(const ReactionField& field, const Policy& policy) {
  return !field.is_younger || policy.*field.member != Policy{}.*field.member;
}

template <class T>
void write(JsonWriter& json, const T& value) {
  json.value(value);
}
void write(JsonWriter& json, Enforcement value) {
  json.value(to_string(value));
}
void write(JsonWriter& json, Severity value) {
  json.value(to_string(value));
}
void write(JsonWriter& json, Reaction value) {
  json.value(to_string(value));
}
void write(JsonWriter& json, Unavailable value) {
  json.value(to_string(value));
}
void write(JsonWriter& json, const std::optional<std::vector<std::string>>& images) {
  json.begin_array();
  for (const std::string& image : *images) json.value(image);
  json.end_array();
}
void write(JsonWriter& json, const std::optional<double>& share) {
  json.number(plain_number(*share));
}
void write(JsonWriter& json, const Exemption& exemption) {
  json.begin_object();
  if (!exemption.id.empty()) json.field("id", exemption.id);
  if (!exemption.package.empty()) json.field("package", exemption.package);
  if (!exemption.check.empty()) json.field("check", exemption.check);
  json.field("reason", exemption.reason).field("expiresAt", exemption.expires_at);
  json.field("maxSeverity", to_string(exemption.max_severity)).end_object();
}
void write(JsonWriter& json, const std::vector<Exemption>& exemptions) {
  json.begin_array();
  for (const Exemption& exemption : exemptions) write(json, exemption);
  json.end_array();
}

// The keys of a group follow one another in the table.
void write_spec(JsonWriter& json, const Policy& policy) {
  std::string_view open;
  const auto enter = [&](std::string_view group) {
    if (group == open) return;
    if (!open.empty()) json.end_object();
    if (!group.empty()) json.key(group).begin_object();
    open = group;
  };
  json.begin_object();
  for_each_policy_field([&](const auto& field) {
    if (!is_said(field, policy)) return;
    const auto [group, name] = group_and_name(field.key);
    enter(group);
    json.key(name);
    write(json, policy.*field.member);
  });
  enter("");
  json.end_object();
}

}  // namespace

std::string canonical_json(const Policy& policy) {
  JsonWriter json = JsonWriter::ascii();
  json.begin_object().field("apiVersion", kPolicyApiVersion).field("kind", kPolicyKind);
  json.key("metadata").begin_object().field("name", policy.name).end_object();
  json.key("spec");
  write_spec(json, policy);
  return json.end_object().take();
}

}  // namespace initscan

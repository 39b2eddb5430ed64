#include "audit/policy/policy_file.h"

#include "audit/check/evaluate.h"
#include "audit/check/pss/standard.h"
#include "common/config/from_yaml.h"
#include "common/config/object.h"
#include "common/config/strict_mapping.h"
#include "common/names.h"
#include "common/time/rfc3339.h"

namespace initscan::audit {
namespace {

constexpr std::string_view kKind = "AuditPolicy";
constexpr std::string_view kEveryCheck = "*";

std::string no_such_check(std::string_view id) {
  return "there is no check named \"" + std::string(id) + "\"; initscan-audit explain lists all of them";
}

Result<Exception> read_exception(const ConfigNode& node) {
  StrictMapping fields(node, "an exception", {"check", "namespace", "workload", "container", "reason", "expiresAt"});
  Exception exception;
  exception.check = fields.required("check");
  exception.namespace_ = fields.optional("namespace");
  exception.workload = fields.optional("workload");
  exception.container = fields.optional("container");
  exception.reason = fields.required("reason");
  const std::string expires = fields.required("expiresAt");
  if (fields.error()) return *fields.error();
  exception.line = node.place.line;

  const bool is_every_check = exception.check == kEveryCheck;
  if (!is_every_check && !find_check(exception.check)) fields.fail_at("check", no_such_check(exception.check));
  if (is_every_check && exception.namespace_.empty() && exception.workload.empty()) {
    fields.fail_at("check", "an exception from every check everywhere; name a namespace or a workload");
  }
  const auto end = parse_rfc3339(expires);
  if (!end) fields.fail_at("expiresAt", "expiresAt: " + end.error().text);
  if (fields.error()) return *fields.error();
  exception.expires = *end;
  return exception;
}

Result<void> read_exceptions(StrictMapping& spec, std::vector<Exception>& exceptions) {
  const ConfigNode* const list = spec.list("exceptions", kMaxExceptions);
  if (spec.error()) return *spec.error();
  if (list == nullptr) return {};
  for (const ConfigNode& entry : list->items) {
    auto exception = read_exception(entry);
    if (!exception) return exception.error();
    exceptions.push_back(std::move(*exception));
  }
  return {};
}

Result<void> read_standard(const ConfigNode& node, AuditPolicy& policy) {
  StrictMapping fields(node, "podSecurityStandard", {"level", "version"});
  const std::string level = fields.optional("level");
  const std::string version = fields.optional("version");
  if (!level.empty() && !parse_pss_level(level)) {
    fields.fail_at("level", "unknown level \"" + level + "\"; want one of privileged, baseline, restricted");
  }
  if (!version.empty() && !parse_pss_version(version)) {
    fields.fail_at("version", "unknown version \"" + version + "\"; want latest, or one such as v1.30");
  }
  if (fields.error()) return *fields.error();
  if (!level.empty()) policy.pss_level = level;
  if (!version.empty()) policy.pss_version = version;
  return {};
}

Result<void> read_spec(const ConfigNode& node, AuditPolicy& policy) {
  StrictMapping spec(node, "spec",
                     {"maxAgeDays", "maxRestarts", "maxWriteLayerMiB", "teamLabel", "podSecurityStandard",
                      "disabledChecks", "skipNamespaces", "exceptions"});
  std::int64_t age_days = policy.max_age.count();
  auto layer_mebibytes = static_cast<std::int64_t>(policy.max_write_layer_bytes >> 20);
  spec.number("maxAgeDays", 1, kMaxAgeDays, age_days);
  spec.number("maxRestarts", 0, kMaxRestarts, policy.max_restarts);
  spec.number("maxWriteLayerMiB", 0, kMaxWriteLayerMebibytes, layer_mebibytes);
  spec.words("disabledChecks", all_checks().size(), policy.disabled_checks);
  spec.words("skipNamespaces", kMaxSkippedNamespaces, policy.skip_namespaces);
  const std::string team = spec.optional("teamLabel");
  for (const std::string& id : policy.disabled_checks) {
    if (!find_check(id)) spec.fail_at("disabledChecks", no_such_check(id));
  }
  if (spec.error()) return *spec.error();
  policy.max_age = std::chrono::days(age_days);
  policy.max_write_layer_bytes = static_cast<std::uint64_t>(layer_mebibytes) << 20;
  if (!team.empty()) policy.team_label = team;

  if (const ConfigNode* const standard = spec.at_key("podSecurityStandard")) {
    if (auto read = read_standard(*standard, policy); !read) return read.error();
  }
  return read_exceptions(spec, policy.exceptions);
}

}  // namespace

Result<AuditPolicy> parse_audit_policy(std::string_view yaml) {
  const auto document = config_from_yaml(yaml, "policy", kMaxAuditPolicyBytes);
  if (!document) return document.error();
  const auto object = read_config_object(*document, "the policy", names::kApiVersion, kKind);
  if (!object) return object.error();
  AuditPolicy policy;
  policy.name = object->name;
  if (object->spec == nullptr) return policy;
  if (auto read = read_spec(*object->spec, policy); !read) return read.error();
  return policy;
}

}  // namespace initscan::audit

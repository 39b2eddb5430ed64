#include "initscan/policy/policy_file.h"

#include "common/time/rfc3339.h"
#include "common/yaml/strict_mapping.h"

#include <algorithm>

#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

namespace initscan {
namespace {

constexpr std::string_view kApiVersion = "initscan.io/v1alpha1";
constexpr std::string_view kKind = "ScanPolicy";

std::string in_quotes(std::string_view word) {
  return '"' + std::string(word) + '"';
}

void choose_severity(StrictMapping& fields, const std::string& key, Severity& out) {
  fields.choose(key, out,
                {{"low", Severity::low},
                 {"medium", Severity::medium},
                 {"high", Severity::high},
                 {"critical", Severity::critical},
                 {"negligible", Severity::negligible}});
}

void choose_enforcement(StrictMapping& fields, const std::string& key, Enforcement& out) {
  fields.choose(key, out, {{"enforce", Enforcement::enforce}, {"report", Enforcement::report}});
}

void choose_any_reaction(StrictMapping& fields, const std::string& key, Reaction& out) {
  fields.choose(key, out, {{"warn", Reaction::warn}, {"deny", Reaction::deny}, {"allow", Reaction::allow}});
}

// NAME@sha256: and 64 digits: what it means can never change.
bool is_digest_reference(std::string_view text) {
  constexpr std::string_view kAlgorithm = "@sha256:";
  const std::size_t at = text.find('@');
  if (at == 0 || at == text.npos || text.substr(at, kAlgorithm.size()) != kAlgorithm) return false;
  const std::string_view digits = text.substr(at + kAlgorithm.size());
  const auto is_plain = [](char c) { return c > ' ' && c < 0x7f; };
  return digits.size() == 64 && digits.find_first_not_of("0123456789abcdef") == digits.npos &&
         std::all_of(text.begin(), text.end(), is_plain);
}

Result<std::vector<std::string>> read_debug_images(const YAML::Node& node) {
  if (!node.IsSequence()) return at_mark(node.Mark(), "want a list for debugImages");
  if (node.size() > kMaxDebugImages) {
    return at_mark(node.Mark(), "more than " + std::to_string(kMaxDebugImages) + " entries in debugImages");
  }
  std::vector<std::string> images;
  for (const YAML::Node& entry : node) {
    const std::string text = entry.IsScalar() ? entry.Scalar() : std::string();
    if (text.size() > kMaxDebugImageBytes || !is_digest_reference(text)) {
      return at_mark(entry.Mark(), "want NAME@sha256:... in debugImages, of " + std::to_string(kMaxDebugImageBytes) +
                                       " characters at most");
    }
    images.push_back(text);
  }
  return images;
}

void choose_reaction(StrictMapping& fields, const std::string& key, Reaction& out) {
  fields.choose(key, out, {{"warn", Reaction::warn}, {"deny", Reaction::deny}});
}

// An exemption that can never match looks like one that holds.
bool can_be_a_name(std::string_view word) {
  return std::none_of(word.begin(), word.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '\x7f' || c == '*' || c == '?';
  });
}

Result<Exemption> read_exemption(const YAML::Node& node) {
  StrictMapping fields(node, "an ignore entry", {"id", "package", "check", "reason", "expiresAt", "maxSeverity"});
  Exemption exemption;
  exemption.id = fields.optional("id");
  exemption.package = fields.optional("package");
  exemption.check = fields.optional("check");
  exemption.reason = fields.required("reason");
  exemption.expires_at = fields.required("expiresAt");
  choose_severity(fields, "maxSeverity", exemption.max_severity);
  if (fields.error()) return *fields.error();
  if (exemption.id.empty() && exemption.package.empty() && exemption.check.empty()) {
    return at_mark(node.Mark(), "an ignore entry without id, package or check: it would accept everything");
  }
  for (const std::string* const word : {&exemption.id, &exemption.package, &exemption.check}) {
    if (can_be_a_name(*word)) continue;
    return at_mark(node.Mark(), "an ignore entry for " + in_quotes(*word) +
                                    ": names are compared whole, so that blanks, * and ? match nothing");
  }
  exemption.line = fields.line();
  const auto end = parse_rfc3339(exemption.expires_at);
  if (!end) return at_mark(fields.at_key("expiresAt").Mark(), "expiresAt: " + end.error().text);
  exemption.expires_at = format_rfc3339(*end);
  return exemption;
}

Result<void> read_spec(const YAML::Node& node, Policy& policy) {
  StrictMapping spec(
      node, "spec",
      {"enforcement", "failOn", "onlyFixed", "onUnreadable", "onIncomplete", "onNoData", "onNothingFound",
       "onUnmatched", "onStaleData", "staleAfterDays", "onEndOfLife", "requireDigest", "debugImages", "ignore"});
  choose_enforcement(spec, "enforcement", policy.enforcement);
  spec.boolean("onlyFixed", policy.only_fixed);
  choose_reaction(spec, "onUnreadable", policy.on_unreadable);
  choose_reaction(spec, "onIncomplete", policy.on_incomplete);
  choose_reaction(spec, "onNoData", policy.on_no_data);
  choose_any_reaction(spec, "onNothingFound", policy.on_nothing_found);
  choose_any_reaction(spec, "onUnmatched", policy.on_unmatched);
  choose_any_reaction(spec, "onStaleData", policy.on_stale_data);
  if (spec.at_key("staleAfterDays")) spec.number("staleAfterDays", 1, kMaxStaleAfterDays, policy.stale_after_days);
  choose_any_reaction(spec, "onEndOfLife", policy.on_end_of_life);
  choose_any_reaction(spec, "requireDigest", policy.require_digest);
  if (spec.error()) return *spec.error();

  if (const YAML::Node value = spec.at_key("failOn")) {
    StrictMapping fail_on(value, "failOn", {"severity", "unknownSeverity"});
    choose_severity(fail_on, "severity", policy.fail_on);
    choose_reaction(fail_on, "unknownSeverity", policy.unknown_severity);
    if (fail_on.error()) return *fail_on.error();
  }

  if (const YAML::Node value = spec.at_key("debugImages")) {
    auto images = read_debug_images(value);
    if (!images) return images.error();
    policy.debug_images = std::move(*images);
  }

  const YAML::Node ignore = spec.at_key("ignore");
  if (!ignore) return {};
  if (!ignore.IsSequence()) return at_mark(ignore.Mark(), "want a list for ignore");
  if (ignore.size() > kMaxExemptions) {
    return Error{Errc::over_limit, "more than " + std::to_string(kMaxExemptions) + " entries in ignore"};
  }
  for (const YAML::Node& entry : ignore) {
    auto exemption = read_exemption(entry);
    if (!exemption) return exemption.error();
    policy.ignore.push_back(std::move(*exemption));
  }
  return {};
}

Result<Policy> read_document(const YAML::Node& document, Policy policy) {
  StrictMapping root(document, "the policy", {"apiVersion", "kind", "metadata", "spec"});
  const std::string api_version = root.required("apiVersion");
  const std::string kind = root.required("kind");
  if (root.error()) return *root.error();
  if (api_version != kApiVersion) {
    return at_mark(root.at_key("apiVersion").Mark(),
                   "unknown apiVersion " + in_quotes(api_version) + "; want " + std::string(kApiVersion));
  }
  if (kind != kKind)
    return at_mark(root.at_key("kind").Mark(), "kind is " + in_quotes(kind) + "; want " + std::string(kKind));

  if (const YAML::Node node = root.at_key("metadata")) {
    StrictMapping metadata(node, "metadata", {"name"});
    policy.name = metadata.required("name");
    if (metadata.error()) return *metadata.error();
  } else {
    return at_mark(document.Mark(), "the policy without metadata");
  }
  if (const YAML::Node spec = root.at_key("spec")) {
    if (auto read = read_spec(spec, policy); !read) return read.error();
  }
  return policy;
}

}  // namespace

Result<Policy> parse_policy(std::string_view yaml, const Policy& unsaid) {
  if (yaml.size() > kMaxPolicyBytes) {
    return Error{Errc::over_limit, "larger than the limit of " + std::to_string(kMaxPolicyBytes) + " bytes"};
  }
  YAML::Node document;
  if (auto loaded = load_one_document(yaml, "policy", document); !loaded) return loaded.error();
  try {
    return read_document(document, unsaid);
  } catch (const YAML::Exception& e) { return at_mark(e.mark, "not YAML: " + e.msg); }
}

std::string canonical_json(const Policy& policy) {
  auto ignore = nlohmann::ordered_json::array();
  for (const Exemption& e : policy.ignore) {
    nlohmann::ordered_json entry;
    if (!e.id.empty()) entry["id"] = e.id;
    if (!e.package.empty()) entry["package"] = e.package;
    if (!e.check.empty()) entry["check"] = e.check;
    entry["reason"] = e.reason;
    entry["expiresAt"] = e.expires_at;
    entry["maxSeverity"] = to_string(e.max_severity);
    ignore.push_back(std::move(entry));
  }
  nlohmann::ordered_json spec;
  spec["enforcement"] = to_string(policy.enforcement);
  spec["failOn"]["severity"] = to_string(policy.fail_on);
  spec["failOn"]["unknownSeverity"] = to_string(policy.unknown_severity);
  spec["onlyFixed"] = policy.only_fixed;
  spec["onUnreadable"] = to_string(policy.on_unreadable);
  spec["onIncomplete"] = to_string(policy.on_incomplete);
  spec["onNoData"] = to_string(policy.on_no_data);
  spec["onNothingFound"] = to_string(policy.on_nothing_found);
  spec["onUnmatched"] = to_string(policy.on_unmatched);
  spec["onStaleData"] = to_string(policy.on_stale_data);
  spec["staleAfterDays"] = policy.stale_after_days;
  spec["onEndOfLife"] = to_string(policy.on_end_of_life);
  spec["requireDigest"] = to_string(policy.require_digest);
  if (policy.debug_images) spec["debugImages"] = *policy.debug_images;
  spec["ignore"] = std::move(ignore);

  nlohmann::ordered_json document;
  document["apiVersion"] = kApiVersion;
  document["kind"] = kKind;
  document["metadata"]["name"] = policy.name;
  document["spec"] = std::move(spec);
  return document.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace initscan

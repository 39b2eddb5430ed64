#include "initscan/policy/policy_file.h"

#include "common/rfc3339.h"
#include "common/yaml/load_all.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <set>

#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

namespace initscan {
namespace {

constexpr std::string_view kApiVersion = "initscan.io/v1alpha1";
constexpr std::string_view kKind = "ScanPolicy";

Error at(const YAML::Mark& mark, std::string text) {
  const std::string place = mark.is_null() ? std::string() : std::to_string(mark.line + 1) + ": ";
  return {Errc::malformed, place + std::move(text)};
}

std::string in_quotes(std::string_view word) {
  return '"' + std::string(word) + '"';
}

std::string listed(std::initializer_list<std::string_view> words) {
  std::string list;
  for (const auto word : words) list += (list.empty() ? "" : ", ") + std::string(word);
  return list;
}

// A mapping whose keys are known beforehand. The first error stays; later calls do nothing.
class Fields {
 public:
  Fields(const YAML::Node& node, std::string name, std::initializer_list<std::string_view> known)
      : node_(node), name_(std::move(name)) {
    check_keys(known);
  }

  const std::optional<Error>& error() const { return error_; }

  YAML::Node at_key(const std::string& key) const { return node_[key]; }

  std::string required(const std::string& key) {
    if (error_) return {};
    const YAML::Node value = at_key(key);
    if (!value || (value.IsScalar() && value.Scalar().empty())) {
      fail(node_.Mark(), name_ + " without " + key);
      return {};
    }
    return word(value, key);
  }

  std::string optional(const std::string& key) {
    if (error_) return {};
    const YAML::Node value = at_key(key);
    return value ? word(value, key) : std::string();
  }

  void severity(const std::string& key, Severity& out) {
    choose(key, out,
           {{"low", Severity::low},
            {"medium", Severity::medium},
            {"high", Severity::high},
            {"critical", Severity::critical},
            {"negligible", Severity::negligible}});
  }

  void enforcement(const std::string& key, Enforcement& out) {
    choose(key, out, {{"enforce", Enforcement::enforce}, {"report", Enforcement::report}});
  }

  void reaction(const std::string& key, Reaction& out) {
    choose(key, out, {{"warn", Reaction::warn}, {"deny", Reaction::deny}});
  }

  void boolean(const std::string& key, bool& out) { choose(key, out, {{"true", true}, {"false", false}}); }

 private:
  void check_keys(std::initializer_list<std::string_view> known) {
    if (!node_.IsMap()) return fail(node_.Mark(), "want a mapping for " + name_);
    std::set<std::string> seen;
    for (const auto& entry : node_) {
      if (!entry.first.IsScalar()) return fail(entry.first.Mark(), "want a word as key in " + name_);
      const std::string& key = entry.first.Scalar();
      const std::string named = in_quotes(key);
      if (std::find(known.begin(), known.end(), key) == known.end()) {
        return fail(entry.first.Mark(), "unknown key " + named + " in " + name_ + "; known are " + listed(known));
      }
      if (!seen.insert(key).second) return fail(entry.first.Mark(), "key " + named + " stands twice in " + name_);
    }
  }

  template <class T>
  void choose(const std::string& key, T& out, std::initializer_list<std::pair<std::string_view, T>> choices) {
    const std::string text = optional(key);
    if (error_ || !at_key(key)) return;
    std::string names;
    for (const auto& [name, value] : choices) {
      if (text == name) {
        out = value;
        return;
      }
      names += (names.empty() ? "" : ", ") + std::string(name);
    }
    fail(at_key(key).Mark(), "unknown " + key + " " + in_quotes(text) + "; want one of " + names);
  }

  std::string word(const YAML::Node& value, const std::string& key) {
    if (value.IsScalar()) return value.Scalar();
    fail(value.Mark(), "want one word for " + key + " in " + name_);
    return {};
  }

  void fail(const YAML::Mark& mark, std::string text) {
    if (!error_) error_ = at(mark, std::move(text));
  }

  const YAML::Node node_;  // const: operator[] on a mutable node adds what it does not find
  std::string name_;
  std::optional<Error> error_;
};

Result<Exemption> read_exemption(const YAML::Node& node) {
  Fields fields(node, "an ignore entry", {"id", "package", "check", "reason", "expiresAt", "maxSeverity"});
  Exemption exemption;
  exemption.id = fields.optional("id");
  exemption.package = fields.optional("package");
  exemption.check = fields.optional("check");
  exemption.reason = fields.required("reason");
  exemption.expires_at = fields.required("expiresAt");
  fields.severity("maxSeverity", exemption.max_severity);
  if (fields.error()) return *fields.error();
  if (exemption.id.empty() && exemption.package.empty() && exemption.check.empty()) {
    return at(node.Mark(), "an ignore entry without id, package or check: it would accept everything");
  }
  exemption.line = node.Mark().line + 1;
  const auto end = parse_rfc3339(exemption.expires_at);
  if (!end) return at(fields.at_key("expiresAt").Mark(), "expiresAt: " + end.error().text);
  exemption.expires_at = format_rfc3339(*end);
  return exemption;
}

Result<void> read_spec(const YAML::Node& node, Policy& policy) {
  Fields spec(node, "spec",
              {"enforcement", "failOn", "onlyFixed", "onUnreadable", "onIncomplete", "onNoData", "ignore"});
  spec.enforcement("enforcement", policy.enforcement);
  spec.boolean("onlyFixed", policy.only_fixed);
  spec.reaction("onUnreadable", policy.on_unreadable);
  spec.reaction("onIncomplete", policy.on_incomplete);
  spec.reaction("onNoData", policy.on_no_data);
  if (spec.error()) return *spec.error();

  if (const YAML::Node value = spec.at_key("failOn")) {
    Fields fail_on(value, "failOn", {"severity", "unknownSeverity"});
    fail_on.severity("severity", policy.fail_on);
    fail_on.reaction("unknownSeverity", policy.unknown_severity);
    if (fail_on.error()) return *fail_on.error();
  }

  const YAML::Node ignore = spec.at_key("ignore");
  if (!ignore) return {};
  if (!ignore.IsSequence()) return at(ignore.Mark(), "want a list for ignore");
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

Result<Policy> read_document(const YAML::Node& document) {
  Fields root(document, "the policy", {"apiVersion", "kind", "metadata", "spec"});
  const std::string api_version = root.required("apiVersion");
  const std::string kind = root.required("kind");
  if (root.error()) return *root.error();
  if (api_version != kApiVersion) {
    return at(root.at_key("apiVersion").Mark(),
              "unknown apiVersion " + in_quotes(api_version) + "; want " + std::string(kApiVersion));
  }
  if (kind != kKind)
    return at(root.at_key("kind").Mark(), "kind is " + in_quotes(kind) + "; want " + std::string(kKind));

  Policy policy;
  if (const YAML::Node node = root.at_key("metadata")) {
    Fields metadata(node, "metadata", {"name"});
    policy.name = metadata.required("name");
    if (metadata.error()) return *metadata.error();
  } else {
    return at(document.Mark(), "the policy without metadata");
  }
  if (const YAML::Node spec = root.at_key("spec")) {
    if (auto read = read_spec(spec, policy); !read) return read.error();
  }
  return policy;
}

}  // namespace

Result<Policy> parse_policy(std::string_view yaml) {
  if (yaml.size() > kMaxPolicyBytes) {
    return Error{Errc::over_limit, "larger than the limit of " + std::to_string(kMaxPolicyBytes) + " bytes"};
  }
  try {
    const std::vector<YAML::Node> documents = load_all_yaml(std::string(yaml));
    if (documents.empty() || documents.front().IsNull()) return Error{Errc::malformed, "no policy in it"};
    if (documents.size() > 1) return at(documents[1].Mark(), "a second document; want one policy");
    return read_document(documents.front());
  } catch (const YAML::Exception& e) { return at(e.mark, "not YAML: " + e.msg); }
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
  spec["ignore"] = std::move(ignore);

  nlohmann::ordered_json document;
  document["apiVersion"] = kApiVersion;
  document["kind"] = kKind;
  document["metadata"]["name"] = policy.name;
  document["spec"] = std::move(spec);
  return document.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace initscan

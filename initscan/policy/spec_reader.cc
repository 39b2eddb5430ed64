#include "initscan/policy/spec_reader.h"

#include "common/time/rfc3339.h"
#include "initscan/policy/fields.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace initscan {
namespace {

std::string in_quotes(std::string_view word) {
  return '"' + std::string(word) + '"';
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

// An exemption that can never match looks like one that holds.
bool can_be_a_name(std::string_view word) {
  return std::none_of(word.begin(), word.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '\x7f' || c == '*' || c == '?';
  });
}

}  // namespace

void read_severity(StrictMapping& fields, const std::string& key, Severity& out) {
  fields.choose(key, out,
                {{"low", Severity::low},
                 {"medium", Severity::medium},
                 {"high", Severity::high},
                 {"critical", Severity::critical},
                 {"negligible", Severity::negligible}});
}

Result<Exemption> read_exemption_entry(const ConfigNode& node, const std::string& name) {
  StrictMapping fields(node, name, {"id", "package", "check", "reason", "expiresAt", "maxSeverity"});
  Exemption exemption;
  exemption.id = fields.optional("id");
  exemption.package = fields.optional("package");
  exemption.check = fields.optional("check");
  exemption.reason = fields.required("reason");
  exemption.expires_at = fields.required("expiresAt");
  read_severity(fields, "maxSeverity", exemption.max_severity);
  if (fields.error()) return *fields.error();
  if (exemption.id.empty() && exemption.package.empty() && exemption.check.empty()) {
    return at_place(node.place, name + " without id, package or check: it would accept everything");
  }
  for (const std::string* const word : {&exemption.id, &exemption.package, &exemption.check}) {
    if (can_be_a_name(*word)) continue;
    return at_place(node.place, name + " for " + in_quotes(*word) +
                                    ": names are compared as a whole, so blanks, * and ? match nothing");
  }
  exemption.line = node.place.line;
  const auto end = parse_rfc3339(exemption.expires_at);
  if (!end) return at_place(fields.at_key("expiresAt")->place, "expiresAt: " + end.error().text);
  exemption.expires_at = format_rfc3339(*end);
  return exemption;
}

namespace {

// One function for each kind of field. `key` is its name within `mapping`, which holds the error afterwards where the
// value is the wrong word.
Result<void> read_field(const EnforcementField&, StrictMapping& mapping, const std::string& key, Enforcement& out) {
  mapping.choose(key, out, {{"enforce", Enforcement::enforce}, {"report", Enforcement::report}});
  return {};
}

Result<void> read_field(const SeverityField&, StrictMapping& mapping, const std::string& key, Severity& out) {
  read_severity(mapping, key, out);
  return {};
}

Result<void> read_field(const ReactionField& field, StrictMapping& mapping, const std::string& key, Reaction& out) {
  if (field.mildest == Reaction::allow) {
    mapping.choose(key, out, {{"warn", Reaction::warn}, {"deny", Reaction::deny}, {"allow", Reaction::allow}});
  } else {
    mapping.choose(key, out, {{"warn", Reaction::warn}, {"deny", Reaction::deny}});
  }
  return {};
}

Result<void> read_field(const UnavailableField&, StrictMapping& mapping, const std::string& key, Unavailable& out) {
  mapping.choose(key, out, {{"deny", Unavailable::deny}, {"local", Unavailable::local}, {"allow", Unavailable::allow}});
  return {};
}

Result<void> read_field(const ShareField&, StrictMapping& mapping, const std::string& key, std::optional<double>& out) {
  mapping.share(key, out);
  return {};
}

Result<void> read_field(const BoolField&, StrictMapping& mapping, const std::string& key, bool& out) {
  mapping.boolean(key, out);
  return {};
}

Result<void> read_field(const NumberField& field, StrictMapping& mapping, const std::string& key, std::int64_t& out) {
  mapping.number(key, field.least, field.most, out);
  return {};
}

Result<void> read_field(const ImagesField& field, StrictMapping& mapping, const std::string& key,
                        std::optional<std::vector<std::string>>& out) {
  const ConfigNode* const list = mapping.list(key, field.most);
  if (list == nullptr) return {};
  std::vector<std::string> images;
  for (const ConfigNode& entry : list->items) {
    const std::string& text = entry.words;
    if (text.size() > field.bytes || !is_digest_reference(text)) {
      return at_place(entry.place,
                      "want NAME@sha256:... in " + key + ", of " + std::to_string(field.bytes) + " characters at most");
    }
    images.push_back(text);
  }
  out = std::move(images);
  return {};
}

Result<void> read_field(const ExemptionsField& field, StrictMapping& mapping, const std::string& key,
                        std::vector<Exemption>& out) {
  const ConfigNode* const list = mapping.list(key, field.most);
  if (list == nullptr) return {};
  for (const ConfigNode& entry : list->items) {
    auto exemption = read_exemption_entry(entry, "an ignore entry");
    if (!exemption) return exemption.error();
    out.push_back(std::move(*exemption));
  }
  return {};
}

// The keys of a mapping; of spec itself, "", those of the mappings in it, too.
std::vector<std::string_view> keys_of(std::string_view mapping) {
  std::vector<std::string_view> keys;
  for_each_policy_field([&](const auto& field) {
    const auto [group, name] = group_and_name(field.key);
    const std::string_view key = group == mapping ? name : mapping.empty() ? group : std::string_view();
    if (!key.empty() && std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
  });
  return keys;
}

Result<void> read_mapping(const ConfigNode& node, std::string_view name, std::span<const std::string_view> besides,
                          Policy& policy) {
  std::vector<std::string_view> keys = keys_of(name);
  keys.insert(keys.end(), besides.begin(), besides.end());
  StrictMapping mapping(node, name.empty() ? "spec" : std::string(name), keys);
  Result<void> read;
  for_each_policy_field([&](const auto& field) {
    const auto [group, key] = group_and_name(field.key);
    if (group != name || !read || mapping.error()) return;
    read = read_field(field, mapping, std::string(key), policy.*field.member);
  });
  if (mapping.error()) return *mapping.error();
  return read;
}

}  // namespace

Result<void> read_policy_spec(const ConfigNode& spec, std::span<const std::string_view> besides, Policy& policy) {
  if (auto read = read_mapping(spec, "", besides, policy); !read) return read;
  Result<void> read;
  std::string_view last;
  for_each_policy_field([&](const auto& field) {
    const std::string_view group = group_and_name(field.key).first;
    if (!read || group.empty() || group == last) return;
    last = group;
    if (const ConfigNode* const value = spec.find(group)) read = read_mapping(*value, group, {}, policy);
  });
  return read;
}

}  // namespace initscan

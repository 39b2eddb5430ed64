#include "initscan/policy/policy_file.h"

#include "common/config/from_yaml.h"
#include "common/config/strict_mapping.h"
#include "initscan/policy/spec_reader.h"

#include <utility>

namespace initscan {
namespace {

Result<Policy> read_document(const ConfigNode& document, Policy policy) {
  StrictMapping root(document, "the policy", {"apiVersion", "kind", "metadata", "spec"});
  const std::string api_version = root.required("apiVersion");
  const std::string kind = root.required("kind");
  if (root.error()) return *root.error();
  if (api_version != kPolicyApiVersion) {
    root.fail_at("apiVersion", "unknown apiVersion \"" + api_version + "\"; want " + std::string(kPolicyApiVersion));
  }
  if (kind != kPolicyKind) root.fail_at("kind", "kind is \"" + kind + "\"; want " + std::string(kPolicyKind));
  if (root.error()) return *root.error();

  const ConfigNode* const metadata = root.at_key("metadata");
  if (metadata == nullptr) return at_place(document.place, "the policy without metadata");
  StrictMapping named(*metadata, "metadata", {"name"});
  policy.name = named.required("name");
  if (named.error()) return *named.error();
  if (const ConfigNode* const spec = root.at_key("spec")) {
    if (auto read = read_policy_spec(*spec, {}, policy); !read) return read.error();
  }
  return policy;
}

}  // namespace

Result<Policy> parse_policy(std::string_view yaml, const Policy& unsaid) {
  const auto document = config_from_yaml(yaml, "policy", kMaxPolicyBytes);
  if (!document) return document.error();
  return read_document(*document, unsaid);
}

}  // namespace initscan

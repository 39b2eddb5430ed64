#include "initscan/policy/policy_file.h"

#include "common/config/from_yaml.h"
#include "common/config/object.h"
#include "initscan/policy/spec_reader.h"

#include <utility>

namespace initscan {

Result<Policy> parse_policy(std::string_view yaml, const Policy& unsaid) {
  const auto document = config_from_yaml(yaml, "policy", kMaxPolicyBytes);
  if (!document) return document.error();
  const auto object = read_config_object(*document, "the policy", kPolicyApiVersion, kPolicyKind);
  if (!object) return object.error();
  Policy policy = unsaid;
  policy.name = object->name;
  if (object->spec == nullptr) return policy;
  if (auto read = read_policy_spec(*object->spec, {}, policy); !read) return read.error();
  return policy;
}

}  // namespace initscan

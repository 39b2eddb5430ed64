#include "injector/doctor/gate_policy.h"

#include "common/json/parts.h"

#include <algorithm>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;

constexpr const char* kGatePolicy = "gate-policy";

std::string apply_again() {
  return "apply the overlay mutating-policy again (docs/operators/install.md)";
}

}  // namespace

CheckItem judge_gate_policy(const Found& policy, const FoundList& bindings, const Installation& installation) {
  const std::string what = "MutatingAdmissionPolicy " + installation.gate_policy;
  if (!policy.failure.empty()) return not_known(kGatePolicy, policy.failure);
  if (!policy.exists()) return CheckItem::error(kGatePolicy, "there is no " + what, apply_again());
  if (!bindings.failure.empty()) return not_known(kGatePolicy, bindings.failure);
  const auto binding = std::find_if(bindings.items.begin(), bindings.items.end(), [&](const Json& one) {
    return text_in(object_in(one, "spec"), "policyName") == installation.gate_policy;
  });
  if (binding == bindings.items.end()) {
    return CheckItem::error(kGatePolicy, what + " has no binding: it is not in force", apply_again());
  }
  const Json& parameters = object_in(object_in(*binding, "spec"), "paramRef");
  if (text_in(parameters, "name") != installation.final_state ||
      text_in(parameters, "namespace") != installation.namespace_) {
    return CheckItem::error(kGatePolicy,
                            text_in(object_in(*binding, "metadata"), "name") + ": paramRef is not " +
                                installation.namespace_ + '/' + installation.final_state,
                            apply_again());
  }
  return CheckItem::ok(kGatePolicy, what + " puts the scanner into pods; there is no injector");
}

}  // namespace initscan::injector

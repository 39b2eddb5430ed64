#include "injector/doctor/final_state.h"

#include "common/json/parts.h"
#include "common/kube/client.h"
#include "common/names.h"
#include "common/text/ascii.h"

#include <algorithm>
#include <iterator>
#include <sstream>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;

constexpr const char* kPolicy = "final-state";
constexpr const char* kBinding = "binding";
constexpr const char* kParameters = "parameters";
constexpr const char* kGuardItem = "guards";

std::string apply_again() {
  return "apply deploy/kustomize/base/final-state.yaml again";
}

bool has(const Json& list, const char* word) {
  return std::find(list.begin(), list.end(), Json(word)) != list.end();
}

}  // namespace

std::string ParameterKind::resource() const {
  return in_lower_case(kind + 's');
}

std::string ParameterKind::path(const std::string& namespace_name, const std::string& name) const {
  const std::string root = group.empty() ? "/api/" + version : "/apis/" + group + '/' + version;
  return root + "/namespaces/" + escape_segment(namespace_name) + '/' + escape_segment(resource()) + '/' +
         escape_segment(name);
}

ParameterKind parameter_kind_of(const Json& policy) {
  const Json& said = object_in(object_in(policy, "spec"), "paramKind");
  const std::string group_version = text_in(said, "apiVersion");
  ParameterKind kind;
  if (text_in(said, "kind").empty() || group_version.empty()) return kind;
  const std::size_t slash = group_version.find('/');
  kind.group = slash == group_version.npos ? "" : group_version.substr(0, slash);
  kind.version = slash == group_version.npos ? group_version : group_version.substr(slash + 1);
  kind.kind = text_in(said, "kind");
  return kind;
}

bool demands_by_webhook(const Json& validating) {
  const Json& hooks = list_in(validating, "webhooks");
  return std::any_of(hooks.begin(), hooks.end(),
                     [](const Json& hook) { return text_in(hook, "failurePolicy") != "Ignore"; });
}

CheckItem judge_final_state_policy(const Found& policy, const Installation& installation) {
  const std::string what = "ValidatingAdmissionPolicy " + installation.final_state;
  if (!policy.failure.empty()) return not_known(kPolicy, policy.failure);
  if (!policy.exists()) {
    return CheckItem::error(kPolicy, "there is no " + what + ": while the injector is down, pods start unscanned",
                            apply_again());
  }
  const Json& spec = object_in(policy.object, "spec");
  if (text_in(spec, "failurePolicy") == "Ignore") {
    return CheckItem::warning(kPolicy, what + ": failurePolicy is Ignore: a pod that it cannot judge starts unscanned",
                              apply_again());
  }
  const Json& warnings = list_in(object_in(object_in(policy.object, "status"), "typeChecking"), "expressionWarnings");
  if (!warnings.empty()) {
    return CheckItem::warning(
        kPolicy, what + ": the API server warns of " + text_in(warnings.front(), "fieldRef"),
        "kubectl get validatingadmissionpolicy " + installation.final_state + " -o jsonpath={.status}");
  }
  return CheckItem::ok(kPolicy, what + " requires the scanner in labelled namespaces");
}

CheckItem judge_final_state_bindings(const FoundList& bindings, const Installation& installation) {
  if (!bindings.failure.empty()) return not_known(kBinding, bindings.failure);
  std::string denying;
  std::string reporting;
  for (const Json& binding : bindings.items) {
    const Json& spec = object_in(binding, "spec");
    const std::string name = text_in(object_in(binding, "metadata"), "name");
    if (text_in(spec, "policyName") != installation.final_state) continue;
    const Json& parameters = object_in(spec, "paramRef");
    if (text_in(parameters, "name") != installation.final_state ||
        text_in(parameters, "namespace") != installation.namespace_) {
      return CheckItem::error(kBinding,
                              name + ": paramRef is not " + installation.namespace_ + '/' + installation.final_state,
                              apply_again());
    }
    (has(list_in(spec, "validationActions"), "Deny") ? denying : reporting) = name;
  }
  if (!denying.empty()) {
    return CheckItem::ok(
        kBinding,
        denying + " denies" + (reporting.empty() ? "" : "; " + reporting + " warns where a namespace asks for it"));
  }
  if (!reporting.empty()) {
    return CheckItem::warning(kBinding, reporting + " only warns: unscanned pods start",
                              "set validationActions to [Deny] to enforce");
  }
  return CheckItem::error(
      kBinding, "ValidatingAdmissionPolicy " + installation.final_state + " has no binding: it is not in force",
      apply_again());
}

CheckItem judge_guards(const std::vector<Found>& policies, const FoundList& bindings) {
  if (!bindings.failure.empty()) return not_known(kGuardItem, bindings.failure);
  std::string names;
  for (std::size_t i = 0; i < std::size(kGuards); ++i) {
    const Guard& guard = kGuards[i];
    if (!policies[i].failure.empty()) return not_known(kGuardItem, policies[i].failure);
    const bool denies = std::any_of(bindings.items.begin(), bindings.items.end(), [&](const Json& binding) {
      const Json& spec = object_in(binding, "spec");
      return text_in(spec, "policyName") == guard.policy && has(list_in(spec, "validationActions"), "Deny");
    });
    if (!policies[i].exists() || !denies) {
      return CheckItem::warning(kGuardItem,
                                std::string("no binding denies by the policy ") + guard.policy + ": " + guard.purpose,
                                "apply deploy/kustomize/base/guards.yaml again");
    }
    names += (names.empty() ? "" : " and ") + std::string(guard.policy);
  }
  return CheckItem::ok(kGuardItem, names + " deny");
}

CheckItem judge_guarding_webhook(const Json& validating) {
  const Json& hooks = list_in(validating, "webhooks");
  for (const char* const entry : {names::kConnectHook, names::kNamespacesHook}) {
    const bool denies = std::any_of(hooks.begin(), hooks.end(), [&](const Json& hook) {
      return text_in(hook, "name") == entry && text_in(hook, "failurePolicy") != "Ignore";
    });
    if (!denies) {
      return CheckItem::warning(kGuardItem,
                                std::string("the validating webhook has no entry ") + entry + " that denies",
                                "apply the overlay webhook-only again (docs/operators/install.md)");
    }
  }
  return CheckItem::ok(kGuardItem, "the validating webhook guards its containers and the labels of namespaces");
}

CheckItem judge_final_state_parameters(const Found& parameters, const ParameterKind& kind,
                                       const Installation& installation) {
  const std::string what = kind.kind + ' ' + installation.namespace_ + '/' + installation.final_state;
  if (!parameters.failure.empty()) return not_known(kParameters, parameters.failure);
  if (!parameters.exists()) {
    return CheckItem::error(
        kParameters, "there is no " + what + ": every pod of labelled namespaces is denied",
        "the leading replica makes it from the ConfigMap of that name; see its log: kubectl logs -n " +
            installation.namespace_ + " deployment/" + installation.service);
  }
  const Json& data = object_in(parameters.object, "data");
  const std::string image = text_in(data, "image");
  if (image.empty() || !accepts_image(data, image)) {
    return CheckItem::error(
        kParameters, what + ": `images` does not contain `image` (" + (image.empty() ? "it is empty" : image) + ')',
        "set both to the image that the injector gives to pods, in the ConfigMap of that name");
  }
  const auto policies = std::count_if(data.items().begin(), data.items().end(),
                                      [](const auto& entry) { return entry.key().starts_with("policy."); });
  if (policies == 0) {
    return CheckItem::error(kParameters, what + ": no policy is published: every injected pod is denied",
                            "the leading replica publishes them; see its log: kubectl logs -n " +
                                installation.namespace_ + " deployment/" + installation.service);
  }
  if (image.find('@') == image.npos) {
    return CheckItem::warning(kParameters, what + ": " + image + " can be moved to another image",
                              "name it by digest: NAME@sha256:...");
  }
  return CheckItem::ok(kParameters,
                       image + ", " + std::to_string(policies) + (policies == 1 ? " policy" : " policies"));
}

bool accepts_image(const Json& data, const std::string& image) {
  std::istringstream images(text_in(data, "images"));
  for (std::string one; images >> one;) {
    if (one == image) return true;
  }
  return false;
}

bool accepts_policy(const Json& data, const std::string& namespace_name, const std::string& policy_sha256) {
  return data.contains("policy." + namespace_name + '.' + policy_sha256) ||
         (data.contains("policy." + policy_sha256) && !data.contains("own." + namespace_name));
}

}  // namespace initscan::injector

#include "injector/doctor/trial.h"

#include "common/json/parts.h"
#include "injector/doctor/final_state.h"
#include "injector/doctor/gate.h"
#include "injector/inject/patch.h"
#include "injector/pod/pod_reader.h"

namespace initscan {
namespace {

using Json = nlohmann::json;

constexpr const char* kTrial = "dry-run pod";

// Whether the injector of this version would leave the pod as it is.
bool is_as_we_make_it(const Json& answer, const InjectorConfig& config) {
  const auto pod = read_pod(answer.dump(-1, ' ', false, Json::error_handler_t::replace));
  if (!pod) return false;
  const auto patch = patch_pod(*pod, config);
  return patch && patch->operations.empty();
}

CheckItem judge_refusal(const std::string& space, unsigned status, const Json& answer) {
  const std::string message = text_in(answer, "message");
  const std::string fact = space + ": " + std::to_string(status) + ' ' + message;
  if (message.find("was the injector unreachable?") != message.npos) {
    return CheckItem::error(kTrial, fact,
                            "the API server did not reach the injector, or does not trust it: see service, ca-bundle "
                            "and certificate above");
  }
  // Its policy works; only the image here is a tag.
  if (message.find("(volumesOnly)") != message.npos) {
    return CheckItem::unknown(kTrial, fact, "the injector's own image is given by a tag: give it by digest");
  }
  if (message.find("(requireDigest)") != message.npos) {
    return CheckItem::unknown(kTrial, fact,
                              "the injector's own image is given by a tag: give it by digest, or try in a "
                              "namespace without requireDigest: --trial-namespace");
  }
  if (message.find("initscan: ") != message.npos) {
    return CheckItem::error(kTrial, fact, "the injector and the final-state policy do not agree: see parameters above");
  }
  return CheckItem::unknown(kTrial, fact, "something else denies it; try in another namespace with --trial-namespace");
}

}  // namespace

Json trial_pod(const std::string& image) {
  const Json amounts{{"cpu", "10m"}, {"memory", "16Mi"}};
  return {{"apiVersion", "v1"},
          {"kind", "Pod"},
          {"metadata", {{"generateName", "initscan-check-"}}},
          {"spec",
           {{"restartPolicy", "Never"},
            {"automountServiceAccountToken", false},
            {"securityContext",
             {{"runAsNonRoot", true}, {"runAsUser", 65532}, {"seccompProfile", {{"type", "RuntimeDefault"}}}}},
            {"containers",
             {{{"name", "check"},
               {"image", image},
               {"resources", {{"requests", amounts}, {"limits", amounts}}},
               {"securityContext", {{"allowPrivilegeEscalation", false}, {"capabilities", {{"drop", {"ALL"}}}}}}}}}}}};
}

CheckItem judge_trial(const std::string& space, unsigned status, const Json& answer, const Found& parameters,
                      const InjectorConfig& config, bool has_injector) {
  if (status < 200 || status >= 300) return judge_refusal(space, status, answer);
  const auto gate = gate_facts_of(answer, config);
  if (!gate) {
    return CheckItem::error(kTrial, space + ": it comes back without a scanner",
                            "the webhook was not asked or not reached, and nothing denied the pod: see webhook, "
                            "service, ca-bundle and binding above");
  }
  const Json& data = object_in(parameters.object, "data");
  if (parameters.exists() && !accepts_image(data, gate->config.image)) {
    return CheckItem::error(
        kTrial, space + ": it gets the image " + gate->config.image + ", which the final-state policy does not accept",
        "add it to `images`: see parameters above");
  }
  if (parameters.exists() && !accepts_policy(data, space, gate->policy_sha256)) {
    return CheckItem::error(kTrial, space + ": it gets a policy that is not published: " + gate->policy_sha256,
                            "the replica that leads publishes policies within seconds: see leader above");
  }
  if (!gate->error.empty() || (has_injector && !is_as_we_make_it(answer, gate->config))) {
    return CheckItem::warning(
        kTrial, space + ": it comes back injected, but not as this version makes it",
        "is this program of another version than the injector, or does another webhook change our containers?");
  }
  return CheckItem::ok(kTrial, space + ": it comes back injected: policy " + gate->config.policy_name + ", mode " +
                                   std::string(to_string(gate->config.mode)));
}

}  // namespace initscan

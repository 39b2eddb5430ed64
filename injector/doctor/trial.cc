#include "injector/doctor/trial.h"

#include "common/json/parts.h"
#include "common/json/tree_text.h"
#include "injector/doctor/denial.h"
#include "injector/doctor/final_state.h"
#include "injector/doctor/gate.h"
#include "injector/inject/patch.h"
#include "injector/pod/pod_reader.h"
#include "injector/pod/pull_policy.h"

namespace initscan::injector {
namespace {

using Json = nlohmann::json;

constexpr const char* kTrial = "dry-run pod";

// Whether the injector of this version would leave the pod as it is.
bool is_as_we_make_it(const Json& answer, const InjectorConfig& config) {
  const auto pod = read_pod(json_text(answer));
  if (!pod) return false;
  const auto patch = patch_pod(*pod, config);
  return patch && patch->is_final();
}

// What its namespace demands and the trial pod's image does not have.
enum class Lack : std::uint8_t { none, digest, digest_for_volumes };

Lack lack_of(const std::string& image, const InjectorConfig& config) {
  if (is_by_digest(image)) return Lack::none;
  if (config.volumes_only) return Lack::digest_for_volumes;
  return config.require_digest == Reaction::deny ? Lack::digest : Lack::none;
}

CheckItem judge_refusal(const std::string& namespace_name, unsigned status, const Json& answer, Lack lack) {
  const std::string fact = namespace_name + ": " + std::to_string(status) + ' ' + text_in(answer, "message");
  switch (denial_of(answer)) {
    case Denial::not_injected:
      return CheckItem::error(kTrial, fact,
                              "the API server did not reach the injector, or does not trust it: see service, ca-bundle "
                              "and certificate above");
    case Denial::not_final:
      // The policy works; only the image here is a tag.
      if (lack == Lack::digest_for_volumes) {
        return CheckItem::unknown(kTrial, fact, "the injector's own image is named by a tag: name it by digest");
      }
      if (lack == Lack::digest) {
        return CheckItem::unknown(kTrial, fact,
                                  "the injector's own image is named by a tag: name it by digest, or try a namespace "
                                  "without requireDigest: --trial-namespace");
      }
      return CheckItem::error(kTrial, fact,
                              "the injector and the final-state policy do not agree: see parameters above");
    case Denial::not_ours: break;
  }
  return CheckItem::unknown(kTrial, fact, "something else denies it; try in another namespace with --trial-namespace");
}

}  // namespace

std::string trial_image(const Found& parameters) {
  std::string image = text_in(object_in(parameters.object, "data"), "image");
  return image.empty() ? "initscan" : image;
}

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

CheckItem judge_trial(const std::string& namespace_name, unsigned status, const Json& answer, const Found& parameters,
                      const InjectorConfig& config, bool has_injector) {
  const Json& data = object_in(parameters.object, "data");
  if (status < 200 || status >= 300) {
    return judge_refusal(namespace_name, status, answer, lack_of(trial_image(parameters), config));
  }
  const auto gate = gate_facts_of(answer, config);
  if (!gate) {
    return CheckItem::error(kTrial, namespace_name + ": it comes back without the scanner",
                            "the webhook was not asked or not reached, and nothing denied the pod: see webhook, "
                            "service, ca-bundle and binding above");
  }
  if (parameters.exists() && !accepts_image(data, gate->config.image)) {
    return CheckItem::error(
        kTrial,
        namespace_name + ": it gets the image " + gate->config.image + ", which the final-state policy does not accept",
        "add it to `images`: see parameters above");
  }
  if (parameters.exists() && !accepts_policy(data, namespace_name, gate->policy_sha256)) {
    return CheckItem::error(kTrial, namespace_name + ": it gets a policy that is not published: " + gate->policy_sha256,
                            "the leading replica publishes policies within seconds: see leader above");
  }
  if (!gate->error.empty() || (has_injector && !is_as_we_make_it(answer, gate->config))) {
    return CheckItem::warning(kTrial, namespace_name + ": it comes back injected, but not as this version makes it",
                              "is this program's version different from the injector's, or does another webhook change "
                              "initscan's containers?");
  }
  return CheckItem::ok(kTrial, namespace_name + ": it comes back injected: policy " + gate->config.policy_name +
                                   ", mode " + std::string(to_string(gate->config.mode)));
}

}  // namespace initscan::injector

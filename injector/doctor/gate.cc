#include "injector/doctor/gate.h"

#include "common/crypto/base64.h"
#include "common/gate/server_arguments.h"
#include "common/json/parse.h"
#include "common/json/parts.h"
#include "common/names.h"

namespace initscan::injector {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kPolicyInline = "--policy-inline=";
constexpr std::string_view kPolicyHash = "--policy-sha256=";

}  // namespace

std::optional<GateFacts> gate_facts_of(const Json& pod, InjectorConfig base) {
  const Json& spec = object_in(pod, "spec");
  const Json* gate = nullptr;
  GateFacts facts{std::move(base), {}, {}};
  facts.config.mode = Mode::volume;
  facts.config.index_image.clear();
  facts.config.policy_json.clear();
  facts.config.servers.clear();
  for (const Json& container : list_in(spec, "initContainers")) {
    const std::string name = text_in(container, "name");
    if (name == names::kGate) gate = &container;
    if (name == names::kInstall) facts.config.mode = Mode::copy;
  }
  if (gate == nullptr) return std::nullopt;
  facts.config.image = text_in(*gate, "image");
  facts.config.assigned_user = !object_in(*gate, "securityContext").contains("runAsUser");
  facts.config.always_pull =
      facts.config.image.find('@') != std::string::npos && text_in(*gate, "imagePullPolicy") == "Always";
  for (const Json& volume : list_in(spec, "volumes")) {
    if (text_in(volume, "name") == names::kIndexVolume)
      facts.config.index_image = text_in(object_in(volume, "image"), "reference");
  }
  for (const Json& arg : list_in(*gate, "args")) {
    const std::string text = arg.is_string() ? arg.get<std::string>() : std::string();
    if (is_server_argument(text)) facts.config.servers.push_back(text);
    if (text.starts_with(kPolicyHash)) facts.policy_sha256 = text.substr(kPolicyHash.size());
    if (!text.starts_with(kPolicyInline)) continue;
    auto policy = base64_decode(std::string_view(text).substr(kPolicyInline.size()));
    if (policy) facts.config.policy_json = std::move(*policy);
  }
  const Json policy = json_or_null(facts.config.policy_json);
  facts.config.policy_name = text_in(object_in(policy, "metadata"), "name");
  if (facts.config.policy_name.empty()) facts.error = "the gate's arguments contain no readable policy";
  return facts;
}

}  // namespace initscan::injector

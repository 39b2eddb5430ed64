#include "injector/cluster/gate_outcome.h"

#include "common/crypto/sha256.h"
#include "common/gate/server_arguments.h"
#include "common/json/parts.h"
#include "common/names.h"
#include "initscan/model/gate_line.h"
#include "injector/pod/pod.h"

#include <algorithm>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kPolicyHash = "--policy-sha256=";

bool is_ours(const std::string& name) {
  return name.starts_with(names::kReserved);
}

// nullptr where a run has not ended.
const Json* ended(const Json& state) {
  const Json& terminated = object_in(state, "terminated");
  const auto code = terminated.find("exitCode");
  return code != terminated.end() && code->is_number_integer() ? &terminated : nullptr;
}

void read_gate(const Json& status, GateOutcome& outcome) {
  const Json& state = object_in(status, "state");
  outcome.is_running = state.contains("running");
  const Json* const now = ended(state);
  const Json* const run = now != nullptr ? now : ended(object_in(status, "lastState"));
  if (run == nullptr) return;
  outcome.message = words_for_people(text_in(*run, "message"));
  const auto code = number_in(*run, "exitCode");
  outcome.has_passed = now != nullptr && code == 0;
  if (code != 0) outcome.exit_code = static_cast<int>(code);
}

// What the kubelet says while a container waits for its turn, and of a gate that has refused.
bool is_usual(const std::string& reason) {
  return reason.empty() || reason == "PodInitializing" || reason == "ContainerCreating" || reason == "CrashLoopBackOff";
}

bool has_started(const Json& status) {
  return object_in(status, "state").contains("running") || object_in(status, "state").contains("terminated") ||
         object_in(status, "lastState").contains("terminated");
}

const Json* gate_of(const Json& pod) {
  for (const Json& container : list_in(object_in(pod, "spec"), "initContainers")) {
    if (text_in(container, "name") == names::kGate) return &container;
  }
  return nullptr;
}

std::string index_of(const Json& pod) {
  for (const Json& volume : list_in(object_in(pod, "spec"), "volumes")) {
    if (text_in(volume, "name") == names::kIndexVolume) return text_in(object_in(volume, "image"), "reference");
  }
  return {};
}

// Where reports go has no part in a verdict.
bool decides_by_other_servers(const Json& args, const InjectorConfig& now) {
  std::vector<std::string> own;
  for (const Json& arg : args) {
    if (arg.is_string() && is_server_argument(arg.get_ref<const std::string&>())) own.push_back(arg.get<std::string>());
  }
  const auto matches = [](const std::string& argument) { return argument.starts_with(kServer); };
  const bool is_matched =
      std::any_of(own.begin(), own.end(), matches) || std::any_of(now.servers.begin(), now.servers.end(), matches);
  const auto& accepted = now.accepted_servers;
  const bool is_accepted = std::find(accepted.begin(), accepted.end(), word_of_servers(own)) != accepted.end();
  return is_matched && own != now.servers && !is_accepted;
}

}  // namespace

GateOutcome gate_outcome_of(const Json& pod) {
  GateOutcome outcome;
  for (const Json& status : list_in(object_in(pod, "status"), "initContainerStatuses")) {
    const std::string name = text_in(status, "name");
    if (!is_ours(name)) continue;
    if (name == names::kGate) read_gate(status, outcome);
    const Json& waiting = object_in(object_in(status, "state"), "waiting");
    const std::string reason = text_in(waiting, "reason");
    if (is_usual(reason) || outcome.wait) continue;
    outcome.wait = Wait{name, reason, text_in(waiting, "message")};
  }
  return outcome;
}

bool is_blocked(const Json& pod) {
  const GateOutcome outcome = gate_outcome_of(pod);
  if (!outcome.exit_code || outcome.is_running || gate_of(pod) == nullptr) return false;
  const Json& status = object_in(pod, "status");
  const auto has_own_started = [](const Json& c) { return !is_ours(text_in(c, "name")) && has_started(c); };
  for (const char* const list : {"initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"}) {
    const Json& statuses = list_in(status, list);
    if (std::any_of(statuses.begin(), statuses.end(), has_own_started)) return false;
  }
  return true;
}

std::string outdated_part(const Json& pod, const InjectorConfig& now) {
  const Json* const gate = gate_of(pod);
  if (gate == nullptr) return {};
  const std::string hash = std::string(kPolicyHash) + sha256_hex(now.policy_json);
  const Json& args = list_in(*gate, "args");
  if (std::find(args.begin(), args.end(), Json(hash)) == args.end()) return "its policy";
  const std::string image = text_in(*gate, "image");
  const auto& accepted = now.accepted_images;
  if (image != now.image && std::find(accepted.begin(), accepted.end(), image) == accepted.end()) {
    return "the image of initscan";
  }
  if (index_of(pod) != now.index_image) return "the index";
  return decides_by_other_servers(args, now) ? "its server" : "";
}

}  // namespace initscan::injector

#include "server/pods/own_gate.h"

#include "common/crypto/base64.h"
#include "common/crypto/sha256.h"
#include "common/gate/gate_arguments.h"
#include "common/json/parse.h"
#include "common/json/parts.h"
#include "common/names.h"
#include "initscan/model/policy.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <sstream>

namespace initscan::server {
namespace {

using Json = nlohmann::json;

constexpr const char* kInits = "initContainers";
constexpr std::string_view kPolicyKey = "policy.";
constexpr std::string_view kOwnKey = "own.";
constexpr std::string_view kEnforces = to_string(Enforcement::enforce);
constexpr std::array<const char*, 3> kLists{kInits, "containers", "ephemeralContainers"};

bool is_own(const Json& named) {
  const Json& name = value_in(named, "name");
  return name.is_string() && is_reserved(name.get_ref<const std::string&>());
}

Setting setting_of(const std::string& path, const Json& json) {
  if (json.is_string()) return {path, json.get<std::string>(), true};
  if (json.is_boolean()) return {path, json.get<bool>() ? "true" : "false"};
  if (json.is_number_integer()) return {path, std::to_string(json.get<std::int64_t>())};
  return {path, json.is_object() ? "{}" : json.is_array() ? "[]" : ""};  // empty
}

void add_settings(const std::string& path, const Json& json, std::vector<Setting>& settings) {
  if (json.is_object() && !json.empty()) {
    for (const auto& [key, value] : json.items()) {
      if (!value.is_null()) add_settings(path_below(path, key), value, settings);
    }
  } else if (json.is_array() && !json.empty()) {
    for (std::size_t i = 0; i < json.size(); ++i) add_settings(path_below(path, std::to_string(i)), json[i], settings);
  } else {
    settings.push_back(setting_of(path, json));
  }
}

// With "" in the place of what is no text.
std::vector<std::string> words_in(const Json& container, const char* key) {
  std::vector<std::string> words;
  for (const Json& word : list_in(container, key)) words.push_back(word.is_string() ? word.get<std::string>() : "");
  return words;
}

MountShape shape_of_mount(const Json& json) {
  MountShape mount{text_in(json, "name"), text_in(json, "mountPath"), flag_in(json, "readOnly")};
  for (const auto& [key, value] : json.items()) {
    mount.says_more |= !value.is_null() && key != "name" && key != "mountPath" && key != "readOnly";
  }
  return mount;
}

ContainerShape shape_of_container(const Json& json, bool is_init) {
  ContainerShape container;
  container.name = text_in(json, "name");
  container.is_init = is_init;
  for (const Json& mount : list_in(json, "volumeMounts")) container.mounts.push_back(shape_of_mount(mount));
  if (!is_reserved(container.name)) return container;
  container.image = text_in(json, "image");
  container.command = words_in(json, "command");
  container.args = words_in(json, "args");
  for (const auto& [key, value] : json.items()) {
    const bool is_told = key == "name" || key == "image" || key == "command" || key == "args" || key == "volumeMounts";
    if (!is_told && !value.is_null()) add_settings(path_below({}, key), value, container.settings);
  }
  return container;
}

VolumeShape shape_of_volume(const Json& json) {
  VolumeShape volume;
  volume.name = text_in(json, "name");
  for (const auto& [key, value] : json.items()) {
    if (key != "name" && !value.is_null()) volume.sources.push_back(key);
  }
  volume.image = text_in(object_in(json, "image"), "reference");
  volume.has_medium = !text_in(object_in(json, "emptyDir"), "medium").empty();
  if (volume.name != names::kServerTokenVolume) return volume;
  for (const auto& [key, value] : json.items()) {
    if (key != "name" && !value.is_null()) add_settings(path_below({}, key), value, volume.settings);
  }
  return volume;
}

PodShape shape_of(const Json& spec) {
  PodShape pod;
  for (const char* const list : kLists) {
    for (const Json& container : list_in(spec, list)) {
      pod.containers.push_back(shape_of_container(container, list == kInits));
    }
  }
  for (const Json& volume : list_in(spec, "volumes")) pod.volumes.push_back(shape_of_volume(volume));
  return pod;
}

// A container elsewhere that has one of our names gates nothing, and is only wrong beside a gate.
bool has_own(const Json& spec) {
  const Json& inits = list_in(spec, kInits);
  return std::any_of(inits.begin(), inits.end(), is_own);
}

AcceptedGates::Names words_of(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

const Json& gate_in(const Json& spec) {
  static const Json kNone = Json::object();
  const Json& inits = list_in(spec, kInits);
  const auto gate =
      std::find_if(inits.begin(), inits.end(), [](const Json& one) { return text_in(one, "name") == names::kGate; });
  return gate == inits.end() ? kNone : *gate;
}

bool decides(const Json& gate) {
  const auto args = read_gate_arguments(words_in(gate, "args"));
  if (!args) return false;
  const auto text = base64_decode(args->option("--policy-inline"));
  const Json policy = text ? json_or_null(*text) : Json();
  return policy.is_object() && text_in(object_in(policy, "spec"), "enforcement", kEnforces) == kEnforces;
}

}  // namespace

GateCheck check_gate(const Json& pod, const AcceptedGates& accepted) {
  const Json& spec = object_in(pod, "spec");
  if (!has_own(spec)) return {};
  PodShape shape = shape_of(spec);
  shape.namespace_ = text_in(object_in(pod, "metadata"), "namespace");
  GateJudgement judgement = judge_gate(shape, &accepted);
  if (!judgement.problem.empty()) return {std::nullopt, std::move(judgement.problem)};
  const Json& gate = gate_in(spec);
  const bool leaves_its_own_message = text_in(gate, "terminationMessagePolicy") == "File";
  return {OwnGate{std::move(judgement.images), leaves_its_own_message, decides(gate)}, {}};
}

AcceptedGates accepted_in(const Json& final_state_data) {
  AcceptedGates accepted;
  accepted.images = words_of(text_in(final_state_data, "images"));
  accepted.index_images = words_of(text_in(final_state_data, "indexImages"));
  // A word has whole certificates, and the store has limits.
  for (const std::string& word : words_of(text_in(final_state_data, "gateServers"))) {
    accepted.servers.insert(sha256_hex(word));
  }
  for (const auto& [key, value] : final_state_data.items()) {
    if (key.starts_with(kPolicyKey)) accepted.policies.insert(key.substr(kPolicyKey.size()));
    if (key.starts_with(kOwnKey)) accepted.own_policies.insert(key.substr(kOwnKey.size()));
  }
  return accepted;
}

}  // namespace initscan::server

#pragma once

#include "injector/inject/patch.h"
#include "injector/pod/pod_reader.h"

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace initscan::injector {

inline InjectorConfig config(Mode mode = Mode::copy) {
  InjectorConfig made;
  made.image = "example/initscan@sha256:1111";
  made.mode = mode;
  made.policy_name = "default";
  made.policy_json = R"({"kind":"ScanPolicy"})";
  return made;
}

inline nlohmann::json pod(const char* spec) {
  return {{"metadata", {{"name", "p"}, {"namespace", "shop"}}}, {"spec", nlohmann::json::parse(spec)}};
}

// The pod after its patch, the reason where there is none, the error where it failed.
struct Patched {
  nlohmann::json pod;
  std::string reason;
};

inline Patched patched(const nlohmann::json& before, const InjectorConfig& with) {
  const auto read = read_pod(before.dump());
  if (!read) return {before, "error: " + read.error().text};
  const auto patch = patch_pod(*read, with);
  if (!patch) return {before, "error: " + patch.error().text};
  return {before.patch(nlohmann::json::parse(patch_text(patch->operations))), std::string(to_string(patch->reason))};
}

inline std::vector<std::string> names_in(const nlohmann::json& list) {
  std::vector<std::string> all;
  for (const nlohmann::json& item : list) all.push_back(item["name"]);
  return all;
}

}  // namespace initscan::injector

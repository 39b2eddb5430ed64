#include "injector/pod/pull_policy.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace initscan {
namespace {

using Json = nlohmann::json;

constexpr const char* kAlways = "Always";
constexpr const char* kIfNotPresent = "IfNotPresent";
constexpr const char* kNever = "Never";

int eagerness(const std::string& policy) {
  return policy == kAlways ? 2 : policy == kNever ? 0 : 1;
}

std::string settled_policy(const std::string& reference, const std::string& said) {
  return said.empty() ? default_pull_policy(reference) : said;
}

}  // namespace

std::string default_pull_policy(const std::string& reference) {
  if (reference.find('@') != reference.npos) return kIfNotPresent;
  const std::size_t slash = reference.rfind('/');
  const std::size_t colon = reference.rfind(':');
  const bool has_tag = colon != reference.npos && (slash == reference.npos || colon > slash);
  return !has_tag || reference.substr(colon + 1) == "latest" ? kAlways : kIfNotPresent;
}

std::string wished_pull_policy(const Pod& pod, const std::string& image) {
  int most = 0;
  const auto look_at = [&](const std::string& reference, const std::string& said) {
    if (reference == image) most = std::max(most, eagerness(settled_policy(reference, said)));
  };
  for (const Container& c : pod.init_containers) look_at(c.image, c.pull_policy);
  for (const Container& c : pod.containers) look_at(c.image, c.pull_policy);
  for (const Volume& v : pod.volumes) {
    if (!v.name.starts_with(kReserved)) look_at(v.image, v.pull_policy);
  }
  return most == 2 ? kAlways : most == 1 ? kIfNotPresent : kNever;
}

bool is_by_digest(std::string_view reference) {
  return reference.find("@sha256:") != reference.npos;
}

bool is_pulled_anew(const std::string& reference, const std::string& policy) {
  return policy == kAlways && reference.find('@') == reference.npos;
}

void keep_what_was_scanned(Json& patch, const Pod& pod) {
  const auto keep = [&](const std::string& name, const std::string& image, const std::string& said, std::string path) {
    if (name.starts_with(kReserved) || image.empty() || !is_pulled_anew(image, settled_policy(image, said))) return;
    patch.push_back({{"op", "add"}, {"path", std::move(path)}, {"value", kIfNotPresent}});
  };
  const auto place = [](const char* list, std::size_t i, const char* field) {
    return std::string("/spec/") + list + '/' + std::to_string(i) + field;
  };
  for (std::size_t i = 0; i < pod.init_containers.size(); ++i) {
    const Container& c = pod.init_containers[i];
    keep(c.name, c.image, c.pull_policy, place("initContainers", i, "/imagePullPolicy"));
  }
  for (std::size_t i = 0; i < pod.containers.size(); ++i) {
    const Container& c = pod.containers[i];
    keep(c.name, c.image, c.pull_policy, place("containers", i, "/imagePullPolicy"));
  }
  for (std::size_t i = 0; i < pod.volumes.size(); ++i) {
    const Volume& v = pod.volumes[i];
    keep(v.name, v.image, v.pull_policy, place("volumes", i, "/image/pullPolicy"));
  }
}

}  // namespace initscan

#include "injector/pod/pull_policy.h"

#include "common/names.h"

#include <algorithm>

namespace initscan::injector {
namespace {

int eagerness(const std::string& policy) {
  return policy == kPullAlways ? 2 : policy == kPullNever ? 0 : 1;
}

}  // namespace

std::string settled_pull_policy(const std::string& reference, const std::string& said) {
  return said.empty() ? default_pull_policy(reference) : said;
}

std::string default_pull_policy(const std::string& reference) {
  if (reference.find('@') != reference.npos) return kPullIfNotPresent;
  const std::size_t slash = reference.rfind('/');
  const std::size_t colon = reference.rfind(':');
  const bool has_tag = colon != reference.npos && (slash == reference.npos || colon > slash);
  return !has_tag || reference.substr(colon + 1) == "latest" ? kPullAlways : kPullIfNotPresent;
}

std::string wished_pull_policy(const Pod& pod, const std::string& image) {
  int most = 0;
  const auto look_at = [&](const std::string& reference, const std::string& said) {
    if (reference == image) most = std::max(most, eagerness(settled_pull_policy(reference, said)));
  };
  for (const Container& c : pod.init_containers) look_at(c.image, c.pull_policy);
  for (const Container& c : pod.containers) look_at(c.image, c.pull_policy);
  for (const Volume& v : pod.volumes) {
    if (!v.name.starts_with(names::kReserved)) look_at(v.image, v.pull_policy);
  }
  return most == 2 ? kPullAlways : most == 1 ? kPullIfNotPresent : kPullNever;
}

bool is_by_digest(std::string_view reference) {
  return reference.find("@sha256:") != reference.npos;
}

bool is_pulled_anew(const std::string& reference, const std::string& policy) {
  return policy == kPullAlways && reference.find('@') == reference.npos;
}

std::vector<Pull> pulls_of(const Pod& pod) {
  std::vector<Pull> pulls;
  const auto add = [&](const auto& items, const char* list, const std::string& place, const char* field) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      const auto& item = items[i];
      if (item.name.starts_with(names::kReserved) || item.image.empty()) continue;
      pulls.push_back({list, item.name, item.image, item.pull_policy, place + std::to_string(i) + field});
    }
  };
  add(pod.init_containers, "containers", "/spec/initContainers/", "/imagePullPolicy");
  add(pod.containers, "containers", "/spec/containers/", "/imagePullPolicy");
  add(pod.volumes, "volumes", "/spec/volumes/", "/image/pullPolicy");
  return pulls;
}

void keep_what_was_scanned(PatchOperations& patch, const Pod& pod) {
  for (Pull& pull : pulls_of(pod)) {
    if (!is_pulled_anew(pull.image, settled_pull_policy(pull.image, pull.policy))) continue;
    patch.push_back(addition(std::move(pull.path), kPullIfNotPresent));
  }
}

}  // namespace initscan::injector

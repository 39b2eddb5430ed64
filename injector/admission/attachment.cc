#include "injector/admission/attachment.h"

#include "common/json/element.h"
#include "common/names.h"
#include "injector/pod/pull_policy.h"

#include <algorithm>

namespace initscan::injector {
namespace {

namespace dom = simdjson::dom;

// Whether our containers scanned the image, and one of the pod's own keeps it on the node.
bool is_scanned(const Pod& pod, std::string_view image) {
  const auto runs_it = [&](const Container& c) { return c.image == image; };
  const auto collects_it = [&](const Container& c) { return c.name.starts_with(names::kCollect) && runs_it(c); };
  const auto mounts_it = [&](const Volume& v) { return v.name.starts_with(names::kImageVolume) && v.image == image; };
  const auto& inits = pod.init_containers;
  return std::any_of(pod.containers.begin(), pod.containers.end(), runs_it) &&
         (std::any_of(inits.begin(), inits.end(), collects_it) ||
          std::any_of(pod.volumes.begin(), pod.volumes.end(), mounts_it));
}

bool has_ephemeral(const dom::element& pod, std::string_view name, std::string_view image) {
  dom::array list;
  if (pod["spec"]["ephemeralContainers"].get(list) != simdjson::SUCCESS) return false;
  return std::any_of(list.begin(), list.end(),
                     [&](const dom::element c) { return text_in(c, "name") == name && text_in(c, "image") == image; });
}

bool has_gate(const Pod& pod) {
  return std::any_of(pod.init_containers.begin(), pod.init_containers.end(),
                     [](const Container& c) { return c.name == names::kGate; });
}

// Whether the pod that is stored says that its gate has ended well. A gate that runs again has not.
bool has_passed(const dom::element& stored) {
  dom::array statuses;
  if (stored["status"]["initContainerStatuses"].get(statuses) != simdjson::SUCCESS) return false;
  return std::any_of(statuses.begin(), statuses.end(), [](const dom::element status) {
    std::int64_t code = -1;
    return text_in(status, "name") == names::kGate &&
           status["state"]["terminated"]["exitCode"].get(code) == simdjson::SUCCESS && code == 0;
  });
}

bool mounts_ours(const dom::element& container) {
  dom::array mounts;
  if (container["volumeMounts"].get(mounts) != simdjson::SUCCESS) return false;
  return std::any_of(mounts.begin(), mounts.end(), [](const dom::element mount) {
    const std::string_view volume = text_in(mount, "name");
    return volume.starts_with(names::kReserved) && !volume.starts_with(names::kWritableVolume);
  });
}

bool is_for_debugging(const InjectorConfig& config, std::string_view image) {
  return std::find(config.debug_images.begin(), config.debug_images.end(), image) != config.debug_images.end();
}

std::optional<std::string> object_to_attached(const dom::element& container, const Pod& pod,
                                              const InjectorConfig& config) {
  const std::string_view name = text_in(container, "name");
  const std::string_view image = text_in(container, "image");
  const std::string who = "the ephemeral container \"" + std::string(name) + '"';
  if (name.starts_with(names::kReserved) || text_in(container, "targetContainerName").starts_with(names::kReserved) ||
      mounts_ours(container)) {
    return who + " has one of its names, mounts one of its volumes or targets one of its containers";
  }
  std::string policy(text_in(container, "imagePullPolicy"));
  if (policy.empty()) policy = default_pull_policy(std::string(image));
  const bool is_kept = is_scanned(pod, image) && !is_pulled_anew(std::string(image), policy);
  if (is_kept || is_for_debugging(config, image)) return std::nullopt;
  return who +
         " is not scanned; use one of debugImages of the namespace's policy, or the image of one of the pod's "
         "containers with imagePullPolicy IfNotPresent";
}

}  // namespace

std::optional<Objection> object_to_ephemeral(const dom::element& now, const dom::element& stored, const Pod& pod,
                                             const InjectorConfig& config) {
  constexpr Reason kReason = Reason::ephemeral_container;
  dom::array list;
  if (now["spec"]["ephemeralContainers"].get(list) != simdjson::SUCCESS) return std::nullopt;
  for (const dom::element container : list) {
    if (has_ephemeral(stored, text_in(container, "name"), text_in(container, "image"))) continue;
    if (!has_gate(pod)) {
      return Objection{kReason,
                       "nothing can be attached to this pod, because it was never scanned (it is older than its "
                       "namespace's label, or bypassed the scan); replace it"};
    }
    if (!has_passed(stored)) {
      return Objection{
          kReason,
          std::string("nothing can be attached to this pod before its scan has passed; see kubectl logs POD -c ") +
              names::kGate};
    }
    if (auto sentence = object_to_attached(container, pod, config)) return Objection{kReason, std::move(*sentence)};
  }
  return std::nullopt;
}

}  // namespace initscan::injector

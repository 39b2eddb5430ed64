#include "injector/explain/waiting.h"

#include "common/json/parts.h"
#include "common/names.h"

#include <algorithm>
#include <array>

namespace initscan::injector {
namespace {

// The kubelet's words for it.
constexpr std::array<std::string_view, 5> kPulls{"ErrImagePull", "ImagePullBackOff", "InvalidImageName",
                                                 "ErrImageNeverPull", "RegistryUnavailable"};
constexpr std::array<std::string_view, 4> kStarts{"CreateContainerError", "CreateContainerConfigError",
                                                  "RunContainerError", "PostStartHookError"};

template <std::size_t N>
bool holds(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

std::string advice_on(const Wait& wait) {
  const bool is_collector = wait.container.starts_with(names::kCollect);
  if (holds(kPulls, wait.reason)) {
    return is_collector ? "its node cannot pull the pod's own image: without initscan it would not start, either"
                        : "its node cannot pull the image that it names: give the pod a pull secret for it; whether "
                          "any pod there can pull initscan's: initscan-injector check --probe";
  }
  if (!holds(kStarts, wait.reason)) return {};
  if (is_collector) {
    return "its node starts no program from an emptyDir, or is of an architecture that initscan's image is not for: "
           "kubectl get nodes -o wide";
  }
  return wait.container == names::kGate
             ? std::string(
                   "its node may not mount images: kubectl get nodes -o wide; mode copy does without: kubectl "
                   "annotate namespace NAME ") +
                   names::kMode + "=copy"
             : std::string();
}

std::string unscheduled(const nlohmann::json& pod) {
  for (const nlohmann::json& condition : list_in(object_in(pod, "status"), "conditions")) {
    if (text_in(condition, "type") != "PodScheduled" || text_in(condition, "status") != "False") continue;
    const std::string message = text_in(condition, "message");
    return message.empty() ? text_in(condition, "reason") : message;
  }
  return {};
}

}  // namespace initscan::injector

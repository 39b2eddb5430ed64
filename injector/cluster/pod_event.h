#pragma once

#include "injector/inject/config.h"
#include "injector/pod/pod.h"

#include <optional>
#include <string>

namespace initscan::injector {

// What a pod's owner should see in `kubectl get events`.
struct PodEvent {
  std::string reason;   // InjectionSkipped, ScanBypassed
  std::string message;  // for people
  bool is_warning = false;
};

/// What there is to tell of a pod as the API server has it; nullopt where it is as the injector makes it, or where
/// nothing says that it was let through knowingly. Pure.
/// That a pod was injected is in its annotation, and the API server tells a pod's creator that it was denied:
/// an event for each would only fill etcd.
std::optional<PodEvent> event_about(const Pod& pod, const InjectorConfig& config);

}  // namespace initscan::injector

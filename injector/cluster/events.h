#pragma once

#include "injector/pod.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>

namespace initscan {

inline constexpr std::size_t kMaxQueuedEvents = 1000;

// What a pod's owner should see in `kubectl get events`.
struct PodEvent {
  std::string namespace_;
  std::string pod;      // its name, or the generateName that it will have
  std::string reason;   // Injected, InjectionSkipped, InjectionFailed, ScanBypassed
  std::string message;  // for people
  bool is_warning = false;
  Owner owner{};  // who hears of it in the place of a pod that has no name yet
};

// From admission to the control thread. When nobody takes them, new ones are dropped and counted: admission
// neither waits nor grows. Safe to use from several threads.
class EventQueue {
 public:
  void push(PodEvent event);
  std::deque<PodEvent> take();
  std::uint64_t dropped() const;

 private:
  mutable std::mutex mutex_;
  std::deque<PodEvent> events_;
  std::uint64_t dropped_ = 0;
};

}  // namespace initscan

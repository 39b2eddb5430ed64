#pragma once

#include "injector/pod/pod.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace initscan::injector {

inline constexpr std::size_t kMaxQueuedHints = 200;
inline constexpr std::size_t kMaxHintsOfNamespace = 50;

// What a review says about a pod that needs an event. Whoever reaches the server's port can send a review: what
// an event says is read from the API server, and follows from the pod that is there.
struct PodHint {
  std::string namespace_;
  std::string pod;           // its name, or the generateName that it has
  Owner owner{};             // of a pod without a name
  bool is_labelled = false;  // initscan.io/inject=disabled
  unsigned looks = 0;        // how often the pod has been looked for
};

// From admission to the control thread. When they are not taken, or one namespace has more than its share, new ones are
// dropped and counted: admission neither waits nor grows. Safe to use from several threads.
class HintQueue {
 public:
  void push(PodHint hint);
  std::vector<PodHint> take();
  std::uint64_t dropped() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, PodHint> hints_;  // by namespace and pod: each is looked at once
  std::map<std::string, std::size_t> by_namespace_;
  std::uint64_t dropped_ = 0;
};

}  // namespace initscan::injector

#pragma once

#include "injector/inject/config.h"

#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace initscan::injector {

// Why one of our containers waits for something else than its turn, in the kubelet's words.
struct Wait {
  std::string container;
  std::string reason;  // "ImagePullBackOff"
  std::string message;
};

// What became of a pod's gate, as the kubelet reports it. Whoever may write a pod's status can forge all of it.
struct GateOutcome {
  bool has_passed = false;  // it ended with 0
  bool is_running = false;
  std::optional<int> exit_code;  // of its last run that failed; nothing where it has passed since
  std::string message;           // the verdict of its last run, as people read it
  std::optional<Wait> wait;      // of the first of our containers that has one
};

GateOutcome gate_outcome_of(const nlohmann::json& pod);

/// Whether the gate has refused a pod and keeps it from starting: it ended with something else than 0 and does not run
/// just now, and no container after it has ever started.
bool is_blocked(const nlohmann::json& pod);

/// What a pod's gate has in its arguments that its namespace's pods would not get now: "its policy", "the image of
/// initscan", "the index". "" where it is as it would be now, or has no gate.
std::string outdated_part(const nlohmann::json& pod, const InjectorConfig& now);

}  // namespace initscan::injector

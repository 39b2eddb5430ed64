#pragma once

#include "common/gate/own_gate.h"

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace initscan::server {

// The gate of a pod: initscan's own.
struct OwnGate {
  std::vector<GatedImage> images;
  bool leaves_its_own_message = false;  // and not what the log ends with, as gates of before did
  bool decides = false;                 // its policy, as far as it can be read, lets nothing start that it refuses
};

// What was found of a gate in a pod.
struct GateCheck {
  std::optional<OwnGate> gate;
  std::string problem;  // why it is not ours; "" where there is none at all, or where it is
};

/// Whether a pod is gated by initscan (common/gate/own_gate.h), by a gate of which all is `accepted`.
GateCheck check_gate(const nlohmann::json& pod, const AcceptedGates& accepted);

/// What a FinalState accepts now, by its data: see deploy/kustomize/base/accepted.yaml.
AcceptedGates accepted_in(const nlohmann::json& final_state_data);

}  // namespace initscan::server

#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace initscan::server {

inline constexpr std::size_t kMaxOwnContainers = 64;  // of one pod; an injector makes fewer

// An image that a gate scans, by the number that it has among its arguments.
struct GatedImage {
  std::string number;
  std::string reference;
  bool is_collected = false;  // by a collector that ran in it; otherwise the gate mounts it

  bool operator==(const GatedImage&) const = default;
};

// The gate of a pod: initscan's own.
struct OwnGate {
  std::vector<GatedImage> images;
  bool leaves_its_own_message = false;  // and not what the log ends with, as gates of before did
};

// What was found of a gate in a pod.
struct GateCheck {
  std::optional<OwnGate> gate;
  std::string problem;  // why it is not ours; "" where there is none at all, or where it is
};

/// Whether a pod is gated by initscan. A name proves nothing, because unless it is guarded anyone may give it to a
/// container, and neither does a label: initscan's containers must come first, run one of `scanner_images` with the
/// command, arguments, settings and mounts that an injector gives them, as the admission policy initscan-final-state
/// demands, or as injectors did before there were seals; and nobody else may mount what is theirs.
GateCheck check_gate(const nlohmann::json& pod, const std::vector<std::string>& scanner_images);

}  // namespace initscan::server

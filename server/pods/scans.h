#pragma once

#include "initscan/model/gate_line.h"
#include "server/pods/own_gate.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace initscan::server {

inline constexpr std::size_t kMaxContainerIdBytes = 128;  // "containerd://" and 64 digits

// Reasons of scans that the gate itself could not give, beside those of model/reason.h. Never renamed.
inline constexpr std::string_view kNoLine = "no-line";                    // of an older release, or cut off
inline constexpr std::string_view kLineContradicts = "line-contradicts";  // the exit code says something else
inline constexpr std::string_view kKilled = "killed";
inline constexpr std::string_view kOutOfMemory = "out-of-memory";
inline constexpr std::string_view kUnknownReason = "unknown-reason";  // its line names none

// One run of a gate that has ended, as a kubelet reports it.
struct Scan {
  std::string pod_uid;
  std::string container_id;  // with the pod's, what makes a run unlike all others
  int exit_code = 0;
  std::optional<std::chrono::sys_seconds> started;
  std::optional<std::chrono::sys_seconds> finished;
  Outcome verdict = Outcome::undecided;
  std::string_view reason;       // of what is undecided, an id; "blocks" of what fails; of a pass mostly ""
  std::optional<GateLine> line;  // where it agrees with the exit code

  bool operator==(const Scan&) const = default;
};

/// The runs of a pod's gate that its status shows, the earlier first: the one that has just ended, and the one before
/// it, which while the gate waits or runs again is the only one. A run without an id of its own is left out: it could
/// not be told from others.
std::vector<Scan> scans_of(const nlohmann::json& pod, const OwnGate& gate);

}  // namespace initscan::server

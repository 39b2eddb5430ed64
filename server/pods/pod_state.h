#pragma once

#include "server/pods/own_gate.h"
#include "server/pods/scans.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace initscan::server {

// What of a pod's namespace decides what it is.
struct NamespaceRules {
  bool is_labelled = false;   // initscan.io/inject=enabled
  bool only_reports = false;  // initscan.io/enforcement=report
  bool is_excluded = false;   // one that initscan never looks at
  bool may_opt_out = false;   // its policy lets pods stay away by their label

  bool operator==(const NamespaceRules&) const = default;
};

// How a pod stands to its scan.
enum class PodState : std::uint8_t {
  scanned,           // its gate has let it through
  blocked,           // its gate keeps it from starting
  scanning,          // neither yet
  report_only,       // it runs although a gate that decides would not have let it: nobody decides here
  older_than_label,  // its namespace was not labelled when it was made
  excluded,          // initscan does not look at such pods
  opted_out,         // it stays away by its label, as the policy allows
  bypassed,          // it stays away by its label, and who made it may do that
  unlabelled,        // its namespace does not ask to be scanned
  unproven,  // what bears the gate's name is not initscan's, or says one thing and ends with another; or it is too
             // large
  ended,     // it will never run again: nothing to be counted
};

constexpr std::string_view to_string(PodState state) {
  switch (state) {
    case PodState::scanned: return "scanned";
    case PodState::blocked: return "blocked";
    case PodState::scanning: return "scanning";
    case PodState::report_only: return "report_only";
    case PodState::older_than_label: return "older_than_label";
    case PodState::excluded: return "excluded";
    case PodState::opted_out: return "opted_out";
    case PodState::bypassed: return "bypassed";
    case PodState::unlabelled: return "unlabelled";
    case PodState::unproven: return "unproven";
    case PodState::ended: return "ended";
  }
  return "unproven";
}

inline constexpr std::size_t kPodStates = static_cast<std::size_t>(PodState::ended) + 1;

// Why a pod cannot start.
enum class BlockReason : std::uint8_t { gate_failed, undecided, image_pull, create_error };

constexpr std::string_view to_string(BlockReason reason) {
  switch (reason) {
    case BlockReason::gate_failed: return "gate_failed";
    case BlockReason::undecided: return "undecided";
    case BlockReason::image_pull: return "image_pull";
    case BlockReason::create_error: return "create_error";
  }
  return "undecided";
}

inline constexpr std::size_t kBlockReasons = static_cast<std::size_t>(BlockReason::create_error) + 1;

// Whether what runs is what was scanned.
enum class Sameness : std::uint8_t { same, unknown, other };

// What decides how a pod without a gate stands, beside the rules of its namespace.
struct UngatedPod {
  bool has_ended = false;     // or is being deleted
  bool is_foreign = false;    // a mirror of a node's own pod, or of a system that initscan does not run on
  bool is_opted_out = false;  // labelled initscan.io/inject=disabled

  bool operator==(const UngatedPod&) const = default;
};

// What there is to know of a pod.
struct PodReading {
  std::optional<UngatedPod> ungated;  // instead of all that follows
  PodState state = PodState::unproven;
  bool is_told = false;                             // by its line, what the gate's last run came to
  BlockReason blocked_by = BlockReason::undecided;  // of what is blocked
  Sameness sameness = Sameness::unknown;            // of what runs
  std::vector<Scan> scans;

  bool operator==(const PodReading&) const = default;
};

/// Reads a pod as the API server has it, or its metadata alone: that has no gate. Whoever may write a pod's status can
/// forge what became of the gate, not whether it is initscan's.
PodReading read_pod(const nlohmann::json& pod, const AcceptedGates& accepted);

/// The same of one that is too large to be read: what it starts with says whose it is, and proves nothing of its gate.
PodReading read_beginning(const nlohmann::json& beginning);

/// How a pod stands by the rules that hold in its namespace now.
PodState state_of(const PodReading& reading, const NamespaceRules& rules);

}  // namespace initscan::server

#pragma once

#include "audit/model/check.h"
#include "audit/model/cluster.h"
#include "audit/model/policy.h"
#include "audit/model/text.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initscan::audit {

// What to do with a workload, most urgent last. What has not started waits for a node, an image or initscan's gate:
// nothing of it can change yet.
enum class Action : std::uint8_t { fine, not_started, unknown, make_immutable, rotate_now };

constexpr std::string_view to_string(Action action) {
  switch (action) {
    case Action::fine: return "fine";
    case Action::not_started: return "not-started";
    case Action::unknown: return "unknown";
    case Action::make_immutable: return "make-immutable";
    case Action::rotate_now: return "rotate-now";
  }
  return "unknown";
}

// Against the last audit.
enum class Change : std::uint8_t { still, appeared, fixed };

constexpr std::string_view to_string(Change change) {
  switch (change) {
    case Change::still: return "still";
    case Change::appeared: return "new";
    case Change::fixed: return "fixed";
  }
  return "still";
}

// What a workload keeps of a CheckResult; the fields are those of it. There are some twenty of them for each of 10,000
// workloads, and most say what others say: see TextPool.
struct KeptResult {
  const Check* check = nullptr;
  Text container;
  Text value;
  Text evidence;
  Text message;
  Outcome outcome = Outcome::unknown;
  ContainerKind kind = ContainerKind::regular;

  KeptResult() = default;
  KeptResult(const CheckResult& said)
      : check(said.check),
        container(said.container),
        value(said.value),
        evidence(said.evidence),
        message(said.message),
        outcome(said.outcome),
        kind(said.kind) {}
};

// One result of all the pods of a workload that have it: 50 replicas are one finding.
struct WorkloadResult {
  KeptResult result;
  Text example_pod;                // one of those that have it
  Text exception;                  // why it is accepted and until when, and it does not count then; "" where it is not
  std::optional<Time> first_seen;  // in earlier audits; absent without history
  std::uint32_t pods = 0;          // that have it
  Change change = Change::still;

  bool is_accepted() const { return !exception.empty(); }
};

// One container of a workload over all its pods.
struct WorkloadContainer {
  Text name;
  ContainerKind kind = ContainerKind::regular;
  Text image;                   // as the newest pod names it
  std::size_t image_names = 1;  // how many its pods name: more than one while a rollout is under way
  std::vector<Text> image_ids;  // distinct ones, sorted, at most kMaxImageIds
  std::size_t running = 0;
  std::optional<Time> oldest_start;
  std::int64_t max_restarts = 0;
  Known<WriteLayer> largest_write_layer;
  int score = 0;              // mutability, 0 (immutable) to 100
  std::vector<Text> reasons;  // of the score, weightiest first
};

inline constexpr std::size_t kMaxImageIds = 8;
inline constexpr std::size_t kMaxSelecting = 8;

// One owner: a Deployment, not its 50 pods.
struct Workload {
  std::string cluster;
  std::string namespace_;
  Owner owner;
  std::string team;  // "" where no label says it
  std::size_t pods = 0;
  std::size_t unstarted_pods = 0;  // of which no container has run yet, the blocked ones among them
  std::size_t blocked_pods = 0;    // that their gate keeps from starting
  Text blocked_why;                // what the gate of one of them said, in one line
  Exposure exposure = Exposure::none;
  std::vector<std::string> services;          // that select its pods, sorted, at most kMaxSelecting
  std::vector<std::string> budgets;           // PodDisruptionBudgets that do, as above
  std::vector<WorkloadContainer> containers;  // by kind, then name
  std::vector<WorkloadResult> results;        // failures and unknowns, worst first
  std::size_t passed = 0;                     // results that passed, by check and container
  std::size_t skipped = 0;
  int mutability = 0;  // of its most mutable container, 0 to 100
  double urgency = 0;  // mutability by age and exposure; what the list is sorted by
  Action action = Action::unknown;
  std::vector<Text> reasons;      // of the action
  Text patch;                     // strategic merge patch, YAML; "" where nothing would change
  std::vector<Text> patch_notes;  // what the patch cannot know: "write paths guessed from the image name"
  std::optional<int> wave;        // of the rotation plan, from 1 on
  Text wave_reason;               // why in this wave, or why in none

  std::string name() const { return owner.kind + '/' + owner.name; }
};

struct RotationWave {
  int number = 1;
  std::vector<std::size_t> workloads;  // places in AuditReport::workloads
};

// Who may get around initscan in a cluster, and by what.
struct HeldDetour {
  Holder holder;
  Detour detour;
};

inline constexpr std::size_t kMaxHeldDetours = 500;  // of one cluster

struct ClusterSummary {
  std::string name;
  std::string version;
  std::size_t pods = 0;
  std::size_t containers = 0;
  std::size_t skipped_pods = 0;  // of namespaces that the policy skips
  std::vector<Gap> gaps;
  std::size_t ended_pods = 0;    // Succeeded or Failed: nothing of them can change, so they are not judged
  std::size_t blocked_pods = 0;  // that their gate keeps from starting
  std::vector<HeldDetour> detours = {};
  std::size_t detours_left_out = 0;
};

// What the last audit had and this one no longer has, or could not read, or has no pods of.
struct FixedResult {
  Text cluster;
  Text namespace_;
  Text workload;
  Text check;
  Text container;
  std::optional<Time> first_seen;
};

struct AuditReport {
  Time made;
  std::string policy_name;
  std::vector<ClusterSummary> clusters;
  std::vector<Workload> workloads;  // most urgent first, then by cluster, namespace, kind, name
  std::vector<RotationWave> waves;
  std::vector<FixedResult> fixed;
  std::vector<FixedResult> gone;      // with all pods of their workload, as when it was scaled to nothing: not repaired
  std::vector<FixedResult> not_read;  // neither fixed nor still there: what it depends on could not be read this time
  std::optional<Time> compared_with;  // when the last audit was made
  std::vector<Exception> exceptions;  // those of the policy, in its order: what ends soon must be seen in time
  std::vector<std::string> warnings;  // exceptions that expired or match nothing, a history that could not be read
  bool complete = true;               // no gap and no unknown result that policy does not accept
};

}  // namespace initscan::audit

#include "server/pods/pod_state.h"

#include "common/json/parts.h"
#include "common/names.h"
#include "server/pods/sameness.h"

#include <algorithm>
#include <array>

namespace initscan::server {
namespace {

using Json = nlohmann::json;

constexpr const char* kMirror = "kubernetes.io/config.mirror";  // annotation of pods that a node's own file made
constexpr std::array<const char*, 3> kStatusLists{"initContainerStatuses", "containerStatuses",
                                                  "ephemeralContainerStatuses"};

bool is_own(const Json& status) {
  return text_in(status, "name").starts_with(names::kReserved);
}

bool is_running(const Json& status) {
  return object_in(status, "state").contains("running");
}

bool has_started(const Json& status) {
  return is_running(status) || object_in(status, "state").contains("terminated") ||
         object_in(status, "lastState").contains("terminated");
}

// Whether that is so of a container that stands behind the gate.
bool is_any_behind(const Json& status, bool (*is)(const Json&)) {
  return std::any_of(kStatusLists.begin(), kStatusLists.end(), [&](const char* list) {
    const Json& statuses = list_in(status, list);
    return std::any_of(statuses.begin(), statuses.end(), [&](const Json& one) { return !is_own(one) && is(one); });
  });
}

// What the kubelet says of images that it cannot bring, and of containers that it cannot make.
// Source: pkg/kubelet/images and pkg/kubelet/kuberuntime of Kubernetes.
std::optional<BlockReason> block_reason_of(const std::string& waiting) {
  constexpr std::array<std::string_view, 7> kPulls{
      "ErrImagePull",      "ImagePullBackOff",    "ErrImageNeverPull",        "InvalidImageName",
      "ImageInspectError", "RegistryUnavailable", "SignatureValidationFailed"};
  constexpr std::array<std::string_view, 6> kMakes{"CreateContainerConfigError", "CreateContainerError",
                                                   "PreCreateHookError",         "PreStartHookError",
                                                   "PostStartHookError",         "RunContainerError"};
  const auto is_among = [&](const auto& list) { return std::find(list.begin(), list.end(), waiting) != list.end(); };
  if (is_among(kPulls)) return BlockReason::image_pull;
  if (is_among(kMakes)) return BlockReason::create_error;
  return std::nullopt;
}

// How far initscan's containers have come.
struct Progress {
  bool has_passed = false;            // the gate ended with 0
  bool has_decided_anew = false;      // the gate's state is known, and is another
  std::optional<BlockReason> blocks;  // what keeps it, or one before it, from that
};

Progress progress_of(const Json& status, const std::vector<Scan>& scans) {
  Progress progress;
  for (const Json& one : list_in(status, "initContainerStatuses")) {
    if (!is_own(one)) continue;
    const Json& state = object_in(one, "state");
    if (const auto waits = block_reason_of(text_in(object_in(state, "waiting"), "reason"))) {
      progress.blocks = waits;
      return progress;
    }
    const Json& ended = object_in(state, "terminated");
    const bool is_gate = text_in(one, "name") == names::kGate;
    const auto code = ended.find("exitCode");
    if (is_gate && code != ended.end() && *code == 0) progress.has_passed = true;
    if (is_gate && !state.empty() && !progress.has_passed) progress.has_decided_anew = true;
    // A container before the gate that failed: nothing was decided.
    const Json& last = ended.contains("exitCode") ? ended : object_in(object_in(one, "lastState"), "terminated");
    if (!is_gate && last.contains("exitCode") && last["exitCode"] != 0) progress.blocks = BlockReason::undecided;
  }
  if (progress.has_passed || scans.empty()) return progress;
  // While the gate runs again it has still refused: what it says next is not known.
  const Scan& last = scans.back();
  if (last.exit_code == 0) return progress;
  progress.blocks = last.exit_code == 2 ? BlockReason::gate_failed : BlockReason::undecided;
  return progress;
}

bool has_ended(const Json& pod) {
  const std::string phase = text_in(object_in(pod, "status"), "phase");
  return phase == "Succeeded" || phase == "Failed";
}

// Of a pod that was let through, by what its gate said last.
PodState let_through(const OwnGate& gate, const std::vector<Scan>& scans) {
  const Scan* const last = scans.empty() ? nullptr : &scans.back();
  // Its exit code says one thing, and its line another.
  if (last != nullptr && last->reason == kLineContradicts) return PodState::unproven;
  if (last != nullptr && last->line && last->line->only_reports) {
    return last->verdict == Outcome::pass ? PodState::scanned : PodState::report_only;
  }
  // Where there is no line the exit code says it, but only of a gate that may end with another.
  return (last != nullptr && last->line) || gate.decides ? PodState::scanned : PodState::report_only;
}

PodState state_with_gate(const Json& pod, const OwnGate& gate, const PodReading& reading, const Progress& progress) {
  const Json& status = object_in(pod, "status");
  const bool is_going = object_in(pod, "metadata").contains("deletionTimestamp");
  // When its node has started again the gate decides anew, and what ran before says nothing of that.
  if (progress.has_passed || is_any_behind(status, progress.has_decided_anew ? is_running : has_started)) {
    if (has_ended(pod) || is_going) return PodState::ended;
    const bool is_refused = progress.blocks && !progress.has_passed;
    return is_refused ? PodState::unproven : let_through(gate, reading.scans);
  }
  if (is_going) return PodState::ended;
  // One that is never started again stays refused for as long as it is there.
  if (progress.blocks) return PodState::blocked;
  return has_ended(pod) ? PodState::ended : PodState::scanning;
}

UngatedPod read_ungated(const Json& pod) {
  const Json& metadata = object_in(pod, "metadata");
  UngatedPod ungated;
  ungated.has_ended = metadata.contains("deletionTimestamp") || has_ended(pod);
  ungated.is_foreign = object_in(metadata, "annotations").contains(kMirror) ||
                       text_in(object_in(object_in(pod, "spec"), "os"), "name") == "windows";
  ungated.is_opted_out = text_in(object_in(metadata, "labels"), names::kInject) == "disabled";
  return ungated;
}

}  // namespace

PodReading read_pod(const Json& pod, const AcceptedGates& accepted) {
  const GateCheck check = check_gate(pod, accepted);
  PodReading reading;
  if (!check.gate) {
    if (check.problem.empty()) reading.ungated = read_ungated(pod);
    if (has_ended(pod)) reading.state = PodState::ended;
    return reading;
  }
  reading.scans = scans_of(pod, *check.gate);
  const Progress progress = progress_of(object_in(pod, "status"), reading.scans);
  reading.state = state_with_gate(pod, *check.gate, reading, progress);
  if (reading.state == PodState::blocked) reading.blocked_by = *progress.blocks;
  reading.is_told = !reading.scans.empty() && reading.scans.back().line.has_value();
  reading.sameness = sameness_of(pod, *check.gate);
  return reading;
}

PodReading read_beginning(const Json& beginning) {
  PodReading reading;
  if (object_in(beginning, "metadata").contains("deletionTimestamp")) reading.state = PodState::ended;
  return reading;
}

PodState state_of(const PodReading& reading, const NamespaceRules& rules) {
  if (!reading.ungated) {
    // There every gate ends with 0: without its line nobody knows what it found.
    const bool is_untold = reading.state == PodState::scanned && !reading.is_told;
    return is_untold && rules.only_reports ? PodState::report_only : reading.state;
  }
  const UngatedPod& pod = *reading.ungated;
  if (pod.has_ended) return PodState::ended;
  if (!rules.is_labelled) return PodState::unlabelled;
  if (rules.is_excluded || pod.is_foreign) return PodState::excluded;
  if (pod.is_opted_out) return rules.may_opt_out ? PodState::opted_out : PodState::bypassed;
  return rules.only_reports ? PodState::report_only : PodState::older_than_label;
}

}  // namespace initscan::server

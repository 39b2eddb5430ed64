#include "audit/judge/score.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

namespace initscan::audit {
namespace {

using enum Meaning;

constexpr std::array kWeights{
    Weight{"writable-root", 40, can_change},
    Weight{"privileged", 25, can_change},
    Weight{"host-process", 25, can_change},
    Weight{"runtime-socket", 20, can_change},
    Weight{"sys-admin", 15, can_change},
    Weight{"write-layer", 20, has_changed},
    Weight{"image-drift", 20, has_changed},
    Weight{"replica-drift", 10, has_changed},
    Weight{"ephemeral-container", 10, has_changed},
    Weight{"new-advisories", 0, has_changed},
    Weight{"never-scanned", 0, has_changed},
    Weight{"gate-changed", 0, has_changed},
    Weight{"gate-image", 0, has_changed},
    Weight{"age", 0, has_aged},
    Weight{"writable-host-path", 15, eases_change},
    Weight{"privilege-escalation", 10, eases_change},
    Weight{"root-user", 10, eases_change},
    Weight{"added-capabilities", 5, eases_change},
    Weight{"undropped-capabilities", 5, eases_change},
    Weight{"proc-mount", 5, eases_change},
    Weight{"seccomp", 5, eases_change},
    Weight{"latest-tag", 5, eases_change},
    Weight{"mutable-tag", 5, eases_change},
};

// From half as urgent when just started, by the age that the policy allows, to twice as urgent.
constexpr double kYoungest = 0.5;
constexpr double kOldest = 2.0;

constexpr double factor_of(Exposure exposure) {
  switch (exposure) {
    case Exposure::none: return 1.0;
    case Exposure::cluster: return 1.25;
    case Exposure::node_port: return 1.5;
    case Exposure::load_balancer: return 2.0;
  }
  return 2.0;
}

const Weight* weight_of(const Check& check) {
  const auto found =
      std::find_if(kWeights.begin(), kWeights.end(), [&](const Weight& w) { return w.check == check.id; });
  return found == kWeights.end() ? nullptr : &*found;
}

bool is_about(const WorkloadResult& found, const WorkloadContainer& container) {
  const KeptResult& result = found.result;
  return result.container.empty() || (result.container == container.name && result.kind == container.kind);
}

// An init container has ended before the others start: nothing of it is left to change. (A sidecar has not.)
bool can_run(const WorkloadContainer& container) {
  return container.kind != ContainerKind::init || container.running > 0;
}

struct Counted {
  int points;
  std::string reason;
};

// Each check once, with the worst that it says of this container.
std::vector<Counted> count(const Workload& workload, const WorkloadContainer& container) {
  std::vector<Counted> counted;
  for (const Weight& weight : kWeights) {
    if (weight.points == 0) continue;
    const WorkloadResult* worst = nullptr;
    for (const WorkloadResult& found : workload.results) {
      if (found.is_accepted() || found.result.check->id != weight.check || !is_about(found, container)) continue;
      if (!worst || found.result.outcome > worst->result.outcome) worst = &found;
    }
    if (!worst) continue;
    const bool failed = worst->result.outcome == Outcome::fail;
    const int points = failed ? weight.points : weight.points / 2;
    const std::string title(worst->result.check->title);
    counted.push_back({points, title + (failed ? " (+" : ": not known (+") + std::to_string(points) + ')'});
  }
  std::stable_sort(counted.begin(), counted.end(),
                   [](const Counted& a, const Counted& b) { return a.points > b.points; });
  return counted;
}

void score(const Workload& workload, WorkloadContainer& container) {
  if (!can_run(container)) {
    container.reasons = {"it has ended: nothing in it can change any more"};
    return;
  }
  int sum = 0;
  for (const Counted& counted : count(workload, container)) {
    sum += counted.points;
    container.reasons.push_back(counted.reason);
  }
  container.score = std::min(sum, kMaxScore);
}

// That of the container that has run longest; nothing if none runs, or its start is not known.
std::optional<std::chrono::seconds> age_of(const Workload& workload, Time now) {
  std::optional<Time> oldest;
  for (const WorkloadContainer& container : workload.containers) {
    if (container.oldest_start && (!oldest || *container.oldest_start < *oldest)) oldest = container.oldest_start;
  }
  if (!oldest) return std::nullopt;
  return std::max(now - *oldest, std::chrono::seconds(0));
}

double age_factor(std::optional<std::chrono::seconds> age, std::chrono::days allowed) {
  if (!age) return 1;  // as if it were as old as the policy allows
  const auto longest = std::chrono::duration<double>(std::max(allowed, std::chrono::days(1)));
  return std::min(kOldest, kYoungest + (1 - kYoungest) * (std::chrono::duration<double>(*age) / longest));
}

bool has_not_started(const Workload& workload) {
  return workload.pods > 0 && workload.unstarted_pods == workload.pods;
}

std::string blocked_text(const Workload& workload) {
  return "initscan's gate keeps " + std::to_string(workload.blocked_pods) + " of its " + std::to_string(workload.pods) +
         (workload.pods == 1 ? " pod" : " pods") + " from starting: " + std::string(workload.blocked_why);
}

// What the findings say, each title once, in the order of the findings.
class Decision {
 public:
  explicit Decision(const Workload& workload) {
    for (const WorkloadResult& found : workload.results) {
      if (found.is_accepted()) continue;
      const Check& check = *found.result.check;
      const Weight* weight = weight_of(check);
      if (found.result.outcome == Outcome::unknown) {
        add(unknown_, check);
      } else if (weight && is_of_something_that_runs(workload, found)) {
        add(of(weight->meaning), check);
      }
    }
  }

  void decide(Workload& workload) && {
    const bool can_change = !can_change_.empty() || workload.mutability >= kMutableFrom;
    const bool is_old = !has_aged_.empty();
    const bool runs = std::any_of(workload.containers.begin(), workload.containers.end(),
                                  [](const auto& container) { return container.running > 0; });
    workload.action = Action::fine;
    if (has_not_started(workload)) {
      workload.action = Action::not_started;
      if (workload.blocked_pods == 0) workload.reasons.emplace_back("none of its pods has started yet");
    } else if (!has_changed_.empty() || (is_old && can_change)) {
      workload.action = Action::rotate_now;
      say(workload, has_changed_);
      if (can_change) say(workload, has_aged_);
      say(workload, can_change_);
    } else if (can_change) {
      workload.action = Action::make_immutable;
      say(workload, can_change_);
      if (can_change_.empty())
        workload.reasons.push_back("its mutability score is " + std::to_string(workload.mutability));
    } else if (!unknown_.empty() || workload.pods == 0) {
      workload.action = Action::unknown;
    } else if (is_old) {
      workload.reasons.emplace_back("it has been running longer than the policy allows, but cannot change");
    } else {
      workload.reasons.emplace_back(runs ? "nothing that runs can change" : "nothing of it runs");
    }
    for (const std::string& title : unknown_) workload.reasons.push_back("not known: " + title);
  }

 private:
  using Titles = std::vector<std::string>;

  static void add(Titles& titles, const Check& check) {
    const std::string title(check.title);
    if (std::find(titles.begin(), titles.end(), title) == titles.end()) titles.push_back(title);
  }

  static void say(Workload& workload, const Titles& titles) {
    workload.reasons.insert(workload.reasons.end(), titles.begin(), titles.end());
  }

  static bool is_of_something_that_runs(const Workload& workload, const WorkloadResult& found) {
    return std::any_of(workload.containers.begin(), workload.containers.end(), [&](const WorkloadContainer& container) {
      return can_run(container) && is_about(found, container);
    });
  }

  Titles& of(Meaning meaning) {
    switch (meaning) {
      case Meaning::can_change: return can_change_;
      case Meaning::has_changed: return has_changed_;
      case Meaning::has_aged: return has_aged_;
      case Meaning::eases_change: return eases_change_;
    }
    return eases_change_;
  }

  Titles can_change_;
  Titles has_changed_;
  Titles has_aged_;
  Titles eases_change_;
  Titles unknown_;
};

}  // namespace

std::span<const Weight> score_weights() {
  return kWeights;
}

void judge(Workload& workload, const AuditPolicy& policy, Time now, std::string_view exposure_gap) {
  for (WorkloadContainer& container : workload.containers) {
    score(workload, container);
    workload.mutability = std::max(workload.mutability, container.score);
  }
  const double exposure = exposure_gap.empty() ? factor_of(workload.exposure) : factor_of(Exposure::load_balancer);
  const double urgency = workload.mutability * age_factor(age_of(workload, now), policy.max_age) * exposure;
  workload.urgency = has_not_started(workload) ? 0 : std::round(urgency * 100) / 100;
  Decision(workload).decide(workload);
  if (workload.blocked_pods > 0) {
    // If other pods run, it is not the reason for what to do with them.
    const auto place = has_not_started(workload) ? workload.reasons.begin() : workload.reasons.end();
    workload.reasons.insert(place, Text(blocked_text(workload)));
  }
  if (!exposure_gap.empty()) {
    workload.reasons.push_back("exposure not known, assumed to be the widest: " + std::string(exposure_gap));
  }
}

}  // namespace initscan::audit

#include "audit/plan/waves.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>

namespace initscan::audit {
namespace {

// What goes first has the least to lose: its other pods serve meanwhile.
enum class Stage : std::uint8_t { replicated, per_node, single, stateful };

Stage stage_of(const Workload& workload) {
  if (workload.owner.kind == "StatefulSet") return Stage::stateful;
  if (workload.owner.kind == "DaemonSet") return Stage::per_node;
  return workload.pods > 1 ? Stage::replicated : Stage::single;
}

std::string words_of(Stage stage, const Workload& workload) {
  switch (stage) {
    case Stage::replicated: return std::to_string(workload.pods) + " pods: the others serve in the meantime";
    case Stage::per_node: return "one pod per node: after workloads with replicas";
    case Stage::single: return "its only pod: late, because nothing serves in the meantime";
    case Stage::stateful: return "keeps state: last, one pod at a time";
  }
  return "";
}

std::string why_by_hand(const Owner& owner) {
  if (owner.kind == "Job") return "a Job ends by itself; the next one starts from the image";
  if (owner.kind == "CronJob") return "its next run starts from the image";
  if (owner.kind == "Pod") return "no controller replaces it: delete and create it by hand";
  if (owner.kind == "ReplicaSet" || owner.kind == "ReplicationController") {
    return "it has no rollout: delete its pods one by one";
  }
  return "no built-in rollout: restart it with the tools of its kind";
}

// Budgets of one workload, as they are in the cluster.
struct BudgetState {
  std::string gap;        // why they are not known; "" where they are
  std::string exhausted;  // one that allows no disruption now
  std::string text;       // "budget web allows 1 disruption"
};

class Budgets {
 public:
  explicit Budgets(const std::vector<ClusterFacts>& clusters) {
    for (const ClusterFacts& cluster : clusters) {
      if (!cluster.budgets) {
        gaps_[cluster.name] = cluster.budgets.why_not.empty() ? "not read" : cluster.budgets.why_not;
        continue;
      }
      known_.insert(cluster.name);
      for (const DisruptionBudget& budget : *cluster.budgets) {
        allowed_[{cluster.name, budget.namespace_, budget.name}] = budget.disruptions_allowed;
      }
    }
  }

  BudgetState of(const Workload& workload) const {
    BudgetState state;
    if (const auto gap = gaps_.find(workload.cluster); gap != gaps_.end()) state.gap = gap->second;
    if (state.gap.empty() && !known_.count(workload.cluster)) state.gap = "not read";
    if (!state.gap.empty()) return state;
    for (const std::string& name : workload.budgets) {
      const auto budget = allowed_.find({workload.cluster, workload.namespace_, name});
      const std::int64_t allowed = budget == allowed_.end() ? 0 : budget->second;
      if (allowed <= 0 && state.exhausted.empty()) state.exhausted = name;
      state.text +=
          "; budget " + name + " allows " + std::to_string(allowed) + (allowed == 1 ? " disruption" : " disruptions");
    }
    return state;
  }

 private:
  std::map<std::tuple<std::string, std::string, std::string>, std::int64_t> allowed_;
  std::map<std::string, std::string> gaps_;
  std::set<std::string> known_;
};

// What two workloads of one wave must not have in common.
std::vector<std::string> groups_of(const Workload& workload) {
  const std::string space = workload.cluster + '\n' + workload.namespace_ + '\n';
  std::vector<std::string> groups;
  for (const std::string& name : workload.services) groups.push_back(space + "Service " + name);
  for (const std::string& name : workload.budgets) groups.push_back(space + "budget " + name);
  return groups;
}

struct OpenWave {
  std::vector<std::size_t> workloads;
  std::set<std::string> groups;
  Stage stage;
};

// The first wave of its stage that takes the workload; says in `waited` whom it had to give way to.
OpenWave& wave_for(std::vector<OpenWave>& waves, Stage stage, const std::vector<std::string>& groups,
                   std::string& waited) {
  for (OpenWave& wave : waves) {
    if (wave.stage != stage) continue;
    const auto shared =
        std::find_if(groups.begin(), groups.end(), [&](const auto& group) { return wave.groups.count(group); });
    if (shared != groups.end()) {
      waited = "; not together with others of " + shared->substr(shared->rfind('\n') + 1);
      continue;
    }
    if (wave.workloads.size() < kMaxWorkloadsPerWave) return wave;
  }
  waves.push_back({{}, {}, stage});
  return waves.back();
}

}  // namespace

bool can_be_restarted(const Owner& owner) {
  return owner.api_version == "apps/v1" &&
         (owner.kind == "Deployment" || owner.kind == "StatefulSet" || owner.kind == "DaemonSet");
}

std::vector<RotationWave> plan_waves(std::vector<Workload>& workloads, const std::vector<ClusterFacts>& clusters) {
  const Budgets budgets(clusters);
  std::vector<std::size_t> candidates;
  std::map<std::size_t, std::string> budget_texts;
  for (std::size_t i = 0; i < workloads.size(); ++i) {
    Workload& workload = workloads[i];
    workload.wave.reset();
    workload.wave_reason = {};
    if (workload.action != Action::rotate_now) continue;
    if (!can_be_restarted(workload.owner)) {
      workload.wave_reason = why_by_hand(workload.owner);
      continue;
    }
    const BudgetState state = budgets.of(workload);
    if (!state.gap.empty()) {
      workload.wave_reason = "whether its PodDisruptionBudgets allow it is not known: " + state.gap;
    } else if (!state.exhausted.empty()) {
      workload.wave_reason = "PodDisruptionBudget " + state.exhausted + " allows no disruption now";
    } else if (workload.budgets.size() == kMaxSelecting) {
      workload.wave_reason = "too many PodDisruptionBudgets select it";
    } else {
      candidates.push_back(i);
      budget_texts[i] = state.text;
    }
  }
  std::sort(candidates.begin(), candidates.end(), [&](std::size_t a, std::size_t b) {
    const auto rank = [&](const Workload& w) {
      return std::make_tuple(stage_of(w), -w.urgency, std::cref(w.cluster), std::cref(w.namespace_),
                             std::cref(w.owner.kind), std::cref(w.owner.name));
    };
    return rank(workloads[a]) < rank(workloads[b]);
  });

  std::vector<OpenWave> open;
  for (const std::size_t i : candidates) {
    const std::vector<std::string> groups = groups_of(workloads[i]);
    const Stage stage = stage_of(workloads[i]);
    std::string waited;
    OpenWave& wave = wave_for(open, stage, groups, waited);
    wave.workloads.push_back(i);
    wave.groups.insert(groups.begin(), groups.end());
    workloads[i].wave_reason = words_of(stage, workloads[i]) + waited + budget_texts[i];
  }
  // Candidates came stage by stage, so the waves are in order.
  std::vector<RotationWave> waves;
  for (OpenWave& wave : open) {
    const int number = static_cast<int>(waves.size()) + 1;
    for (const std::size_t i : wave.workloads) workloads[i].wave = number;
    std::sort(wave.workloads.begin(), wave.workloads.end());
    waves.push_back({number, std::move(wave.workloads)});
  }
  return waves;
}

}  // namespace initscan::audit

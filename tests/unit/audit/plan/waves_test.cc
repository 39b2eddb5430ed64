#include "audit/plan/waves.h"

#include "tests/unit/audit/judge/build.h"

#include <algorithm>
#include <random>

namespace initscan::audit {
namespace {

Workload due(std::string name, double urgency = 50, std::string kind = "Deployment", std::size_t pods = 2) {
  Workload made = build::workload(std::move(name));
  made.owner.kind = std::move(kind);
  made.owner.api_version = made.owner.kind == "Pod"                                   ? "v1"
                           : made.owner.kind == "Job" || made.owner.kind == "CronJob" ? "batch/v1"
                                                                                      : "apps/v1";
  made.action = Action::rotate_now;
  made.urgency = urgency;
  made.pods = pods;
  return made;
}

std::vector<ClusterFacts> cluster_with(std::vector<DisruptionBudget> budgets = {}) {
  std::vector<ClusterFacts> clusters(1, build::empty_cluster());
  *clusters[0].budgets.value = std::move(budgets);
  return clusters;
}

// "web:1" for its wave, "web:-" for none.
std::vector<std::string> planned(std::vector<Workload> workloads,
                                 const std::vector<ClusterFacts>& clusters = cluster_with()) {
  plan_waves(workloads, clusters);
  std::vector<std::string> out;
  for (const Workload& w : workloads) out.push_back(w.owner.name + ':' + (w.wave ? std::to_string(*w.wave) : "-"));
  return out;
}

using Strings = std::vector<std::string>;

TEST(Waves, AreOnlyOfWhatIsToBeRotated) {
  Workload fine = due("fine");
  fine.action = Action::make_immutable;
  EXPECT_EQ(planned({fine, due("due")}), (Strings{"fine:-", "due:1"}));
}

TEST(Waves, SingletonsAndStateComeLate) {
  EXPECT_EQ(planned({due("db", 90, "StatefulSet"), due("alone", 90, "Deployment", 1), due("agent", 90, "DaemonSet"),
                     due("web", 1)}),
            (Strings{"db:4", "alone:3", "agent:2", "web:1"}));
}

TEST(Waves, HoldAtMostSoMany) {
  std::vector<Workload> many;
  for (int i = 0; i < 25; ++i) many.push_back(due("w" + std::to_string(i), 100 - i));
  const auto waves = plan_waves(many, cluster_with());
  ASSERT_EQ(waves.size(), 3u);
  EXPECT_EQ(waves[0].workloads.size(), kMaxWorkloadsPerWave);
  EXPECT_EQ(waves[2].workloads.size(), 5u);
  EXPECT_EQ(*many[0].wave, 1) << "the most urgent first";
  EXPECT_EQ(*many[24].wave, 3);
}

TEST(Waves, HoldOneOfAService) {
  Workload blue = due("blue", 60);
  Workload green = due("green", 50);
  Workload other = due("other", 40);
  blue.services = green.services = {"shop"};
  other.services = {"shop"};
  other.namespace_ = "elsewhere";
  std::vector<Workload> workloads = {blue, green, other};
  plan_waves(workloads, cluster_with());
  EXPECT_EQ(workloads[0].wave, 1);
  EXPECT_EQ(workloads[1].wave, 2);
  EXPECT_EQ(workloads[2].wave, 1) << "another namespace's Service of the same name";
  EXPECT_EQ(workloads[1].wave_reason,
            "2 pods: the others serve in the meantime; not together with others of Service shop");
}

TEST(Waves, HoldOneOfABudget) {
  Workload a = due("a");
  Workload b = due("b");
  a.budgets = b.budgets = {"shop"};
  EXPECT_EQ(planned({a, b}, cluster_with({{"shop", "shop", {}, 1}})), (Strings{"a:1", "b:2"}));
}

struct Case {
  const char* name;
  Workload workload;
  std::vector<ClusterFacts> clusters;
  bool planned;
  std::string reason;
};

Workload budgeted(std::string budget) {
  Workload made = due("web");
  made.budgets = {std::move(budget)};
  return made;
}

std::vector<ClusterFacts> without_budgets() {
  std::vector<ClusterFacts> clusters = cluster_with();
  clusters[0].budgets = {std::nullopt, "poddisruptionbudgets: 403 Forbidden"};
  return clusters;
}

class WaveReason : public testing::TestWithParam<Case> {};

TEST_P(WaveReason, IsSaid) {
  std::vector<Workload> workloads = {GetParam().workload};
  plan_waves(workloads, GetParam().clusters);
  EXPECT_EQ(workloads[0].wave.has_value(), GetParam().planned);
  EXPECT_EQ(workloads[0].wave_reason, GetParam().reason);
}

INSTANTIATE_TEST_SUITE_P(
    Table, WaveReason,
    testing::Values(
        Case{"Replicas", due("web"), cluster_with(), true, "2 pods: the others serve in the meantime"},
        Case{"BudgetAllows", budgeted("b"), cluster_with({{"b", "shop", {}, 1}}), true,
             "2 pods: the others serve in the meantime; budget b allows 1 disruption"},
        Case{"BudgetForbids", budgeted("b"), cluster_with({{"b", "shop", {}, 0}}), false,
             "PodDisruptionBudget b allows no disruption now"},
        Case{"BudgetOfAnotherNamespaceIsNone", budgeted("b"), cluster_with({{"b", "other", {}, 5}}), false,
             "PodDisruptionBudget b allows no disruption now"},
        Case{"BudgetsNotRead", due("web"), without_budgets(), false,
             "whether its PodDisruptionBudgets allow it is not known: poddisruptionbudgets: 403 Forbidden"},
        Case{"ClusterNotKnown",
             due("web"),
             {},
             false,
             "whether its PodDisruptionBudgets allow it is not known: not read"},
        Case{"Alone", due("web", 1, "Deployment", 1), cluster_with(), true,
             "its only pod: late, because nothing serves in the meantime"},
        Case{"State", due("db", 1, "StatefulSet", 3), cluster_with(), true, "keeps state: last, one pod at a time"},
        Case{"BarePod", due("p", 1, "Pod"), cluster_with(), false,
             "no controller replaces it: delete and create it by hand"},
        Case{"CronJob", due("c", 1, "CronJob"), cluster_with(), false, "its next run starts from the image"},
        Case{"ReplicaSet", due("r", 1, "ReplicaSet"), cluster_with(), false,
             "it has no rollout: delete its pods one by one"},
        Case{"OfAnotherKind", due("r", 1, "Rollout"), cluster_with(), false,
             "no built-in rollout: restart it with the tools of its kind"}),
    [](const auto& test) { return test.param.name; });

TEST(Waves, DoNotDependOnTheOrderOfWorkloads) {
  std::vector<Workload> workloads;
  for (int i = 0; i < 40; ++i) {
    Workload made =
        due("w" + std::to_string(i), i % 7, i % 5 ? "Deployment" : "StatefulSet", static_cast<std::size_t>(1 + i % 3));
    if (i % 2) made.services = {"s" + std::to_string(i % 6)};
    workloads.push_back(std::move(made));
  }
  const auto sorted = [](std::vector<std::string> texts) {
    std::sort(texts.begin(), texts.end());
    return texts;
  };
  const auto want = sorted(planned(workloads));
  std::mt19937 random(3);
  for (int round = 0; round < 10; ++round) {
    std::shuffle(workloads.begin(), workloads.end(), random);
    EXPECT_EQ(sorted(planned(workloads)), want);
  }
}

}  // namespace
}  // namespace initscan::audit

#include "audit/judge/workloads.h"

#include "tests/unit/audit/judge/build.h"

#include <algorithm>
#include <random>

namespace initscan::audit {
namespace {

using build::kNow;
using build::result;
using Strings = std::vector<std::string>;

struct World {
  ClusterFacts cluster = build::empty_cluster();
  AuditPolicy policy;

  std::vector<Workload> judge(const std::vector<std::pair<Pod, std::vector<CheckResult>>>& pods) {
    cluster.name = "test";
    Workloads workloads({cluster, policy, nullptr, kNow});
    for (const auto& [pod, results] : pods) workloads.add(pod, results);
    return workloads.finish();
  }
};

Pod replica(int number, int age_days = 1) {
  Pod pod = build::pod("web-" + std::to_string(number), {build::container("app", age_days)});
  pod.created = build::days_ago(age_days);
  pod.owner = OwnerReference{"ReplicaSet", "web-5d4", "rs"};
  pod.containers[0].status.image_id = "example/app@sha256:" + std::to_string(number % 3);
  pod.containers[0].status.restarts = number;
  return pod;
}

World with_deployment() {
  World world;
  (*world.cluster.owners.value)["rs"] = {"apps/v1", "Deployment", "web", "d"};
  return world;
}

TEST(WorkloadsOf, ReplicasAreOneDeployment) {
  World world = with_deployment();
  const auto got = world.judge({{replica(1, 40), {result("writable-root", Outcome::fail)}},
                                {replica(2, 10), {result("writable-root", Outcome::fail)}},
                                {replica(3, 90), {result("writable-root", Outcome::fail)}}});
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].name(), "Deployment/web");
  EXPECT_EQ(got[0].cluster, "test");
  EXPECT_EQ(got[0].pods, 3u);
  ASSERT_EQ(got[0].containers.size(), 1u);
  const WorkloadContainer& app = got[0].containers[0];
  EXPECT_EQ(app.running, 3u);
  EXPECT_EQ(app.oldest_start, build::days_ago(90));
  EXPECT_EQ(app.max_restarts, 3);
  EXPECT_EQ(build::strings(app.image_ids),
            (Strings{"example/app@sha256:0", "example/app@sha256:1", "example/app@sha256:2"}));
  const auto writable = std::count_if(got[0].results.begin(), got[0].results.end(), [](const auto& f) {
    return f.result.check->id == "writable-root" && f.pods == 3;
  });
  EXPECT_EQ(writable, 1);
  EXPECT_NE(got[0].patch, "");
}

TEST(WorkloadsOf, TheImageAndThePatchAreOfTheNewestPod) {
  World world = with_deployment();
  Pod old = replica(1, 40);
  Pod fresh = replica(2, 1);
  old.containers[0].image = "example/app:old";
  fresh.containers[0].image = "nginx:1.25";
  for (const bool reversed : {false, true}) {
    std::vector<std::pair<Pod, std::vector<CheckResult>>> pods = {{old, {}}, {fresh, {}}};
    if (reversed) std::reverse(pods.begin(), pods.end());
    const auto got = world.judge(pods);
    EXPECT_EQ(got[0].containers[0].image, "nginx:1.25");
    EXPECT_NE(got[0].patch.view().find("/var/cache/nginx"), std::string_view::npos);
  }
}

bool drifts(const Workload& workload) {
  return std::any_of(workload.results.begin(), workload.results.end(),
                     [](const WorkloadResult& found) { return found.result.check->id == "replica-drift"; });
}

TEST(WorkloadsOf, DifferentImagesUnderOneNameAreDriftAndUnderTwoARollout) {
  World world = with_deployment();
  Pod fresh = replica(2);
  const auto drifted = world.judge({{replica(1), {}}, {fresh, {}}});
  EXPECT_EQ(drifted[0].containers[0].image_names, 1u);
  EXPECT_TRUE(drifts(drifted[0]));
  fresh.containers[0].image = "example/app:2";
  const auto rolling = world.judge({{replica(1), {}}, {fresh, {}}});
  EXPECT_EQ(rolling[0].containers[0].image_names, 2u);
  EXPECT_FALSE(drifts(rolling[0]));
}

TEST(WorkloadsOf, TheTeamIsThePodsElseTheNamespaces) {
  World world = with_deployment();
  (*world.cluster.namespaces.value)["shop"].labels["team"] = "platform";
  EXPECT_EQ(world.judge({{replica(1), {}}})[0].team, "platform");
  Pod own = replica(1);
  own.labels["team"] = "checkout";
  EXPECT_EQ(world.judge({{own, {}}})[0].team, "checkout");
  world.policy.team_label = "squad";
  EXPECT_EQ(world.judge({{own, {}}})[0].team, "");
}

TEST(WorkloadsOf, APodOnAWindowsNodeGetsNoPatch) {
  World world = with_deployment();
  (*world.cluster.nodes.value)["worker-1"].os = "windows";
  const auto got = world.judge({{replica(1), {}}});
  EXPECT_EQ(got[0].patch, "");
  EXPECT_EQ(build::strings(got[0].patch_notes), Strings{"Windows has no read-only root file system: rotate instead"});
}

TEST(WorkloadsOf, ImageIdsAreBounded) {
  World world = with_deployment();
  std::vector<std::pair<Pod, std::vector<CheckResult>>> pods;
  for (int i = 0; i < 100; ++i) {
    pods.emplace_back(replica(i), std::vector<CheckResult>{});
    pods.back().first.containers[0].status.image_id = "sha256:" + std::to_string(100 + i);
  }
  const auto ids = world.judge(pods)[0].containers[0].image_ids;
  EXPECT_EQ(ids.size(), kMaxImageIds);
  EXPECT_EQ(ids[0], "sha256:100");
}

TEST(WorkloadsOf, TheLargestWriteLayerOrWhyThereIsNone) {
  World world = with_deployment();
  EXPECT_EQ(world.judge({{replica(1), {}}})[0].containers[0].largest_write_layer.why_not, "no kubelet reported it");
  world.cluster.write_layer_gaps["worker-1"] = "connection refused";
  EXPECT_EQ(world.judge({{replica(1), {}}})[0].containers[0].largest_write_layer.why_not, "connection refused");
  world.cluster.write_layers[{"shop", "web-1", "app"}] = {10, 1};
  world.cluster.write_layers[{"shop", "web-2", "app"}] = {30, 1};
  const auto got = world.judge({{replica(1), {}}, {replica(2), {}}, {replica(3), {}}});
  ASSERT_TRUE(got[0].containers[0].largest_write_layer);
  EXPECT_EQ(got[0].containers[0].largest_write_layer->bytes, 30u);
}

TEST(WorkloadsOf, AcceptedResultsDoNotCount) {
  World world = with_deployment();
  Exception accepted;
  accepted.check = "*";
  accepted.reason = "legacy";
  accepted.expires = kNow + std::chrono::days(1);
  world.policy.exceptions = {accepted};
  const auto got = world.judge({{replica(1), {result("writable-root", Outcome::fail)}}});
  EXPECT_EQ(to_string(got[0].action), "fine");
  EXPECT_TRUE(got[0].results[0].is_accepted());
}

TEST(WorkloadsOf, ServicesThatCouldNotBeReadAreSaid) {
  World world = with_deployment();
  world.cluster.services = {std::nullopt, "services: 403 Forbidden"};
  const auto got = world.judge({{replica(1), {}}});
  EXPECT_EQ(got[0].reasons.back(), "exposure not known, assumed to be the widest: services: 403 Forbidden");
}

TEST(WorkloadsOf, EqualInputGivesEqualWorkloadsInAnyOrder) {
  World world = with_deployment();
  std::vector<std::pair<Pod, std::vector<CheckResult>>> pods;
  for (int i = 0; i < 30; ++i) {
    pods.emplace_back(replica(i, 1 + i % 4),
                      std::vector<CheckResult>{result("writable-root", Outcome::fail),
                                               result("age", i % 2 ? Outcome::fail : Outcome::pass)});
    if (i % 10 == 0) pods.back().first.owner.reset();
  }
  const auto text = [&] {
    std::string out;
    for (const Workload& w : world.judge(pods)) {
      out += w.name() + ' ' + std::to_string(w.urgency) + ' ' + std::to_string(w.passed) + std::string(w.patch) + '\n';
      for (const auto& f : w.results)
        out += std::string(f.result.check->id) + std::string(f.example_pod) + std::to_string(f.pods) + '\n';
    }
    return out;
  };
  const std::string want = text();
  std::mt19937 random(5);
  for (int round = 0; round < 5; ++round) {
    std::shuffle(pods.begin(), pods.end(), random);
    EXPECT_EQ(text(), want);
  }
}

TEST(SortByUrgency, SortsThenByPlace) {
  std::vector<Workload> workloads = {build::workload("b"), build::workload("a"), build::workload("urgent")};
  workloads[2].urgency = 10;
  sort_by_urgency(workloads);
  EXPECT_EQ(workloads[0].owner.name, "urgent");
  EXPECT_EQ(workloads[1].owner.name, "a");
}

}  // namespace
}  // namespace initscan::audit

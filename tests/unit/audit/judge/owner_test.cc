#include "audit/judge/workloads.h"
#include "tests/unit/audit/judge/build.h"

namespace initscan::audit {
namespace {

Owner owned_by(std::string kind, std::string name, std::map<std::string, Owner, std::less<>> above) {
  Pod pod = build::pod("web-1");
  pod.owner = OwnerReference{std::move(kind), std::move(name), "u1"};
  ClusterFacts cluster;
  cluster.owners.value = std::move(above);
  return owner_of(pod, cluster);
}

TEST(OwnerOf, APodWithoutOneIsItself) {
  EXPECT_EQ(owner_of(build::pod("web-1"), {}), (Owner{"v1", "Pod", "web-1", "uid-web-1"}));
}

TEST(OwnerOf, ADeploymentThroughItsReplicaSet) {
  EXPECT_EQ(owned_by("ReplicaSet", "web-5d4", {{"u1", {"apps/v1", "Deployment", "web", "u2"}}}),
            (Owner{"apps/v1", "Deployment", "web", "u2"}));
}

TEST(OwnerOf, ACronJobThroughItsJob) {
  EXPECT_EQ(owned_by("Job", "nightly-2900", {{"u1", {"batch/v1", "CronJob", "nightly", "u2"}}}),
            (Owner{"batch/v1", "CronJob", "nightly", "u2"}));
}

TEST(OwnerOf, TheNearestWhereTheChainEnds) {
  EXPECT_EQ(owned_by("ReplicaSet", "web-5d4", {}), (Owner{"apps/v1", "ReplicaSet", "web-5d4", "u1"}));
  EXPECT_EQ(owned_by("StatefulSet", "db", {}), (Owner{"apps/v1", "StatefulSet", "db", "u1"}));
  EXPECT_EQ(owned_by("Rollout", "web", {}), (Owner{"", "Rollout", "web", "u1"}));
}

TEST(OwnerOf, TheNearestWhereOwnersCouldNotBeRead) {
  Pod pod = build::pod("web-1");
  pod.owner = OwnerReference{"ReplicaSet", "web-5d4", "u1"};
  ClusterFacts cluster;
  cluster.owners.why_not = "403 Forbidden";
  EXPECT_EQ(owner_of(pod, cluster).kind, "ReplicaSet");
}

TEST(OwnerOf, AMirrorOfAFileOnItsNodeIsItself) {
  Pod pod = build::pod("etcd-node-1");
  pod.owner = OwnerReference{"Node", "node-1", "u1"};
  EXPECT_EQ(owner_of(pod, {}).name, "etcd-node-1");
}

TEST(OwnerOf, ACircleEnds) {
  EXPECT_EQ(owned_by("ReplicaSet", "a",
                     {{"u1", {"apps/v1", "ReplicaSet", "b", "u2"}}, {"u2", {"apps/v1", "ReplicaSet", "a", "u1"}}})
                .kind,
            "ReplicaSet");
}

}  // namespace
}  // namespace initscan::audit

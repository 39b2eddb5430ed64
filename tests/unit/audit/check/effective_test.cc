#include "audit/check/effective.h"

#include <gtest/gtest.h>

namespace initscan::audit {
namespace {

struct Case {
  const char* name;
  std::vector<std::string> add;
  std::vector<std::string> drop;
  std::string_view capability;
  std::string_view runtime;
  Answered want;
};

class Capabilities : public testing::TestWithParam<Case> {};

TEST_P(Capabilities, AreTheRuntimesAndTheManifests) {
  const Case& c = GetParam();
  Container container;
  container.security.add_capabilities = c.add;
  container.security.drop_capabilities = c.drop;
  EXPECT_EQ(has_capability(container, c.capability, c.runtime), c.want);
}

constexpr std::string_view kContainerd = "containerd://2.1.4";
constexpr std::string_view kCrio = "cri-o://1.34.0";

INSTANTIATE_TEST_SUITE_P(Table, Capabilities,
                         testing::Values(Case{"Default", {}, {}, "CHOWN", "", Answered::yes},
                                         Case{"DefaultOfOneRuntime", {}, {}, "MKNOD", kContainerd, Answered::yes},
                                         Case{"NotOfTheOther", {}, {}, "MKNOD", kCrio, Answered::no},
                                         Case{"OfNobodyKnowsWhich", {}, {}, "MKNOD", "", Answered::unknown},
                                         Case{"OfNoRuntime", {}, {}, "SYS_ADMIN", "", Answered::no},
                                         Case{"Added", {"CAP_sys_admin"}, {}, "SYS_ADMIN", "", Answered::yes},
                                         Case{"AddedBack", {"MKNOD"}, {"ALL"}, "MKNOD", "", Answered::yes},
                                         Case{"DroppedWins", {"MKNOD"}, {"mknod"}, "MKNOD", "", Answered::no},
                                         Case{"AllDropped", {}, {"all"}, "CHOWN", "", Answered::no},
                                         Case{"AllAdded", {"ALL"}, {}, "SYS_TIME", "", Answered::yes},
                                         Case{"AllAddedAndDropped", {"ALL"}, {"ALL"}, "SYS_TIME", "", Answered::no},
                                         Case{"AllButOne", {"ALL"}, {"SYS_TIME"}, "SYS_TIME", "", Answered::no}),
                         [](const auto& test) { return test.param.name; });

TEST(Capabilities, AreAllOfAPrivilegedContainer) {
  Container container;
  container.security.privileged = true;
  container.security.drop_capabilities = {"ALL"};
  EXPECT_EQ(has_capability(container, "SYS_TIME", ""), Answered::yes);
}

TEST(Digest, IsTheEndOfAnImageName) {
  const std::string hex(64, 'a');
  EXPECT_EQ(digest_of("shop:1@sha256:" + hex), "sha256:" + hex);
  for (const std::string& image : {std::string(), "sha256:" + hex, "shop@sha256:" + hex + 'a', std::string("shop:1"),
                                   std::string("shop@sha256:")}) {
    EXPECT_EQ(digest_of(image), "") << image;
  }
}

TEST(UserNamespace, TakesTheNodesWordBeforeTheClusters) {
  Pod pod;
  pod.host_users = false;
  pod.node = "worker-1";
  ClusterFacts cluster;
  cluster.version = "v1.36.0";
  EXPECT_EQ(has_user_namespace(pod, cluster), Answered::yes);
  cluster.nodes.value = {{"worker-1", Node{true, "linux", "v1.29.4", ""}}};
  EXPECT_EQ(has_user_namespace(pod, cluster), Answered::unknown);
  pod.host_users = true;
  EXPECT_EQ(has_user_namespace(pod, cluster), Answered::no);
}

}  // namespace
}  // namespace initscan::audit

#include "audit/harden/patch.h"
#include "tests/unit/audit/judge/build.h"

#include <functional>

namespace initscan::audit {
namespace {

const Owner kOwner{"apps/v1", "Deployment", "web", "uid"};

Pod base() {
  Container app = build::container("app");
  app.image = "example/nginx:1";
  app.command = {"nginx"};
  app.mounts = {{"data", "/data", "", false, false}, {"cache", "/var/cache/nginx", "", false, false}};
  app.ports = {8080};
  Pod pod = build::pod("web-1", {app, build::container("log")});
  pod.volumes = {{"data", "emptyDir", "", "", ""}};
  return pod;
}

struct Change {
  const char* name;
  std::function<void(Pod&)> make;
};

class ThatThePatchSees : public testing::TestWithParam<Change> {};

TEST_P(ThatThePatchSees, MakesAnotherDigest) {
  Pod changed = base();
  GetParam().make(changed);
  const ManifestPatch before = make_patch(base(), "", kOwner, nullptr);
  const ManifestPatch after = make_patch(changed, changed.os, kOwner, nullptr);
  EXPECT_TRUE(before.yaml != after.yaml || before.notes != after.notes) << "the row changes nothing";
  EXPECT_NE(template_digest(base(), ""), template_digest(changed, changed.os));
}

SecurityContext& security(Pod& pod) {
  return pod.containers[0].security;
}

INSTANTIATE_TEST_SUITE_P(
    Table, ThatThePatchSees,
    testing::Values(Change{"Os", [](Pod& pod) { pod.os = "windows"; }},
                    Change{"HostNetwork",
                           [](Pod& pod) {
                             // Both have the port and the user without which it makes no difference.
                             pod.host_network = true;
                             pod.containers[0].ports = {80};
                             security(pod).run_as_user = 1000;
                           }},
                    Change{"VolumeName", [](Pod& pod) { pod.volumes[0].name = "app-tmp"; }},
                    Change{"PodUser", [](Pod& pod) { pod.security.run_as_user = 1000; }},
                    Change{"PodNonRoot", [](Pod& pod) { pod.security.run_as_non_root = true; }},
                    Change{"PodSeccomp",
                           [](Pod& pod) {
                             pod.security.seccomp = Profile{"RuntimeDefault", ""};
                           }},
                    Change{"ContainerName", [](Pod& pod) { pod.containers[0].name = "web"; }},
                    Change{"ContainerKind", [](Pod& pod) { pod.containers[1].kind = ContainerKind::init; }},
                    Change{"OneMoreContainer", [](Pod& pod) { pod.containers.push_back(build::container("more")); }},
                    Change{"Image", [](Pod& pod) { pod.containers[0].image = "example/redis:1"; }},
                    Change{"Command", [](Pod& pod) { pod.containers[1].command = {"redis-server"}; }},
                    Change{"Arguments", [](Pod& pod) { pod.containers[1].args = {"redis-server"}; }},
                    Change{"MountPath", [](Pod& pod) { pod.containers[0].mounts[0].path = "/tmp"; }},
                    Change{"MountReadOnly", [](Pod& pod) { pod.containers[0].mounts[1].read_only = true; }},
                    Change{"Ports", [](Pod& pod) { pod.containers[1].ports = {80}; }},
                    Change{"Privileged", [](Pod& pod) { security(pod).privileged = true; }},
                    Change{"ReadOnlyRoot", [](Pod& pod) { security(pod).read_only_root = true; }},
                    Change{"Escalation", [](Pod& pod) { security(pod).allow_privilege_escalation = false; }},
                    Change{"User", [](Pod& pod) { security(pod).run_as_user = 1000; }},
                    Change{"NonRoot", [](Pod& pod) { security(pod).run_as_non_root = true; }},
                    Change{"Adds", [](Pod& pod) { security(pod).add_capabilities = {"SYS_TIME"}; }},
                    Change{"Drops", [](Pod& pod) { security(pod).drop_capabilities = {"ALL"}; }},
                    Change{"Seccomp",
                           [](Pod& pod) {
                             security(pod).seccomp = Profile{"Localhost", "a.json"};
                           }}),
    [](const auto& test) { return test.param.name; });

TEST(TemplateDigest, IsThatOfAnyReplica) {
  Pod other = base();
  other.name = "web-2";
  other.uid = "another";
  other.created = build::days_ago(9);
  other.node = "worker-2";
  other.labels["pod-template-hash"] = "1";
  other.containers[0].status = {};
  other.containers[0].environment.push_back({"A", "b", ""});
  EXPECT_EQ(template_digest(other, ""), template_digest(base(), ""));
}

TEST(TemplateDigest, KnowsWhereAListEnds) {
  Pod one = base();
  Pod other = base();
  one.containers[0].command = {"a", "b"};
  one.containers[0].args = {};
  other.containers[0].command = {"a"};
  other.containers[0].args = {"b"};
  EXPECT_NE(template_digest(one, ""), template_digest(other, ""));
}

TEST(TemplateDigest, KnowsWhereATextEnds) {
  Pod one = base();
  Pod other = base();
  one.containers[0].command = {"a", "bc"};
  other.containers[0].command = {"ab", "c"};
  EXPECT_NE(template_digest(one, ""), template_digest(other, ""));
}

}  // namespace
}  // namespace initscan::audit

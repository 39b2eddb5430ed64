#include "audit/harden/patch.h"

#include "tests/unit/audit/judge/build.h"

#include <algorithm>

#include <yaml-cpp/yaml.h>

namespace initscan::audit {
namespace {

using Strings = std::vector<std::string>;

const Owner kDeployment{"apps/v1", "Deployment", "web", "uid"};

Pod pod_of(Container container) {
  return build::pod("web-1", {std::move(container)});
}

ManifestPatch patch_of(Container container, const Owner& owner = kDeployment) {
  return make_patch(pod_of(std::move(container)), "", owner, nullptr);
}

YAML::Node security(const ManifestPatch& patch) {
  return YAML::Load(patch.yaml)["spec"]["template"]["spec"]["containers"][0]["securityContext"];
}

Strings added(const ManifestPatch& patch) {
  const YAML::Node add = security(patch)["capabilities"]["add"];
  return add ? add.as<Strings>() : Strings{};
}

bool says(const ManifestPatch& patch, std::string_view part) {
  return std::any_of(patch.notes.begin(), patch.notes.end(),
                     [&](const std::string& note) { return note.find(part) != note.npos; });
}

Container nginx() {
  Container container = build::container("web");
  container.image = "nginx:1.25";
  return container;
}

TEST(Patch, OfADeploymentIsThisInFull) {
  EXPECT_EQ(patch_of(nginx()).yaml, R"(spec:
  template:
    spec:
      containers:
        - name: web
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              add: [CHOWN, NET_BIND_SERVICE, SETGID, SETUID]
              drop: [ALL]
            readOnlyRootFilesystem: true
            seccompProfile:
              type: RuntimeDefault
          volumeMounts:
            - name: web-run
              mountPath: "/run"
            - name: web-tmp
              mountPath: "/tmp"
            - name: web-var-cache-nginx
              mountPath: "/var/cache/nginx"
      volumes:
        - name: web-run
          emptyDir:
            medium: Memory
            sizeLimit: 16Mi
        - name: web-tmp
          emptyDir:
            sizeLimit: 256Mi
        - name: web-var-cache-nginx
          emptyDir:
            sizeLimit: 256Mi
)");
}

struct Place {
  const char* kind;
  Strings path;
  std::string note;  // "" for none
};

class PatchOf : public testing::TestWithParam<Place> {};

TEST_P(PatchOf, StandsWhereItsKindHasTheContainers) {
  const ManifestPatch patch = patch_of(nginx(), {"", GetParam().kind, "web", "uid"});
  std::vector<YAML::Node> node = {YAML::Load(patch.yaml)};
  for (const std::string& step : GetParam().path) {
    ASSERT_EQ(node.back().size(), 1u) << step;
    node.push_back(node.back()[step]);
  }
  EXPECT_EQ(node.back()["containers"][0]["name"].as<std::string>(), "web");
  EXPECT_TRUE(GetParam().note.empty() || says(patch, GetParam().note));
}

INSTANTIATE_TEST_SUITE_P(
    Table, PatchOf,
    testing::Values(Place{"Deployment", {"spec", "template", "spec"}, ""},
                    Place{"StatefulSet", {"spec", "template", "spec"}, ""},
                    Place{"DaemonSet", {"spec", "template", "spec"}, ""},
                    Place{"ReplicaSet", {"spec", "template", "spec"}, "until they are deleted"},
                    Place{"Job", {"spec", "template", "spec"}, "delete it and create it again"},
                    Place{"CronJob", {"spec", "jobTemplate", "spec", "template", "spec"}, "with the next run"},
                    Place{"Pod", {"spec"}, "it must be recreated"},
                    Place{"Rollout", {"spec", "template", "spec"}, "is not built in"}),
    [](const auto& test) { return test.param.kind; });

TEST(Patch, SaysNothingWhereAllHolds) {
  Container done = nginx();
  done.security.read_only_root = true;
  done.security.allow_privilege_escalation = false;
  done.security.drop_capabilities = {"all"};
  done.security.seccomp = Profile{"Localhost", "shop.json"};
  EXPECT_EQ(patch_of(done).yaml, "");
  EXPECT_EQ(patch_of(done).notes, Strings{});
}

TEST(Patch, SaysOnlyWhatIsMissing) {
  Container most = nginx();
  most.security.read_only_root = true;
  most.security.allow_privilege_escalation = false;
  most.security.drop_capabilities = {"ALL"};
  EXPECT_EQ(patch_of(most).yaml, R"(spec:
  template:
    spec:
      containers:
        - name: web
          securityContext:
            seccompProfile:
              type: RuntimeDefault
)");
}

TEST(Patch, ThePodsSeccompProfileHolds) {
  Pod pod = pod_of(nginx());
  pod.security.seccomp = Profile{"RuntimeDefault", ""};
  EXPECT_FALSE(security(make_patch(pod, pod.os, kDeployment, nullptr))["seccompProfile"]);
  pod.containers[0].security.seccomp = Profile{"Unconfined", ""};
  EXPECT_TRUE(security(make_patch(pod, pod.os, kDeployment, nullptr))["seccompProfile"]);
}

TEST(Capabilities, OfAnotherUserAreNone) {
  Container other = nginx();
  other.security.run_as_user = 101;
  EXPECT_EQ(added(patch_of(other)), Strings{});
  other.security = {};
  other.security.run_as_non_root = true;
  EXPECT_EQ(added(patch_of(other)), Strings{});
}

TEST(Capabilities, OfAnotherUserAtALowPort) {
  Container other = nginx();
  other.security.run_as_user = 101;
  other.ports = {80};
  const ManifestPatch patch = patch_of(other);
  EXPECT_EQ(added(patch), Strings{"NET_BIND_SERVICE"});
  EXPECT_TRUE(says(patch, "net.ipv4.ip_unprivileged_port_start"));
}

TEST(Capabilities, OfAnUnknownProgramThatMayBeRoot) {
  Container unknown = build::container("app");
  unknown.ports = {443};
  const ManifestPatch patch = patch_of(unknown);
  EXPECT_EQ(added(patch), Strings{"NET_BIND_SERVICE"});
  EXPECT_TRUE(says(patch, "its user is the image's"));
}

TEST(Capabilities, ThatTheManifestAddsStay) {
  Container container = build::container("app");
  container.security.run_as_user = 1000;
  container.security.add_capabilities = {"CAP_NET_RAW"};
  const ManifestPatch patch = patch_of(container);
  EXPECT_EQ(added(patch), Strings{"NET_RAW"});
  EXPECT_TRUE(says(patch, "capability NET_RAW is kept because the manifest adds it"));
}

TEST(Capabilities, AllOfThemAreForAPersonToLookAt) {
  Container container = nginx();
  container.security.add_capabilities = {"ALL"};
  const ManifestPatch patch = patch_of(container);
  EXPECT_FALSE(security(patch)["capabilities"]);
  EXPECT_TRUE(says(patch, "find out which ones it uses"));
}

// The API server takes no allowPrivilegeEscalation: false with either.
TEST(Escalation, IsNotForbiddenToThePrivileged) {
  Container container = nginx();
  container.security.privileged = true;
  const ManifestPatch patch = patch_of(container);
  EXPECT_FALSE(security(patch)["allowPrivilegeEscalation"]);
  EXPECT_TRUE(security(patch)["readOnlyRootFilesystem"].as<bool>());
  EXPECT_TRUE(says(patch, "it is privileged"));

  container = nginx();
  container.security.add_capabilities = {"SYS_ADMIN"};
  EXPECT_FALSE(security(patch_of(container))["allowPrivilegeEscalation"]);
}

TEST(Patch, LeavesWhatIsNotTheOwners) {
  Pod pod = build::pod("web-1", {build::container("initscan-gate"), build::container("setup"), nginx(),
                                 build::container("istio-proxy"), build::container("debugger")});
  pod.containers[0].kind = pod.containers[1].kind = ContainerKind::init;
  pod.containers[4].kind = ContainerKind::ephemeral;
  const ManifestPatch patch = make_patch(pod, pod.os, kDeployment, nullptr);
  const YAML::Node spec = YAML::Load(patch.yaml)["spec"]["template"]["spec"];
  EXPECT_EQ(spec["containers"].size(), 1u);
  EXPECT_FALSE(spec["initContainers"]);
  EXPECT_TRUE(says(patch, "container istio-proxy: put into the pod by a webhook"));
  EXPECT_TRUE(says(patch, "init containers stay as they are"));
  EXPECT_FALSE(says(patch, "initscan-gate"));
}

TEST(Patch, ASidecarIsAmongTheInitContainers) {
  Pod pod = build::pod("web-1", {build::container("logs"), nginx()});
  pod.containers[0].kind = ContainerKind::sidecar;
  const YAML::Node spec = YAML::Load(make_patch(pod, pod.os, kDeployment, nullptr).yaml)["spec"]["template"]["spec"];
  EXPECT_EQ(spec["initContainers"][0]["name"].as<std::string>(), "logs");
  EXPECT_EQ(spec["containers"][0]["name"].as<std::string>(), "web");
}

TEST(Patch, WindowsHasNone) {
  Pod pod = pod_of(nginx());
  pod.os = "windows";
  const ManifestPatch patch = make_patch(pod, pod.os, kDeployment, nullptr);
  EXPECT_EQ(patch.yaml, "");
  EXPECT_EQ(patch.notes, Strings{"Windows has no read-only root file system: rotate instead"});
}

TEST(VolumeNames, AreLabelsThatNobodyHas) {
  Container longest = build::container(std::string(63, 'a'));
  Pod pod = build::pod("web-1", {longest, build::container("b"), build::container("b")});
  pod.volumes = {{"b-tmp", "emptyDir", "", "", ""}};
  std::vector<std::string> names;
  const YAML::Node patch = YAML::Load(make_patch(pod, pod.os, kDeployment, nullptr).yaml);
  for (const YAML::Node& volume : patch["spec"]["template"]["spec"]["volumes"]) {
    names.push_back(volume["name"].as<std::string>());
  }
  EXPECT_EQ(names, (Strings{std::string(59, 'a'), "b-tmp-2", "b-tmp-3"}));
}

TEST(Patch, NamesOutOfAClusterStayText) {
  for (const std::string name : {"true", "null", "1e3", "a: b", "- x", "\"", "{{x}}", "a\nb: c", "&a"}) {
    const YAML::Node patch = YAML::Load(patch_of(build::container(name)).yaml);
    const YAML::Node got = patch["spec"]["template"]["spec"]["containers"][0]["name"];
    EXPECT_EQ(got.as<std::string>(), name);
    EXPECT_TRUE(got.Tag() == "!" || name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == name.npos)
        << "not quoted: " << name;
  }
}

}  // namespace
}  // namespace initscan::audit

#include "audit/collect/pod_reader.h"

#include "common/time/rfc3339.h"

#include <gmock/gmock.h>

namespace initscan::audit {
namespace {

using testing::ElementsAre;

Result<Pod> read(std::string_view json) {
  simdjson::dom::parser parser;
  const simdjson::padded_string padded(json);
  simdjson::dom::element element;
  if (parser.parse(padded).get(element) != simdjson::SUCCESS) return Error{Errc::malformed, "the test's JSON"};
  return read_pod(element);
}

// A pod whose one container and whose spec have these fields, too.
std::string pod_with(const std::string& container, const std::string& spec = "", const std::string& rest = "") {
  return R"({"metadata":{"name":"p","namespace":"n"},"spec":{)" + spec + (spec.empty() ? "" : ",") +
         R"("containers":[{"name":"a","image":"a:1")" + (container.empty() ? "" : ",") + container + "}]}" + rest + '}';
}

TEST(PodReader, ReadsWhatTheAuditLooksAt) {
  const auto pod = read(R"({
    "metadata": {"name": "web-1", "namespace": "shop", "uid": "u1", "creationTimestamp": "2026-01-02T03:04:05Z",
      "deletionTimestamp": "2026-01-03T00:00:00Z", "labels": {"app": "web"}, "annotations": {"a/b": "c"},
      "ownerReferences": [{"kind": "Node", "name": "x", "uid": "u2"},
                          {"kind": "ReplicaSet", "name": "web", "uid": "u3", "controller": true}]},
    "spec": {"nodeName": "worker-1", "os": {"name": "linux"}, "serviceAccountName": "robot", "runtimeClassName": "kata",
      "automountServiceAccountToken": false, "hostNetwork": true, "hostPID": true, "hostIPC": true, "hostUsers": false,
      "securityContext": {"runAsUser": 1000, "runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"},
        "sysctls": [{"name": "net.core.somaxconn", "value": "1"}]},
      "volumes": [{"name": "v", "hostPath": {"path": "/var"}}, {"name": "i", "image": {"reference": "example/data:1"}}],
      "initContainers": [{"name": "first", "image": "i"}, {"name": "proxy", "image": "p", "restartPolicy": "Always"}],
      "ephemeralContainers": [{"name": "debug", "image": "d"}],
      "containers": [{"name": "web", "image": "example/web:1", "imagePullPolicy": "Always", "command": ["/web"],
        "args": ["-v"],
        "securityContext": {"privileged": false, "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true,
          "capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}, "procMount": "Default",
          "appArmorProfile": {"type": "Localhost", "localhostProfile": "web"}, "runAsGroup": 7,
          "seLinuxOptions": {"type": "container_t", "level": "s0"}, "windowsOptions": {"hostProcess": false}},
        "volumeMounts": [{"name": "v", "mountPath": "/v", "readOnly": true, "recursiveReadOnly": "IfPossible"},
                         {"name": "i", "mountPath": "/i", "subPath": "s"}],
        "ports": [{"containerPort": 80}, {"containerPort": 81, "hostPort": 81}],
        "envFrom": [{"prefix": "DB_", "secretRef": {"name": "db"}}],
        "env": [{"name": "A", "value": "1"}, {"name": "B", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}],
        "resources": {"limits": {"memory": "1Gi", "ephemeral-storage": null}, "requests": {"cpu": 1}}}]},
    "status": {"phase": "Running",
      "containerStatuses": [{"name": "web", "restartCount": 3, "imageID": "docker-pullable://example/web@sha256:00",
        "containerID": "containerd://12", "state": {"running": {"startedAt": "2026-01-02T04:00:00Z"}}}],
      "ephemeralContainerStatuses": [{"name": "debug", "state": {"terminated": {"exitCode": 1}}}],
      "initContainerStatuses": [{"name": "first"}]}})");
  ASSERT_TRUE(pod) << pod.error().text;
  EXPECT_EQ(pod->name, "web-1");
  EXPECT_EQ(pod->namespace_, "shop");
  EXPECT_EQ(pod->uid, "u1");
  EXPECT_EQ(pod->created, *parse_rfc3339("2026-01-02T03:04:05Z"));
  EXPECT_TRUE(pod->is_being_deleted);
  EXPECT_EQ(pod->labels, (StringMap{{"app", "web"}}));
  EXPECT_EQ(pod->annotations, (StringMap{{"a/b", "c"}}));
  ASSERT_TRUE(pod->owner);
  EXPECT_EQ(pod->owner->kind + '/' + pod->owner->name + '/' + pod->owner->uid, "ReplicaSet/web/u3");
  EXPECT_EQ(pod->node, "worker-1");
  EXPECT_EQ(pod->phase, "Running");
  EXPECT_EQ(pod->os, "linux");
  EXPECT_EQ(pod->service_account, "robot");
  EXPECT_EQ(pod->runtime_class, "kata");
  EXPECT_EQ(pod->automount_token, false);
  EXPECT_TRUE(pod->host_network && pod->host_pid && pod->host_ipc);
  EXPECT_EQ(pod->host_users, false);
  EXPECT_EQ(pod->security.run_as_user, 1000);
  EXPECT_EQ(pod->security.run_as_non_root, true);
  EXPECT_EQ(pod->security.seccomp->type, "RuntimeDefault");
  EXPECT_THAT(pod->security.sysctls, ElementsAre("net.core.somaxconn"));
  ASSERT_EQ(pod->volumes.size(), 2u);
  EXPECT_EQ(pod->volumes[0].kind + pod->volumes[0].host_path, "hostPath/var");
  EXPECT_EQ(pod->volumes[1].kind + ' ' + pod->volumes[1].image, "image example/data:1");

  ASSERT_EQ(pod->containers.size(), 4u);
  EXPECT_EQ(pod->containers[0].kind, ContainerKind::init);
  EXPECT_EQ(pod->containers[0].status.state, ContainerState::waiting);
  EXPECT_EQ(pod->containers[1].kind, ContainerKind::sidecar);
  EXPECT_FALSE(pod->containers[1].status.known);
  EXPECT_EQ(pod->containers[3].kind, ContainerKind::ephemeral);
  EXPECT_EQ(pod->containers[3].status.state, ContainerState::terminated);
  const Container& web = pod->containers[2];
  EXPECT_EQ(web.kind, ContainerKind::regular);
  EXPECT_EQ(web.image + ' ' + web.pull_policy, "example/web:1 Always");
  EXPECT_THAT(web.command, ElementsAre("/web"));
  EXPECT_THAT(web.args, ElementsAre("-v"));
  EXPECT_EQ(web.security.privileged, false);
  EXPECT_EQ(web.security.allow_privilege_escalation, false);
  EXPECT_EQ(web.security.read_only_root, true);
  EXPECT_FALSE(web.security.run_as_non_root);
  EXPECT_EQ(web.security.run_as_group, 7);
  EXPECT_THAT(web.security.add_capabilities, ElementsAre("NET_BIND_SERVICE"));
  EXPECT_THAT(web.security.drop_capabilities, ElementsAre("ALL"));
  EXPECT_EQ(web.security.apparmor->type + ' ' + web.security.apparmor->localhost, "Localhost web");
  EXPECT_EQ(web.security.selinux->type + ' ' + web.security.selinux->level, "container_t s0");
  EXPECT_EQ(web.security.host_process, false);
  EXPECT_EQ(web.security.proc_mount, "Default");
  ASSERT_EQ(web.mounts.size(), 2u);
  EXPECT_TRUE(web.mounts[0].read_only && web.mounts[0].recursive_read_only);
  EXPECT_EQ(web.mounts[1].path + ' ' + web.mounts[1].sub_path, "/i s");
  EXPECT_FALSE(web.mounts[1].read_only || web.mounts[1].recursive_read_only);
  EXPECT_THAT(web.ports, ElementsAre(80, 81));
  EXPECT_THAT(web.host_ports, ElementsAre(81));
  ASSERT_EQ(web.environment.size(), 3u);
  EXPECT_EQ(web.environment[0].name + ' ' + web.environment[0].source, "DB_* secretRef");
  EXPECT_EQ(web.environment[1].name + '=' + web.environment[1].value + web.environment[1].source, "A=1");
  EXPECT_EQ(web.environment[2].name + ' ' + web.environment[2].source, "B secretKeyRef");
  EXPECT_TRUE(web.requests.cpu && web.limits.memory);
  EXPECT_FALSE(web.requests.memory || web.limits.cpu || web.limits.ephemeral_storage);
  EXPECT_TRUE(web.status.known);
  EXPECT_EQ(web.status.state, ContainerState::running);
  EXPECT_EQ(web.status.started, *parse_rfc3339("2026-01-02T04:00:00Z"));
  EXPECT_EQ(web.status.restarts, 3);
  EXPECT_EQ(web.status.image_id, "example/web@sha256:00");
  EXPECT_EQ(web.status.container_id, "containerd://12");
}

// What the object does not say is absent, not false.
TEST(PodReader, WhatIsNotSaidIsAbsent) {
  for (const std::string& json :
       {pod_with(""),
        pod_with(R"("securityContext":null,"env":null,"volumeMounts":null,"ports":null,"resources":null)",
                 R"("securityContext":null,"volumes":null,"initContainers":null,"os":null)", R"(,"status":null)")}) {
    const auto pod = read(json);
    ASSERT_TRUE(pod) << pod.error().text;
    ASSERT_EQ(pod->containers.size(), 1u);
    const SecurityContext& security = pod->containers[0].security;
    EXPECT_FALSE(security.privileged || security.allow_privilege_escalation || security.read_only_root);
    EXPECT_FALSE(security.seccomp || security.apparmor || security.selinux || security.run_as_user);
    EXPECT_FALSE(pod->automount_token || pod->host_users || pod->created || pod->owner);
    EXPECT_FALSE(pod->containers[0].status.known);
  }
}

TEST(PodReader, TakesWordsThatNobodyKnowsYet) {
  const auto pod = read(pod_with(R"("imagePullPolicy":"Sometimes","securityContext":{"seccompProfile":{"type":"New"}})",
                                 R"("somethingNew":{"a":[1,2.5]})", R"(,"status":{"phase":"Dreaming"})"));
  ASSERT_TRUE(pod) << pod.error().text;
  EXPECT_EQ(pod->phase, "Dreaming");
  EXPECT_EQ(pod->containers[0].security.seccomp->type, "New");
}

struct Bad {
  const char* name;
  std::string json;
  std::string_view error;
};

class PodReaderRefuses : public testing::TestWithParam<Bad> {};

TEST_P(PodReaderRefuses, ByPlace) {
  const auto pod = read(GetParam().json);
  ASSERT_FALSE(pod);
  EXPECT_EQ(pod.error().text, GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(
    Table, PodReaderRefuses,
    testing::Values(
        Bad{"AList", "[]", "want an object"}, Bad{"Nothing", "{}", "metadata.name: missing"},
        Bad{"NullMetadata", R"({"metadata":null,"spec":{"containers":[]}})", "metadata.name: missing"},
        Bad{"NoSpec", R"({"metadata":{"name":"p"}})", "spec.containers: missing"},
        Bad{"SpecIsText", R"({"metadata":{"name":"p"},"spec":"x"})", "spec: want an object"},
        Bad{"ContainersAreNull", R"({"metadata":{"name":"p"},"spec":{"containers":null}})", "spec.containers: missing"},
        Bad{"ContainersAreAnObject", R"({"metadata":{"name":"p"},"spec":{"containers":{}}})",
            "spec.containers: want a list"},
        Bad{"AContainerIsNull", R"({"metadata":{"name":"p"},"spec":{"containers":[null]}})",
            "spec.containers[0]: want an object"},
        Bad{"AContainerWithoutName", R"({"metadata":{"name":"p"},"spec":{"containers":[{"name":"a"},{}]}})",
            "spec.containers[1].name: missing"},
        Bad{"PrivilegedIsText", pod_with(R"("securityContext":{"privileged":"false"})"),
            "spec.containers[0].securityContext.privileged: want true or false"},
        Bad{"PrivilegedIsANumber", pod_with(R"("securityContext":{"privileged":0})"),
            "spec.containers[0].securityContext.privileged: want true or false"},
        Bad{"UserIsAFraction", pod_with(R"("securityContext":{"runAsUser":0.5})"),
            "spec.containers[0].securityContext.runAsUser: want a whole number"},
        Bad{"UserIsHuge", pod_with(R"("securityContext":{"runAsUser":18446744073709551615})"),
            "spec.containers[0].securityContext.runAsUser: want a whole number"},
        Bad{"ACapabilityIsANumber", pod_with(R"("securityContext":{"capabilities":{"drop":["ALL",1]}})"),
            "spec.containers[0].securityContext.capabilities.drop: want text"},
        Bad{"HostNetworkIsText", pod_with("", R"("hostNetwork":"no")"), "spec.hostNetwork: want true or false"},
        Bad{"ALabelIsANumber", R"({"metadata":{"name":"p","labels":{"a":1}},"spec":{"containers":[]}})",
            "metadata.labels.a: want text"},
        Bad{"NoTime", R"({"metadata":{"name":"p","creationTimestamp":"yesterday"},"spec":{"containers":[]}})",
            "metadata.creationTimestamp: want a time such as 2026-12-31T00:00:00Z"},
        Bad{"AStateIsText",
            pod_with("", "", R"(,"status":{"containerStatuses":[{"name":"a","state":{"running":"yes"}}]})"),
            "status.containerStatuses[0].state.running: want an object"},
        // The first error in reading order, not the last.
        Bad{"TwoErrors", pod_with(R"("image":1,"command":2)"), "spec.containers[0].command: want a list"}),
    [](const auto& test) { return test.param.name; });

TEST(PodReaderRefuses, MoreThanItsLimits) {
  std::string many;
  for (std::size_t i = 0; i <= kMaxPodContainers; ++i) many += R"({"name":"c"},)";
  many.pop_back();
  const auto containers = read(R"({"metadata":{"name":"p"},"spec":{"containers":[)" + many + "]}}");
  ASSERT_FALSE(containers);
  EXPECT_EQ(containers.error().code, Errc::over_limit);
  EXPECT_EQ(containers.error().text, "spec.containers: more than 1000");

  std::string variables;
  for (std::size_t i = 0; i <= kMaxPodEnvironment; ++i) variables += R"({"name":"V"},)";
  variables.pop_back();
  const auto environment = read(pod_with("\"env\":[" + variables + "]"));
  ASSERT_FALSE(environment);
  EXPECT_EQ(environment.error().text, "spec.containers[0].env: more than 20000");

  const auto text = read(pod_with("\"workingDir\":1,\"args\":[\"" + std::string((1 << 20) + 1, 'x') + "\"]"));
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().text, "spec.containers[0].args: longer than 1048576 bytes");
}

}  // namespace
}  // namespace initscan::audit

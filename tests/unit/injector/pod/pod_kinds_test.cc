// Pods as they come: what each of these features needs of an injector.
#include "tests/unit/injector/inject/patched.h"

#include <gtest/gtest.h>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;

struct Kind {
  const char* name;
  const char* spec;
};

class PodKind : public testing::TestWithParam<std::tuple<Mode, Kind>> {};

// Nothing of the pod's own changes, ours go first, and a second time there is nothing to do.
TEST_P(PodKind, IsInjectedAndOtherwiseLeftAsItIs) {
  const auto& [mode, kind] = GetParam();
  const Json before = pod(kind.spec)["spec"];
  const Patched once = patched(pod(kind.spec), config(mode));
  ASSERT_EQ(once.reason, "injected");
  Json after = once.pod["spec"];
  const auto own = names_in(after["initContainers"]);
  const std::size_t ours = after["initContainers"].size() - before.value("initContainers", Json::array()).size();
  for (std::size_t i = 0; i < own.size(); ++i) EXPECT_EQ(own[i].starts_with("initscan-"), i < ours) << own[i];
  EXPECT_EQ(own[ours - 1], "initscan-gate");

  Json inits = Json::array();
  for (std::size_t i = ours; i < own.size(); ++i) inits.push_back(after["initContainers"][i]);
  EXPECT_EQ(inits, before.value("initContainers", Json::array()));
  for (const char* key : {"initContainers", "volumes"}) after.erase(key);
  Json rest = before;
  for (const char* key : {"initContainers", "volumes"}) rest.erase(key);
  EXPECT_EQ(after, rest);
  EXPECT_EQ(patched(once.pod, config(mode)).reason, "unchanged");
}

const Kind kKinds[] = {
    {"HostNetwork",
     R"({"hostNetwork":true,"hostPID":true,"containers":[{"name":"a","image":"a:1","ports":[{"containerPort":80,"hostPort":80}]}]})"},
    {"ImagePullSecrets",
     R"({"imagePullSecrets":[{"name":"registry"}],"containers":[{"name":"a","image":"private/a:1"}]})"},
    {"UserNamespace", R"({"hostUsers":false,"containers":[{"name":"a","image":"a:1"}],
                         "volumes":[{"name":"m","image":{"reference":"model:1"}},{"name":"t","emptyDir":{}}]})"},
    {"NativeSidecar",
     R"({"initContainers":[{"name":"log","image":"log:1","restartPolicy":"Always"}],"containers":[{"name":"a","image":"a:1"}]})"},
    {"RestartRules", R"({"initContainers":[{"name":"i","image":"i:1","restartPolicy":"Never",
                          "restartPolicyRules":[{"action":"Restart","exitCodes":{"operator":"In","values":[3]}}]}],
                        "containers":[{"name":"a","image":"a:1"}]})"},
    {"PodLevelResources", R"({"resources":{"requests":{"cpu":"1","memory":"1Gi"},"limits":{"cpu":"1","memory":"1Gi"}},
                             "containers":[{"name":"a","image":"a:1"}]})"},
    {"IstioInit", R"({"initContainers":[{"name":"istio-init","image":"istio/proxyv2:1.24.2",
                       "args":["istio-iptables","-p","15001","-z","15006","-u","1337"],
                       "securityContext":{"capabilities":{"add":["NET_ADMIN","NET_RAW"],"drop":["ALL"]},"runAsUser":0}}],
                     "containers":[{"name":"a","image":"a:1"},{"name":"istio-proxy","image":"istio/proxyv2:1.24.2"}]})"},
    {"IstioSidecarWithCni", R"({"initContainers":[{"name":"istio-validation","image":"istio/proxyv2:1.24.2"},
                       {"name":"istio-proxy","image":"istio/proxyv2:1.24.2","restartPolicy":"Always",
                        "startupProbe":{"httpGet":{"path":"/healthz/ready","port":15021}}}],
                     "containers":[{"name":"a","image":"a:1"}]})"},
    {"Linkerd", R"({"initContainers":[{"name":"linkerd-init","image":"cr.l5d.io/linkerd/proxy-init:v2.4.1",
                       "securityContext":{"capabilities":{"add":["NET_ADMIN","NET_RAW"]}}},
                       {"name":"linkerd-proxy","image":"cr.l5d.io/linkerd/proxy:edge-24.11.8","restartPolicy":"Always"}],
                     "containers":[{"name":"a","image":"a:1"}]})"},
    {"ReadOnlyAndRestricted",
     R"({"securityContext":{"runAsNonRoot":true,"seccompProfile":{"type":"RuntimeDefault"},"fsGroup":1000},
                     "containers":[{"name":"a","image":"a:1","securityContext":{"allowPrivilegeEscalation":false,"readOnlyRootFilesystem":true}}]})"},
    {"SchedulingGates",
     R"({"schedulingGates":[{"name":"example.com/wait"}],"containers":[{"name":"a","image":"a:1"}]})"},
};

INSTANTIATE_TEST_SUITE_P(Table, PodKind,
                         testing::Combine(testing::Values(Mode::copy, Mode::volume), testing::ValuesIn(kKinds)),
                         [](const auto& test) {
                           return std::string(to_string(std::get<0>(test.param))) + std::get<1>(test.param).name;
                         });

// With user namespaces the kubelet refuses what reaches into the node's: ours ask for none of it.
TEST(PodKind, OursNeedNothingOfTheNode) {
  for (const Mode mode : {Mode::copy, Mode::volume}) {
    const Json spec =
        patched(pod(R"({"hostUsers":false,"containers":[{"name":"a","image":"a:1"}]})"), config(mode)).pod["spec"];
    for (const Json& c : spec["initContainers"]) {
      EXPECT_FALSE(c.contains("ports") || c.contains("volumeDevices") || c.contains("env"));
      EXPECT_EQ(c["securityContext"]["privileged"], false);
    }
    for (const Json& v : spec["volumes"]) EXPECT_TRUE(v.contains("emptyDir") || v.contains("image")) << v;
  }
}

TEST(PodKind, ThePodsOwnerIsKnownWhereItHasNoName) {
  const char* const owned =
      R"({"metadata":{"generateName":"shop-","ownerReferences":[{"apiVersion":"v1","kind":"Other","name":"o","uid":"1"},
    {"apiVersion":"apps/v1","kind":"ReplicaSet","name":"shop","uid":"2","controller":true}]},
    "spec":{"containers":[{"name":"a","image":"a:1"}]}})";
  const Pod pod = *read_pod(std::string_view(owned));
  EXPECT_EQ(pod.owner.kind + ' ' + pod.owner.name + ' ' + pod.owner.uid, "ReplicaSet shop 2");
}

}  // namespace
}  // namespace initscan::injector

#include "audit/collect/own_containers.h"

#include "tests/unit/audit/check/read_yaml.h"
#include "tests/unit/audit/gated_pod.h"

#include <gtest/gtest.h>

namespace initscan::audit {
namespace {

Pod read(std::string words) {
  words.insert(1, "metadata: {name: shop-1}, ");
  auto pod = read_pod_yaml(words);
  EXPECT_TRUE(pod) << (pod ? "" : pod.error().text) << '\n' << words;
  return pod ? *pod : Pod{};
}

std::vector<std::string> names_of(const std::vector<Container>& containers) {
  std::vector<std::string> names;
  for (const Container& container : containers) names.push_back(container.name);
  return names;
}

using Names = std::vector<std::string>;
using std::string_literals::operator""s;

std::string replaced(std::string words, std::string_view from, std::string_view to) {
  const std::size_t at = words.find(from);
  EXPECT_NE(at, words.npos) << from;
  return at == words.npos ? words : words.replace(at, from.size(), to);
}

TEST(OwnContainers, AreSetApartWithWhatTheyScanned) {
  const Pod copied = read(gated_pod());
  ASSERT_TRUE(copied.gate) << copied.gate_problem;
  EXPECT_EQ(names_of(copied.gate->containers), (Names{"initscan-install", "initscan-collect-0", "initscan-gate"}));
  EXPECT_EQ(names_of(copied.containers), Names{"shop"});
  ASSERT_EQ(copied.gate->scanned.size(), 1u);
  EXPECT_EQ(copied.gate->scanned[0].reference, "example/shop:1");
  EXPECT_EQ(copied.gate->scanned[0].image_id, "example/shop@sha256:" + std::string(64, 'a'));

  for (const GatedPod& before : {GatedPod{.sealed = false}, GatedPod{.has_token = true}}) {
    const Pod of_before = read(gated_pod(before));
    EXPECT_TRUE(of_before.gate) << of_before.gate_problem;
  }

  for (const char* const profiles :
       {", appArmorProfile: {type: RuntimeDefault}", ", seLinuxOptions: {type: container_t, level: 's0:c1'}"}) {
    const Pod profiled = read(replaced(gated_pod(), "{type: RuntimeDefault}", "{type: RuntimeDefault}"s + profiles));
    EXPECT_TRUE(profiled.gate) << profiled.gate_problem;
  }

  for (const bool by_volume : {false, true}) {
    const Pod telling = read(gated_pod({.by_volume = by_volume, .has_server = true}));
    EXPECT_TRUE(telling.gate) << telling.gate_problem;
  }

  const Pod mounted = read(gated_pod({.by_volume = true}));
  ASSERT_TRUE(mounted.gate) << mounted.gate_problem;
  EXPECT_EQ(names_of(mounted.gate->containers), Names{"initscan-gate"});
  EXPECT_EQ(mounted.gate->scanned[0].image_id, "example/shop@sha256:" + std::string(64, 'a'));
}

TEST(OwnContainers, AreNoneWhereNoNameIsTheirs) {
  const Pod pod = read("{spec: {containers: [{name: shop}]}}");
  EXPECT_FALSE(pod.gate);
  EXPECT_EQ(pod.gate_problem, "");
}

struct Case {
  const char* name;
  GatedPod told;
  std::string_view from;  // of the pod's words, replaced by `to`
  std::string_view to;
  std::string_view problem;
};

class ForgedContainers : public testing::TestWithParam<Case> {};

TEST_P(ForgedContainers, StayAmongThePods) {
  const Case& c = GetParam();
  const Pod pod = read(replaced(gated_pod(c.told), c.from, c.to));
  EXPECT_FALSE(pod.gate);
  EXPECT_EQ(pod.gate_problem, c.problem);
  EXPECT_NE(names_of(pod.containers), Names{"shop"});
}

INSTANTIATE_TEST_SUITE_P(
    Table, ForgedContainers,
    testing::Values(
        Case{"Environment",
             {.gate_fields = ", env: [{name: LD_PRELOAD, value: /x}]"},
             "",
             "",
             "initscan-gate: env is not the injector's"},
        Case{"AFieldThatNobodyKnows",
             {.gate_fields = ", someday: {}"},
             "",
             "",
             "initscan-gate: someday is not the injector's"},
        Case{"Command",
             {.gate_fields = ", command: [/bin/true]"},
             "",
             "",
             "initscan-gate: command is not the injector's"},
        Case{"Sidecar",
             {.gate_fields = ", restartPolicy: Always"},
             "",
             "",
             "initscan-gate: it is not an init container that ends"},
        Case{"AnotherArgument", {.gate_args = ", --quiet"}, "", "", "initscan-gate: args are not the injector's"},
        Case{"AnArgumentTwice",
             {.gate_args = ", --policy-sha256=x"},
             "",
             "",
             "initscan-gate: args are not the injector's"},
        Case{"AnotherTerminationLog",
             {},
             "--termination-log=/dev/termination-log",
             "--termination-log=/tmp/x",
             "initscan-gate: args are not the injector's"},
        Case{"AnotherPolicy",
             {},
             "--policy-inline=e30=",
             "--policy-inline=e30K",
             "initscan-gate: its policy does not match its hash"},
        Case{"NoPolicy", {.policy = ""}, "", "", "initscan-gate: its policy does not match its hash"},
        Case{"AServerWithoutAToken",
             {.gate_args = ", --report-to=https://a"},
             "",
             "",
             "initscan-gate: what it tells servers is not the injector's"},
        Case{"AnotherTokenThanForServers",
             {.has_server = true},
             "audience: initscan",
             "audience: api",
             "volume initscan-token is not the injector's"},
        Case{"AnIndexFromNowhere",
             {.gate_args = ", --db=/initscan/db/advisories.db"},
             "",
             "",
             "initscan-gate: its index is not the injector's"},
        Case{"AnotherImageBehindTheName",
             {},
             "--image=0=example/shop:1",
             "--image=0=example/shop:2",
             "initscan-gate: what it scans as image 0 is not what it is told"},
        Case{"AnotherImageBehindTheVolume",
             {.by_volume = true},
             "reference: 'example/shop:1'",
             "reference: 'example/good:1'",
             "initscan-gate: what it scans as image 0 is not what it is told"},
        Case{"AnotherCollector",
             {},
             "[/initscan/bin/initscan-collect]",
             "[/bin/sh]",
             "initscan-collect-0: command or args are not the injector's"},
        Case{"AnotherOutput",
             {},
             "--output=/initscan/sbom/0/sbom.json",
             "--output=/tmp/sbom.json",
             "initscan-collect-0: command or args are not the injector's"},
        Case{"NoSealIsAskedFor",
             {},
             ", --seal=/initscan/seal/nonce",
             "",
             "initscan-gate: it does not ask for the seals of its SBOMs"},
        Case{"AnotherSeal",
             {},
             "--seal=/initscan/seal/nonce",
             "--seal=/tmp/nonce",
             "initscan-gate: args are not the injector's"},
        Case{"AnotherInstall", {}, "--to=/initscan/bin", "--to=/tmp", "initscan-install: args are not the injector's"},
        Case{"Root", {}, "runAsUser: 65532", "runAsUser: 0", "initscan-install: securityContext is not the injector's"},
        Case{"WorkingDirectory",
             {},
             "workingDir: /,",
             "workingDir: /x,",
             "initscan-install: workingDir is not the injector's"},
        Case{"AnotherMessage",
             {},
             "terminationMessagePath: /dev/termination-log",
             "terminationMessagePath: /tmp/x",
             "initscan-install: terminationMessagePath is not the injector's"},
        Case{"AProfileOfTheNode",
             {},
             "seccompProfile: {type: RuntimeDefault}",
             "seccompProfile: {type: RuntimeDefault}, appArmorProfile: {type: Localhost, localhostProfile: x}",
             "initscan-install: securityContext is not the injector's"},
        Case{"ALevelWithoutAType",
             {},
             "seccompProfile: {type: RuntimeDefault}",
             "seccompProfile: {type: RuntimeDefault}, seLinuxOptions: {level: 's0'}",
             "initscan-install: securityContext is not the injector's"},
        Case{"ASettingOfWindows",
             {},
             "seccompProfile: {type: RuntimeDefault}",
             "seccompProfile: {type: RuntimeDefault}, windowsOptions: {runAsUserName: x}",
             "initscan-install: securityContext is not the injector's"},
        Case{"ADevice",
             {.gate_fields = ", resources: {limits: {cpu: 1, example.com/device: 1}}"},
             "",
             "",
             "initscan-gate: resources is not the injector's"},
        Case{"AClaim",
             {.gate_fields = ", resources: {claims: [{name: x}]}"},
             "",
             "",
             "initscan-gate: resources is not the injector's"},
        Case{"ACollectorWithoutANumber",
             {},
             "{name: initscan-collect-0,",
             "{name: initscan-collect-x,",
             "initscan-collect-x: volumeMounts[/initscan/sbom/0] is not the injector's"},
        Case{"AMountToWrite",
             {},
             "mountPath: /initscan/seal, readOnly: true}",
             "mountPath: /initscan/seal}",
             "initscan-gate: volumeMounts[/initscan/seal] is not the injector's"},
        Case{"AMountThatIsPassedOn",
             {},
             "mountPath: /initscan/bin, readOnly: true}",
             "mountPath: /initscan/bin, readOnly: true, mountPropagation: HostToContainer}",
             "initscan-collect-0: volumeMounts[/initscan/bin] is not the injector's"},
        Case{"ATokenToWrite",
             {},
             "mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true}",
             "mountPath: /var/run/secrets/kubernetes.io/serviceaccount}",
             "initscan-install: volumeMounts[/var/run/secrets/kubernetes.io/serviceaccount] is not the injector's"},
        Case{"AMountOfItsOwn",
             {},
             "{name: initscan-sbom-0, mountPath: /initscan/sbom/0}",
             "{name: initscan-sbom-0, mountPath: /initscan/sbom/0}, {name: x, mountPath: /x}",
             "initscan-collect-0: volumeMounts[/x] is not the injector's"},
        Case{"ATokenBesideACollector",
             {},
             "{name: initscan-sbom-0, mountPath: /initscan/sbom/0}, {name: initscan-no-token,",
             "{name: initscan-sbom-0, mountPath: /initscan/sbom/0}, {name: kube-api-access-x,",
             "initscan-collect-0: it has the service account's token"},
        Case{"TheEmptyVolumeIsNone",
             {},
             "{name: initscan-no-token, emptyDir: {}}",
             "{name: initscan-no-token, hostPath: {path: /x}}",
             "volume initscan-no-token is not the injector's"},
        Case{"AnotherVolume",
             {},
             "{name: initscan-sbom-0, emptyDir: {}}",
             "{name: initscan-sbom-0, hostPath: {path: /x}}",
             "volume initscan-sbom-0 is not the injector's"},
        Case{"TwoSources",
             {},
             "{name: initscan-sbom-0, emptyDir: {}}",
             "{name: initscan-sbom-0, emptyDir: {}, configMap: {name: x}}",
             "volume initscan-sbom-0 is not the injector's"},
        Case{"InMemory",
             {},
             "{name: initscan-sbom-0, emptyDir: {}}",
             "{name: initscan-sbom-0, emptyDir: {medium: Memory}}",
             "volume initscan-sbom-0 is not the injector's"},
        Case{"AnotherMountsTheSbom",
             {.container = ", volumeMounts: [{name: initscan-sbom-0, mountPath: /s}]"},
             "",
             "",
             "shop: it mounts initscan-sbom-0, which is initscan's alone"},
        Case{"NotFirst",
             {},
             "initContainers: [",
             "initContainers: [{name: before}, ",
             "initscan's containers are not the first ones"},
        Case{"WithoutInstall",
             {},
             "{name: initscan-install",
             "{name: initscan-else",
             "initscan's containers are not those of the injector, which end with its gate"},
        Case{"EphemeralOfItsName",
             {.more = ", ephemeralContainers: [{name: initscan-debug}]"},
             "",
             "",
             "initscan-debug: it is not an init container that ends"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace initscan::audit

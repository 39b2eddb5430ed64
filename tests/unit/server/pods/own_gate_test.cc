#include "server/pods/own_gate.h"

#include "common/gate/server_arguments.h"
#include "tests/unit/server/pods/made_pod.h"

#include <functional>

#include <gtest/gtest.h>

namespace initscan::server {
namespace {

using Json = nlohmann::json;

GateCheck check(const Json& pod) {
  return check_gate(pod, kAccepted);
}

Json& gate_of(Json& pod) {
  return pod["spec"]["initContainers"].back();
}

TEST(OwnGate, IsWhatAnInjectorMakes) {
  const GateCheck mounted = check(made_pod(false));
  ASSERT_TRUE(mounted.gate) << mounted.problem;
  EXPECT_EQ(mounted.gate->images, (std::vector<GatedImage>{{"0", kAppImage, false}}));
  EXPECT_TRUE(mounted.gate->leaves_its_own_message);
  const GateCheck collected = check(made_pod(true));
  ASSERT_TRUE(collected.gate) << collected.problem;
  EXPECT_EQ(collected.gate->images, (std::vector<GatedImage>{{"0", kAppImage, true}}));
}

TEST(OwnGate, MayBeOlderThanSealsAndThanItsOwnMessage) {
  Json pod = made_pod(true);
  for (Json& container : pod["spec"]["initContainers"]) {
    Json& args = container["args"];
    args.erase(std::remove_if(args.begin(), args.end(),
                              [](const Json& arg) { return arg.get<std::string>().starts_with("--seal="); }),
               args.end());
    container["terminationMessagePolicy"] = "FallbackToLogsOnError";
  }
  const GateCheck older = check(pod);
  ASSERT_TRUE(older.gate) << older.problem;
  EXPECT_FALSE(older.gate->leaves_its_own_message);
  gate_of(pod)["args"].push_back("--seal=/initscan/seal/nonce");
  EXPECT_FALSE(check(pod).gate) << "where one asks for seals, all do";
}

TEST(OwnGate, MayHaveUsersAssignedAndProfilesAndAToken) {
  Json pod = made_pod();
  Json& context = gate_of(pod)["securityContext"];
  context.erase("runAsUser");
  context.erase("runAsGroup");
  context["appArmorProfile"] = {{"type", "RuntimeDefault"}};
  context["seLinuxOptions"] = {{"type", "container_t"}, {"level", "s0:c1"}};
  gate_of(pod)["volumeMounts"].push_back(
      read_only("kube-api-access-x", "/var/run/secrets/kubernetes.io/serviceaccount"));
  EXPECT_TRUE(check(pod).gate) << check(pod).problem;
}

TEST(OwnGate, MayBeOlderThanTheVolumeInTheTokensPlace) {
  Json pod = made_pod(true);
  for (Json& container : pod["spec"]["initContainers"]) {
    Json& mounts = container["volumeMounts"];
    mounts.erase(mounts.end() - 1);
  }
  EXPECT_FALSE(check(pod).gate) << "where there is the volume, each of them mounts it";
  Json& volumes = pod["spec"]["volumes"];
  volumes.erase(volumes.end() - 1);
  EXPECT_TRUE(check(pod).gate) << check(pod).problem;
}

TEST(OwnGate, OfAPodWithoutOneIsNoProblem) {
  Json pod = made_pod();
  pod["spec"]["initContainers"] = Json::array();
  EXPECT_FALSE(check(pod).gate);
  EXPECT_EQ(check(pod).problem, "");
  pod["spec"]["containers"][0]["name"] = "initscan-gate";
  EXPECT_EQ(check(pod).problem, "") << "a container that is no init container gates nothing";
  for (const char* const text : {"null", "{}", "[]", R"({"spec":[]})", R"({"spec":{"initContainers":{}}})",
                                 R"({"spec":{"initContainers":[1,null,{"name":1}]}})"}) {
    EXPECT_FALSE(check(Json::parse(text)).gate) << text;
  }
}

Json with_index(const std::string& image) {
  Json pod = made_pod();
  gate_of(pod)["args"].push_back("--db=/initscan/db/advisories.db");
  gate_of(pod)["volumeMounts"].push_back(read_only("initscan-db", "/initscan/db"));
  pod["spec"]["volumes"].push_back({{"name", "initscan-db"}, {"image", {{"reference", image}}}});
  return pod;
}

TEST(OwnGate, HasAnIndexThatIsAccepted) {
  EXPECT_TRUE(check(with_index(kIndexImage)).gate) << check(with_index(kIndexImage)).problem;
  EXPECT_EQ(check(with_index("evil/empty-index:1")).problem, "initscan-gate: the image of its index is not accepted");
}

TEST(OwnGate, HasAPolicyThatIsAcceptedInItsNamespace) {
  const std::string none = "initscan-gate: its policy is not accepted";
  EXPECT_EQ(check(with_policy(made_pod(), R"({"spec":{"failOn":"never"}})")).problem, none);
  Json elsewhere = with_policy(made_pod(), kReportingPolicy);
  EXPECT_TRUE(check(elsewhere).gate) << check(elsewhere).problem;
  elsewhere["metadata"]["namespace"] = "blog";
  EXPECT_EQ(check(elsewhere).problem, none);
  AcceptedGates own = kAccepted;
  own.own_policies = {"shop"};
  EXPECT_EQ(check_gate(made_pod(), own).problem, none) << "where a namespace has its own, only that one is";
  own.policies.insert("shop." + sha256_hex(kPolicy));
  EXPECT_TRUE(check_gate(made_pod(), own).gate);
}

Json token_volume() {
  return Json::parse(R"({"name":"initscan-token","projected":{"defaultMode":420,"sources":[
      {"serviceAccountToken":{"audience":"initscan","expirationSeconds":3600,"path":"token"}}]}})");
}

Json with_servers(bool is_collected = false, const std::string& word = kServers) {
  Json pod = made_pod(is_collected);
  for (const std::string& argument : servers_of_word(word)) gate_of(pod)["args"].push_back(argument);
  gate_of(pod)["volumeMounts"].push_back(read_only("initscan-token", "/initscan/token"));
  pod["spec"]["volumes"].push_back(token_volume());
  return pod;
}

TEST(OwnGate, MayBeToldOfServersThatAreAccepted) {
  for (const bool is_collected : {false, true}) {
    EXPECT_TRUE(check(with_servers(is_collected)).gate) << check(with_servers(is_collected)).problem;
  }
  const std::string none = "initscan-gate: its servers are not accepted";
  const std::string rest = "|--server-token=/initscan/token/token|--server-ca-inline=AAAA";
  EXPECT_EQ(check(with_servers(false, "--report-to=https://evil" + rest)).problem, none);
  EXPECT_EQ(check(with_servers(false, "--server=https://a:1" + rest)).problem, none) << "whoever matches decides";
  EXPECT_EQ(check(with_servers(false, kServers.substr(0, kServers.size() - 4) + "EVIL")).problem, none);
}

struct ServersCase {
  const char* name;
  std::function<void(Json& pod)> change;
};

class ServersOfAnotherMake : public testing::TestWithParam<ServersCase> {};

TEST_P(ServersOfAnotherMake, AreNotOurs) {
  Json pod = with_servers();
  GetParam().change(pod);
  EXPECT_FALSE(check(pod).gate);
}

void change_token(Json& pod, const Json& change) {
  pod["spec"]["volumes"].back()["projected"]["sources"][0]["serviceAccountToken"].update(change);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ServersOfAnotherMake,
    testing::Values(
        ServersCase{"NoVolume", [](Json& pod) { pod["spec"]["volumes"].erase(pod["spec"]["volumes"].size() - 1); }},
        ServersCase{"NoMount",
                    [](Json& pod) { gate_of(pod)["volumeMounts"].erase(gate_of(pod)["volumeMounts"].size() - 1); }},
        ServersCase{"AMountElsewhere", [](Json& pod) { gate_of(pod)["volumeMounts"].back()["mountPath"] = "/x"; }},
        ServersCase{"AVolumeWithoutServers",
                    [](Json& pod) {
                      pod = made_pod();
                      pod["spec"]["volumes"].push_back(token_volume());
                    }},
        ServersCase{"AnotherAudience",
                    [](Json& pod) {
                      change_token(pod, {{"audience", "api"}});
                    }},
        ServersCase{"TheApiServersAudience",
                    [](Json& pod) {
                      pod["spec"]["volumes"].back()["projected"]["sources"][0]["serviceAccountToken"].erase("audience");
                    }},
        ServersCase{"ALongLife",
                    [](Json& pod) {
                      change_token(pod, {{"expirationSeconds", 86400}});
                    }},
        ServersCase{"AnotherFile",
                    [](Json& pod) {
                      change_token(pod, {{"path", "x"}});
                    }},
        ServersCase{"ASecretBeside",
                    [](Json& pod) {
                      pod["spec"]["volumes"].back()["projected"]["sources"].push_back({{"secret", {{"name", "s"}}}});
                    }},
        ServersCase{"AFolderInItsPlace",
                    [](Json& pod) {
                      pod["spec"]["volumes"].back() = {{"name", "initscan-token"}, {"emptyDir", Json::object()}};
                    }},
        ServersCase{"AContainerThatMountsIt",
                    [](Json& pod) {
                      pod["spec"]["containers"][0]["volumeMounts"] = Json::array({read_only("initscan-token", "/x")});
                    }},
        ServersCase{"ACollectorThatMountsIt",
                    [](Json& pod) {
                      pod = with_servers(true);
                      pod["spec"]["initContainers"][1]["volumeMounts"].push_back(
                          read_only("initscan-token", "/initscan/token"));
                    }},
        ServersCase{"AnotherTokensFile",
                    [](Json& pod) {
                      for (Json& arg : gate_of(pod)["args"]) {
                        if (arg == "--server-token=/initscan/token/token") arg = "--server-token=/etc/passwd";
                      }
                    }}),
    [](const auto& test) { return test.param.name; });

TEST(AcceptedGates, AreWhatAFinalStateSays) {
  const AcceptedGates accepted = accepted_in(Json::parse(
      R"({"images":"a b","indexImages":"i ","policy.aa":"default","policy.shop.bb":"mine","own.shop":"mine","x":1,
          "gateServers":"--report-to=https://a none"})"));
  EXPECT_EQ(accepted.images, (AcceptedGates::Names{"a", "b"}));
  EXPECT_EQ(accepted.index_images, (AcceptedGates::Names{"i"}));
  EXPECT_EQ(accepted.policies, (AcceptedGates::Names{"aa", "shop.bb"}));
  EXPECT_EQ(accepted.own_policies, (AcceptedGates::Names{"shop"}));
  EXPECT_EQ(accepted.servers, (AcceptedGates::Names{sha256_hex("--report-to=https://a"), sha256_hex("none")}));
  EXPECT_TRUE(accepted_in(Json::parse("[]")).policies.empty());
}

struct Case {
  const char* name;
  bool is_collected;
  std::function<void(Json& pod)> change;
};

class ForeignGate : public testing::TestWithParam<Case> {};

TEST_P(ForeignGate, IsNotOurs) {
  Json pod = made_pod(GetParam().is_collected);
  GetParam().change(pod);
  EXPECT_FALSE(check(pod).gate);
  EXPECT_NE(check(pod).problem, "");
}

std::function<void(Json&)> on_gate(const char* key, const Json& value) {
  return [=](Json& pod) { gate_of(pod)[key] = value; };
}

std::function<void(Json&)> with_arg(const std::string& arg) {
  return [=](Json& pod) { gate_of(pod)["args"].push_back(arg); };
}

std::function<void(Json&)> with_arg_at(std::size_t place, const std::string& arg) {
  return [=](Json& pod) { gate_of(pod)["args"][place] = arg; };
}

std::function<void(Json&)> on_context(const char* key, const Json& value) {
  return [=](Json& pod) { gate_of(pod)["securityContext"][key] = value; };
}

std::function<void(Json&)> on_app(const Json& fields) {
  return [=](Json& pod) { pod["spec"]["containers"][0].update(fields); };
}

INSTANTIATE_TEST_SUITE_P(
    Table, ForeignGate,
    testing::Values(
        Case{"AnotherImage", false, on_gate("image", "evil/initscan:1")},
        Case{"AnImageThatOnlyStartsSo", false, on_gate("image", kScannerImage + "0")},
        Case{"ACommand", false, on_gate("command", {"/bin/sh"})},
        Case{"AVariable", false, on_gate("env", {{{"name", "LD_PRELOAD"}, {"value", "x"}}})},
        Case{"ItGoesOn", false, on_gate("restartPolicy", "Always")},
        Case{"AnotherFolder", false, on_gate("workingDir", "/tmp")},
        Case{"AnotherMessage", false, on_gate("terminationMessagePath", "/tmp/x")},
        Case{"ItMayWrite", false, on_context("readOnlyRootFilesystem", false)},
        Case{"Privileges", false, on_context("privileged", true)}, Case{"Root", false, on_context("runAsUser", 0)},
        Case{"Capabilities", false, on_context("capabilities", {{"drop", {"ALL"}}, {"add", {"SYS_ADMIN"}}})},
        Case{"NoFilter", false, on_context("seccompProfile", {{"type", "Unconfined"}})},
        Case{"AnotherSetting", false, on_context("procMount", "Unmasked")},
        Case{"AnotherMount", false,
             [](Json& pod) { gate_of(pod)["volumeMounts"].push_back(read_only("mine", "/initscan/images/0")); }},
        Case{"AMountOfAPart", false, [](Json& pod) { gate_of(pod)["volumeMounts"][0]["subPath"] = "x"; }},
        Case{"ATextInsteadOfTrue", false, on_context("runAsNonRoot", "true")},
        Case{"ADevice", false, on_gate("resources", {{"limits", {{"example.com/device", "1"}}}})},
        Case{"AKeyThatLooksDeeper", false,
             [](Json& pod) {
               gate_of(pod).erase("securityContext");
               Json made = made_pod();  // which the loop looks into
               for (const auto& [key, value] : gate_of(made)["securityContext"].items()) {
                 gate_of(pod)["securityContext/" + key] = value;
               }
             }},
        Case{"AMountToWrite", true, [](Json& pod) { gate_of(pod)["volumeMounts"][0].erase("readOnly"); }},
        Case{"AnArgumentMore", false, with_arg("--format=json")},  //
        Case{"AnArgumentTwice", false, with_arg("--policy-sha256=00")},
        Case{"AnotherIndex", false, with_arg("--db=/tmp/empty.db")},
        Case{"AnIndexThatIsNotMounted", false, with_arg("--db=/initscan/db/advisories.db")},
        Case{"AnotherCommandOfOurs", false, with_arg_at(0, "rootfs")},
        Case{"AnotherImageIsScanned", false, with_arg_at(2, "--image=0=example/good:1")},
        Case{"AnotherFolderIsScanned", false, with_arg_at(1, "--rootfs=0=/")},
        Case{"NothingIsScanned", false, on_gate("args", gate_args({}))},
        Case{"NoArguments", false, on_gate("args", Json::array())},
        Case{"ArgumentsThatAreNone", false, on_gate("args", {1, 2})},
        Case{"AnotherPolicyThanItsHash", false, with_arg_at(4, "--policy-sha256=" + sha256_hex("{ }"))},
        Case{"ItIsNotFirst", false,
             [](Json& pod) {
               Json& inits = pod["spec"]["initContainers"];
               inits.insert(inits.begin(), Json{{"name", "before"}, {"image", "x"}});
             }},
        Case{"ItIsThereTwice", false,
             [](Json& pod) { pod["spec"]["initContainers"].push_back(pod["spec"]["initContainers"][0]); }},
        Case{"NoGateAfterAnInstall", true,
             [](Json& pod) { pod["spec"]["initContainers"].erase(pod["spec"]["initContainers"].end() - 1); }},
        Case{"ACollectorLess", true,
             [](Json& pod) { pod["spec"]["initContainers"].erase(pod["spec"]["initContainers"].begin() + 1); }},
        Case{"ACollectorOfAnotherImage", true,
             [](Json& pod) { pod["spec"]["initContainers"][1]["image"] = "example/good:1"; }},
        Case{"ACollectorOfAnotherFolder", true,
             [](Json& pod) { pod["spec"]["initContainers"][1]["args"][0] = "--root=/good"; }},
        Case{"AnotherCollector", true,
             [](Json& pod) { pod["spec"]["initContainers"][1]["command"] = {"/bin/collect"}; }},
        Case{"AnInstallThatIsNotOurs", true,
             [](Json& pod) { pod["spec"]["initContainers"][0]["image"] = "evil/initscan:1"; }},
        Case{"ATokenBesideACollector", true,
             [](Json& pod) { pod["spec"]["initContainers"][1]["volumeMounts"][2]["name"] = "kube-api-access-x"; }},
        Case{"ATokenToWrite", true,
             [](Json& pod) { pod["spec"]["initContainers"][1]["volumeMounts"][2].erase("readOnly"); }},
        Case{"AVolumeInMemory", true, [](Json& pod) { pod["spec"]["volumes"][2]["emptyDir"]["medium"] = "Memory"; }},
        Case{"AVolumeOfTheNodeInItsPlace", true,
             [](Json&
                    pod) { pod["spec"]["volumes"][2] = {{"name", "initscan-sbom-0"}, {"hostPath", {{"path", "/"}}}}; }},
        Case{"AnotherImageBehindTheVolume", false,
             [](Json& pod) { pod["spec"]["volumes"][0]["image"]["reference"] = "example/good:1"; }},
        Case{"AContainerThatMountsWhatIsOurs", true,
             on_app({{"volumeMounts", {{{"name", "initscan-sbom-0"}, {"mountPath", "/x"}}}}})},
        Case{"AContainerWithItsName", false, on_app({{"name", "initscan-gate"}})}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace initscan::server

#include "injector/inject/hardening.h"

#include "tests/unit/injector/inject/patched.h"

#include <gtest/gtest.h>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;

InjectorConfig hardened(Mode mode = Mode::copy) {
  InjectorConfig with = config(mode);
  with.hardening = {true, true, "", {"", "", "", "s0:c1,c2"}, true, true, {"/tmp", "/var/run"}};
  return with;
}

// The pod after hardening; nothing but hardening is looked at below.
Json result(const char* spec, const InjectorConfig& with = hardened()) {
  return patched(pod(spec), with).pod["spec"];
}

const char* const kPlain =
    R"({"initContainers":[{"name":"setup","image":"s:1"},{"name":"mesh","image":"m:1","restartPolicy":"Always"}],
                               "containers":[{"name":"app","image":"shop:1"}]})";

TEST(Hardening, IsOffByDefault) {
  const Json spec = result(kPlain, config());
  EXPECT_FALSE(spec.contains("securityContext"));
  EXPECT_FALSE(spec["containers"][0].contains("securityContext"));
  EXPECT_FALSE(spec["containers"][0].contains("volumeMounts"));
}

TEST(Hardening, FillsInWhatAPodDoesNotSay) {
  const Json spec = result(kPlain);
  EXPECT_EQ(spec["securityContext"], Json::parse(R"({"seccompProfile":{"type":"RuntimeDefault"},
    "appArmorProfile":{"type":"RuntimeDefault"},"seLinuxOptions":{"level":"s0:c1,c2"}})"));
  const std::size_t ours = spec["initContainers"].size() - 2;
  for (const Json& c : {spec["initContainers"][ours], spec["initContainers"][ours + 1], spec["containers"][0]}) {
    EXPECT_EQ(c["securityContext"], Json::parse(R"({"allowPrivilegeEscalation":false,"readOnlyRootFilesystem":true})"));
    ASSERT_EQ(c["volumeMounts"].size(), 2u);
    EXPECT_EQ(c["volumeMounts"][0]["mountPath"], "/tmp");
    EXPECT_EQ(c["volumeMounts"][1]["mountPath"], "/var/run");
  }
  std::set<std::string> mounted;
  for (const Json& volume : spec["volumes"]) {
    const std::string name = volume["name"];
    if (!name.starts_with("initscan-rw-")) continue;
    EXPECT_EQ(volume["emptyDir"], Json::object());
    mounted.insert(name);
  }
  EXPECT_EQ(mounted.size(), 6u) << "containers do not share what each writes for itself";
}

TEST(Hardening, NeverOverridesAPod) {
  const Json said = Json::parse(R"({"seccompProfile":{"type":"Unconfined"},"appArmorProfile":{"type":"Unconfined"},
    "seLinuxOptions":{"type":"spc_t"}})");
  Json before = pod(kPlain);
  before["spec"]["securityContext"] = said;
  EXPECT_EQ(patched(before, hardened()).pod["spec"]["securityContext"], said);
}

TEST(Hardening, NeverOverridesAContainer) {
  const Json said = Json::parse(R"({"allowPrivilegeEscalation":true,"readOnlyRootFilesystem":false,
    "seccompProfile":{"type":"Unconfined"},"appArmorProfile":{"type":"Unconfined"},"seLinuxOptions":{"type":"spc_t"}})");
  Json before = pod(kPlain);
  before["spec"]["containers"][0]["securityContext"] = said;
  const Json after = patched(before, hardened()).pod["spec"]["containers"][0];
  EXPECT_EQ(after["securityContext"], said);
  EXPECT_FALSE(after.contains("volumeMounts"));
}

TEST(Hardening, LeavesAPrivilegedContainerAsItIs) {
  const Json spec = result(R"({"containers":[{"name":"driver","image":"d:1","securityContext":{"privileged":true}},
    {"name":"app","image":"a:1"}]})");
  EXPECT_EQ(spec["containers"][0]["securityContext"], Json::parse(R"({"privileged":true})"));
  EXPECT_FALSE(spec.contains("securityContext")) << "it would hold for the privileged one, too";
  EXPECT_EQ(spec["containers"][1]["securityContext"], Json::parse(R"({"allowPrivilegeEscalation":false,
    "readOnlyRootFilesystem":true,"seccompProfile":{"type":"RuntimeDefault"},"appArmorProfile":{"type":"RuntimeDefault"},
    "seLinuxOptions":{"level":"s0:c1,c2"}})"));
}

TEST(Hardening, ForbidsNoEscalationThatTheApiServerDemands) {
  for (const char* capability : {"CAP_SYS_ADMIN", "SYS_ADMIN", "ALL"}) {
    Json before = pod(kPlain);
    before["spec"]["containers"][0]["securityContext"] = {{"capabilities", {{"add", {"NET_ADMIN", capability}}}}};
    const Json context = patched(before, hardened()).pod["spec"]["containers"][0]["securityContext"];
    EXPECT_FALSE(context.contains("allowPrivilegeEscalation")) << capability;
    EXPECT_EQ(context["readOnlyRootFilesystem"], true);
  }
}

TEST(Hardening, TheBetaAnnotationCounts) {
  Json before = pod(R"({"containers":[{"name":"a","image":"a:1"},{"name":"b","image":"b:1"}]})");
  before["metadata"]["annotations"] = {{"container.apparmor.security.beta.kubernetes.io/a", "unconfined"}};
  const Json spec = patched(before, hardened()).pod["spec"];
  EXPECT_FALSE(spec["securityContext"].contains("appArmorProfile"));
  EXPECT_FALSE(spec["containers"][0]["securityContext"].contains("appArmorProfile"));
  EXPECT_EQ(spec["containers"][1]["securityContext"]["appArmorProfile"]["type"], "RuntimeDefault");
}

TEST(Hardening, AProfileOfTheNode) {
  InjectorConfig with = config();
  with.hardening.app_armor = true;
  with.hardening.app_armor_profile = "shop";
  EXPECT_EQ(result(kPlain, with)["securityContext"]["appArmorProfile"],
            Json::parse(R"({"type":"Localhost","localhostProfile":"shop"})"));
}

struct Place {
  const char* name;
  const char* mount;
  std::size_t writable;  // of /tmp and /var/run
};

class HardeningMounts : public testing::TestWithParam<Place> {};

TEST_P(HardeningMounts, AreNotHidden) {
  Json before = pod(R"({"containers":[{"name":"a","image":"a:1","volumeMounts":[{"name":"v"}]}],
                        "volumes":[{"name":"v","emptyDir":{}}]})");
  before["spec"]["containers"][0]["volumeMounts"][0]["mountPath"] = GetParam().mount;
  const Json container = patched(before, hardened()).pod["spec"]["containers"][0];
  EXPECT_EQ(container["volumeMounts"].size(), 1 + GetParam().writable);
  EXPECT_EQ(container["securityContext"]["readOnlyRootFilesystem"], true);
}

INSTANTIATE_TEST_SUITE_P(Table, HardeningMounts,
                         testing::Values(Place{"Elsewhere", "/data", 2}, Place{"At", "/tmp", 1},
                                         Place{"AtWithASlash", "/tmp/", 1}, Place{"Under", "/tmp/cache", 1},
                                         Place{"Above", "/var", 1}, Place{"ASimilarName", "/tmpfiles", 2},
                                         Place{"Everything", "/", 0}),
                         [](const auto& test) { return test.param.name; });

class HardeningTwice : public testing::TestWithParam<Mode> {};

TEST_P(HardeningTwice, ChangesNothing) {
  for (const char* spec : {kPlain, R"({"containers":[{"name":"p","image":"p:1","securityContext":{"privileged":true}},
                                       {"name":"a","image":"a:1"}]})"}) {
    const Json once = patched(pod(spec), hardened(GetParam())).pod;
    EXPECT_EQ(patched(once, hardened(GetParam())).reason, "unchanged") << spec;
  }
}

TEST_P(HardeningTwice, CoversAContainerThatAnotherWebhookAdds) {
  Json once = patched(pod(kPlain), hardened(GetParam())).pod;
  const Json before = once["spec"]["containers"][0];
  const Json late{{"name", "late"}, {"image", "late:1"}};
  once["spec"]["containers"].insert(once["spec"]["containers"].begin(), late);
  const Json again = patched(once, hardened(GetParam())).pod;
  EXPECT_EQ(again["spec"]["containers"][0]["securityContext"]["readOnlyRootFilesystem"], true);
  EXPECT_EQ(again["spec"]["containers"][1], before) << "its volumes keep their names";
  EXPECT_EQ(patched(again, hardened(GetParam())).reason, "unchanged");
}

// A pod that was copied with its mounts needs their volumes, whatever is hardened now.
TEST_P(HardeningTwice, AMountKeepsItsVolumeWhenThePolicyIsGone) {
  const Json once = patched(pod(kPlain), hardened(GetParam())).pod;
  EXPECT_EQ(patched(once, config(GetParam())).reason, "unchanged");
  Json without = once;
  without["spec"]["volumes"] = Json::array();
  EXPECT_EQ(patched(without, config(GetParam())).pod["spec"]["volumes"].size(), once["spec"]["volumes"].size());
}

TEST_P(HardeningTwice, AForgedWritableVolumeIsReplaced) {
  Json bad = patched(pod(kPlain), hardened(GetParam())).pod;
  for (Json& volume : bad["spec"]["volumes"]) {
    if (volume["name"].get<std::string>().starts_with("initscan-rw-"))
      volume = {{"name", volume["name"]}, {"hostPath", {{"path", "/evil"}}}};
  }
  EXPECT_EQ(patched(bad, hardened(GetParam())).pod["spec"]["volumes"].dump().find("/evil"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Modes, HardeningTwice, testing::Values(Mode::copy, Mode::volume),
                         [](const auto& test) { return std::string(to_string(test.param)); });

TEST(Hardening, LeavesWindowsAlone) {
  const Json before = pod(R"({"os":{"name":"windows"},"containers":[{"name":"a","image":"a:1"}]})");
  EXPECT_EQ(patched(before, hardened()).pod, before);
}

TEST(Hardening, UninjectingTakesTheMountsAway) {
  const Json once = patched(pod(kPlain), hardened()).pod;
  const PodPatch back = unpatch_pod(*read_pod(once.dump()));
  const Json after = once.patch(patch_document(back.operations));
  EXPECT_EQ(after.dump().find("initscan-"), std::string::npos) << after;
}

}  // namespace
}  // namespace initscan::injector

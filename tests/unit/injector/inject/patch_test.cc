#include "injector/inject/patch.h"

#include "common/crypto/base64.h"
#include "common/crypto/sha256.h"
#include "tests/unit/injector/inject/patched.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;
using Names = std::vector<std::string>;

const char* const kPlain = R"({"containers":[{"name":"app","image":"shop:1"}]})";
const char* const kFull = R"({
  "initContainers":[{"name":"setup","image":"setup:2"},{"name":"mesh","image":"mesh:3","restartPolicy":"Always"}],
  "containers":[{"name":"app","image":"shop:1"},{"name":"again","image":"shop:1"},{"name":"log","image":"log:5"}],
  "volumes":[{"name":"data","emptyDir":{}},{"name":"model","image":{"reference":"model:4"}}]})";

TEST(Patch, CopyModeCollectsInEachImageAndDecidesInOurs) {
  const Patched result = patched(pod(kFull), config());
  EXPECT_EQ(result.reason, "injected");
  const Json& spec = result.pod["spec"];
  EXPECT_EQ(names_in(spec["initContainers"]),
            (Names{"initscan-install", "initscan-collect-0", "initscan-collect-1", "initscan-collect-2",
                   "initscan-collect-3", "initscan-collect-4", "initscan-gate", "setup", "mesh"}));
  EXPECT_EQ(spec["initContainers"][1]["image"], "setup:2");
  EXPECT_EQ(spec["initContainers"][5]["image"], "model:4");
  EXPECT_EQ(spec["initContainers"][1]["command"], Json({"/initscan/bin/initscan-collect"}));
  EXPECT_EQ(spec["initContainers"][1]["args"],
            Json({"--root=/", "--output=/initscan/sbom/0/sbom.json", "--seal=/initscan/bin/nonce"}));
  EXPECT_EQ(spec["initContainers"][6]["image"], "example/initscan@sha256:1111");
  EXPECT_EQ(spec["initContainers"][6]["args"][1], "--sbom=0=/initscan/sbom/0/sbom.json");
  EXPECT_EQ(spec["initContainers"][6]["args"][2], "--image=0=setup:2");
  EXPECT_EQ(names_in(spec["volumes"]),
            (Names{"data", "model", "initscan-bin", "initscan-seal", "initscan-no-token", "initscan-sbom-0",
                   "initscan-sbom-1", "initscan-sbom-2", "initscan-sbom-3", "initscan-sbom-4"}));
  EXPECT_EQ(spec["containers"], pod(kFull)["spec"]["containers"]);
}

TEST(Patch, ALabelSaysThatAPodHasOurs) {
  const Json want = "true";
  EXPECT_EQ(patched(pod(kPlain), config()).pod["metadata"]["labels"]["initscan.io/injected"], want);
  Json labelled = pod(kPlain);
  labelled["metadata"]["labels"] = {{"app", "shop"}, {"initscan.io/injected", "no"}};
  EXPECT_EQ(patched(labelled, config()).pod["metadata"]["labels"],
            Json({{"app", "shop"}, {"initscan.io/injected", want}}));
  Json unnamed = pod(kPlain);
  unnamed.erase("metadata");
  EXPECT_EQ(patched(unnamed, config()).pod["metadata"]["labels"]["initscan.io/injected"], want);

  Json lost = patched(pod(kPlain), config()).pod;
  lost["metadata"].erase("labels");
  const Patched again = patched(lost, config());
  EXPECT_EQ(again.reason, "unchanged") << "it decides nothing";
  EXPECT_EQ(again.pod["metadata"]["labels"]["initscan.io/injected"], want);
  EXPECT_EQ(again.pod["spec"], lost["spec"]);
}

TEST(Patch, VolumeModeMountsEachImage) {
  const Patched result = patched(pod(kFull), config(Mode::volume));
  const Json& spec = result.pod["spec"];
  EXPECT_EQ(names_in(spec["initContainers"]), (Names{"initscan-gate", "setup", "mesh"}));
  EXPECT_EQ(spec["initContainers"][0]["args"][1], "--rootfs=0=/initscan/images/0");
  EXPECT_EQ(spec["initContainers"][0]["volumeMounts"][4],
            Json({{"name", "initscan-image-4"}, {"mountPath", "/initscan/images/4"}, {"readOnly", true}}));
  EXPECT_EQ(spec["volumes"][6], Json({{"name", "initscan-image-4"},
                                      {"image", {{"reference", "model:4"}, {"pullPolicy", "IfNotPresent"}}}}));
}

TEST(Patch, ThePolicyTravelsWithItsHash) {
  const Patched result = patched(pod(kPlain), config());
  const Json& args = result.pod["spec"]["initContainers"].back()["args"];
  EXPECT_EQ(args[4], "--policy-inline=" + base64_encode(config().policy_json));
  EXPECT_EQ(args[5], "--policy-sha256=" + sha256_hex(config().policy_json));
}

// The seal's secret is where no container can read it but ours: an image's VOLUME may be laid over the binary.
TEST(Patch, TheSealGoesFromInstallToTheGatePastTheImages) {
  const Json spec = patched(pod(kPlain), config()).pod["spec"];
  const Json& install = spec["initContainers"][0];
  const Json& collect = spec["initContainers"][1];
  const Json& gate = spec["initContainers"][2];
  EXPECT_EQ(install["args"], Json({"install", "--to=/initscan/bin", "--seal=/initscan/seal"}));
  EXPECT_EQ(install["volumeMounts"][1], Json({{"name", "initscan-seal"}, {"mountPath", "/initscan/seal"}}));
  EXPECT_EQ(collect["volumeMounts"].dump().find("initscan-seal"), std::string::npos);
  EXPECT_EQ(gate["args"][3], "--seal=/initscan/seal/nonce");
  EXPECT_EQ(gate["volumeMounts"][1],
            Json({{"name", "initscan-seal"}, {"mountPath", "/initscan/seal"}, {"readOnly", true}}));
  EXPECT_EQ(spec["volumes"][1], Json({{"name", "initscan-seal"}, {"emptyDir", {{"sizeLimit", "1Mi"}}}}));
}

TEST(Patch, WhereNothingIsCollectedThereIsNoSeal) {
  EXPECT_EQ(patched(pod(kPlain), config(Mode::volume)).pod.dump().find("seal"), std::string::npos);
}

// What an image brings to run in the collector's place would have it before there is a verdict.
TEST(Patch, NoneOfOursHasATokenBesideACollector) {
  const Json empty{{"name", "initscan-no-token"},
                   {"mountPath", "/var/run/secrets/kubernetes.io/serviceaccount"},
                   {"readOnly", true}};
  for (const char* const automount : {"null", "false", "true"}) {
    Json asked = pod(kFull);
    asked["spec"]["automountServiceAccountToken"] = Json::parse(automount);
    const Json spec = patched(asked, config()).pod["spec"];
    for (const Json& c : spec["initContainers"]) {
      if (!c["name"].get<std::string>().starts_with("initscan-")) continue;
      EXPECT_EQ(c["volumeMounts"].back(), empty) << c["name"] << automount;
    }
    EXPECT_EQ(spec["volumes"][4], Json({{"name", "initscan-no-token"}, {"emptyDir", {{"sizeLimit", "1Mi"}}}}));
  }
  // An emptyDir would keep a node from being drained, and a gate alone runs no program of an image.
  EXPECT_EQ(patched(pod(kFull), config(Mode::volume)).pod.dump().find("no-token"), std::string::npos);
}

TEST(Patch, ATokenBesideACollectorIsTakenOut) {
  const Json good = patched(pod(kPlain), config()).pod;
  for (std::size_t i = 0; i < good["spec"]["initContainers"].size(); ++i) {
    Json bad = good;
    bad["spec"]["initContainers"][i]["volumeMounts"].back()["name"] = "kube-api-access-x";
    const Patched result = patched(bad, config());
    EXPECT_EQ(result.reason, "injected");
    EXPECT_EQ(result.pod["spec"]["initContainers"], good["spec"]["initContainers"]);
  }
}

// Runtimes that are in use fail to mount an image there: "failed to set MOUNT_ATTR_IDMAP".
TEST(Patch, APodWithUsersOfItsOwnGetsNoImageVolume) {
  const std::string own = R"({"hostUsers":false,"containers":[{"name":"app","image":"shop@sha256:1"}]})";
  const Json spec = patched(pod(own.c_str()), config(Mode::volume)).pod["spec"];
  EXPECT_EQ(names_in(spec["initContainers"]), (Names{"initscan-install", "initscan-collect-0", "initscan-gate"}));
  EXPECT_EQ(spec["volumes"].dump().find("\"image\""), std::string::npos);
  const std::string shared = R"({"hostUsers":true,"containers":[{"name":"app","image":"shop@sha256:1"}]})";
  EXPECT_EQ(names_in(patched(pod(shared.c_str()), config(Mode::volume)).pod["spec"]["initContainers"]),
            Names{"initscan-gate"});
}

// A log holds names out of the image that is judged; the message that people read is the gate's own.
TEST(Patch, NoLogBecomesATerminationMessage) {
  const Json injected = patched(pod(kPlain), config()).pod;
  for (const Json& c : injected["spec"]["initContainers"]) {
    EXPECT_EQ(c["terminationMessagePolicy"], "File");
    EXPECT_EQ(c["terminationMessagePath"], "/dev/termination-log");
  }
}

TEST(Patch, AnIndexImageIsMounted) {
  InjectorConfig with = config();
  with.index_image = "example/index@sha256:2";
  const Json spec = patched(pod(kPlain), with).pod["spec"];
  const Json& gate = spec["initContainers"].back();
  EXPECT_EQ(gate["args"][4], "--db=/initscan/db/advisories.db");
  EXPECT_EQ(gate["volumeMounts"][2]["name"], "initscan-db");
  EXPECT_EQ(spec["volumes"].back()["image"]["reference"], "example/index@sha256:2");
}

const std::vector<std::string> kServers{"--report-to=https://a:1", "--server=https://a:1",
                                        "--server-token=/initscan/token/token", "--server-ca-inline=AAAA"};

InjectorConfig with_servers(Mode mode) {
  InjectorConfig with = config(mode);
  with.servers = kServers;
  return with;
}

// Not the container that writes the collector, nor those that run in images, nor the pod's own.
TEST(Patch, TheGateAloneHasAServersToken) {
  for (const Mode mode : {Mode::copy, Mode::volume}) {
    const Json spec = patched(pod(kFull), with_servers(mode)).pod["spec"];
    for (const char* const list : {"initContainers", "containers"}) {
      for (const Json& c : spec[list]) {
        EXPECT_EQ(c.dump().find("initscan-token") != std::string::npos, c["name"] == "initscan-gate") << c["name"];
      }
    }
    const Json& volumes = spec["volumes"];
    const auto token = std::find_if(volumes.begin(), volumes.end(),
                                    [](const Json& volume) { return volume["name"] == "initscan-token"; });
    ASSERT_NE(token, volumes.end());
    EXPECT_EQ(*token, Json::parse(R"({"name":"initscan-token","projected":{"defaultMode":420,"sources":[
        {"serviceAccountToken":{"audience":"initscan","expirationSeconds":3600,"path":"token"}}]}})"));
  }
}

TEST(Patch, TheGateIsToldOfServersBeforeItsPolicy) {
  const Json spec = patched(pod(kPlain), with_servers(Mode::copy)).pod["spec"];
  const Json& args = spec["initContainers"].back()["args"];
  EXPECT_EQ(std::vector<std::string>(args.begin() + 4, args.begin() + 8), kServers);
  EXPECT_TRUE(args[8].get<std::string>().starts_with("--policy-inline="));
  EXPECT_EQ(spec["initContainers"].back()["volumeMounts"][2],
            Json({{"name", "initscan-token"}, {"mountPath", "/initscan/token"}, {"readOnly", true}}));
  EXPECT_EQ(patched(pod(kPlain), config()).pod.dump().find("initscan-token"), std::string::npos);
}

TEST(Patch, OtherServersAreReplacedByTheClusters) {
  for (const Mode mode : {Mode::copy, Mode::volume}) {
    const Json good = patched(pod(kPlain), with_servers(mode)).pod;
    EXPECT_EQ(patched(good, with_servers(mode)).reason, "unchanged");
    InjectorConfig evil = with_servers(mode);
    evil.servers[0] = "--report-to=https://evil";
    for (const InjectorConfig& other : {evil, config(mode)}) {
      const Patched result = patched(patched(pod(kPlain), other).pod, with_servers(mode));
      EXPECT_EQ(result.reason, "injected");
      EXPECT_EQ(result.pod["spec"]["initContainers"], good["spec"]["initContainers"]);
    }
    EXPECT_EQ(patched(good, config(mode)).pod["spec"], patched(pod(kPlain), config(mode)).pod["spec"]);
    Json longer = good;
    for (Json& volume : longer["spec"]["volumes"]) {
      if (volume["name"] != "initscan-token") continue;
      volume["projected"]["sources"][0]["serviceAccountToken"]["expirationSeconds"] = 86400;
    }
    ASSERT_NE(longer, good);
    EXPECT_EQ(patched(longer, with_servers(mode)).pod["spec"], good["spec"]);
  }
}

TEST(Patch, ThePlatformAssignsUsersWhereItIsTold) {
  InjectorConfig with = config();
  with.assigned_user = true;
  Json injected = patched(pod(kPlain), with).pod;
  for (Json& c : injected["spec"]["initContainers"]) {
    EXPECT_FALSE(c["securityContext"].contains("runAsUser"));
    EXPECT_FALSE(c["securityContext"].contains("runAsGroup"));
    EXPECT_EQ(c["securityContext"]["runAsNonRoot"], true);
    c["securityContext"]["runAsUser"] = 1000650000;  // as an SCC of OpenShift fills it in
  }
  EXPECT_EQ(patched(injected, with).reason, "unchanged");
  EXPECT_EQ(patched(injected, config()).reason, "injected");
}

TEST(Patch, EveryContainerIsRestricted) {
  for (const Mode mode : {Mode::copy, Mode::volume}) {
    const Json injected = patched(pod(kPlain), config(mode)).pod;
    for (const Json& c : injected["spec"]["initContainers"]) {
      const Json& context = c["securityContext"];
      EXPECT_EQ(context["allowPrivilegeEscalation"], false);
      EXPECT_EQ(context["runAsNonRoot"], true);
      EXPECT_EQ(context["runAsUser"], 65532);
      EXPECT_EQ(context["capabilities"]["drop"], Json({"ALL"}));
      EXPECT_EQ(context["seccompProfile"]["type"], "RuntimeDefault");
      EXPECT_EQ(context["readOnlyRootFilesystem"], true);
    }
  }
}

// Quotas refuse containers that say nothing beside those that do.
TEST(Patch, OursAskWherePodsDoAndOnlyThere) {
  const char* const asking = R"({"containers":[{"name":"app","image":"shop:1","resources":{"requests":{"cpu":"1"}}}]})";
  for (const Mode mode : {Mode::copy, Mode::volume}) {
    const Json injected = patched(pod(asking), config(mode)).pod;
    for (const Json& c : injected["spec"]["initContainers"]) {
      for (const char* kind : {"requests", "limits"}) {
        for (const char* resource : {"cpu", "memory"}) EXPECT_TRUE(c["resources"][kind].contains(resource));
      }
    }
    const Json quiet = patched(pod(kPlain), config(mode)).pod;
    for (const Json& c : quiet["spec"]["initContainers"]) EXPECT_FALSE(c.contains("resources"));
  }
}

// As the API server does it: not where something is mounted already.
void add_token(Json& container) {
  const Json token{{"name", "kube-api-access-x"},
                   {"mountPath", "/var/run/secrets/kubernetes.io/serviceaccount"},
                   {"readOnly", true}};
  Json& mounts = container["volumeMounts"];
  const bool is_there = std::any_of(mounts.begin(), mounts.end(),
                                    [&](const Json& mount) { return mount["mountPath"] == token["mountPath"]; });
  if (!is_there) mounts.push_back(token);
}

class Twice : public testing::TestWithParam<std::tuple<Mode, const char*>> {};

TEST_P(Twice, ChangesNothing) {
  const auto& [mode, spec] = GetParam();
  const Patched once = patched(pod(spec), config(mode));
  EXPECT_EQ(patched(once.pod, config(mode)).reason, "unchanged");
}

TEST_P(Twice, ChangesNothingAfterTheApiServersAdditions) {
  const auto& [mode, spec] = GetParam();
  Json once = patched(pod(spec), config(mode)).pod;
  for (const char* const list : {"initContainers", "containers"}) {
    for (Json& container : once["spec"][list]) add_token(container);
  }
  for (Json& container : once["spec"]["initContainers"]) {
    container["resources"]["limits"]["ephemeral-storage"] = "1Gi";
    container["resources"]["requests"] = container["resources"].value("requests", Json::object());
  }
  once["spec"]["volumes"].push_back({{"name", "kube-api-access-x"}, {"projected", Json::object()}});
  EXPECT_EQ(patched(once, config(mode)).reason, "unchanged");
}

TEST_P(Twice, CoversAContainerThatAnotherWebhookAdds) {
  const auto& [mode, spec] = GetParam();
  Json once = patched(pod(spec), config(mode)).pod;
  once["spec"]["containers"].push_back({{"name", "late"}, {"image", "late:9"}});
  const Json first{{"name", "first"}, {"image", "first:9"}};
  once["spec"]["initContainers"].insert(once["spec"]["initContainers"].begin(), first);
  const Patched result = patched(once, config(mode));
  EXPECT_EQ(result.reason, "injected");
  const std::string text = result.pod["spec"]["initContainers"].dump();
  EXPECT_NE(text.find("=late:9"), text.npos);
  EXPECT_NE(text.find("=first:9"), text.npos);
  EXPECT_TRUE(names_in(result.pod["spec"]["initContainers"])[0].starts_with("initscan-"));
  EXPECT_EQ(patched(result.pod, config(mode)).reason, "unchanged");
}

// What somebody could do to our containers so that they scan nothing, or decide otherwise.
TEST_P(Twice, EveryTamperingIsUndone) {
  const auto& [mode, spec] = GetParam();
  const Json good = patched(pod(spec), config(mode)).pod;
  const std::size_t gate = mode == Mode::volume ? 0
                                                : good["spec"]["initContainers"].size() -
                                                      (pod(spec)["spec"].contains("initContainers") ? 2 : 0) - 1;
  const std::vector<std::function<void(Json&)>> tamperings{
      [](Json& c) { c["image"] = "evil:1"; },
      [](Json& c) { c["args"] = Json({"version"}); },
      [](Json& c) { c["command"] = Json({"/bin/true"}); },
      [](Json& c) {
        c["env"] = Json::array({{{"name", "LD_PRELOAD"}, {"value", "/x"}}});
      },
      [](Json& c) { c["restartPolicy"] = "Always"; },
      [](Json& c) { c["securityContext"]["runAsUser"] = 0; },
      [](Json& c) {
        c["volumeMounts"].push_back({{"name", "data"}, {"mountPath", "/usr/share/initscan"}});
      },
      [](Json& c) { c["lifecycle"] = Json::object(); },
      [](Json& c) { c["resources"]["limits"]["memory"] = "1"; },
      [](Json& c) { c["resources"]["requests"]["cpu"] = "1000"; },
      [](Json& c) { c["terminationMessagePolicy"] = "FallbackToLogsOnError"; },
      [](Json& c) { c["name"] = "initscan-gate-2"; },
      [](Json& c) { c["workingDir"] = "/tmp"; }};
  for (std::size_t i = 0; i < tamperings.size(); ++i) {
    Json bad = good;
    tamperings[i](bad["spec"]["initContainers"][gate]);
    const Patched result = patched(bad, config(mode));
    EXPECT_EQ(result.reason, "injected") << "tampering " << i;
    EXPECT_EQ(result.pod["spec"]["initContainers"], good["spec"]["initContainers"]) << "tampering " << i;
  }
}

TEST_P(Twice, AForgedVolumeIsReplaced) {
  const auto& [mode, spec] = GetParam();
  const Json good = patched(pod(spec), config(mode)).pod;
  Json bad = good;
  for (Json& volume : bad["spec"]["volumes"]) {
    if (!volume["name"].get<std::string>().starts_with("initscan-")) continue;
    volume = {{"name", volume["name"]}, {"hostPath", {{"path", "/evil"}}}};
    break;
  }
  ASSERT_NE(bad, good);
  const Patched result = patched(bad, config(mode));
  EXPECT_EQ(result.reason, "injected");
  EXPECT_EQ(result.pod["spec"]["volumes"].dump().find("/evil"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Modes, Twice,
                         testing::Combine(testing::Values(Mode::copy, Mode::volume), testing::Values(kPlain, kFull)),
                         [](const auto& test) {
                           return std::string(to_string(std::get<0>(test.param))) +
                                  (std::get<1>(test.param) == kPlain ? "Plain" : "Full");
                         });

TEST(Patch, NoAnnotationIsTrusted) {
  Json forged = pod(kPlain);
  forged["metadata"]["annotations"] = {{"initscan.io/status", "injected"}, {"initscan.io/inject", "disabled"}};
  forged["metadata"]["labels"] = {{"initscan.io/inject", "disabled"}};
  EXPECT_EQ(patched(forged, config()).reason, "injected");
  InjectorConfig allowing = config();
  allowing.allow_pod_opt_out = true;
  EXPECT_EQ(patched(forged, allowing).reason, "opted-out");
}

TEST(Patch, LeavesAloneWhatItCannotHelp) {
  Json mirror = pod(kPlain);
  mirror["metadata"]["annotations"] = {{"kubernetes.io/config.mirror", "x"}};
  EXPECT_EQ(patched(mirror, config()).reason, "mirror");
  EXPECT_EQ(patched(pod(R"({"os":{"name":"windows"},"containers":[{"name":"a","image":"a"}]})"), config()).reason,
            "windows");
  EXPECT_EQ(patched(pod(R"({"nodeSelector":{"kubernetes.io/os":"windows"},"containers":[{"name":"a","image":"a"}]})"),
                    config())
                .reason,
            "windows");
  Json system = pod(kPlain);
  system["metadata"]["namespace"] = "kube-system";
  EXPECT_EQ(patched(system, config()).reason, "excluded-namespace");
}

TEST(Patch, APodForOtherNodesIsLeftAlone) {
  InjectorConfig with = config();
  with.architectures = {"amd64", "arm64"};
  const auto reason = [&](const std::string& nodes) {
    return patched(pod((R"({"containers":[{"name":"a","image":"a:1"}],)" + nodes + "}").c_str()), with).reason;
  };
  const auto affinity = [](const std::string& terms) {
    return R"("affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[)" +
           terms + "]}}}";
  };
  const auto term = [](const std::string& key, const std::string& op, const std::string& values) {
    return R"({"matchExpressions":[{"key":")" + key + R"(","operator":")" + op + R"(","values":[)" + values + "]}]}";
  };
  const std::string arch = "kubernetes.io/arch";
  EXPECT_EQ(reason(R"("nodeSelector":{"kubernetes.io/arch":"s390x"})"), "architecture");
  EXPECT_EQ(reason(R"("nodeSelector":{"kubernetes.io/arch":"arm64"})"), "injected");
  EXPECT_EQ(reason(affinity(term(arch, "In", R"("s390x","ppc64le")"))), "architecture");
  EXPECT_EQ(reason(affinity(term(arch, "In", R"("s390x","amd64")"))), "injected") << "it may come to run there";
  EXPECT_EQ(reason(affinity(term(arch, "In", R"("s390x")") + ',' + term("zone", "In", R"("a")"))), "injected")
      << "terms are alternatives";
  EXPECT_EQ(reason(affinity(term(arch, "NotIn", R"("amd64")"))), "injected")
      << "what is not understood excludes nothing";
  EXPECT_EQ(reason(affinity(term("kubernetes.io/os", "In", R"("windows")"))), "windows");
  EXPECT_EQ(reason(R"("affinity":7)"), "injected");
  with.architectures.clear();
  EXPECT_EQ(reason(R"("nodeSelector":{"kubernetes.io/arch":"s390x"})"), "injected") << "there is an image for all";
}

struct Needy {
  const char* name;
  const char* spec;
  Mode mode;
  bool always_pull;
  std::string_view want;  // what the sentence ends with; "" where the pod can do without a collector
};

class WithoutCollectors : public testing::TestWithParam<Needy> {};

TEST_P(WithoutCollectors, APodThatNeedsOneIsRefused) {
  InjectorConfig with = config(GetParam().mode);
  with.volumes_only = true;
  with.always_pull = GetParam().always_pull;
  const std::string start = "error: images are only mounted here, and none runs a collector (volumesOnly), but ";
  const Patched result = patched(pod(GetParam().spec), with);
  EXPECT_EQ(result.reason, GetParam().want.empty() ? "injected" : start + std::string(GetParam().want));
  EXPECT_EQ(result.pod.dump().find("initscan-collect"), std::string::npos);
  with.only_reports = true;
  EXPECT_EQ(patched(pod(GetParam().spec), with).reason, "injected") << "a namespace that reports stops nothing";
}

INSTANTIATE_TEST_SUITE_P(
    Table, WithoutCollectors,
    testing::Values(
        Needy{"NoneNeeded", kFull, Mode::volume, false, ""},
        Needy{"ADigest", R"({"containers":[{"name":"a","image":"a@sha256:1","imagePullPolicy":"Always"}]})",
              Mode::volume, true, ""},
        Needy{"ATag", R"({"containers":[{"name":"b","image":"b:1"},{"name":"a","image":"a:latest"}]})", Mode::volume,
              false,
              "\"a:latest\" is a tag that is pulled again at each start: name it by digest, or with imagePullPolicy: "
              "IfNotPresent"},
        Needy{"ATagThatIsAlwaysPulled", kPlain, Mode::volume, true,
              "\"shop:1\" is a tag that is pulled again at each start: name it by digest"},
        Needy{"UsersOfItsOwn", R"({"hostUsers":false,"containers":[{"name":"a","image":"a@sha256:1"}]})", Mode::volume,
              false, "it has users of its own: leave hostUsers: false out"},
        Needy{"ANamespaceInModeCopy", kPlain, Mode::copy, false,
              "mode copy is requested: remove the annotation initscan.io/mode from its namespace"}),
    [](const auto& test) { return test.param.name; });

struct Bad {
  const char* name;
  const char* spec;
  std::string_view error;
};

class PatchRefuses : public testing::TestWithParam<Bad> {};

TEST_P(PatchRefuses, WithAReason) {
  EXPECT_EQ(patched(pod(GetParam().spec), config()).reason, "error: " + std::string(GetParam().error));
}

INSTANTIATE_TEST_SUITE_P(
    Table, PatchRefuses,
    testing::Values(
        Bad{"AMountOfOurs",
            R"({"containers":[{"name":"a","image":"a","volumeMounts":[{"name":"initscan-bin","mountPath":"/b"}]}]})",
            "container \"a\" mounts \"initscan-bin\": that volume is initscan's own"},
        Bad{"AMountOfOursInAnInitContainer",
            R"({"initContainers":[{"name":"i","image":"i","volumeMounts":[{"name":"initscan-sbom-0","mountPath":"/b"}]}],
                "containers":[{"name":"a","image":"a"}]})",
            "container \"i\" mounts \"initscan-sbom-0\": that volume is initscan's own"},
        Bad{"MountsOfAnotherType", R"({"containers":[{"name":"a","image":"a","volumeMounts":7}]})",
            "spec: containers: a: volumeMounts: want a list"},
        Bad{"ASecurityContextOfAnotherType", R"({"containers":[{"name":"a","image":"a","securityContext":7}]})",
            "spec: containers: a: securityContext: want an object"},
        Bad{"NoContainers", R"({"containers":[]})", "spec: no containers"},
        Bad{"NoImage", R"({"containers":[{"name":"a"}]})", "container \"a\" has no image"},
        Bad{"ContainersOfAnotherType", R"({"containers":7})", "spec: containers: want a list"},
        Bad{"AContainerThatIsNone", R"({"containers":[7]})", "spec: containers: want a list of objects"},
        Bad{"AReservedName", R"({"containers":[{"name":"initscan-gate","image":"a"}]})",
            "container \"initscan-gate\": names that start with \"initscan-\" are reserved for initscan; choose "
            "another"}),
    [](const auto& test) { return test.param.name; });

TEST(PatchRefuses, MoreImagesThanItsLimit) {
  Json many = pod(R"({"containers":[]})");
  for (std::size_t i = 0; i <= kMaxImages; ++i) {
    many["spec"]["containers"].push_back({{"name", "a"}, {"image", "a:" + std::to_string(i)}});
  }
  EXPECT_EQ(patched(many, config()).reason, "error: more than 100 distinct images");
}

}  // namespace
}  // namespace initscan::injector

#include "injector/pod/pull_policy.h"

#include "tests/unit/injector/inject/patched.h"

#include <gtest/gtest.h>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;
using Names = std::vector<std::string>;

TEST(PullPolicy, FollowsTheReference) {
  EXPECT_EQ(default_pull_policy("a"), "Always");
  EXPECT_EQ(default_pull_policy("a:latest"), "Always");
  EXPECT_EQ(default_pull_policy("r:5000/b"), "Always");
  EXPECT_EQ(default_pull_policy("a:1"), "IfNotPresent");
  EXPECT_EQ(default_pull_policy("a@sha256:1"), "IfNotPresent");
}

std::vector<std::string> policies(const Json& list) {
  std::vector<std::string> all;
  for (const Json& c : list) all.push_back(c.value("imagePullPolicy", "unsaid"));
  return all;
}

const char* const kMixed = R"({"containers":[
  {"name":"a","image":"a"}, {"name":"b","image":"r:5000/b"}, {"name":"c","image":"c:1"}, {"name":"d","image":"d@sha256:1"},
  {"name":"e","image":"e","imagePullPolicy":"Never"}, {"name":"f","image":"f:2","imagePullPolicy":"Always"},
  {"name":"g","image":"g@sha256:1","imagePullPolicy":"Always"}, {"name":"h","image":"h","imagePullPolicy":"IfNotPresent"}]})";

TEST(PullPolicy, TheScanPullsAndTheContainersDoNot) {
  const Json spec = patched(pod(kMixed), config()).pod["spec"];
  EXPECT_EQ(policies(spec["initContainers"]), (Names{"IfNotPresent", "Always", "Always", "IfNotPresent", "IfNotPresent",
                                                     "Never", "Always", "Always", "IfNotPresent", "IfNotPresent"}));
  EXPECT_EQ(policies(spec["containers"]), (Names{"IfNotPresent", "IfNotPresent", "unsaid", "unsaid", "Never",
                                                 "IfNotPresent", "Always", "IfNotPresent"}));
}

// The kubelet pulls image volumes again before each container that it starts.
TEST(PullPolicy, InVolumeModeAMovingTagIsCollected) {
  const Json spec = patched(pod(kMixed), config(Mode::volume)).pod["spec"];
  EXPECT_EQ(names_in(spec["initContainers"]), (Names{"initscan-install", "initscan-collect-0", "initscan-collect-1",
                                                     "initscan-collect-5", "initscan-gate"}));
  EXPECT_EQ(names_in(spec["volumes"]),
            (Names{"initscan-bin", "initscan-seal", "initscan-no-token", "initscan-sbom-0", "initscan-sbom-1",
                   "initscan-image-2", "initscan-image-3", "initscan-image-4", "initscan-sbom-5", "initscan-image-6",
                   "initscan-image-7"}));
  for (const Json& volume : spec["volumes"]) {
    if (!volume.contains("image") || volume["name"] == "initscan-image-6") continue;
    EXPECT_NE(volume["image"]["pullPolicy"], "Always") << volume;
  }
  EXPECT_EQ(policies(spec["containers"])[0], "IfNotPresent");
}

class PullPolicyTwice : public testing::TestWithParam<Mode> {};

TEST_P(PullPolicyTwice, ThePatchIsEmpty) {
  const Json once = patched(pod(kMixed), config(GetParam())).pod;
  EXPECT_EQ(patched(once, config(GetParam())).reason, "unchanged");
}

TEST_P(PullPolicyTwice, AContainerThatComesLaterKeepsTheBitsToo) {
  Json once = patched(pod(kMixed), config(GetParam())).pod;
  once["spec"]["containers"].push_back({{"name", "late"}, {"image", "f:2"}, {"imagePullPolicy", "Always"}});
  const Json again = patched(once, config(GetParam())).pod;
  EXPECT_EQ(policies(again["spec"]["containers"]).back(), "IfNotPresent");
  EXPECT_EQ(again["spec"]["initContainers"], once["spec"]["initContainers"]);
  EXPECT_EQ(patched(again, config(GetParam())).reason, "unchanged");
}

TEST_P(PullPolicyTwice, AnImageVolumeIsNotPulledAgain) {
  const Json once = patched(pod(R"({"containers":[{"name":"a","image":"a:1"}],
    "volumes":[{"name":"m","image":{"reference":"model","pullPolicy":"Always"}},{"name":"n","image":{"reference":"new"}}]})"),
                            config(GetParam()))
                        .pod;
  EXPECT_EQ(once["spec"]["volumes"][0]["image"]["pullPolicy"], "IfNotPresent");
  EXPECT_EQ(once["spec"]["volumes"][1]["image"]["pullPolicy"], "IfNotPresent");
  EXPECT_EQ(policies(once["spec"]["initContainers"]).size(), GetParam() == Mode::copy ? 5u : 4u);
  EXPECT_EQ(patched(once, config(GetParam())).reason, "unchanged");
}

INSTANTIATE_TEST_SUITE_P(Modes, PullPolicyTwice, testing::Values(Mode::copy, Mode::volume),
                         [](const auto& test) { return std::string(to_string(test.param)); });

TEST(PullPolicy, TheMostEagerContainerDecides) {
  const auto wish = [](const char* containers) {
    return wished_pull_policy(*read_pod(R"({"spec":{"containers":)" + std::string(containers) + "}}"), "a:1");
  };
  EXPECT_EQ(
      wish(
          R"([{"name":"x","image":"a:1","imagePullPolicy":"Never"},{"name":"y","image":"a:1","imagePullPolicy":"Always"}])"),
      "Always");
  EXPECT_EQ(wish(R"([{"name":"x","image":"a:1","imagePullPolicy":"Never"},{"name":"y","image":"a:1"}])"),
            "IfNotPresent");
  EXPECT_EQ(
      wish(
          R"([{"name":"x","image":"a:1","imagePullPolicy":"Never"},{"name":"y","image":"b:1","imagePullPolicy":"Always"}])"),
      "Never");
}

// A forged collector cannot keep the scan from pulling: what it says counts only where it pulls more.
TEST(PullPolicy, NothingOfOursInThePodMakesTheScanLazier) {
  const Json forged = pod(R"({"initContainers":[{"name":"initscan-collect-0","image":"a","imagePullPolicy":"Never"}],
    "containers":[{"name":"a","image":"a","imagePullPolicy":"Always"}]})");
  EXPECT_EQ(policies(patched(forged, config()).pod["spec"]["initContainers"])[1], "Always");
}

// The API server makes everything `Always`, so a tag keeps its collector; a digest is what it was whoever pulls it.
TEST(PullPolicy, AnApiServerThatInsistsOnPullingIsObeyed) {
  for (const Mode mode : {Mode::copy, Mode::volume}) {
    InjectorConfig with = config(mode);
    with.always_pull = true;
    const Json spec = patched(pod(R"({"containers":[{"name":"a","image":"a:1","imagePullPolicy":"Always"},
                                                    {"name":"b","image":"b@sha256:1","imagePullPolicy":"Always"}]})"),
                              with)
                          .pod["spec"];
    for (const std::string& policy : policies(spec["initContainers"])) EXPECT_EQ(policy, "Always");
    EXPECT_EQ(policies(spec["containers"]), (Names{"Always", "Always"}));
    std::vector<std::string> mounted;
    for (const Json& volume : spec["volumes"]) {
      if (!volume.contains("image")) continue;
      EXPECT_EQ(volume["image"]["pullPolicy"], "Always");
      mounted.push_back(volume["image"]["reference"]);
    }
    EXPECT_EQ(mounted, mode == Mode::copy ? Names{} : Names{"b@sha256:1"});
  }
}

// The kubelet would pull it again at each start of a container, for the pod's whole life.
TEST(PullPolicy, NoImageVolumeOfATagThatMovesIsAlwaysPulled) {
  for (const bool always_pull : {false, true}) {
    InjectorConfig with = config(Mode::volume);
    with.always_pull = always_pull;
    const Json volumes = patched(pod(kMixed), with).pod["spec"]["volumes"];
    for (const Json& volume : volumes) {
      if (!volume.contains("image") || volume["image"]["pullPolicy"] != "Always") continue;
      EXPECT_NE(volume["image"]["reference"].get<std::string>().find('@'), std::string::npos) << volume;
    }
  }
}

}  // namespace
}  // namespace initscan::injector

#include "injector/doctor/trial.h"

#include "initscan/policy/policy_file.h"
#include "injector/doctor/gate.h"
#include "injector/inject/manifest.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

using Json = nlohmann::json;

// What the API server would answer: the trial pod as the injector makes it.
class Trial : public testing::TestWithParam<Mode> {
 protected:
  Trial() {
    InjectorConfig config;
    config.image = "example/initscan@sha256:1";
    config.mode = GetParam();
    config.policy_name = "default";
    config.policy_json = canonical_json(Policy{});
    Json pod = trial_pod(config.image);
    pod["metadata"]["name"] = "initscan-check-abc";
    const auto injected = inject_manifest(pod.dump(), config);
    if (injected) answer_ = Json::parse(injected->text);
    parameters_ = {{"images", config.image}, {"policy." + gate_facts_of(answer_)->policy_sha256, "default"}};
  }
  CheckItem judge(unsigned status = 201) const {
    return judge_trial("shop", status, answer_, {Json{{"data", parameters_}}, ""}, {}, true);
  }

  Json answer_;
  Json parameters_;
};

TEST_P(Trial, ComesBackInjected) {
  EXPECT_EQ(judge().fact, "shop: it comes back injected: policy default, mode " + std::string(to_string(GetParam())));
  EXPECT_EQ(judge().state, CheckState::ok);
}

TEST_P(Trial, ComesBackWithoutAScanner) {
  answer_["spec"].erase("initContainers");
  EXPECT_EQ(judge().state, CheckState::error);
  EXPECT_EQ(judge().fact, "shop: it comes back without a scanner");
}

TEST_P(Trial, ComesBackChangedBySomebodyElse) {
  answer_["spec"]["initContainers"][0]["env"] = {{{"name", "A"}, {"value", "b"}}};
  EXPECT_EQ(judge().state, CheckState::warning);
}

TEST_P(Trial, GetsWhatIsNotAccepted) {
  parameters_["images"] = "example/other";
  EXPECT_NE(judge().fact.find("gets the image example/initscan@sha256:1, which the final-state policy does not accept"),
            std::string::npos);
  parameters_ = {{"images", "example/initscan@sha256:1"}};
  EXPECT_NE(judge().fact.find("gets a policy that is not published"), std::string::npos);
  EXPECT_EQ(judge().state, CheckState::error);
}

TEST_P(Trial, IsDenied) {
  answer_ = {{"message",
              "pods \"x\" is forbidden: initscan: its containers are not in this pod (was the injector unreachable? "
              "try again)"}};
  EXPECT_EQ(judge(403).state, CheckState::error);
  answer_ = {{"message", "denied: initscan: the gate's arguments are not those of the injector"}};
  EXPECT_EQ(judge(403).state, CheckState::error);
  answer_ = {
      {"message", "denied: initscan: this namespace runs images by digest only (requireDigest); name each as x"}};
  EXPECT_EQ(judge(403).state, CheckState::unknown);
  EXPECT_NE(judge(403).advice.find("give it by digest"), std::string::npos);
  answer_ = {{"message", "denied the request: initscan cannot put its scanner into this pod: (volumesOnly), but"}};
  EXPECT_EQ(judge(422).state, CheckState::unknown);
  EXPECT_NE(judge(422).advice.find("give it by digest"), std::string::npos);
  answer_ = {{"message", "pods \"x\" is forbidden: exceeded quota: small"}};
  EXPECT_EQ(judge(403).state, CheckState::unknown);
  answer_ = {{"message", "User \"a\" cannot create resource \"pods\""}};
  EXPECT_EQ(judge(403).state, CheckState::unknown);
}

INSTANTIATE_TEST_SUITE_P(Modes, Trial, testing::Values(Mode::copy, Mode::volume),
                         [](const auto& test) { return std::string(to_string(test.param)); });

TEST(GateFacts, AreOfAGateAlone) {
  EXPECT_FALSE(gate_facts_of(Json::parse("null")));
  EXPECT_FALSE(gate_facts_of(Json::parse(R"({"spec":{"initContainers":[{"name":"a"}]}})")));
  const auto odd = gate_facts_of(
      Json::parse(R"({"spec":{"initContainers":[{"name":"initscan-gate","args":[1,"--policy-inline=!"]}]}})"));
  ASSERT_TRUE(odd);
  EXPECT_EQ(odd->error, "the gate's arguments hold no policy that can be read");
}

}  // namespace
}  // namespace initscan

#include "injector/doctor/trial.h"

#include "initscan/policy/policy_file.h"
#include "injector/doctor/denial.h"
#include "injector/doctor/gate.h"
#include "injector/inject/denial_text.h"
#include "injector/inject/manifest.h"

#include <fstream>
#include <map>

#include <gtest/gtest.h>

namespace initscan::injector {
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
    return judge_trial("shop", status, answer_, {Json{{"data", parameters_}}, {}}, config_, true);
  }

  Json answer_;
  Json parameters_;
  InjectorConfig config_;  // of the namespace
};

// As the API server hands on what a policy says.
Json denial(const std::string& text) {
  return {{"message",
           "pods \"x\" is forbidden: ValidatingAdmissionPolicy 'initscan-final-state' with binding "
           "'initscan-final-state' denied request: " +
               text}};
}

TEST_P(Trial, ComesBackInjected) {
  EXPECT_EQ(judge().fact, "shop: it comes back injected: policy default, mode " + std::string(to_string(GetParam())));
  EXPECT_EQ(judge().state, CheckState::ok);
}

TEST_P(Trial, ComesBackWithoutAScanner) {
  answer_["spec"].erase("initContainers");
  EXPECT_EQ(judge().state, CheckState::error);
  EXPECT_EQ(judge().fact, "shop: it comes back without the scanner");
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

TEST_P(Trial, IsDeniedByUs) {
  answer_ = denial("initscan: its containers are not in this pod (was the injector unreachable? try again)");
  EXPECT_EQ(judge(403).state, CheckState::error);
  EXPECT_NE(judge(403).advice.find("did not reach the injector"), std::string::npos);
  answer_ = denial("initscan: the gate's arguments are not those of the injector");
  EXPECT_EQ(judge(403).state, CheckState::error);
  EXPECT_NE(judge(403).advice.find("do not agree"), std::string::npos);
}

TEST_P(Trial, IsDeniedForItsTagWhereDigestsAreRequired) {
  answer_ = denial("initscan: whatever it says");
  config_.require_digest = Reaction::deny;
  parameters_["image"] = "example/initscan:1";
  EXPECT_EQ(judge(403).state, CheckState::unknown);
  EXPECT_NE(judge(403).advice.find("name it by digest"), std::string::npos);
  parameters_["image"] = "example/initscan@sha256:" + std::string(64, 'a');
  EXPECT_EQ(judge(403).state, CheckState::error) << "it has a digest: something else is wrong";
}

TEST_P(Trial, IsDeniedForItsTagWhereOnlyVolumesAreScanned) {
  answer_ = {
      {"message", "admission webhook \"x\" denied the request: " + std::string(kCannotInject) + "(volumesOnly), but"}};
  config_.volumes_only = true;
  parameters_["image"] = "example/initscan:1";
  EXPECT_EQ(judge(422).state, CheckState::unknown);
  EXPECT_NE(judge(422).advice.find("name it by digest"), std::string::npos);
}

TEST_P(Trial, IsDeniedBySomebodyElse) {
  for (const char* const message :
       {"pods \"x\" is forbidden: exceeded quota: small", "User \"a\" cannot create resource \"pods\"",
        "admission webhook \"other.example.com\" denied the request: initscan is not allowed here", ""}) {
    answer_ = {{"message", message}};
    EXPECT_EQ(judge(403).state, CheckState::unknown) << message;
    EXPECT_NE(judge(403).advice.find("something else"), std::string::npos) << message;
  }
}

INSTANTIATE_TEST_SUITE_P(Modes, Trial, testing::Values(Mode::copy, Mode::volume),
                         [](const auto& test) { return std::string(to_string(test.param)); });

TEST(Denial, IsReadFromWhatTheWebhookSays) {
  const std::string lead = "admission webhook \"guard.initscan.io\" denied the request: ";
  EXPECT_EQ(denial_of({{"message", lead + "initscan: " + std::string(kNotInjected)}}), Denial::not_injected);
  EXPECT_EQ(denial_of({{"message", lead + "initscan: this pod is not as the injector makes it"}}), Denial::not_final);
  EXPECT_EQ(denial_of({{"message", 3}}), Denial::not_ours);
  EXPECT_EQ(denial_of(Json()), Denial::not_ours);
}

TEST(Denial, IsReadFromEachMessageOfTheFinalStatePolicy) {
  std::ifstream file(INITSCAN_SOURCE_DIR "/deploy/kustomize/base/final-state.yaml");
  std::map<Denial, int> seen;
  for (std::string line; std::getline(file, line);) {
    constexpr std::string_view kMessage = "      message: \"";
    if (!line.starts_with(kMessage)) continue;
    ++seen[denial_of(denial(line.substr(kMessage.size())))];
  }
  EXPECT_EQ(seen[Denial::not_injected], 1);
  EXPECT_GT(seen[Denial::not_final], 5);
  EXPECT_EQ(seen[Denial::not_ours], 0);
}

TEST(GateFacts, AreOfAGateAlone) {
  EXPECT_FALSE(gate_facts_of(Json::parse("null")));
  EXPECT_FALSE(gate_facts_of(Json::parse(R"({"spec":{"initContainers":[{"name":"a"}]}})")));
  const auto odd = gate_facts_of(
      Json::parse(R"({"spec":{"initContainers":[{"name":"initscan-gate","args":[1,"--policy-inline=!"]}]}})"));
  ASSERT_TRUE(odd);
  EXPECT_EQ(odd->error, "the gate's arguments contain no readable policy");
}

}  // namespace
}  // namespace initscan::injector

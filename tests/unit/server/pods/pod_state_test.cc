#include "server/pods/pod_state.h"

#include "tests/unit/server/pods/made_pod.h"

#include <gtest/gtest.h>

namespace initscan::server {
namespace {

using Json = nlohmann::json;

constexpr NamespaceRules kLabelled{true, false, false, false};

PodReading read(const Json& pod) {
  return read_pod(pod, kAccepted);
}

const Json kRefused = ended(2, line_of("verdict=fail"));
const Json kUndecided = ended(1, line_of("verdict=undecided reason=no-data"));
const Json kPassed = ended(0, line_of("verdict=pass"));

struct Case {
  const char* name;
  Json pod;
  PodState state;
  BlockReason blocked_by = BlockReason::undecided;
};

class GatedPodState : public testing::TestWithParam<Case> {};

TEST_P(GatedPodState, IsWhatItsStatusSays) {
  const PodReading reading = read(GetParam().pod);
  EXPECT_EQ(to_string(state_of(reading, kLabelled)), to_string(GetParam().state));
  EXPECT_EQ(to_string(reading.blocked_by), to_string(GetParam().blocked_by));
}

Json failed(Json pod) {
  pod["status"]["phase"] = "Failed";
  return pod;
}

Json deleted(Json pod) {
  pod["metadata"]["deletionTimestamp"] = "2026-11-28T00:00:00Z";
  return pod;
}

Json reporting() {
  return with_policy(made_pod(), kReportingPolicy);
}

Json with_install(const Json& state, const Json& last = Json::object()) {
  Json pod = with_status(made_pod(true), waiting("PodInitializing"));
  Json& statuses = pod["status"]["initContainerStatuses"];
  statuses.insert(statuses.begin(), Json{{"name", "initscan-install"}, {"state", state}, {"lastState", last}});
  return pod;
}

INSTANTIATE_TEST_SUITE_P(
    Table, GatedPodState,
    testing::Values(
        Case{"New", made_pod(), PodState::scanning},
        Case{"Runs", with_status(made_pod(), kRunning), PodState::scanning},
        Case{"Passed", with_status(made_pod(), kPassed), PodState::scanned},
        Case{"PassedAndRuns", with_status(made_pod(), kPassed, {}, kRunning), PodState::scanned},
        Case{"OfAnOlderReleaseAndRuns", with_status(made_pod(), ended(0), {}, kRunning), PodState::scanned},
        Case{"Refused", with_status(made_pod(), kRefused), PodState::blocked, BlockReason::gate_failed},
        Case{"RefusedAndWaits", with_status(made_pod(), waiting("CrashLoopBackOff"), kRefused), PodState::blocked,
             BlockReason::gate_failed},
        Case{"RefusedAndTriedAgain", with_status(made_pod(), kRunning, kRefused), PodState::blocked,
             BlockReason::gate_failed},
        Case{"RefusedByAnOlderRelease", with_status(made_pod(), ended(2, "initscan: FAIL\n")), PodState::blocked,
             BlockReason::gate_failed},
        Case{"Undecided", with_status(made_pod(), kUndecided), PodState::blocked, BlockReason::undecided},
        Case{"Killed", with_status(made_pod(), ended(137)), PodState::blocked, BlockReason::undecided},
        Case{"KilledAndPassedThen",
             with_status(made_pod(), ended(0, line_of("verdict=pass"), "containerd://2"), ended(137)),
             PodState::scanned},
        Case{"RefusedForGood", failed(with_status(made_pod(), kRefused)), PodState::blocked, BlockReason::gate_failed},
        Case{"RefusedAndGoing", deleted(with_status(made_pod(), kRefused)), PodState::ended},
        Case{"PassedAndFailedItself", failed(with_status(made_pod(), kPassed, {}, ended(1))), PodState::ended},
        Case{"EvictedBeforeItsGate", failed(made_pod()), PodState::ended},
        Case{"NoImage", with_status(made_pod(), waiting("ImagePullBackOff")), PodState::blocked,
             BlockReason::image_pull},
        Case{"NoImageAfterAFailure", with_status(made_pod(), waiting("ErrImagePull"), kRefused), PodState::blocked,
             BlockReason::image_pull},
        Case{"CannotBeMade", with_status(made_pod(), waiting("CreateContainerError")), PodState::blocked,
             BlockReason::create_error},
        Case{"NoImageForTheInstall", with_install(waiting("ErrImagePull")), PodState::blocked, BlockReason::image_pull},
        Case{"TheInstallFails", with_install(kRunning, ended(1)), PodState::blocked, BlockReason::undecided},
        Case{"TheInstallHasRun", with_install(ended(0)), PodState::scanning},
        Case{"RunsAlthoughRefused", with_status(made_pod(), kRefused, {}, kRunning), PodState::unproven},
        Case{"NothingIsLeftOfItsGate", with_status(made_pod(), Json::object(), {}, kRunning), PodState::scanned},
        Case{"OnlyReportsWithoutALine", with_status(reporting(), ended(0), {}, kRunning), PodState::report_only},
        Case{"OnlyReportsAndNothingIsLeftOfIt", with_status(reporting(), Json::object(), {}, kRunning),
             PodState::report_only},
        Case{"WithoutALineAndItsPolicyCannotBeRead",
             with_status(with_policy(made_pod(), kUnreadablePolicy), ended(0), {}, kRunning), PodState::report_only},
        Case{"TheApplicationsOwnImage", with_status(made_pod(), kPassed, {}, waiting("ErrImagePull")),
             PodState::scanned}),
    [](const auto& test) { return test.param.name; });

TEST(PodStates, APolicyThatOnlyReportsLetsThrough) {
  const Json pod = with_status(made_pod(), ended(0, line_of("verdict=fail enforcement=report")), {}, kRunning);
  EXPECT_EQ(read(pod).state, PodState::report_only);
  EXPECT_EQ(read(pod).scans[0].verdict, Outcome::fail);
  const Json passed = with_status(made_pod(), ended(0, line_of("verdict=pass enforcement=report")), {}, kRunning);
  EXPECT_EQ(read(passed).state, PodState::scanned);
}

TEST(PodStates, WhatRanBeforeItsNodeStartedAgainDoesNotCount) {
  const auto again = [](const Json& gate, const Json& last, const Json& app) {
    Json pod = with_status(made_pod(), gate, last, app);
    pod["status"]["containerStatuses"][0]["lastState"] = ended(255);
    return read(pod);
  };
  const Json waits = waiting("PodInitializing");
  EXPECT_EQ(again(waiting("CrashLoopBackOff"), kRefused, waits).state, PodState::blocked);
  EXPECT_EQ(again(kRefused, {}, waits).blocked_by, BlockReason::gate_failed);
  EXPECT_EQ(again(kRunning, kPassed, waits).state, PodState::scanning);
  EXPECT_EQ(again(kPassed, kPassed, waits).state, PodState::scanned);
  EXPECT_EQ(again(kRunning, kPassed, kRunning).state, PodState::scanned);
  // Where nothing is known of the gate any more it has let through what ran.
  EXPECT_EQ(again(Json::object(), {}, waits).state, PodState::scanned);
}

TEST(PodStates, WhereGatesOnlyReportNobodyKnowsWhatOneWithoutALineFound) {
  const NamespaceRules only_reports{true, true, false, false};
  const PodReading cut = read(with_status(made_pod(), ended(0, "initscan/1 verdict=fail enforce"), {}, kRunning));
  EXPECT_EQ(state_of(cut, only_reports), PodState::report_only);
  EXPECT_EQ(state_of(cut, kLabelled), PodState::scanned) << "there its exit code decides";
  const PodReading told = read(with_status(made_pod(), kPassed, {}, kRunning));
  EXPECT_EQ(state_of(told, only_reports), PodState::scanned);
}

TEST(PodStates, ALineThatContradictsItsExitCodeProvesNothing) {
  const PodReading reading = read(with_status(made_pod(), ended(0, line_of("verdict=fail")), {}, kRunning));
  EXPECT_EQ(reading.state, PodState::unproven);
}

TEST(PodStates, OfOneThatIsTooLargeNothingIsProven) {
  const Json beginning = Json::parse(R"({"metadata":{"name":"web-1","labels":{"initscan.io/inject":"disabled"}}})");
  EXPECT_EQ(state_of(read_beginning(beginning), kLabelled), PodState::unproven);
  EXPECT_EQ(state_of(read_beginning(beginning), {}), PodState::unproven);
  EXPECT_EQ(read_beginning(deleted(beginning)).state, PodState::ended);
}

TEST(PodStates, AForgedGateProvesNothing) {
  Json pod = with_status(made_pod(), kPassed, {}, kRunning);
  pod["spec"]["initContainers"][0]["image"] = "evil/initscan:1";
  EXPECT_EQ(read(pod).state, PodState::unproven);
  EXPECT_TRUE(read(pod).scans.empty());
}

TEST(PodStates, OfPodsWithoutAGate) {
  const auto state = [](const char* metadata, const NamespaceRules& rules = kLabelled) {
    return state_of(read({{"metadata", Json::parse(metadata)}}), rules);
  };
  const char* const opted = R"({"labels":{"initscan.io/inject":"disabled"}})";
  EXPECT_EQ(state("{}"), PodState::older_than_label);
  EXPECT_EQ(state("{}", {}), PodState::unlabelled);
  EXPECT_EQ(state("{}", {true, true, false, false}), PodState::report_only);
  EXPECT_EQ(state("{}", {true, false, true, false}), PodState::excluded);
  EXPECT_EQ(state(R"({"annotations":{"kubernetes.io/config.mirror":"x"}})"), PodState::excluded);
  EXPECT_EQ(state(opted), PodState::bypassed);
  EXPECT_EQ(state(opted, {true, false, false, true}), PodState::opted_out);
  EXPECT_EQ(state(R"({"deletionTimestamp":"2026-11-28T00:00:00Z"})"), PodState::ended);
  const Json windows{{"spec", {{"os", {{"name", "windows"}}}}}};
  EXPECT_EQ(state_of(read(windows), kLabelled), PodState::excluded);
}

Json collected(const std::string& scanned_id, const std::string& running_id) {
  Json pod = with_status(made_pod(true), kPassed, {}, kRunning);
  pod["status"]["initContainerStatuses"].push_back({{"name", "initscan-collect-0"}, {"imageID", scanned_id}});
  pod["status"]["containerStatuses"][0]["imageID"] = running_id;
  return pod;
}

TEST(Sameness, IsThatOfTheImagesIds) {
  const std::string other = "example/shop@sha256:" + std::string(64, 'b');
  EXPECT_EQ(read(collected(kAppId, kAppId)).sameness, Sameness::same);
  EXPECT_EQ(read(collected("docker-pullable://" + kAppId, kAppId)).sameness, Sameness::same);
  EXPECT_EQ(read(collected(kAppId, other)).sameness, Sameness::other);
  EXPECT_EQ(read(collected(kAppId, "sha256:" + std::string(64, 'b'))).sameness, Sameness::unknown);
  EXPECT_EQ(read(collected("", kAppId)).sameness, Sameness::unknown);
}

TEST(Sameness, OfAMountedImageIsWhatTheNodeSays) {
  Json pod = with_status(made_pod(), kPassed, {}, kRunning);
  EXPECT_EQ(read(pod).sameness, Sameness::unknown);
  const auto told = [&](const std::string& id) {
    pod["status"]["initContainerStatuses"][0]["volumeMounts"] = {
        {{"name", "initscan-image-0"}, {"volumeStatus", {{"image", {{"imageRef", id}}}}}}};
    return read(pod).sameness;
  };
  EXPECT_EQ(told(kAppId), Sameness::same);
  EXPECT_EQ(told("example/shop@sha256:" + std::string(64, 'b')), Sameness::other);
}

TEST(Sameness, OfWhatNobodyScannedIsOther) {
  Json pod = collected(kAppId, kAppId);
  pod["spec"]["ephemeralContainers"] = {{{"name", "debug"}, {"image", "example/tools:1"}}};
  pod["status"]["ephemeralContainerStatuses"] = {{{"name", "debug"}, {"imageID", kAppId}, {"state", kRunning}}};
  EXPECT_EQ(read(pod).sameness, Sameness::other);
  pod["spec"]["ephemeralContainers"][0]["image"] = kAppImage;
  EXPECT_EQ(read(pod).sameness, Sameness::same);
}

}  // namespace
}  // namespace initscan::server

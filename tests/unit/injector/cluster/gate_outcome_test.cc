#include "injector/cluster/gate_outcome.h"

#include "common/crypto/sha256.h"
#include "injector/cluster/release.h"

#include <functional>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;

// A blocked pod as a kubelet reports it in CrashLoopBackOff: the verdict stands in lastState.
Json blocked_pod() {
  return Json::parse(R"({
    "metadata":{"name":"web-1","namespace":"shop","uid":"u1","resourceVersion":"7","creationTimestamp":"2026-01-01T00:00:00Z",
      "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web","uid":"r1","controller":true}]},
    "spec":{"initContainers":[{"name":"initscan-gate","image":"i@sha256:1","args":["gate","--policy-sha256=old"]}],
      "containers":[{"name":"app","image":"a:1"}]},
    "status":{"phase":"Pending",
      "initContainerStatuses":[{"name":"initscan-gate","restartCount":3,"state":{"waiting":{"reason":"CrashLoopBackOff",
        "message":"back-off 40s"}},"lastState":{"terminated":{"exitCode":2,"message":"initscan: FAIL 1\nCVE-1 openssl\n"}}}],
      "containerStatuses":[{"name":"app","state":{"waiting":{"reason":"PodInitializing"}}}]}})");
}

Json& gate_status(Json& pod) {
  return pod["status"]["initContainerStatuses"][0];
}

InjectorConfig next() {
  InjectorConfig config;
  config.image = "i@sha256:1";
  config.policy_json = "{}";
  return config;
}

const std::chrono::sys_seconds kBornBefore = std::chrono::sys_days(std::chrono::year(2026) / 1 / 2);

bool is_released(const Json& pod, const InjectorConfig& config = next()) {
  return release_of(pod, config, kBornBefore).has_value();
}

TEST(GateOutcome, TheVerdictIsThatOfTheLastRun) {
  Json pod = blocked_pod();
  EXPECT_EQ(gate_outcome_of(pod).exit_code, 2);
  EXPECT_EQ(gate_outcome_of(pod).message, "initscan: FAIL 1\nCVE-1 openssl\n");
  EXPECT_FALSE(gate_outcome_of(pod).wait);
  gate_status(pod)["state"] = Json::parse(R"({"terminated":{"exitCode":1,"message":"now"}})");
  EXPECT_EQ(gate_outcome_of(pod).exit_code, 1);
  EXPECT_EQ(gate_outcome_of(pod).message, "now");
  gate_status(pod)["state"] = Json::parse(R"({"terminated":{"exitCode":0,"message":"pass"}})");
  EXPECT_TRUE(gate_outcome_of(pod).has_passed);
  EXPECT_FALSE(gate_outcome_of(pod).exit_code);
}

TEST(GateOutcome, TheLineForProgramsIsNotForPeople) {
  Json pod = blocked_pod();
  gate_status(pod)["lastState"]["terminated"]["message"] = "initscan/1 verdict=fail ms=1\ninitscan: FAIL 1\n";
  EXPECT_EQ(gate_outcome_of(pod).message, "initscan: FAIL 1\n");
}

TEST(GateOutcome, WhatIsWaitedForIsSaid) {
  Json pod = blocked_pod();
  gate_status(pod)["state"] = Json::parse(R"({"waiting":{"reason":"ImagePullBackOff","message":"no such image"}})");
  const auto wait = gate_outcome_of(pod).wait;
  ASSERT_TRUE(wait);
  EXPECT_EQ(wait->container + ' ' + wait->reason + ' ' + wait->message, "initscan-gate ImagePullBackOff no such image");
}

TEST(GateOutcome, StatusesOfAnotherTypeSayNothing) {
  for (const char* const status :
       {"7", "{}", R"({"initContainerStatuses":7})", R"({"initContainerStatuses":[7,{"name":7}]})",
        R"({"initContainerStatuses":[{"name":"initscan-gate","state":7,"lastState":[]}]})",
        R"({"initContainerStatuses":[{"name":"initscan-gate","state":{"terminated":{"exitCode":"2"}}}]})"}) {
    Json pod = blocked_pod();
    pod["status"] = Json::parse(status);
    EXPECT_FALSE(gate_outcome_of(pod).exit_code) << status;
    EXPECT_FALSE(is_blocked(pod)) << status;
  }
}

TEST(Release, ABlockedPodOfAnOldPolicyGoes) {
  const auto release = release_of(blocked_pod(), next(), kBornBefore);
  ASSERT_TRUE(release);
  EXPECT_EQ(release->uid, "u1");
  EXPECT_EQ(release->resource_version, "7");
  EXPECT_EQ(release->owner.name, "web");
  EXPECT_EQ(release->why, "its policy has changed since the pod was refused");
}

TEST(Release, OneThatTheNextWouldBeLikeStays) {
  Json pod = blocked_pod();
  pod["spec"]["initContainers"][0]["args"][1] = "--policy-sha256=" + sha256_hex(next().policy_json);
  EXPECT_FALSE(is_released(pod));
  InjectorConfig other = next();
  other.image = "i@sha256:2";
  EXPECT_EQ(release_of(pod, other, kBornBefore)->why, "the image of initscan has changed since the pod was refused");
  other.accepted_images = {"i@sha256:1"};
  EXPECT_FALSE(is_released(pod, other)) << "another replica still puts it in";
  other = next();
  other.index_image = "db@sha256:1";
  EXPECT_EQ(release_of(pod, other, kBornBefore)->why, "the index has changed since the pod was refused");
}

TEST(Release, OneThatAskedAServerInVainGoesWhenAnotherIsAsked) {
  Json pod = blocked_pod();
  Json& args = pod["spec"]["initContainers"][0]["args"];
  args[1] = "--policy-sha256=" + sha256_hex(next().policy_json);
  InjectorConfig other = next();
  other.servers = {"--report-to=https://a", "--server-ca-inline=BBBB"};
  EXPECT_FALSE(is_released(pod, other)) << "where reports go decides nothing";
  other.servers = {"--server=https://a", "--server-ca-inline=BBBB"};
  EXPECT_EQ(release_of(pod, other, kBornBefore)->why, "its server has changed since the pod was refused");
  for (const char* const arg : {"--server=https://a", "--server-ca-inline=AAAA"}) args.push_back(arg);
  EXPECT_EQ(release_of(pod, other, kBornBefore)->why, "its server has changed since the pod was refused");
  EXPECT_TRUE(is_released(pod)) << "none is asked any more";
  other.accepted_servers = {"--server=https://a|--server-ca-inline=AAAA"};
  EXPECT_FALSE(is_released(pod, other)) << "another replica still names it";
  other.servers.back() = "--server-ca-inline=AAAA";
  EXPECT_FALSE(is_released(pod, other));
}

TEST(Release, NoPodGoesThatNobodyMakesAnew) {
  for (const char* const owner :
       {R"([])", R"([{"apiVersion":"batch/v1","kind":"Job","name":"j","uid":"x","controller":true}])",
        R"([{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"w","uid":"x","controller":false}])",
        R"([{"apiVersion":"example.com/v1","kind":"ReplicaSet","name":"w","uid":"x","controller":true}])", "7"}) {
    Json pod = blocked_pod();
    pod["metadata"]["ownerReferences"] = Json::parse(owner);
    EXPECT_FALSE(is_released(pod)) << owner;
  }
  for (const char* const kind : {"ReplicaSet", "StatefulSet", "DaemonSet"}) {
    Json pod = blocked_pod();
    pod["metadata"]["ownerReferences"][0]["kind"] = kind;
    EXPECT_TRUE(is_released(pod)) << kind;
  }
}

TEST(Release, NoPodGoesThatMayRun) {
  const std::vector<std::function<void(Json&)>> changes{
      [](Json& pod) { gate_status(pod)["state"] = Json::parse(R"({"running":{}})"); },
      [](Json& pod) { gate_status(pod)["state"] = Json::parse(R"({"terminated":{"exitCode":0}})"); },
      [](Json& pod) { gate_status(pod).erase("lastState"); },
      [](Json& pod) { pod["status"]["containerStatuses"][0]["state"] = Json::parse(R"({"running":{}})"); },
      [](Json& pod) {
        pod["status"]["containerStatuses"][0]["lastState"] = Json::parse(R"({"terminated":{"exitCode":1}})");
      },
      [](Json& pod) { pod["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"; },
      [](Json& pod) { pod["metadata"]["creationTimestamp"] = "2026-01-02T00:00:01Z"; },
      [](Json& pod) { pod["metadata"].erase("creationTimestamp"); },
      [](Json& pod) { pod["metadata"].erase("resourceVersion"); },
      [](Json& pod) { pod["spec"]["initContainers"][0]["name"] = "gate"; }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    Json pod = blocked_pod();
    changes[i](pod);
    EXPECT_FALSE(is_released(pod)) << i;
  }
}

}  // namespace
}  // namespace initscan::injector

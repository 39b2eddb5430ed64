#include "injector/explain/workload.h"

#include <gtest/gtest.h>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;

std::string subject(std::string_view text) {
  const auto found = workload_name(text);
  return found ? std::string(found->kind->kind) + ' ' + found->name : found.error().text;
}

TEST(WorkloadNames, IsNamedAsKubectlTakesIt) {
  EXPECT_EQ(subject("web"), "Pod web");
  EXPECT_EQ(subject("po/web"), "Pod web");
  EXPECT_EQ(subject("deploy/web"), "Deployment web");
  EXPECT_EQ(subject("Deployments.apps/web"), "Deployment web");
  EXPECT_EQ(subject("sts/db"), "StatefulSet db");
  EXPECT_EQ(subject("ds/log"), "DaemonSet log");
  EXPECT_EQ(subject("rs/web-1"), "ReplicaSet web-1");
  EXPECT_EQ(subject("rc/old"), "ReplicationController old");
  EXPECT_EQ(subject("job/once"), "Job once");
  EXPECT_EQ(subject("cj/nightly"), "CronJob nightly");
  EXPECT_TRUE(subject("svc/web").starts_with("explain: \"svc\" has no pods; kinds are pod, deployment"));
  EXPECT_EQ(subject("pod/"), "explain: want POD or KIND/NAME, got \"pod/\"");
  EXPECT_EQ(subject("pod/a/b"), "explain: want POD or KIND/NAME, got \"pod/a/b\"");
}

TEST(WorkloadNames, ANameLeadsNowhereElse) {
  EXPECT_EQ(collection_of(*workload_kind("deploy"), "../x"), "/apis/apps/v1/namespaces/..%2Fx/deployments");
}

TEST(Workload, OnlyControllersCount) {
  const std::vector<Json> all{
      Json::parse(R"({"metadata":{"name":"a","ownerReferences":[{"uid":"1","controller":true}]}})"),
      Json::parse(R"({"metadata":{"name":"b","ownerReferences":[{"uid":"1"}]}})"),
      Json::parse(R"({"metadata":{"name":"c","ownerReferences":[{"uid":"2","controller":true}]}})"), Json(7)};
  const auto found = controlled_by({"1"}, all);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0]["metadata"]["name"], "a");
}

TEST(Workload, WhyNoPodIsMade) {
  const Json set = Json::parse(R"({"metadata":{"uid":"r"},"status":{"conditions":[
    {"type":"ReplicaFailure","status":"True","message":"pods \"x\" is forbidden"},{"type":"Available","status":"True","message":"y"}]}})");
  const Json about = Json::parse(R"({"reason":"FailedCreate","message":"quota","involvedObject":{"uid":"r"}})");
  const Json other = Json::parse(R"({"reason":"FailedCreate","message":"no","involvedObject":{"uid":"s"}})");
  EXPECT_EQ(refusals({set}, {about, about, other}),
            (std::vector<std::string>{"pods \"x\" is forbidden", "quota (2 times)"}));
}

TEST(Workload, WhatIsSaidOfEachPodIsOneSentenceWithACount) {
  const auto event = [](const char* name, int count) {
    return Json{{"reason", "FailedCreate"},
                {"message", "Error creating: pods \"" + std::string(name) + "\" is forbidden: initscan: no"},
                {"involvedObject", {{"uid", "r"}}},
                {"count", count}};
  };
  Json series = event("web-7d4b9-zzzzz", 0);
  series["series"] = {{"count", 5}};
  const std::vector<Json> events{event("web-7d4b9-x2x7k", 3), event("web-7d4b9-b8k2p", 1), series};
  const Json set{{"metadata", {{"uid", "r"}}}};
  EXPECT_EQ(refusals({set}, events), (std::vector<std::string>{"Error creating: pods \"web-7d4b9-*\" is forbidden: "
                                                               "initscan: no (9 times)"}));
}

TEST(Workload, PodsAreMadeAnewByTheKindsOwnCommand) {
  EXPECT_EQ(renewal_of(*workload_kind("deploy"), "web", "shop"), "kubectl rollout restart deployment web -n shop");
  EXPECT_EQ(renewal_of(*workload_kind("job"), "once", "shop"), "kubectl delete job once -n shop, and create it again");
}

}  // namespace
}  // namespace initscan::injector

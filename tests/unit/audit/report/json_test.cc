#include "audit/report/report_files.h"
#include "tests/unit/audit/text_output.h"

#include "small_report.h"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace initscan::audit {
namespace {

using Json = nlohmann::ordered_json;

TEST(AuditJson, SaysWhoMadeItAndWhen) {
  const Json json = Json::parse(text_of(put_json, small_report()));
  EXPECT_EQ(json["schema"], "initscan.io/audit/v1");
  EXPECT_EQ(json["made"], "2026-11-24T20:52:00Z");
  EXPECT_EQ(json["comparedWith"], "2026-11-23T20:52:00Z");
  EXPECT_EQ(json["complete"], false);
}

TEST(AuditJson, TellsWhoMayGetAroundAndWhatTheGateBlocks) {
  AuditReport report = small_report();
  report.clusters[0].ended_pods = 3;
  report.clusters[0].blocked_pods = 2;
  report.clusters[0].detours = {
      {{"ServiceAccount", "ops", "agent"}, {{"nodes/proxy"}, "", "ClusterRoleBinding agents"}}};
  report.clusters[0].detours_left_out = 4;
  report.workloads[0].blocked_pods = 2;
  report.workloads[0].blocked_why = "initscan: FAIL";
  const Json json = Json::parse(text_of(put_json, report));
  EXPECT_EQ(json["summary"]["endedPods"], 3);
  EXPECT_EQ(json["summary"]["blockedPods"], 2);
  EXPECT_EQ(json["summary"]["detours"], 5);
  EXPECT_EQ(json["clusters"][0]["detoursLeftOut"], 4);
  EXPECT_EQ(json["clusters"][0]["detours"].dump(),
            R"([{"kind":"ServiceAccount","namespace":"ops","name":"agent","rights":["nodes/proxy"],"in":"",)"
            R"("binding":"ClusterRoleBinding agents"}])");
  EXPECT_EQ(json["workloads"][0]["blockedPods"], 2);
  EXPECT_EQ(json["workloads"][0]["blockedWhy"], "initscan: FAIL");
}

TEST(AuditJson, CountsWhatCounts) {
  EXPECT_EQ(Json::parse(text_of(put_json, small_report()))["summary"].dump(),
            R"({"pods":4,"containers":5,"skippedPods":1,"endedPods":0,"blockedPods":0,"detours":0,"gaps":1,)"
            R"("workloads":{"rotate-now":1,"make-immutable":0,"not-started":0,"unknown":0,"fine":1},)"
            R"("failures":{"critical":0,"high":0,"medium":1,"low":0,"negligible":0,"unknown":0},)"
            R"("unknown":1,"accepted":1,"new":1,"passed":50})");
}

TEST(AuditJson, HasEveryFieldOfAResult) {
  const Json results = Json::parse(text_of(put_json, small_report()))["workloads"][0]["results"];
  EXPECT_EQ(results[0].dump(),
            R"({"check":"writable-root","outcome":"fail","container":"web","containerKind":"regular",)"
            R"("value":"false","evidence":"spec.containers[web].securityContext",)"
            R"("message":"web can write to its root","pods":3,"examplePod":"web-0","exception":null,"change":"new",)"
            R"("firstSeen":null})");
  EXPECT_EQ(results[2]["containerKind"], nullptr) << "a result of the pod has no container";
  EXPECT_EQ(results[2]["exception"], "a cache, until 2027-01-31");
  EXPECT_EQ(results[2]["firstSeen"], "2026-11-15T20:52:00Z");
}

TEST(AuditJson, HasEveryFieldOfAContainer) {
  EXPECT_EQ(
      Json::parse(text_of(put_json, small_report()))["workloads"][0]["containers"][0].dump(),
      R"({"name":"web","kind":"regular","image":"example/web:1","imageNames":1,"imageIds":["example/web@sha256:00"],"running":3,)"
      R"("oldestStart":"2026-09-25T20:52:00Z","maxRestarts":1,"largestWriteLayer":{"bytes":1536,"inodes":7},)"
      R"("score":80,"reasons":["root is writable"]})");
}

TEST(AuditJson, SaysWhyAWriteLayerIsNotKnown) {
  AuditReport report = small_report();
  report.workloads[0].containers[0].largest_write_layer = {std::nullopt, "403 Forbidden"};
  EXPECT_EQ(Json::parse(text_of(put_json, report))["workloads"][0]["containers"][0]["largestWriteLayer"].dump(),
            R"({"unknown":"403 Forbidden"})");
}

TEST(AuditJson, ListsEachCheckOnce) {
  const Json checks = Json::parse(text_of(put_json, small_report()))["checks"];
  ASSERT_EQ(checks.size(), 2u);
  EXPECT_EQ(checks[0]["id"], "writable-root");
  EXPECT_EQ(checks[1]["id"], "write-layer");
  EXPECT_EQ(checks[0]["references"]["kubescape"], "C-0017");
}

TEST(AuditJson, KeepsHostileNamesWhole) {
  AuditReport report = small_report();
  report.workloads[0].owner.name = "a\"\\\n\u202e";
  EXPECT_EQ(Json::parse(text_of(put_json, report))["workloads"][0]["name"], "a\"\\\n\u202e");
}

TEST(AuditJson, IsTheSameTwice) {
  EXPECT_EQ(text_of(put_json, small_report()), text_of(put_json, small_report()));
}

TEST(AuditJson, OfNothingIsWhole) {
  const Json json = Json::parse(text_of(put_json, AuditReport{}));
  EXPECT_EQ(json["workloads"].size(), 0u);
  EXPECT_EQ(json["comparedWith"], nullptr);
}

}  // namespace
}  // namespace initscan::audit

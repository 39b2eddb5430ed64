#include "audit/report/openreports.h"

#include "small_report.h"
#include <gtest/gtest.h>

namespace initscan::audit {
namespace {

using Json = nlohmann::json;

TEST(ReportObjects, OneForEachOwnerWithResultsAndOneForGaps) {
  const ReportObjects made = report_objects(small_report(), "prod", ReportApi::openreports);
  ASSERT_EQ(made.objects.size(), 2u);
  EXPECT_EQ(made.objects[0].namespace_, "");
  EXPECT_EQ(made.objects[0].object["kind"], "ClusterReport");
  EXPECT_EQ(made.objects[0].object["results"][0]["message"], "nodes: 403 Forbidden");
  EXPECT_EQ(made.objects[1].namespace_, "shop");
  EXPECT_TRUE(made.complete);
  EXPECT_TRUE(report_objects(small_report(), "staging", ReportApi::openreports).objects.empty());
}

TEST(ReportObjects, SayWhoseTheyAre) {
  const ReportObject web = report_objects(small_report(), "prod", ReportApi::openreports).objects[1];
  EXPECT_EQ(web.name, "initscan-deployment-web-1d029fc8");
  EXPECT_EQ(web.object["apiVersion"], "openreports.io/v1alpha1");
  EXPECT_EQ(web.object["kind"], "Report");
  EXPECT_EQ(web.object["metadata"], Json::parse(R"({"name":"initscan-deployment-web-1d029fc8","namespace":"shop",
              "labels":{"app.kubernetes.io/managed-by":"initscan-audit","app.kubernetes.io/part-of":"initscan"},
              "ownerReferences":[{"apiVersion":"apps/v1","kind":"Deployment","name":"web","uid":"uid-1"}]})"));
  EXPECT_EQ(web.object["scope"], Json::parse(R"({"apiVersion":"apps/v1","kind":"Deployment","name":"web",
              "namespace":"shop","uid":"uid-1"})"));
  EXPECT_EQ(web.object["summary"], Json::parse(R"({"pass":20,"fail":1,"warn":0,"error":1,"skip":3})"));
}

TEST(ReportObjects, MapOutcomes) {
  const Json results = report_objects(small_report(), "prod", ReportApi::openreports).objects[1].object["results"];
  EXPECT_EQ(results[0], Json::parse(R"({"source":"initscan-audit","policy":"initscan-audit","rule":"writable-root",
              "category":"mutability","severity":"medium","timestamp":{"seconds":1795553520,"nanos":0},"result":"fail",
              "scored":true,"message":"web can write to its root","properties":{"pods":"3","container":"web",
              "value":"false","evidence":"spec.containers[web].securityContext",
              "remedy":"Set readOnlyRootFilesystem: true."}})"));
  EXPECT_EQ(results[1]["result"], "error");
  EXPECT_EQ(results[2]["result"], "skip");
  EXPECT_EQ(results[2]["scored"], false);
  EXPECT_EQ(results[2]["properties"]["exception"], "a cache, until 2027-01-31");
  EXPECT_EQ(results[2]["timestamp"]["seconds"], 1'795'553'520 - 9 * 86'400)
      << "the first time, so that it does not change";
}

TEST(ReportObjects, OfTheOlderInterfaceHaveOnlyItsFields) {
  const ReportObject web = report_objects(small_report(), "prod", ReportApi::policy_report).objects[1];
  EXPECT_EQ(web.object["apiVersion"], "wgpolicyk8s.io/v1alpha2");
  EXPECT_EQ(web.object["kind"], "PolicyReport");
  EXPECT_FALSE(web.object.contains("source"));
  EXPECT_FALSE(web.object.contains("configuration"));
  EXPECT_EQ(plural(ReportApi::policy_report, true), "policyreports");
  EXPECT_EQ(plural(ReportApi::policy_report, false), "clusterpolicyreports");
}

TEST(ReportObjects, AreCapped) {
  AuditReport report = small_report();
  report.workloads[0].results.assign(5000, report.workloads[0].results[0]);
  report.workloads[0].results[0].result.value = std::string(1'000'000, 'x');
  const Json object = report_objects(report, "prod", ReportApi::openreports).objects[1].object;
  EXPECT_EQ(object["results"].size(), kMaxObjectResults);
  EXPECT_EQ(object["summary"]["fail"], 5000);
  EXPECT_EQ(object["metadata"]["annotations"]["initscan.io/results-left-out"], "4900");
  EXPECT_LT(object.dump().size(), 200'000u);
  report.workloads.assign(2 * kMaxReportObjects, report.workloads[1]);
  for (Workload& workload : report.workloads) workload.results = {small_report().workloads[0].results[0]};
  EXPECT_EQ(report_objects(report, "prod", ReportApi::openreports).objects.size(), kMaxReportObjects);
}

TEST(ReportObjects, NamesAreThoseOfAnApiServerAndApart) {
  AuditReport report = small_report();
  Workload other = report.workloads[0];
  other.owner.name = std::string(400, 'W') + "_\xff/..";
  report.workloads.push_back(other);
  other.owner = {"example.io/v1", "Deployment", "web", "uid-9"};
  report.workloads.push_back(other);
  const auto objects = report_objects(report, "prod", ReportApi::openreports).objects;
  ASSERT_EQ(objects.size(), 4u);
  EXPECT_LE(objects[2].name.size(), 253u);
  EXPECT_EQ(objects[2].name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"), std::string::npos);
  EXPECT_NE(objects[3].name, objects[1].name) << "of another group";
}

TEST(ReportObjects, AreNotCompleteWherePodsWereNotRead) {
  for (const auto& [part, complete] :
       {std::pair("pods", false), std::pair("pod shop/web-1", false), std::pair("objects", false),
        std::pair("a pod", false), std::pair("poddisruptionbudgets", true)}) {
    AuditReport report = small_report();
    report.clusters[0].gaps = {{part, "403 Forbidden"}};
    EXPECT_EQ(report_objects(report, "prod", ReportApi::openreports).complete, complete) << part;
  }
}

TEST(ReportObjects, WithoutAUidHaveNoOwner) {
  AuditReport report = small_report();
  report.workloads[0].owner.uid.clear();
  const Json object = report_objects(report, "prod", ReportApi::openreports).objects[1].object;
  EXPECT_FALSE(object["metadata"].contains("ownerReferences"));
}

}  // namespace
}  // namespace initscan::audit

#include "audit/report/fingerprint.h"
#include "audit/report/report_files.h"
#include "tests/unit/audit/text_output.h"

#include <filesystem>

#include "small_report.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace initscan::audit {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

TEST(AuditCsv, HasARowForEachResultAndForAWorkloadWithoutAny) {
  EXPECT_EQ(
      text_of(put_csv, small_report()),
      "cluster,namespace,kind,name,team,action,mutability,urgency,exposure,wave,container,check,severity,outcome,"
      "change,first_seen,pods,value,message,evidence,exception,example_pod\r\n"
      "prod,shop,Deployment,web,storefront,rotate-now,80,320.50,load-balancer,1,web,writable-root,medium,fail,new,,"
      "3,false,web can write to its root,spec.containers[web].securityContext,,web-0\r\n"
      "prod,shop,Deployment,web,storefront,rotate-now,80,320.50,load-balancer,1,web,write-layer,high,unknown,still,,"
      "3,false,the kubelet did not answer,spec.containers[web].securityContext,,web-0\r\n"
      "prod,shop,Deployment,web,storefront,rotate-now,80,320.50,load-balancer,1,,write-layer,high,fail,still,"
      "2026-11-15T20:52:00Z,3,false,web can write to its root,spec.containers[web].securityContext,"
      "\"a cache, until 2027-01-31\",web-0\r\n"
      "prod,shop,StatefulSet,db,,fine,0,0.00,none,,,,,,,,,,,,,\r\n");
}

TEST(AuditJunit, FailsErrsAndSkips) {
  EXPECT_EQ(text_of(put_junit, small_report()), R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="initscan-audit">
  <testsuite name="cluster prod" tests="1" failures="0" errors="1">
    <testcase classname="cluster prod" name="nodes"><error type="gap" message="403 Forbidden"/></testcase>
  </testsuite>
  <testsuite name="prod/shop/Deployment/web" tests="4" failures="1" errors="1" skipped="1" timestamp="2026-11-24T20:52:00Z">
    <testcase classname="prod/shop/Deployment/web" name="writable-root in web"><failure type="medium" message="web can write to its root">spec.containers[web].securityContext: false
Set readOnlyRootFilesystem: true.</failure></testcase>
    <testcase classname="prod/shop/Deployment/web" name="write-layer in web"><error type="high" message="the kubelet did not answer">spec.containers[web].securityContext: false
Look at them.</error></testcase>
    <testcase classname="prod/shop/Deployment/web" name="write-layer"><skipped message="accepted: a cache, until 2027-01-31"/></testcase>
    <testcase classname="prod/shop/Deployment/web" name="20 results passed"/>
  </testsuite>
  <testsuite name="prod/shop/StatefulSet/db" tests="1" failures="0" errors="0" skipped="0" timestamp="2026-11-24T20:52:00Z">
    <testcase classname="prod/shop/StatefulSet/db" name="30 results passed"/>
  </testsuite>
</testsuites>
)");
}

TEST(AuditSarif, HasRulesAndResults) {
  const json run = json::parse(text_of(put_sarif, small_report()))["runs"][0];
  const json& rules = run["tool"]["driver"]["rules"];
  ASSERT_EQ(rules.size(), 2u);
  EXPECT_EQ(rules[1]["id"], "write-layer");
  EXPECT_EQ(rules[1]["properties"]["security-severity"], "8.0");
  ASSERT_EQ(run["results"].size(), 3u);
  const json& failed = run["results"][0];
  EXPECT_EQ(failed["ruleId"], "writable-root");
  EXPECT_EQ(failed["ruleIndex"], 0);
  EXPECT_EQ(failed["kind"], "fail");
  EXPECT_EQ(failed["level"], "warning");
  EXPECT_EQ(failed["baselineState"], "new");
  EXPECT_EQ(failed["locations"][0]["logicalLocations"][0]["fullyQualifiedName"], "prod/shop/Deployment/web/web");
  EXPECT_EQ(failed["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            "prod/namespaces/shop/Deployment/web");
  EXPECT_EQ(run["results"][1]["kind"], "open") << "what is not known is no failure, and no pass";
  EXPECT_EQ(run["results"][1]["level"], "none");
  EXPECT_EQ(run["results"][2]["suppressions"][0]["justification"], "a cache, until 2027-01-31");
  EXPECT_EQ(run["invocations"][0]["executionSuccessful"], false);
  EXPECT_EQ(run["invocations"][0]["toolExecutionNotifications"].size(), 2u);
}

TEST(AuditSarif, FitsItsReader) {
  AuditReport report = small_report();
  const WorkloadResult mild = result_of(kWritableRoot, Outcome::fail, "web");  // medium
  report.workloads[0].results.assign(20'000, mild);
  report.workloads[1].results.assign(10'000, mild);
  report.workloads[1].results.back() = result_of(kWriteLayer, Outcome::fail, "db");  // high
  report.workloads[0].results[0].result.message = std::string(5'000, 'x') + "\u00e9";
  report.workloads[0].results[1].result.value = std::string(999, 'x') + "\u00e9";
  const json run = json::parse(text_of(put_sarif, report))["runs"][0];
  ASSERT_EQ(run["results"].size(), 25'000u);
  EXPECT_EQ(run["results"][0]["ruleId"], "write-layer") << "the worst of all workloads comes first";
  EXPECT_EQ(run["results"][1]["message"]["text"].get<std::string>().size(), 1'000u);
  EXPECT_EQ(run["results"][2]["properties"]["value"], std::string(999, 'x')) << "cut before a character, not in it";
  EXPECT_EQ(run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"],
            "5,000 more results, none worse than these, are in audit.json");
  for (const json& rule : run["tool"]["driver"]["rules"]) EXPECT_LE(rule["properties"]["tags"].size(), 20u);
}

TEST(AuditSarif, FingerprintsStayWhenOnlyTheStateChanges) {
  const AuditReport report = small_report();
  AuditReport later = report;
  later.workloads[0].results[0].pods = 9;
  later.workloads[0].results[0].result.message = "another";
  later.workloads[0].owner.uid = "made anew";
  const auto print = [](const AuditReport& of) { return fingerprint(of.workloads[0], of.workloads[0].results[0]); };
  EXPECT_EQ(print(report), print(later));
  EXPECT_EQ(print(report).size(), 32u);
  later.workloads[0].results[0].result.container = "proxy";
  EXPECT_NE(print(report), print(later));
}

TEST(AuditSarif, FieldsOfAFingerprintDoNotRunTogether) {
  AuditReport one = small_report();
  AuditReport other = small_report();
  one.workloads[0].cluster = "a";
  one.workloads[0].namespace_ = "bc";
  other.workloads[0].cluster = "ab";
  other.workloads[0].namespace_ = "c";
  EXPECT_NE(fingerprint(one.workloads[0], one.workloads[0].results[0]),
            fingerprint(other.workloads[0], other.workloads[0].results[0]));
}

TEST(AuditMarkdown, AnswersFirst) {
  const std::string text = markdown_report(small_report());
  EXPECT_THAT(text,
              HasSubstr("# Container audit of 2026-11-24T20:52:00Z\n\n**Incomplete: something could not be read"));
  EXPECT_THAT(text, HasSubstr("| **rotate now** | 1 |\n"));
  EXPECT_THAT(
      text, HasSubstr("| `prod/shop/Deployment/web` | storefront | 80 | 60 days | 1 | runs for 60 days with a writable "
                      "root |\n"));
  EXPECT_THAT(text, HasSubstr("```yaml\nspec: {}\n```\n"));
  EXPECT_THAT(text, Not(HasSubstr("more in audit.json")));
}

TEST(AuditMarkdown, FenceIsLongerThanAnyInAPatch) {
  AuditReport report = small_report();
  report.workloads[0].patch = "a: |\n  ````\n  # <script>\n";
  EXPECT_THAT(markdown_report(report), HasSubstr("`````yaml\na: |\n  ````\n"));
}

TEST(AuditMarkdown, FitsIntoACommentHoweverMany) {
  AuditReport report = small_report();
  for (int i = 0; i < 10'000; ++i) report.workloads.push_back(report.workloads[0]);
  const std::string text = markdown_report(report);
  EXPECT_LT(text.size(), 65'536u);
  EXPECT_THAT(text, HasSubstr("*9951 more in audit.json and audit.csv.*"));
}

TEST(ReportFiles, WritesWhatIsAskedFor) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "initscan-audit-reports";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  ASSERT_TRUE(write_reports(small_report(), folder, {"json", "csv"}).has_value());
  EXPECT_TRUE(std::filesystem::exists(folder / "audit.json"));
  EXPECT_TRUE(std::filesystem::exists(folder / "audit.csv"));
  EXPECT_FALSE(std::filesystem::exists(folder / "audit.html"));
  const auto unknown = write_reports(small_report(), folder, {"html", "pdf"});
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(unknown.error().code, Errc::usage);
  EXPECT_EQ(unknown.error().text, "no format \"pdf\"; want html, md, json, csv, sarif, junit or prom");
  EXPECT_FALSE(std::filesystem::exists(folder / "audit.html")) << "nothing is written where a format is wrong";
  const auto lost = write_reports(small_report(), folder / "absent", {"json"});
  ASSERT_FALSE(lost.has_value());
  EXPECT_EQ(lost.error().code, Errc::not_found);
  EXPECT_THAT(lost.error().text, HasSubstr("absent/audit.json: "));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace initscan::audit

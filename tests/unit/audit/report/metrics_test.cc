#include "audit/report/report_files.h"

#include "small_report.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace initscan::audit {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(AuditMetrics, HaveHelpTypeAndValue) {
  EXPECT_THAT(metrics_report(small_report()),
              HasSubstr(R"(# HELP initscan_audit_containers Containers that fail a check)"));
  EXPECT_THAT(metrics_report(small_report()), HasSubstr("# TYPE initscan_audit_containers gauge\n"
                                                        "initscan_audit_containers{cluster=\"prod\",namespace=\"shop\","
                                                        "check=\"writable-root\"} 3\n"));
}

TEST(AuditMetrics, SayWhenAndWhetherAllWasRead) {
  const std::string text = metrics_report(small_report());
  EXPECT_THAT(text, HasSubstr("\ninitscan_audit_last_success_timestamp_seconds 1795553520\n"));
  EXPECT_THAT(text, HasSubstr("\ninitscan_audit_complete 0\n"));
  EXPECT_THAT(text, HasSubstr("\ninitscan_audit_gaps{cluster=\"prod\"} 1\n"));
  EXPECT_THAT(
      text,
      HasSubstr("\ninitscan_audit_oldest_start_timestamp_seconds{cluster=\"prod\",namespace=\"shop\"} 1790369520\n"));
  EXPECT_THAT(text,
              HasSubstr("\ninitscan_audit_exception_expiry_timestamp_seconds{namespace=\"shop\",check=\"write-layer\"} "
                        "1796331120\n"));
}

TEST(AuditMetrics, UnknownIsNeitherFailedNorGone) {
  const std::string text = metrics_report(small_report());
  EXPECT_THAT(
      text,
      HasSubstr("\ninitscan_audit_unknown_containers{cluster=\"prod\",namespace=\"shop\",check=\"write-layer\"} 3\n"));
  EXPECT_THAT(text,
              Not(HasSubstr("initscan_audit_containers{cluster=\"prod\",namespace=\"shop\",check=\"write-layer\"}")))
      << "what is accepted does not count";
}

TEST(AuditMetrics, NameNoPodImageOrWorkload) {
  const std::string text = metrics_report(small_report());
  for (const char* word : {"web-0", "example/web", "Deployment", "uid-1"}) EXPECT_THAT(text, Not(HasSubstr(word)));
}

TEST(AuditMetrics, EscapeLabels) {
  AuditReport report = small_report();
  report.workloads[0].namespace_ = "a\"\\\n\xff";
  EXPECT_THAT(metrics_report(report), HasSubstr(R"(namespace="a\"\\\\u{a}\\x{ff}")"));
}

TEST(AuditMetrics, OfAFileHaveNoCluster) {
  AuditReport report = small_report();
  report.clusters[0].name = report.workloads[0].cluster = report.workloads[1].cluster = "";
  EXPECT_THAT(metrics_report(report), Not(HasSubstr("cluster=")));
}

TEST(AuditMetrics, BoundTheNamespaces) {
  AuditReport report = small_report();
  const Workload one = report.workloads[0];
  for (int i = 0; i < 3000; ++i) {
    report.workloads.push_back(one);
    report.workloads.back().namespace_ = "space-" + std::to_string(i);
  }
  const std::string text = metrics_report(report);
  EXPECT_THAT(text, HasSubstr("namespace=\"space-998\""));
  EXPECT_THAT(text, Not(HasSubstr("namespace=\"space-999\"")));
  EXPECT_THAT(
      text, HasSubstr("initscan_audit_workloads{cluster=\"prod\",namespace=\"_other\",action=\"rotate-now\"} 2001\n"));
}

}  // namespace
}  // namespace initscan::audit

#include "server/metrics/scan_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace initscan::server {
namespace {

using testing::HasSubstr;
using testing::Not;

ScanFigures figures() {
  ScanFigures all;
  all.is_leader = true;
  NamespaceFigures& shop = all.namespaces["shop"];
  shop.pods[static_cast<std::size_t>(PodState::scanned)] = 3;
  shop.blocked[static_cast<std::size_t>(BlockReason::gate_failed)] = 2;
  shop.running_unscanned = 1;
  shop.findings[Severity::high] = {5, 2};
  all.totals = {{"shop", "fail", "blocks", 4}, {"shop", "undecided", "no-data", 1}};
  all.durations.scans[2] = 4;
  all.durations.scans.back() = 1;
  all.durations.milliseconds = 61'500;
  all.watched = {{"pods", true, std::chrono::seconds(7)}};
  all.advisory_date = std::chrono::sys_seconds(std::chrono::seconds(1'795'000'000));
  all.certificate_ends_in = std::chrono::hours(1);
  return all;
}

TEST(ScanMetrics, SayHowPodsStand) {
  const std::string text = render_metrics(figures());
  for (const char* const line : {
           R"(initscan_scans_total{namespace="shop",verdict="fail",reason="blocks"} 4)",
           R"(initscan_scans_total{namespace="shop",verdict="undecided",reason="no-data"} 1)",
           R"(initscan_pods{namespace="shop",state="scanned"} 3)",
           R"(initscan_pods{namespace="shop",state="bypassed"} 0)",
           R"(initscan_pods_blocked{namespace="shop",reason="gate_failed"} 2)",
           R"(initscan_pods_running_unscanned{namespace="shop"} 1)",
           R"(initscan_findings{namespace="shop",severity="high",fixable="true"} 2)",
           R"(initscan_findings{namespace="shop",severity="high",fixable="false"} 3)",
           R"(initscan_scan_duration_seconds_bucket{le="0.05"} 4)",
           R"(initscan_scan_duration_seconds_bucket{le="+Inf"} 5)",
           "initscan_scan_duration_seconds_sum 61.5",
           R"(initscan_server_watch_age_seconds{resource="pods"} 7)",
           "initscan_server_leader 1",
           "initscan_advisory_data_timestamp_seconds 1795000000",
           "initscan_certificate_expiry_seconds 3600",
       }) {
    EXPECT_THAT(text, HasSubstr(std::string(line) + '\n'));
  }
  EXPECT_THAT(text, Not(HasSubstr("state=\"ended\"")));
}

TEST(ScanMetrics, SayHowPodsStandAlsoWhileTheStoreIsAway) {
  ScanFigures all = figures();
  EXPECT_THAT(render_metrics(all), HasSubstr("initscan_store_up 1\n"));
  all.store_is_readable = false;
  const std::string text = render_metrics(all);
  EXPECT_THAT(text, HasSubstr("initscan_store_up 0\n"));
  EXPECT_THAT(text, HasSubstr(R"(initscan_pods_blocked{namespace="shop",reason="gate_failed"} 2)"));
  EXPECT_THAT(text, Not(HasSubstr("initscan_scans_total{")));
  EXPECT_THAT(text, Not(HasSubstr("initscan_scan_duration_seconds")));
}

TEST(ScanMetrics, OfAReplicaThatDoesNotLeadAreItsOwn) {
  ScanFigures all = figures();
  all.is_leader = false;
  const std::string text = render_metrics(all);
  EXPECT_THAT(text, HasSubstr("initscan_server_leader 0\n"));
  EXPECT_THAT(text, HasSubstr("initscan_certificate_expiry_seconds 3600\n"));
  EXPECT_THAT(text, Not(HasSubstr("initscan_advisory_data")));
  EXPECT_THAT(text, Not(HasSubstr("initscan_pods")));
  EXPECT_THAT(text, Not(HasSubstr("initscan_scans_total")));
}

TEST(ScanMetrics, WhereNoScanSaysHowOldItsAdvisoriesAreThereIsNoFigure) {
  ScanFigures all = figures();
  all.advisory_date.reset();
  EXPECT_THAT(render_metrics(all), Not(HasSubstr("initscan_advisory_data"))) << "0 would be the year 1970";
}

TEST(ScanMetrics, TellOfManyNamespacesTogether) {
  ScanFigures all;
  all.is_leader = true;
  for (std::size_t i = 0; i < kMaxNamedNamespaces + 10; ++i) {
    all.namespaces["n" + std::to_string(100'000 + i)].running_unscanned = 1;
  }
  all.totals = {{"zzz", "pass", "", 7}};
  const std::string text = render_metrics(all);
  EXPECT_THAT(text, HasSubstr("initscan_pods_running_unscanned{namespace=\"_others\"} 10\n"));
  EXPECT_THAT(text, HasSubstr("initscan_scans_total{namespace=\"_others\",verdict=\"pass\",reason=\"\"} 7\n"));
}

}  // namespace
}  // namespace initscan::server

#include "audit/compare/compare.h"

#include "audit/compare/previous.h"
#include "tests/unit/audit/judge/build.h"
#include "tests/unit/audit/text_output.h"

#include <algorithm>

namespace initscan::audit {
namespace {

using build::found;
using build::kNow;
using build::workload;
using Strings = std::vector<std::string>;

const Time kBefore = kNow - std::chrono::days(7);

AuditReport report(Time made, std::vector<Workload> workloads) {
  AuditReport report;
  report.made = made;
  report.clusters.push_back({"", "v1.36.2", 1, 1, 0, {}});
  report.workloads = std::move(workloads);
  return report;
}

// "writable-root still 2026-05-25T00:00:00Z"
Strings changes(const AuditReport& report) {
  Strings out;
  for (const Workload& w : report.workloads) {
    for (const WorkloadResult& f : w.results) {
      out.push_back(std::string(f.result.check->id) + ' ' + std::string(to_string(f.change)) + ' ' +
                    (f.first_seen ? format_rfc3339(*f.first_seen) : "-"));
    }
  }
  return out;
}

Strings names(const std::vector<FixedResult>& results) {
  Strings out;
  for (const FixedResult& r : results) {
    std::string line;
    for (const Text& text : {r.workload, r.check, r.container}) line.append(text).append(" ");
    out.push_back(line + (r.first_seen ? format_rfc3339(*r.first_seen) : "-"));
  }
  return out;
}

AuditReport compared(AuditReport now, const AuditReport& before, const AuditPolicy& policy = {}) {
  const auto done = compare_with(now, earlier(text_of(put_json, before)), policy);
  EXPECT_TRUE(done) << done.error().text;
  return now;
}

TEST(Compare, TellsNewStillAndFixedApart) {
  const AuditReport before = report(kBefore, {workload("web", {found("writable-root"), found("seccomp")})});
  const AuditReport now =
      compared(report(kNow, {workload("web", {found("writable-root"), found("root-user")})}), before);
  EXPECT_EQ(changes(now), (Strings{"writable-root still 2026-05-25T00:00:00Z", "root-user new 2026-06-01T00:00:00Z"}));
  EXPECT_EQ(names(now.fixed), Strings{"Deployment/web seccomp app 2026-05-25T00:00:00Z"});
  EXPECT_EQ(now.not_read.size(), 0u);
  EXPECT_EQ(now.compared_with, kBefore);
}

TEST(Compare, TheFirstSightIsCarriedOn) {
  AuditReport first = report(kBefore - std::chrono::days(7), {workload("web", {found("writable-root")})});
  AuditReport second = compared(report(kBefore, {workload("web", {found("writable-root")})}), first);
  AuditReport third = compared(report(kNow, {workload("web", {found("writable-root")})}), second);
  EXPECT_EQ(changes(third), Strings{"writable-root still 2026-05-18T00:00:00Z"});
}

TEST(Compare, ARecordIsAsGoodAsAReport) {
  AuditReport first = report(kBefore - std::chrono::days(7),
                             {workload("web", {found("writable-root"), found("age", Outcome::unknown)})});
  const AuditReport second = compared(report(kBefore, first.workloads), first);
  AuditReport by_report = report(kNow, {workload("web", {found("age")})});
  AuditReport by_record = by_report;
  ASSERT_TRUE(compare_with(by_report, earlier(text_of(put_json, second))));
  ASSERT_TRUE(compare_with(by_record, earlier(record_of(second))));
  EXPECT_EQ(changes(by_record), changes(by_report));
  EXPECT_EQ(names(by_record.fixed), names(by_report.fixed));
  EXPECT_EQ(names(by_record.fixed), Strings{"Deployment/web writable-root app 2026-05-18T00:00:00Z"});
}

TEST(Compare, WhatIsNotKnownNowIsNotFixed) {
  const AuditReport before = report(kBefore, {workload("web", {found("root-user")})});
  AuditReport now = compared(report(kNow, {workload("web", {found("root-user", Outcome::unknown)})}), before);
  EXPECT_EQ(now.fixed.size(), 0u);
  EXPECT_EQ(changes(now), Strings{"root-user still 2026-05-25T00:00:00Z"});
  // And is not new when it is known again.
  now.made += std::chrono::days(7);
  const AuditReport later =
      compared(report(now.made + std::chrono::days(7), {workload("web", {found("root-user")})}), now);
  EXPECT_EQ(changes(later), Strings{"root-user still 2026-05-25T00:00:00Z"});
}

TEST(Compare, AnAnswerThatWasNeverKnownIsANewFailure) {
  const AuditReport before = report(kBefore, {workload("web", {found("root-user", Outcome::unknown)})});
  EXPECT_EQ(changes(compared(report(kNow, {workload("web", {found("root-user")})}), before)),
            Strings{"root-user new 2026-06-01T00:00:00Z"});
  EXPECT_EQ(changes(compared(report(kNow, {workload("web", {found("root-user", Outcome::unknown)})}), before)),
            Strings{"root-user still -"});
  EXPECT_EQ(compared(report(kNow, {workload("web")}), before).fixed.size(), 0u)
      << "what was never known cannot be fixed";
}

AuditReport without_pods(std::string part) {
  AuditReport now = report(kNow, {});
  now.clusters[0].gaps = {{std::move(part), "403 Forbidden"}};
  return now;
}

TEST(Compare, PodsThatCouldNotBeReadAreNotFixed) {
  const AuditReport before = report(kBefore, {workload("web", {found("root-user")})});
  for (const char* part : {"pods", "pods in shop.yaml", "pod shop/web-1", "replicasets", "jobs"}) {
    const AuditReport now = compared(without_pods(part), before);
    EXPECT_EQ(now.fixed.size(), 0u) << part;
    EXPECT_EQ(names(now.not_read), Strings{"Deployment/web root-user app 2026-05-25T00:00:00Z"}) << part;
  }
  for (const char* part : {"services", "poddisruptionbudgets", "write layers of node pod-1"}) {
    EXPECT_EQ(compared(without_pods(part), before).gone.size(), 1u) << part;
  }
}

TEST(Compare, WhatHasNoPodsAnyMoreIsGoneAndNotFixed) {
  const AuditReport before = report(kBefore, {workload("web", {found("root-user")}), workload("api", {found("age")})});
  const AuditReport now = compared(report(kNow, {workload("api")}), before);
  EXPECT_EQ(names(now.fixed), Strings{"Deployment/api age app 2026-05-25T00:00:00Z"});
  EXPECT_EQ(names(now.gone), Strings{"Deployment/web root-user app 2026-05-25T00:00:00Z"});
  EXPECT_EQ(now.not_read.size(), 0u);
}

TEST(Compare, AClusterThatWasNotAskedIsNotFixed) {
  const AuditReport before = report(kBefore, {workload("web", {found("root-user")})});
  AuditReport now = report(kNow, {});
  now.clusters[0].name = "another";
  now = compared(std::move(now), before);
  EXPECT_EQ(now.fixed.size(), 0u);
  EXPECT_EQ(now.not_read.size(), 1u);
}

TEST(Compare, WhatThePolicyNowSkipsIsNotFixed) {
  const AuditReport before = report(kBefore, {workload("web", {found("root-user")})});
  AuditPolicy policy;
  policy.disabled_checks = {"root-user"};
  EXPECT_EQ(compared(report(kNow, {}), before, policy).fixed.size(), 0u);
  policy = {};
  policy.skip_namespaces = {"sh*"};
  EXPECT_EQ(compared(report(kNow, {}), before, policy).fixed.size(), 0u);
}

TEST(Compare, WhatWasNotReadOnceIsNotNewAfterwards) {
  const AuditReport before = report(kBefore - std::chrono::days(7), {workload("web", {found("root-user")})});
  AuditReport between = without_pods("pods");
  between.made = kBefore;
  between = compared(std::move(between), before);
  for (const std::string& previous : {record_of(between), text_of(put_json, between)}) {
    AuditReport now = report(kNow, {workload("web", {found("root-user")})});
    ASSERT_TRUE(compare_with(now, earlier(previous)));
    EXPECT_EQ(changes(now), Strings{"root-user still 2026-05-18T00:00:00Z"});
  }
}

TEST(Compare, WhatIsListedTwiceIsFixedOnceAndThereSinceTheFirst) {
  AuditReport before = report(kBefore, {workload("web", {found("root-user"), found("root-user")})});
  before.workloads[0].results[0].first_seen = kBefore - std::chrono::days(3);
  before.workloads.push_back(before.workloads[0]);  // of another group, as owners' names go
  before.workloads[1].results[1].first_seen = kBefore - std::chrono::days(9);
  EXPECT_EQ(names(compared(report(kNow, {workload("web")}), before).fixed),
            Strings{"Deployment/web root-user app 2026-05-16T00:00:00Z"});
  EXPECT_EQ(changes(compared(report(kNow, {workload("web", {found("root-user")})}), before)),
            Strings{"root-user still 2026-05-16T00:00:00Z"});
}

TEST(Compare, WhatIsAbsentIsListedInOrder) {
  const AuditReport before =
      report(kBefore, {workload("web", {found("seccomp"), found("root-user")}), workload("api", {found("age")})});
  const AuditReport now = compared(report(kNow, {workload("web"), workload("api")}), before);
  EXPECT_EQ(names(now.fixed),
            (Strings{"Deployment/api age app 2026-05-25T00:00:00Z", "Deployment/web root-user app 2026-05-25T00:00:00Z",
                     "Deployment/web seccomp app 2026-05-25T00:00:00Z"}));
}

TEST(Compare, SaysThatTheLastOneIsOfTheFuture) {
  const AuditReport now = compared(report(kBefore, {}), report(kNow, {}));
  EXPECT_EQ(
      now.warnings,
      Strings{"the previous audit says that it was made at 2026-06-01T00:00:00Z, after this one: check the clocks"});
}

struct Damaged {
  const char* name;
  std::string json;
  std::string error;
};

class CompareWithDamaged : public testing::TestWithParam<Damaged> {};

TEST_P(CompareWithDamaged, LeavesTheReportAlone) {
  AuditReport now = report(kNow, {workload("web", {found("root-user")})});
  const auto done = compare_with(now, earlier(GetParam().json));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().text, GetParam().error);
  EXPECT_EQ(changes(now), Strings{"root-user still -"});
  EXPECT_FALSE(now.compared_with);
}

constexpr const char* kHead = R"({"schema":"initscan.io/audit/v1","made":"2026-05-25T00:00:00Z",)";

INSTANTIATE_TEST_SUITE_P(
    Table, CompareWithDamaged,
    testing::Values(
        Damaged{"Empty", "", "empty"}, Damaged{"NoJson", "{", "not JSON, or only a part of it"},
        Damaged{"NoObject", "[]", "want a JSON object"},
        Damaged{"TwoObjects", "{}{}", "not JSON, or only a part of it"},
        Damaged{"CutShort", std::string(kHead) + R"("workloads":[{"cluster":"")", "not JSON, or only a part of it"},
        Damaged{"AnotherSchemaWithWorkloads", R"({"workloads":[1],"schema":"v9"})",
                "schema: \"v9\" is not that of an audit"},
        Damaged{"AnotherSchema", R"({"schema":"v9"})", "schema: \"v9\" is not that of an audit"},
        Damaged{"NoMoment", R"({"schema":"initscan.io/audit/v1"})", "made: missing"},
        Damaged{"NoWorkloads", std::string(kHead) + R"("x":1})", "workloads: want a list"},
        Damaged{"AWorkloadThatIsNone", std::string(kHead) + R"("workloads":[null]})", "workloads[0]: want an object"},
        Damaged{
            "AResultWithoutCheck",
            std::string(kHead) +
                R"("workloads":[{"cluster":"","namespace":"a","kind":"Pod","name":"b","results":[{"outcome":"fail"}]}]})",
            "workloads[0]: results[0]: check: want text"},
        Damaged{"DamagedBehindWhatIsStillThere",
                std::string(kHead) +
                    R"("workloads":[{"cluster":"","namespace":"shop","kind":"Deployment","name":"web","results":)" +
                    R"([{"outcome":"fail","check":"root-user","container":"app"}]},7]})",
                "workloads[1]: want an object"},
        Damaged{
            "AnOutcomeOfTomorrow",
            std::string(kHead) +
                R"("workloads":[{"cluster":"","namespace":"a","kind":"Pod","name":"b","results":[{"outcome":"maybe"}]}]})",
            "workloads[0]: results[0]: outcome: want fail or unknown"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace initscan::audit

#include "audit/report/html_page.h"
#include "audit/report/report_files.h"
#include "tests/unit/audit/text_output.h"

#include "small_report.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace initscan::audit {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string headline_of(const AuditReport& report) {
  const std::string html = text_of(put_html, report);
  const std::size_t start = html.find("<h1>") + 4;
  std::string text;
  bool in_tag = false;
  for (const char c : html.substr(start, html.find("</h1>") - start)) {
    if (c == '<') in_tag = true;
    if (!in_tag) text += c;
    if (c == '>') in_tag = false;
  }
  return text;
}

TEST(AuditPage, HeadlineIsTheAnswer) {
  AuditReport report = small_report();
  EXPECT_EQ(headline_of(report), "1 workload to rotate now.");
  report.workloads[1].action = Action::make_immutable;
  EXPECT_EQ(headline_of(report), "1 workload to rotate now, 1 to make immutable.");
  report.workloads[0].action = Action::fine;
  EXPECT_EQ(headline_of(report), "Nothing to rotate now; 1 workload to make immutable.");
  report.workloads[1].action = Action::unknown;
  EXPECT_EQ(headline_of(report), "1 could not be judged, the others are fine.");
  report.workloads[1].action = Action::fine;
  EXPECT_EQ(headline_of(report), "Nothing to do.");
  report.workloads[1].action = Action::not_started;
  EXPECT_EQ(headline_of(report), "Nothing to rotate now; 1 workload has not started.");
  report.workloads[0].action = Action::unknown;
  EXPECT_EQ(headline_of(report), "1 could not be judged, the others are fine or have not started.");
}

TEST(AuditPage, CardsHoldWhatTheyAreCalledBy) {
  AuditReport report = small_report();
  report.clusters[0].blocked_pods = 3;
  report.workloads[1].action = Action::not_started;
  report.workloads[1].reasons = {"initscan's gate keeps 3 of its 3 pods from starting: FAIL"};
  const std::string html = text_of(put_html, report);
  const auto card = [&](const std::string& name) {
    const std::size_t start = html.find("<article class=\"card " + name + '"');
    return start == html.npos ? std::string() : html.substr(start, html.find("</article>", start) - start);
  };
  EXPECT_THAT(card("rotate-now"), HasSubstr("They have changed since they started"));
  EXPECT_THAT(card("not-started"), HasSubstr("keeps 3 of its 3 pods"));
  EXPECT_THAT(card("make-immutable"), Not(HasSubstr("<li>")));
  EXPECT_THAT(card("fine"), Not(HasSubstr("<li>"))) << "totals are of no card";
  EXPECT_THAT(html, HasSubstr("<p class=\"totals\">Results: 1 failed"));
  EXPECT_THAT(html, HasSubstr("3 pods kept from starting by initscan's gate."));
  report.workloads[1].action = Action::fine;
  EXPECT_THAT(text_of(put_html, report), Not(HasSubstr("card not-started")));
}

TEST(AuditPage, AnAnswerThatIsMissingIsNoPartThatCouldNotBeRead) {
  AuditReport report = small_report();
  EXPECT_THAT(text_of(put_html, report), HasSubstr("<b>Not complete.</b>"));
  report.clusters[0].gaps.clear();
  EXPECT_THAT(text_of(put_html, report), Not(HasSubstr("Not complete")));
  EXPECT_THAT(text_of(put_html, report), HasSubstr("Everything could be read; 1 result not known."));
}

TEST(AuditPage, NothingHostileBecomesMarkup) {
  AuditReport report = small_report();
  const std::string bad = "\"'><script>alert(1)</script>";
  Workload& workload = report.workloads[0];
  workload.namespace_ = workload.owner.name = workload.owner.kind = workload.team = bad;
  workload.wave_reason = bad;
  workload.patch = workload.patch_notes[0] = workload.reasons[0] = bad;
  workload.containers[0].name = workload.containers[0].image = workload.containers[0].image_ids[0] = bad;
  workload.containers[0].largest_write_layer = {std::nullopt, bad};
  for (WorkloadResult& found : workload.results) {
    found.result.container = found.result.value = found.result.evidence = found.result.message = bad;
  }
  workload.results[2].exception = bad;
  report.policy_name = report.warnings[0] = bad;
  report.clusters[0].name = report.clusters[0].version = report.clusters[0].gaps[0].part = bad;
  report.fixed[0].workload = report.fixed[0].check = report.fixed[0].container = bad;
  report.exceptions[0].reason = report.exceptions[0].check = report.exceptions[0].workload = bad;
  EXPECT_THAT(text_of(put_html, report), Not(HasSubstr("<script>alert")));
  EXPECT_THAT(text_of(put_html, report), Not(HasSubstr("\"'><")));
}

// What else a placeholder may stand in is an error of the build.
static_assert(!is_in_attribute("<p class=\"a\">"));
static_assert(is_in_attribute("<p class=\"chip "));
static_assert(is_in_attribute("<a class=\"name\" href=\"#w"));

TEST(AuditPage, WhatStandsForAPlaceholderIsEscapedOnce) {
  Html name;
  name.fill<"code">(as<"text">("<&>"));
  EXPECT_EQ(Html().fill<"item">(as<"content">(name)).take(), "<li><code>&lt;&amp;&gt;</code></li>");
  EXPECT_EQ(Html().fill<"chip">(as<"class">("\"a"), as<"text">("{class}")).take(),
            "<span class=\"chip &quot;a\">{class}</span>");
}

TEST(AuditPage, CommandsAreOnlyForNamesThatAShellLeavesAlone) {
  AuditReport report = small_report();
  EXPECT_THAT(text_of(put_html, report), HasSubstr("kubectl -n shop patch Deployment/web --patch-file=patch.yaml"));
  report.workloads[0].owner.name = "$(reboot)";
  EXPECT_THAT(text_of(put_html, report), Not(HasSubstr("kubectl -n shop")));
  report.workloads[0].owner.name = "--all";
  EXPECT_THAT(text_of(put_html, report), Not(HasSubstr("kubectl -n shop")));
}

TEST(AuditPage, IsBounded) {
  AuditReport report = small_report();
  const Workload one = report.workloads[0];
  report.workloads.assign(10'000, one);
  const std::string html = text_of(put_html, report);
  EXPECT_LT(html.size(), 8u << 20);
  EXPECT_THAT(html, HasSubstr("Showing 2000 of 10000; <code>audit.json</code>"));
  EXPECT_THAT(html, HasSubstr("Showing 200 of 10000; <code>audit.json</code>"));
}

TEST(AuditPage, OfNothingIsWhole) {
  const std::string html = text_of(put_html, AuditReport{});
  EXPECT_THAT(html, HasSubstr("<h1>Nothing to do.</h1>"));
  EXPECT_TRUE(html.ends_with("</script></body></html>\n"));
}

TEST(AuditPage, IsTheSameTwice) {
  EXPECT_EQ(text_of(put_html, small_report()), text_of(put_html, small_report()));
}

TEST(AuditPage, DatesAreForPeople) {
  EXPECT_EQ(date_text(kMade), "24 November 2026, 20:52 UTC");
}

}  // namespace
}  // namespace initscan::audit

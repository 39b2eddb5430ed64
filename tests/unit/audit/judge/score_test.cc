#include "audit/judge/score.h"

#include "tests/unit/audit/judge/build.h"

#include <fstream>
#include <map>
#include <sstream>

namespace initscan::audit {
namespace {

using build::found;
using build::workload;
using Strings = std::vector<std::string>;

Workload judged(Workload made, std::string_view exposure_gap = "") {
  judge(made, AuditPolicy{}, build::kNow, exposure_gap);
  return made;
}

struct Case {
  const char* name;
  std::vector<WorkloadResult> results;
  int age_days;
  Action action;
  int mutability;
  std::string first_reason;
};

class Judgement : public testing::TestWithParam<Case> {};

TEST_P(Judgement, SaysWhatToDoAndWhy) {
  const Case& c = GetParam();
  const Workload got = judged(workload("web", c.results, c.age_days));
  EXPECT_EQ(to_string(got.action), to_string(c.action));
  EXPECT_EQ(got.mutability, c.mutability);
  ASSERT_FALSE(got.reasons.empty());
  EXPECT_EQ(got.reasons[0], c.first_reason);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Judgement,
    testing::Values(
        Case{"NothingFound", {}, 400, Action::fine, 0, "nothing that runs can change"},
        Case{"Writable", {found("writable-root")}, 1, Action::make_immutable, 40, "Root file system is writable"},
        Case{"WritableAndOld",
             {found("writable-root"), found("age")},
             40,
             Action::rotate_now,
             40,
             "Container has been running too long"},
        Case{"OldButImmutable",
             {found("age")},
             40,
             Action::fine,
             0,
             "it has been running longer than the policy allows, but cannot change"},
        Case{"Changed", {found("write-layer")}, 1, Action::rotate_now, 20, "Write layer has grown"},
        Case{"AnotherImage",
             {found("image-drift")},
             1,
             Action::rotate_now,
             20,
             "Runs an image other than the one it is pinned to"},
        Case{"Entered",
             {found("ephemeral-container", Outcome::fail, "")},
             1,
             Action::rotate_now,
             10,
             "Has a debug container"},
        Case{"NewAdvisories",
             {found("new-advisories")},
             1,
             Action::rotate_now,
             0,
             "New vulnerabilities since it was admitted"},
        Case{"NeverScanned",
             {found("never-scanned", Outcome::fail, "")},
             1,
             Action::rotate_now,
             0,
             "Started without a scan in a namespace that requires one"},
        Case{"ManyThatEaseIt",
             {found("root-user"), found("privilege-escalation"), found("writable-host-path"), found("seccomp")},
             1,
             Action::make_immutable,
             40,
             "its mutability score is 40"},
        Case{"SomeThatEaseIt",
             {found("root-user"), found("seccomp")},
             1,
             Action::fine,
             15,
             "nothing that runs can change"},
        Case{"WithoutWeight", {found("no-cpu-limit")}, 1, Action::fine, 0, "nothing that runs can change"},
        Case{"UnknownIsNotFine",
             {found("no-cpu-limit", Outcome::unknown)},
             1,
             Action::unknown,
             0,
             "not known: CPU is not limited"},
        Case{"UnknownCountsHalf",
             {found("write-layer", Outcome::unknown)},
             1,
             Action::unknown,
             10,
             "not known: Write layer has grown"},
        Case{"UnknownDoesNotHideWhatIsKnown",
             {found("writable-root"), found("write-layer", Outcome::unknown)},
             1,
             Action::make_immutable,
             50,
             "Root file system is writable"}),
    [](const auto& test) { return test.param.name; });

TEST(Score, IsNeverMoreThanAHundred) {
  std::vector<WorkloadResult> all;
  for (const Weight& weight : score_weights()) all.push_back(found(weight.check));
  EXPECT_EQ(judged(workload("web", std::move(all))).mutability, kMaxScore);
}

TEST(Score, SaysItsReasonsWeightiestFirst) {
  const Workload got =
      judged(workload("web", {found("mutable-tag"), found("write-layer", Outcome::unknown), found("writable-root")}));
  EXPECT_EQ(build::strings(got.containers[0].reasons),
            (Strings{"Root file system is writable (+40)", "Write layer has grown: not known (+10)",
                     "Image is not pinned to a digest (+5)"}));
}

TEST(Score, CountsACheckOnceForEachContainer) {
  WorkloadResult other = found("root-user");
  other.result.value = "another value";
  EXPECT_EQ(judged(workload("web", {found("root-user"), other})).mutability, 10);
}

TEST(Score, IsThatOfTheMostMutableContainer) {
  Workload made = workload("web", {found("writable-root", Outcome::fail, "sidecar"), found("root-user")});
  WorkloadContainer sidecar = made.containers[0];
  sidecar.name = "sidecar";
  made.containers.push_back(sidecar);
  const Workload got = judged(std::move(made));
  EXPECT_EQ(got.containers[0].score, 10);
  EXPECT_EQ(got.containers[1].score, 40);
  EXPECT_EQ(got.mutability, 40);
}

TEST(Score, AnInitContainerHasEnded) {
  Workload made =
      workload("web", {found("writable-root", Outcome::fail, "setup"), found("age", Outcome::fail, "setup")});
  made.results[0].result.kind = made.results[1].result.kind = ContainerKind::init;
  WorkloadContainer setup;
  setup.name = "setup";
  setup.kind = ContainerKind::init;
  made.containers.push_back(setup);
  const Workload got = judged(std::move(made));
  EXPECT_EQ(got.mutability, 0);
  EXPECT_EQ(to_string(got.action), "fine");
  EXPECT_EQ(build::strings(got.containers[1].reasons), Strings{"it has ended: nothing in it can change any more"});
}

TEST(Score, WhatHasNotStartedIsNotToBeRotated) {
  Workload made = workload("web", {found("writable-root"), found("gate-changed", Outcome::fail, "")});
  made.unstarted_pods = made.pods;
  made.containers[0].running = 0;
  made.containers[0].oldest_start.reset();
  const Workload got = judged(made);
  EXPECT_EQ(to_string(got.action), "not-started");
  EXPECT_EQ(got.mutability, 40);
  EXPECT_EQ(got.urgency, 0);
  EXPECT_EQ(build::strings(got.reasons), Strings{"none of its pods has started yet"});
  made.unstarted_pods = 1;
  EXPECT_EQ(to_string(judged(made).action), "rotate-now") << "one of them runs";
}

TEST(Score, WhatTheGateSaysIsTheReasonOnlyWhereNothingRuns) {
  Workload made = workload("web", {found("writable-root")});
  made.blocked_pods = made.unstarted_pods = 1;
  made.blocked_why = "initscan: FAIL 1";
  const std::string gate = "initscan's gate keeps 1 of its 2 pods from starting: initscan: FAIL 1";
  EXPECT_EQ(build::strings(judged(made).reasons), (Strings{"Root file system is writable", gate}));
  made.unstarted_pods = 2;
  const Workload got = judged(made);
  EXPECT_EQ(to_string(got.action), "not-started");
  EXPECT_EQ(build::strings(got.reasons), Strings{gate});
}

TEST(Score, WhatThePolicyAcceptsDoesNotCount) {
  Workload made = workload("web", {found("writable-root"), found("write-layer", Outcome::unknown)}, 40);
  for (WorkloadResult& one : made.results) one.exception = "accepted until 2026-12-31T00:00:00Z: legacy";
  const Workload got = judged(std::move(made));
  EXPECT_EQ(got.mutability, 0);
  EXPECT_EQ(to_string(got.action), "fine");
}

double urgency(int age_days, Exposure exposure, std::string_view gap = "") {
  Workload made = workload("web", {found("writable-root")}, age_days);
  made.exposure = exposure;
  return judged(std::move(made), gap).urgency;
}

TEST(Urgency, GrowsWithAge) {
  EXPECT_EQ(urgency(0, Exposure::none), 20);
  EXPECT_EQ(urgency(15, Exposure::none), 30);
  EXPECT_EQ(urgency(30, Exposure::none), 40);
  EXPECT_EQ(urgency(90, Exposure::none), 80);
  EXPECT_EQ(urgency(9000, Exposure::none), 80);
  EXPECT_EQ(urgency(-5, Exposure::none), 20) << "a clock that goes wrong";
}

TEST(Urgency, GrowsWithExposure) {
  EXPECT_EQ(urgency(30, Exposure::cluster), 50);
  EXPECT_EQ(urgency(30, Exposure::node_port), 60);
  EXPECT_EQ(urgency(30, Exposure::load_balancer), 80);
}

TEST(Urgency, ExposureThatIsNotKnownIsTheWidest) {
  EXPECT_EQ(urgency(30, Exposure::none, "services: 403 Forbidden"), 80);
  const Workload got = judged(workload(), "services: 403 Forbidden");
  EXPECT_EQ(got.reasons.back(), "exposure not known, assumed to be the widest: services: 403 Forbidden");
}

TEST(Urgency, WithoutAStartIsThatOfTheAllowedAge) {
  Workload made = workload("web", {found("writable-root")});
  made.containers[0].oldest_start.reset();
  EXPECT_EQ(judged(std::move(made)).urgency, 40);
}

TEST(Weights, AreOfChecksThatThereAre) {
  for (const Weight& weight : score_weights()) EXPECT_NE(find_check(weight.check), nullptr) << weight.check;
}

constexpr std::string_view words_of(Meaning meaning) {
  switch (meaning) {
    case Meaning::eases_change: return "eases a change";
    case Meaning::can_change: return "can change";
    case Meaning::has_changed: return "has changed";
    case Meaning::has_aged: return "has aged";
  }
  return "";
}

// Rows of the form "| `writable-root` | 40 | can change |".
TEST(Weights, AreThoseOfTheDocumentation) {
  std::ifstream file(INITSCAN_DOCS "/users/audit-score.md");
  ASSERT_TRUE(file) << "no docs/users/audit-score.md";
  std::map<std::string, std::string> documented;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("| `")) continue;
    const std::size_t end = line.find('`', 3);
    documented[line.substr(3, end - 3)] = line.substr(end + 1);
  }
  std::map<std::string, std::string> coded;
  for (const Weight& weight : score_weights()) {
    coded[std::string(weight.check)] =
        " | " + std::to_string(weight.points) + " | " + std::string(words_of(weight.meaning)) + " |";
  }
  EXPECT_EQ(documented, coded);
}

}  // namespace
}  // namespace initscan::audit

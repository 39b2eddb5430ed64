#include "audit/pipeline.h"

#include "audit/check/evaluate.h"

#include <gmock/gmock.h>

namespace initscan::audit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Time kNow{std::chrono::seconds(1'800'000'000)};

Pod pod(const std::string& space, const std::string& name, bool privileged = false) {
  Pod made;
  made.name = name;
  made.namespace_ = space;
  made.created = kNow - std::chrono::days(1);
  Container container;
  container.name = "app";
  container.image = "example/app:1";
  container.security.privileged = privileged;
  container.status.known = true;
  container.status.state = ContainerState::running;
  container.status.started = made.created;
  made.containers.push_back(container);
  return made;
}

// A cluster of a few pods, all of whose facts are known.
class FewPods : public Source {
 public:
  FewPods(std::string name, std::vector<Pod> pods, std::vector<Gap> gaps)
      : name_(std::move(name)), pods_(std::move(pods)), gaps_(std::move(gaps)) {}

  Result<ClusterFacts> facts() override {
    ClusterFacts facts;
    facts.name = name_;
    facts.namespaces.value.emplace();
    facts.nodes.value.emplace();
    facts.owners.value.emplace();
    facts.token_automount.value.emplace();
    facts.budgets.value.emplace();
    facts.services.value.emplace();
    return facts;
  }
  Result<std::vector<Gap>> pods(const OnPod& on_pod) override {
    for (const Pod& pod : pods_) on_pod(pod);
    return gaps_;
  }

 private:
  std::string name_;
  std::vector<Pod> pods_;
  std::vector<Gap> gaps_;
};

AuditReport audited(AuditRequest request) {
  request.now = kNow;
  auto report = audit(request);
  EXPECT_TRUE(report) << (report ? "" : report.error().text);
  return std::move(*report);
}

std::vector<std::string> names_of(const AuditReport& report) {
  std::vector<std::string> names;
  for (const Workload& workload : report.workloads) {
    names.push_back(workload.cluster + '/' + workload.namespace_ + '/' + workload.name());
  }
  return names;
}

TEST(Pipeline, PutsClustersTogetherMostUrgentFirst) {
  AuditRequest request;
  request.sources.push_back(
      std::make_unique<FewPods>("one", std::vector{pod("n", "calm"), pod("n", "calm2")}, std::vector<Gap>{}));
  request.sources.push_back(
      std::make_unique<FewPods>("two", std::vector{pod("n", "danger", true)}, std::vector<Gap>{}));
  request.policy.name = "mine";
  const AuditReport report = audited(std::move(request));
  EXPECT_THAT(names_of(report), ElementsAre("two/n/Pod/danger", "one/n/Pod/calm", "one/n/Pod/calm2"));
  ASSERT_EQ(report.clusters.size(), 2u);
  EXPECT_EQ(report.clusters[0].pods, 2u);
  EXPECT_EQ(report.clusters[1].containers, 1u);
  EXPECT_EQ(report.policy_name, "mine");
  EXPECT_EQ(report.made, kNow);
  EXPECT_FALSE(report.compared_with);
}

TEST(Pipeline, CountsWhatThePolicySkips) {
  AuditRequest request;
  request.sources.push_back(std::make_unique<FewPods>(
      "", std::vector{pod("kube-system", "a"), pod("shop", "b"), pod("kube-public", "c")}, std::vector<Gap>{}));
  request.policy.skip_namespaces = {"kube-*"};
  const AuditReport report = audited(std::move(request));
  EXPECT_THAT(names_of(report), ElementsAre("/shop/Pod/b"));
  EXPECT_EQ(report.clusters[0].skipped_pods, 2u);
  EXPECT_EQ(report.clusters[0].pods, 1u);
}

Pod with_phase(Pod made, std::string phase, ContainerState state) {
  made.phase = std::move(phase);
  made.containers[0].status.state = state;
  return made;
}

TEST(Pipeline, DoesNotJudgeWhatHasEnded) {
  AuditRequest request;
  request.sources.push_back(
      std::make_unique<FewPods>("",
                                std::vector{with_phase(pod("n", "done"), "Succeeded", ContainerState::terminated),
                                            with_phase(pod("n", "evicted"), "Failed", ContainerState::none),
                                            with_phase(pod("n", "refused"), "Failed", ContainerState::waiting),
                                            // Whoever may write its status may say that it is over.
                                            with_phase(pod("n", "says-so"), "Failed", ContainerState::running),
                                            with_phase(pod("n", "up"), "Running", ContainerState::running)},
                                std::vector<Gap>{}));
  const AuditReport report = audited(std::move(request));
  EXPECT_THAT(names_of(report), ElementsAre("/n/Pod/says-so", "/n/Pod/up"));
  EXPECT_EQ(report.clusters[0].pods, 2u);
  EXPECT_EQ(report.clusters[0].ended_pods, 3u);
}

TEST(Pipeline, SaysWhichPodsTheGateBlocksAndIsComplete) {
  Pod blocked = with_phase(pod("n", "blocked"), "Pending", ContainerState::waiting);
  blocked.gate.emplace();
  Container gate;
  gate.name = "initscan-gate";
  gate.kind = ContainerKind::init;
  gate.status.known = true;
  gate.status.state = ContainerState::waiting;
  gate.status.last_exit_code = 2;
  gate.status.message = "initscan/1 verdict=fail ms=1\ninitscan: FAIL 1 of policy \"default\"\nCVE-2026-1 openssl";
  blocked.gate->containers.push_back(gate);
  blocked.gate->scanned.push_back({"example/app:1", ""});
  AuditRequest request;
  request.sources.push_back(std::make_unique<FewPods>("", std::vector{blocked}, std::vector<Gap>{}));
  // Their answers stand in facts that FewPods does not tell.
  request.policy.disabled_checks = {"never-scanned", "net-raw", "pod-security-standard"};
  const AuditReport report = audited(std::move(request));
  EXPECT_TRUE(report.complete);
  EXPECT_EQ(report.clusters[0].blocked_pods, 1u);
  EXPECT_EQ(report.clusters[0].containers, 1u) << "initscan's own are not counted";
  ASSERT_EQ(report.workloads.size(), 1u);
  EXPECT_EQ(report.workloads[0].blocked_pods, 1u);
  ASSERT_FALSE(report.workloads[0].reasons.empty());
  EXPECT_EQ(report.workloads[0].reasons[0],
            "initscan's gate keeps 1 of its 1 pod from starting: initscan: FAIL 1 of policy \"default\"");
  for (const WorkloadResult& found : report.workloads[0].results)
    EXPECT_EQ(found.result.container.view().find("initscan"), std::string_view::npos);
}

struct Exit {
  const char* name;
  bool privileged;
  bool gap;
  bool exception;
  std::optional<Severity> fail_on;
  Verdict want;
};

class PipelineVerdict : public testing::TestWithParam<Exit> {};

TEST_P(PipelineVerdict, IsTheExitCode) {
  const Exit& c = GetParam();
  AuditRequest request;
  std::vector<Gap> gaps;
  if (c.gap) gaps.push_back({"pods", "GET /api/v1/pods: 500"});
  request.sources.push_back(std::make_unique<FewPods>("", std::vector{pod("shop", "a", c.privileged)}, gaps));
  for (const Check& check : all_checks()) {
    // Only one question, so that nothing else fails or is not known.
    if (check.id != "privileged") request.policy.disabled_checks.emplace_back(check.id);
  }
  if (c.exception) {
    request.policy.exceptions.push_back({"privileged", "", "", "", "known", kNow + std::chrono::days(1), 1});
  }
  const AuditReport report = audited(std::move(request));
  EXPECT_EQ(verdict_of(report, c.fail_on), c.want);
  EXPECT_EQ(report.complete, !c.gap);
}

INSTANTIATE_TEST_SUITE_P(Table, PipelineVerdict,
                         testing::Values(Exit{"Fine", false, false, false, Severity::low, Verdict::pass},
                                         Exit{"NobodyAsked", true, false, false, std::nullopt, Verdict::pass},
                                         Exit{"Fails", true, false, false, Severity::critical, Verdict::fail},
                                         Exit{"Accepted", true, false, true, Severity::low, Verdict::pass},
                                         Exit{"Gap", false, true, false, std::nullopt, Verdict::undecided},
                                         Exit{"GapAndAsked", false, true, false, Severity::critical,
                                              Verdict::undecided},
                                         Exit{"FailsInSpiteOfAGap", true, true, false, Severity::high, Verdict::fail}),
                         [](const auto& test) { return test.param.name; });

TEST(Pipeline, WhatIsNotKnownDecidesOnlyWhereItIsAskedFor) {
  AuditReport report;
  Workload workload;
  WorkloadResult found;
  found.result.check = find_check("privileged");
  ASSERT_NE(found.result.check, nullptr);
  found.result.outcome = Outcome::unknown;
  workload.results.push_back(found);
  report.workloads.push_back(workload);
  EXPECT_EQ(verdict_of(report, std::nullopt), Verdict::pass);
  EXPECT_EQ(verdict_of(report, Severity::critical), Verdict::undecided);
  report.workloads[0].results[0].exception = "known";
  EXPECT_EQ(verdict_of(report, Severity::critical), Verdict::pass);
}

TEST(Pipeline, APreviousReportThatIsNoneIsAnError) {
  AuditRequest request;
  request.earlier = [](const TakeBytes& take) { return take("{}"); };
  request.sources.push_back(std::make_unique<FewPods>("", std::vector{pod("n", "a")}, std::vector<Gap>{}));
  EXPECT_FALSE(audit(request));
}

}  // namespace
}  // namespace initscan::audit

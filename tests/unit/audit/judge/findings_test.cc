#include "audit/judge/findings.h"

#include "tests/unit/audit/judge/build.h"

#include <algorithm>
#include <random>

namespace initscan::audit {
namespace {

using build::result;

Pod replica(int number, int started_days_ago = 1) {
  return build::pod("web-" + std::to_string(number), {build::container("app", started_days_ago)});
}

TextPool& texts() {
  static TextPool pool;
  return pool;
}

void add(Findings& findings, const Pod& pod, const std::vector<CheckResult>& results) {
  findings.add(pod, results, texts());
}

TEST(Findings, FiftyReplicasAreOne) {
  Findings findings;
  for (int i = 0; i < 50; ++i) add(findings, replica(10 + i), {result("writable-root", Outcome::fail)});
  const auto all = findings.take();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].pods, 50u);
  EXPECT_EQ(all[0].example_pod, "web-10");
}

TEST(Findings, DifferentAnswersStayApart) {
  Findings findings;
  add(findings, replica(1), {result("root-user", Outcome::fail, "app", "root (uid 0)")});
  add(findings, replica(2), {result("root-user", Outcome::fail, "app", "not set")});
  add(findings, replica(3), {result("root-user", Outcome::unknown)});
  add(findings, replica(4), {result("root-user", Outcome::fail, "sidecar", "not set")});
  EXPECT_EQ(findings.take().size(), 4u);
}

TEST(Findings, MeasurementsAreOneWithTheFiguresOfTheOldest) {
  Findings findings;
  add(findings, replica(1, 40), {result("age", Outcome::fail, "app", "40 days")});
  add(findings, replica(2, 90), {result("age", Outcome::fail, "app", "90 days")});
  add(findings, replica(3, 50), {result("age", Outcome::fail, "app", "50 days")});
  const auto all = findings.take();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].result.value, "90 days");
  EXPECT_EQ(all[0].example_pod, "web-2");
  EXPECT_EQ(all[0].pods, 3u);
}

TEST(Findings, MoreVariantsThanTheLimitAreOne) {
  Findings findings;
  for (int i = 0; i < 1000; ++i) {
    add(findings, replica(1000 + i), {result("root-user", Outcome::fail, "app", "uid " + std::to_string(i))});
  }
  const auto all = findings.take();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].pods, 1000u);
  EXPECT_EQ(all[0].example_pod, "web-1000");
}

TEST(Findings, TheOrderOfPodsDoesNotMatter) {
  std::mt19937 random(7);
  for (const int variants : {2, 16, 17, 40}) {
    std::vector<std::pair<Pod, CheckResult>> seen;
    for (int i = 0; i < 60; ++i) {
      seen.emplace_back(replica(i, 1 + i % 5),
                        result("root-user", Outcome::fail, "app", "uid " + std::to_string(i % variants)));
    }
    std::vector<std::tuple<std::string, std::string, std::size_t>> want;
    for (int round = 0; round < 5; ++round) {
      Findings findings;
      for (const auto& [pod, one] : seen) add(findings, pod, {one});
      std::vector<std::tuple<std::string, std::string, std::size_t>> got;
      for (const auto& f : findings.take()) got.emplace_back(f.result.value, f.example_pod, f.pods);
      if (round == 0) want = got;
      EXPECT_EQ(got, want);
      std::shuffle(seen.begin(), seen.end(), random);
    }
  }
}

TEST(Findings, ComeWorstFirst) {
  Findings findings;
  add(findings, replica(1),
      {result("mutable-tag", Outcome::fail), result("image-drift", Outcome::unknown),
       result("privileged", Outcome::fail), result("writable-root", Outcome::fail)});
  std::vector<std::string> order;
  for (const auto& found : findings.take()) order.emplace_back(found.result.check->id);
  EXPECT_EQ(order, (std::vector<std::string>{"privileged", "writable-root", "mutable-tag", "image-drift"}));
}

TEST(Findings, CountsWhatPassedByCheckAndContainerOverAllPods) {
  Findings findings;
  add(findings, replica(1),
      {result("privileged", Outcome::pass), result("seccomp", Outcome::pass), result("age", Outcome::skip)});
  add(findings, replica(2),
      {result("privileged", Outcome::pass), result("seccomp", Outcome::fail), result("age", Outcome::skip)});
  EXPECT_EQ(findings.passed(), 1u);
  EXPECT_EQ(findings.skipped(), 1u);
}

TEST(Findings, OfAllPodsTogetherNameNoPod) {
  Findings findings;
  findings.add_shared({result("replica-drift", Outcome::fail)}, 7, texts());
  const auto all = findings.take();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].pods, 7u);
  EXPECT_EQ(all[0].example_pod, "");
}

}  // namespace
}  // namespace initscan::audit

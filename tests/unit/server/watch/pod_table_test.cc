#include "server/watch/pod_table.h"

#include "tests/unit/server/pods/made_pod.h"

#include <gtest/gtest.h>

namespace initscan::server {
namespace {

using Json = nlohmann::json;

constexpr auto kLabelled = PodSource::labelled;
constexpr auto kOthers = PodSource::others;

PodReading read(const Json& pod) {
  return read_pod(pod, kAccepted);
}

PodReading running(const std::string& line = line_of("verdict=pass")) {
  return read(with_status(made_pod(), ended(0, line), {}, kRunning));
}

PodReading refused(const std::string& run = "containerd://1") {
  return read(with_status(made_pod(), ended(2, line_of("verdict=fail"), run)));
}

std::size_t count(const PodTable& table, PodState state, const std::string& name = "shop") {
  const auto figures = table.figures();
  const auto found = figures.find(name);
  return found == figures.end() ? 0 : found->second.pods[static_cast<std::size_t>(state)];
}

std::size_t blocked(const PodTable& table, BlockReason reason) {
  return table.figures().at("shop").blocked[static_cast<std::size_t>(reason)];
}

PodTable labelled_table() {
  PodTable table;
  table.set_namespace("shop", {true, false, false, false});
  return table;
}

TEST(PodTable, CountsAPodOnceWhateverBecomesOfIt) {
  PodTable table = labelled_table();
  EXPECT_TRUE(table.put(kLabelled, "u1", "shop", refused()).is_newly_blocked);
  EXPECT_EQ(blocked(table, BlockReason::gate_failed), 1u);
  EXPECT_FALSE(table.put(kLabelled, "u1", "shop", refused("containerd://2")).is_newly_blocked) << "it was before";
  EXPECT_EQ(blocked(table, BlockReason::gate_failed), 1u);
  table.put(kLabelled, "u1", "shop", running());
  EXPECT_EQ(blocked(table, BlockReason::gate_failed), 0u);
  EXPECT_EQ(count(table, PodState::scanned), 1u);
  table.remove(kLabelled, "u1");
  EXPECT_EQ(count(table, PodState::scanned), 0u);
}

TEST(PodTable, TellsOfAnotherReasonToBeBlocked) {
  PodTable table = labelled_table();
  table.put(kLabelled, "u1", "shop", refused());
  EXPECT_TRUE(
      table.put(kLabelled, "u1", "shop", read(with_status(made_pod(), waiting("ErrImagePull")))).is_newly_blocked);
}

TEST(PodTable, HandsOutEachRunOnce) {
  PodTable table = labelled_table();
  EXPECT_EQ(table.put(kLabelled, "u1", "shop", refused()).new_scans.size(), 1u);
  EXPECT_TRUE(table.put(kLabelled, "u1", "shop", refused()).new_scans.empty());
  const Json again = with_status(made_pod(), ended(0, line_of("verdict=pass"), "containerd://2"), ended(2));
  ASSERT_EQ(table.put(kLabelled, "u1", "shop", read(again)).new_scans.size(), 1u);
  table.forget_runs(kLabelled, "u1");
  EXPECT_EQ(table.put(kLabelled, "u1", "shop", read(again)).new_scans.size(), 2u);
  EXPECT_EQ(table.put(kLabelled, "u2", "shop", refused()).new_scans.size(), 1u) << "of another pod";
}

TEST(PodTable, ForgetsWhatAListNoLongerHas) {
  PodTable table = labelled_table();
  table.put(kLabelled, "u1", "shop", running());
  table.put(kLabelled, "u2", "shop", running());
  table.put(kOthers, "u3", "shop", read({{"metadata", Json::object()}}));
  table.begin_list(kLabelled);
  table.put(kLabelled, "u2", "shop", running());
  table.end_list(kLabelled);
  EXPECT_FALSE(table.has("u1"));
  EXPECT_TRUE(table.has("u2") && table.has("u3"));
}

TEST(PodTable, TheRulesOfANamespaceHoldForPodsThatAreThere) {
  PodTable table;
  table.put(kOthers, "u1", "shop", read({{"metadata", Json::object()}}));
  EXPECT_TRUE(table.figures().empty()) << "nobody asks for scans there";
  table.set_namespace("shop", {true, false, false, false});
  EXPECT_EQ(count(table, PodState::older_than_label), 1u);
  table.set_namespace("shop", {true, true, false, false});
  EXPECT_EQ(count(table, PodState::report_only), 1u);
  table.remove_namespace("shop");
  EXPECT_TRUE(table.figures().empty());
}

TEST(PodTable, ALabelledNamespaceIsToldOfWithoutPods) {
  EXPECT_EQ(labelled_table().figures().at("shop"), NamespaceFigures{});
}

TEST(PodTable, FindingsAreThoseOfDistinctImages) {
  PodTable table = labelled_table();
  const std::string sbom = " sbom=sha256:" + std::string(64, 'a');
  const std::string line = line_of("verdict=pass", "index=2026-11-27T00:00:00Z" + sbom + " ms=1");
  table.put(kLabelled, "u1", "shop", running(line));
  table.put(kLabelled, "u2", "shop", running(line));
  EXPECT_EQ((table.figures().at("shop").findings[Severity::low]), (FindingCounts::Count{2, 1}));
  table.put(kLabelled, "u3", "other", running(line));
  EXPECT_EQ((table.figures().at("other").findings[Severity::low]), (FindingCounts::Count{2, 1}));
  table.put(kLabelled, "u1", "shop", refused());
  table.put(kLabelled, "u2", "shop", refused());
  EXPECT_EQ((table.figures().at("shop").findings[Severity::low]), (FindingCounts::Count{0, 0})) << "it does not run";
}

TEST(PodTable, CountsWhatRunsUnscanned) {
  PodTable table = labelled_table();
  Json pod = with_status(made_pod(), ended(0, line_of("verdict=pass")), {}, kRunning);
  pod["spec"]["containers"][0]["image"] = "example/other:1";
  table.put(kLabelled, "u1", "shop", read(pod));
  EXPECT_EQ(table.figures().at("shop").running_unscanned, 1u);
}

}  // namespace
}  // namespace initscan::server

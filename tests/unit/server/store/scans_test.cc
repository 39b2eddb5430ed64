#include "server/store/scans.h"

#include "tests/unit/server/store/each_store.h"

namespace initscan::server {
namespace {

using testing::ElementsAre;

constexpr std::chrono::sys_seconds kNow{std::chrono::seconds(1'800'000'000)};

class ScansInStore : public EachStore {
 protected:
  static SeenScan scan(const std::string& pod, const std::string& run, std::string_view verdict = "fail",
                       std::string_view reason = "blocks") {
    return {"one", "shop", pod, run, 2, verdict, reason, kNow, std::chrono::milliseconds(40), kNow};
  }

  std::size_t add(const std::vector<SeenScan>& scans) {
    std::size_t added = 0;
    write([&](Database& database) -> Result<void> {
      auto done = add_scans(database, scans);
      if (!done) return done.error();
      added = *done;
      return {};
    });
    return added;
  }

  void write(const std::function<Result<void>(Database&)>& work) {
    const auto done = store_->write(work);
    ASSERT_TRUE(done) << done.error().text;
  }

  std::vector<ScanTotal> totals(const std::string& cluster = "one") {
    return *store_->read([&](Database& database) { return scan_totals(database, cluster); });
  }
};

INSTANTIATE_TEST_SUITE_P(In, ScansInStore, kEachStore, name_of);

TEST_P(ScansInStore, ARunIsCountedOnce) {
  EXPECT_EQ(add({scan("p1", "c1"), scan("p1", "c1"), scan("p1", "c2")}), 2u);
  EXPECT_EQ(add({scan("p1", "c1"), scan("p2", "c1")}), 1u) << "the same container's name in another pod is another run";
  EXPECT_THAT(totals(), ElementsAre(ScanTotal{"shop", "fail", "blocks", 3}));
  store_ = open();
  EXPECT_EQ(add({scan("p1", "c1"), scan("p1", "c2"), scan("p2", "c1")}), 0u) << "after a restart, too";
  EXPECT_THAT(totals(), ElementsAre(ScanTotal{"shop", "fail", "blocks", 3}));
}

TEST_P(ScansInStore, AreOfOneCluster) {
  add({scan("p1", "c1")});
  SeenScan other = scan("p1", "c1");
  other.cluster = "two";
  EXPECT_EQ(add({other}), 1u);
  EXPECT_EQ(totals("one"), totals("two"));
  EXPECT_TRUE(totals("three").empty());
}

TEST_P(ScansInStore, DurationsAreSortedByTheirUpperEnds) {
  std::vector<SeenScan> scans;
  for (const std::int64_t ms : {0, 10, 11, 60'000, 60'001}) {
    scans.push_back(scan("p", "c" + std::to_string(ms)));
    scans.back().took = std::chrono::milliseconds(ms);
  }
  scans.push_back(scan("p", "unknown"));
  scans.back().took.reset();
  add(scans);
  const auto durations = *store_->read([](Database& database) { return scan_durations(database, "one"); });
  EXPECT_THAT(durations.scans, ElementsAre(2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1));
  EXPECT_EQ(durations.milliseconds, 120'022);
}

TEST_P(ScansInStore, OfPodsThatAreGoneOnlyTheirSumsStay) {
  add({scan("p1", "c1"), scan("p2", "c1")});
  write([](Database& database) { return forget_pods(database, "one", {"p1", "p9"}); });
  const auto pods = *store_->read([](Database& database) { return pods_with_scans(database, "one"); });
  EXPECT_THAT(pods, ElementsAre("p2"));
  EXPECT_THAT(totals(), ElementsAre(ScanTotal{"shop", "fail", "blocks", 2}));
}

TEST_P(ScansInStore, OfANamespaceThatIsGoneNothingStays) {
  SeenScan other = scan("p2", "c1", "undecided", "no-data");
  other.namespace_ = "stays";
  add({scan("p1", "c1"), other});
  write([](Database& database) { return forget_namespace(database, "one", "shop"); });
  EXPECT_THAT(totals(), ElementsAre(ScanTotal{"stays", "undecided", "no-data", 1}));
  EXPECT_EQ(add({scan("p1", "c1")}), 1u) << "a namespace of the same name is another one";
}

}  // namespace
}  // namespace initscan::server

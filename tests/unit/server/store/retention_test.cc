#include "server/store/retention.h"

#include "server/store/packed.h"
#include "server/store/reports.h"
#include "server/store/store.h"
#include "tests/unit/temporary_folder.h"

namespace initscan::server {
namespace {

using std::chrono::hours;
using std::chrono::sys_seconds;

constexpr sys_seconds kNow{std::chrono::seconds(1'800'000'000)};

class RetentionOfStore : public testing::Test {
 protected:
  void SetUp() override {
    auto store = Store::open((folder_.path() / "store.db").string());
    ASSERT_TRUE(store) << store.error().text;
    store_ = std::move(*store);
  }

  void add(const std::string& digest, sys_seconds at, const std::string& sbom_sha256) {
    Report report;
    report.cluster = "one";
    report.digest = digest;
    report.verdict = "pass";
    report.received_at = at;
    report.verdict_sha256 = std::to_string(++reports_);
    report.sbom_sha256 = sbom_sha256;
    const auto done = store_->write([&](Database& database) -> Result<void> {
      const auto added = add_report(database, report, StoredSbom{sbom_sha256, 2, *pack("{}")});
      return added ? Result<void>() : Result<void>(added.error());
    });
    ASSERT_TRUE(done) << done.error().text;
  }

  Removed remove(const Retention& retention) {
    const auto removed = remove_old(*store_, retention, kNow);
    EXPECT_TRUE(removed) << removed.error().text;
    return *removed;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
  int reports_ = 0;
};

TEST_F(RetentionOfStore, WhatIsTooOldGoesWithWhatOnlyItSpokeOf) {
  add("sha256:aa", kNow - hours(25), "s1");
  add("sha256:bb", kNow - hours(25), "s2");
  add("sha256:bb", kNow - hours(23), "s2");
  EXPECT_EQ(remove({hours(24), 100}), (Removed{2, 1, 1}));
  const auto left = figures_of(*store_);
  ASSERT_TRUE(left);
  EXPECT_EQ(left->reports, 1);
  EXPECT_EQ(left->images, 1);
  EXPECT_EQ(left->sboms, 1);
  EXPECT_GT(left->bytes, 0);
}

TEST_F(RetentionOfStore, OfEachImageTheNewestStay) {
  for (int i = 0; i < 5; ++i) add("sha256:aa", kNow - hours(5 - i), "s" + std::to_string(i));
  add("sha256:bb", kNow, "s0");
  EXPECT_EQ(remove({hours(24), 2}), (Removed{3, 0, 2}));
  EXPECT_EQ(remove({hours(24), 2}), Removed{});
}

TEST_F(RetentionOfStore, MoreThanOneTransactionRemovesAll) {
  const auto many = store_->write([](Database& database) -> Result<void> {
    return database.execute(
        "INSERT INTO images VALUES ('one', 'sha256:aa', 1, 1);"
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 2500)"
        " INSERT INTO reports SELECT n, 'one', 'sha256:aa', '', '', '', '', '', '', 'pass', 0, 0, 0, 0, 0, 0, 0, 0, 0, "
        "0, "
        "0, 0, '', '', NULL,"
        " n, 1 FROM c");
  });
  ASSERT_TRUE(many) << many.error().text;
  EXPECT_EQ(remove({hours(24), 100}), (Removed{2500, 1, 0}));
}

}  // namespace
}  // namespace initscan::server

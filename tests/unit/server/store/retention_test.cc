#include "server/store/retention.h"

#include "server/store/namespaces.h"
#include "server/store/packed.h"
#include "server/store/reports.h"
#include "tests/unit/server/store/each_store.h"

namespace initscan::server {
namespace {

using std::chrono::hours;
using std::chrono::sys_seconds;

constexpr sys_seconds kNow{std::chrono::seconds(1'800'000'000)};

class RetentionOfStore : public EachStore {
 protected:
  void add(const std::string& digest, sys_seconds at, const std::string& sbom_sha256, const std::string& space = "",
           const std::string& reporter = "") {
    Report report;
    report.cluster = "one";
    report.namespace_ = space;
    report.reporter = reporter;
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

  int reports_ = 0;
};

INSTANTIATE_TEST_SUITE_P(In, RetentionOfStore, kEachStore, name_of);

TEST_P(RetentionOfStore, WhatIsTooOldGoesWithWhatOnlyItSpokeOf) {
  add("sha256:aa", kNow - hours(25), "s1");
  add("sha256:bb", kNow - hours(25), "s2");
  add("sha256:bb", kNow - hours(23), "s2");
  EXPECT_EQ(remove({hours(24), 100, hours(24)}), (Removed{2, 1, 1}));
  const auto left = figures_of(*store_);
  ASSERT_TRUE(left);
  EXPECT_EQ(left->reports, 1);
  EXPECT_EQ(left->images, 1);
  EXPECT_EQ(left->sboms, 1);
  EXPECT_GT(left->bytes, 0);
}

TEST_P(RetentionOfStore, NothingGoesForItsAgeWhereThatIsNotBelieved) {
  for (int i = 0; i < 3; ++i) add("sha256:aa", kNow - hours(25), "s1");
  const auto removed = remove_old(*store_, {hours(24), 2, hours(24)}, kNow, false);
  ASSERT_TRUE(removed) << removed.error().text;
  EXPECT_EQ(*removed, (Removed{1, 0, 0}));
}

TEST_P(RetentionOfStore, OfEachImageTheNewestStay) {
  for (int i = 0; i < 5; ++i) add("sha256:aa", kNow - hours(5 - i), "s" + std::to_string(i));
  add("sha256:bb", kNow, "s0");
  EXPECT_EQ(remove({hours(24), 2, hours(24)}), (Removed{3, 0, 2}));
  EXPECT_EQ(remove({hours(24), 2, hours(24)}), Removed{});
}

TEST_P(RetentionOfStore, NobodysReportsPushOutThoseOfOthers) {
  add("sha256:aa", kNow, "s1", "shop", "system:serviceaccount:shop:a");
  add("sha256:aa", kNow, "s2", "", "ci");
  for (int i = 0; i < 5; ++i) {
    add("sha256:aa", kNow, "s3", "bank", "system:serviceaccount:bank:" + std::to_string(i));
    add("sha256:aa", kNow, "s4", "", "mirror");
  }
  EXPECT_EQ(remove({hours(24), 2, hours(24)}), (Removed{6, 0, 0}));
  EXPECT_EQ(count("SELECT count(*) FROM reports WHERE namespace = 'shop'"), 1);
  EXPECT_EQ(count("SELECT count(*) FROM reports WHERE namespace = 'bank'"), 2) << "of all its accounts together";
  EXPECT_EQ(count("SELECT count(*) FROM reports WHERE reporter = 'ci'"), 1);
  EXPECT_EQ(count("SELECT count(*) FROM reports WHERE reporter = 'mirror'"), 2);
}

TEST_P(RetentionOfStore, WhatIsGoneIsInNobodysShare) {
  add("sha256:aa", kNow - hours(25), "s1", "shop");
  add("sha256:aa", kNow, "s2", "shop");
  add("sha256:bb", kNow - hours(25), "s3", "bank");
  const std::int64_t both = count("SELECT bytes FROM shares WHERE namespace = 'shop'");
  remove({hours(24), 100, hours(24)});
  EXPECT_EQ(count("SELECT bytes FROM shares WHERE namespace = 'shop'"), both / 2);
  EXPECT_EQ(count("SELECT count(*) FROM shares WHERE namespace = 'bank'"), 0);
}

TEST_P(RetentionOfStore, WhatCameFromADeletedNamespaceGoesAWhileAfterIt) {
  const Retention retention{hours(240), 100, hours(48)};
  const auto goes = [&](const std::string& name, sys_seconds at) {
    const auto kept = store_->write([&](Database& database) { return add_gone_namespace(database, "one", name, at); });
    EXPECT_TRUE(kept) << kept.error().text;
  };
  add("sha256:aa", kNow - hours(60), "s1", "shop");
  add("sha256:bb", kNow - hours(60), "s2", "bank");
  add("sha256:cc", kNow - hours(60), "s3");
  goes("shop", kNow - hours(50));
  goes("shop", kNow - hours(10));  // is known already
  goes("bank", kNow - hours(40));
  goes("empty", kNow - hours(50));
  add("sha256:aa", kNow - hours(45), "s1", "shop");  // another namespace of that name
  EXPECT_EQ(count("SELECT count(*) FROM gone_namespaces"), 2);
  EXPECT_EQ(remove(retention), (Removed{1, 0, 0}));
  EXPECT_EQ(count("SELECT count(*) FROM gone_namespaces"), 1);
  EXPECT_EQ(count("SELECT count(*) FROM reports WHERE namespace = 'shop'"), 1);
  goes("shop", kNow - hours(46));
  EXPECT_EQ(count("SELECT count(*) FROM gone_namespaces"), 1) << "it had nothing by then";
}

TEST_P(RetentionOfStore, MoreThanOneTransactionRemovesAll) {
  const auto many = store_->write([](Database& database) -> Result<void> {
    return database.execute(
        "INSERT INTO images VALUES ('one', 'sha256:aa', 1, 1);"
        "INSERT INTO reports"
        " WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 2500)"
        " SELECT n, 'one', 'sha256:aa', '', '', '', '', '', '', 'pass', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '', '', "
        "NULL,"
        " cast(n AS TEXT), 1, '', '' FROM c");
  });
  ASSERT_TRUE(many) << many.error().text;
  EXPECT_EQ(remove({hours(24), 100, hours(24)}), (Removed{2500, 1, 0}));
}

}  // namespace
}  // namespace initscan::server

#include "server/store/store.h"

#include "tests/unit/server/store/each_store.h"

#include <atomic>
#include <thread>

namespace initscan::server {
namespace {

class WhateverStore : public EachStore {
 protected:
  void SetUp() override {
    EachStore::SetUp();
    if (!store_) return;
    const auto made = write("CREATE TABLE t (n BIGINT NOT NULL)");
    ASSERT_TRUE(made) << made.error().text;
  }

  Result<void> write(const char* sql) {
    return store_->write([&](Database& database) { return database.execute(sql); });
  }
};

INSTANTIATE_TEST_SUITE_P(In, WhateverStore, kEachStore, name_of);

TEST_P(WhateverStore, GivesBackWhatWasBound) {
  const std::string with_zero("a\0b", 3);
  const auto read = store_->read([&](Database& database) -> Result<void> {
    auto query = database.query("SELECT $1 + 0, $2, $3, $4, $5");
    if (!query) return query.error();
    query->bind(std::int64_t{-7'000'000'000}).bind(std::string_view()).bind_optional({}).bind_blob(with_zero);
    query->bind(std::string_view("ü$1'"));
    const auto row = query->next();
    if (!row) return row.error();
    EXPECT_TRUE(*row);
    EXPECT_EQ(query->number(0), -7'000'000'000);
    EXPECT_EQ(query->text(1), "");
    EXPECT_FALSE(query->is_null(1));
    EXPECT_TRUE(query->is_null(2));
    EXPECT_EQ(query->number(2), 0);
    EXPECT_EQ(query->text(2), "");
    EXPECT_EQ(query->text(3), with_zero);
    EXPECT_EQ(query->text(4), "ü$1'");
    EXPECT_FALSE(*query->next());
    return {};
  });
  EXPECT_TRUE(read) << read.error().text;
}

TEST_P(WhateverStore, ATextWithAZeroByteIsRefusedByAll) {
  const auto read = store_->read([&](Database& database) -> Result<bool> {
    auto query = database.query("SELECT $1");
    if (!query) return query.error();
    return query->bind(std::string_view("a\0b", 3)).next();
  });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::unsupported);
}

TEST_P(WhateverStore, TheSameStatementRunsAgainWithOtherValues) {
  const auto read = store_->read([&](Database& database) -> Result<void> {
    for (const std::int64_t number : {1, 2, 3}) {
      auto query = database.query("SELECT $1 + 0");
      if (!query) return query.error();
      const auto row = query->bind(number).next();
      if (!row) return row.error();
      EXPECT_EQ(query->number(0), number);
    }
    return {};
  });
  EXPECT_TRUE(read) << read.error().text;
}

TEST_P(WhateverStore, ATransactionThatFailsLeavesNothing) {
  const auto done = store_->write([&](Database& database) -> Result<void> {
    if (auto first = database.execute("INSERT INTO t VALUES (1)"); !first) return first;
    return database.execute("INSERT INTO t VALUES (NULL)");
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(count("SELECT count(*) FROM t"), 0);
  EXPECT_TRUE(write("INSERT INTO t VALUES (2)")) << "it goes on";
}

TEST_P(WhateverStore, AnErrorThatWorkHidesIsNotTakenForSuccess) {
  const auto done = store_->write_alone([&](Database& database) -> Result<void> {
    if (auto first = database.execute("INSERT INTO t VALUES (1)"); !first) return first;
    const auto hidden = database.execute("INSERT INTO nowhere VALUES (1)");
    EXPECT_FALSE(hidden);
    return {};
  });
  // SQLite goes on behind a statement that failed, PostgreSQL does not: what counts is that they say which.
  EXPECT_EQ(count("SELECT count(*) FROM t"), done ? 1 : 0);
}

TEST_P(WhateverStore, AReaderSeesWhatWasCommittedAndNothingElse) {
  const auto written = store_->write([&](Database& database) -> Result<void> {
    if (auto one = database.execute("INSERT INTO t VALUES (1)"); !one) return one;
    EXPECT_EQ(count("SELECT count(*) FROM t"), 0);
    return {};
  });
  ASSERT_TRUE(written);
  EXPECT_EQ(count("SELECT count(*) FROM t"), 1);
}

TEST_P(WhateverStore, TellsItsSize) {
  const auto bytes = store_->read([](Database& database) { return database.bytes(); });
  ASSERT_TRUE(bytes) << bytes.error().text;
  EXPECT_GT(*bytes, 0);
}

TEST_P(WhateverStore, WritersDoNotDisturbEachOther) {
  std::vector<std::thread> threads;
  std::atomic<int> failed = 0;
  for (int n = 0; n < 4; ++n) {
    threads.emplace_back([&, n] {
      for (int i = 0; i < 20; ++i) {
        const auto work = [](Database& database) { return database.execute("INSERT INTO t SELECT count(*) FROM t"); };
        const auto done = n == 0 ? store_->write_alone(work) : store_->write(work);
        if (!done) ++failed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(count("SELECT count(*) FROM t"), 80);
}

}  // namespace
}  // namespace initscan::server

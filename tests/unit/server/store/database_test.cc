#include "server/store/database.h"

#include "server/store/store.h"
#include "tests/unit/temporary_folder.h"

#include <filesystem>
#include <fstream>

#include <sqlite3.h>
#include <sys/stat.h>

namespace initscan::server {
namespace {

using testing::HasSubstr;

class DatabaseFile : public testing::Test {
 protected:
  std::string path() const { return (folder_.path() / "store.db").string(); }

  // With another hand than ours.
  void run(const char* sql) const {
    sqlite3* raw = nullptr;
    ASSERT_EQ(sqlite3_open(path().c_str(), &raw), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(raw, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(raw);
    sqlite3_close(raw);
  }

  TemporaryFolder folder_;
};

TEST_F(DatabaseFile, IsMadeForItsOwnerAloneAndKeepsALogThatReachesTheDisk) {
  auto database = Database::open(path());
  ASSERT_TRUE(database) << database.error().text;
  struct stat facts {};
  ASSERT_EQ(stat(path().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600U);
  EXPECT_EQ(*database->number("PRAGMA synchronous"), 2);
  EXPECT_EQ(*database->number("PRAGMA foreign_keys"), 1);
  EXPECT_TRUE(std::filesystem::exists(path() + "-wal"));
  EXPECT_TRUE(database->was_checked_as_a_whole());
}

TEST_F(DatabaseFile, GivesBackWhatWasBound) {
  auto database = Database::open(path());
  ASSERT_TRUE(database);
  const std::string with_zero("a\0b", 3);
  auto query = database->query("SELECT ?, ?, ?, ?, ?");
  ASSERT_TRUE(query);
  query->bind(std::int64_t{-7}).bind(std::string_view()).bind_optional({}).bind_blob(with_zero);
  query->bind(with_zero);
  const auto row = query->next();
  ASSERT_TRUE(row && *row);
  EXPECT_EQ(query->number(0), -7);
  EXPECT_EQ(query->text(1), "");
  EXPECT_FALSE(query->is_null(1));
  EXPECT_TRUE(query->is_null(2));
  EXPECT_EQ(query->text(3), with_zero);
  EXPECT_EQ(query->text(4), with_zero);
}

TEST_F(DatabaseFile, AStatementForgetsItsValuesWhenItIsGivenBack) {
  auto database = Database::open(path());
  ASSERT_TRUE(database);
  constexpr const char* kSql = "SELECT ?";
  {
    auto first = database->query(kSql);
    first->bind(std::string_view("secret"));
    ASSERT_TRUE(first->next());
  }
  auto second = database->query(kSql);
  ASSERT_TRUE(*second->next());
  EXPECT_TRUE(second->is_null(0));
}

TEST_F(DatabaseFile, ATransactionThatFailsLeavesNothing) {
  auto database = Database::open(path());
  ASSERT_TRUE(database);
  ASSERT_TRUE(database->execute("CREATE TABLE t (n INTEGER NOT NULL) STRICT"));
  const auto done = database->transaction([&]() -> Result<void> {
    if (auto first = database->execute("INSERT INTO t VALUES (1)"); !first) return first;
    return database->execute("INSERT INTO t VALUES (NULL)");
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(*database->number("SELECT count(*) FROM t"), 0);
  EXPECT_TRUE(database->transaction([&] { return database->execute("INSERT INTO t VALUES (2)"); })) << "it goes on";
}

TEST_F(DatabaseFile, WhatDoesNotFitIsAnErrorAndNothingOfItIsKept) {
  DatabaseOptions options;
  options.max_bytes = 256 << 10;
  auto database = Database::open(path(), options);
  ASSERT_TRUE(database);
  ASSERT_TRUE(database->execute("CREATE TABLE t (b BLOB) STRICT"));
  const auto write = [&](const char* sql) {
    return database->transaction([&]() -> Result<void> {
      if (auto small = database->execute("INSERT INTO t VALUES (x'00')"); !small) return small;
      return database->execute(sql);
    });
  };
  const auto full = write("INSERT INTO t VALUES (zeroblob(300000))");
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, Errc::over_limit);
  EXPECT_THAT(full.error().text, HasSubstr("database or disk is full; nothing of this write was kept: free space"));
  EXPECT_EQ(*database->number("SELECT count(*) FROM t"), 0);
  EXPECT_TRUE(write("INSERT INTO t VALUES (zeroblob(3000))"));
}

TEST_F(DatabaseFile, AValueThatIsTooLargeIsRefused) {
  auto database = Database::open(path());
  ASSERT_TRUE(database);
  const std::string large(kMaxValueBytes + 1, 'x');
  auto query = database->query("SELECT length(?)");
  const auto row = query->bind(large).next();
  ASSERT_FALSE(row);
  EXPECT_EQ(row.error().code, Errc::over_limit);
}

TEST_F(DatabaseFile, ADamagedOneIsRefusedWithWhatToDo) {
  {
    auto database = Database::open(path());
    ASSERT_TRUE(database);
    ASSERT_TRUE(database->execute("CREATE TABLE t (b TEXT) STRICT"));
    ASSERT_TRUE(database->execute(
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 2000) INSERT INTO t SELECT 'row ' || "
        "n FROM c"));
    ASSERT_TRUE(database->execute("PRAGMA wal_checkpoint(TRUNCATE)"));
  }
  {
    std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(-4096, std::ios::end);  // a whole page
    file << std::string(4096, '\xff');
  }
  const auto damaged = Database::open(path());
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().code, Errc::malformed);
  EXPECT_THAT(damaged.error().text, HasSubstr("put a backup in its place, or move it away to start a new store"));
}

TEST_F(DatabaseFile, WhatIsNoDatabaseIsRefused) {
  std::ofstream(path()) << std::string(5000, 'x');
  const auto refused = Database::open(path());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::malformed);
  EXPECT_THAT(refused.error().text, HasSubstr("file is not a database"));
}

TEST_F(DatabaseFile, ADatabaseOfAnotherProgramIsLeftAlone) {
  run("CREATE TABLE theirs (n)");
  const auto refused = Database::open(path());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text, path() + ": a database of another program; name another file");
}

TEST_F(DatabaseFile, ASymbolicLinkIsNotFollowed) {
  std::filesystem::create_symlink(folder_.path() / "elsewhere", path());
  EXPECT_FALSE(Database::open(path()));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "elsewhere"));
}

TEST_F(DatabaseFile, AnotherProcessThatWritesIsWaitedForThenTold) {
  auto first = Database::open(path());
  ASSERT_TRUE(first);
  DatabaseOptions hasty;
  hasty.busy = std::chrono::milliseconds(50);
  auto second = Database::open(path(), hasty);
  ASSERT_TRUE(second);
  const auto done = first->transaction([&]() -> Result<void> {
    const auto busy = second->transaction([] { return Result<void>(); });
    EXPECT_FALSE(busy);
    EXPECT_EQ(busy.error().code, Errc::unavailable);
    return {};
  });
  EXPECT_TRUE(done);
}

TEST_F(DatabaseFile, AReaderSeesWhatWasCommittedAndNothingElse) {
  auto store = Store::open(path());
  ASSERT_TRUE(store) << store.error().text;
  const auto count = [&] {
    return (*store)->read([](Database& database) { return *database.number("SELECT count(*) FROM t"); });
  };
  ASSERT_TRUE((*store)->write([](Database& database) { return database.execute("CREATE TABLE t (n) "); }));
  const auto written = (*store)->write([&](Database& database) -> Result<void> {
    if (auto one = database.execute("INSERT INTO t VALUES (1)"); !one) return one;
    EXPECT_EQ(count(), 0);
    return {};
  });
  ASSERT_TRUE(written);
  EXPECT_EQ(count(), 1);
}

}  // namespace
}  // namespace initscan::server

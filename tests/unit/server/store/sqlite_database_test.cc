#include "server/store/sqlite_database.h"

#include "server/store/sqlite_failure.h"
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
  auto database = SqliteDatabase::open(path());
  ASSERT_TRUE(database) << database.error().text;
  struct stat facts {};
  ASSERT_EQ(stat(path().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600U);
  EXPECT_EQ(*(*database)->number("PRAGMA synchronous"), 2);
  EXPECT_EQ(*(*database)->number("PRAGMA foreign_keys"), 1);
  EXPECT_TRUE(std::filesystem::exists(path() + "-wal"));
  EXPECT_TRUE((*database)->was_checked_as_a_whole());
}

TEST_F(DatabaseFile, AStatementForgetsItsValuesWhenItIsGivenBack) {
  auto database = SqliteDatabase::open(path());
  ASSERT_TRUE(database);
  constexpr const char* kSql = "SELECT $1";
  {
    auto first = (*database)->query(kSql);
    first->bind(std::string_view("secret"));
    ASSERT_TRUE(first->next());
  }
  auto second = (*database)->query(kSql);
  ASSERT_TRUE(*second->next());
  EXPECT_TRUE(second->is_null(0));
}

TEST_F(DatabaseFile, ValuesThatAreNotNamedInTheirOrderAreRefused) {
  auto database = SqliteDatabase::open(path());
  ASSERT_TRUE(database);
  for (const char* const sql : {"SELECT $2, $1", "SELECT ?", "SELECT $1, ?"}) {
    const auto query = (*database)->query(sql);
    ASSERT_FALSE(query) << sql;
    EXPECT_THAT(query.error().text, HasSubstr("values out of order"));
  }
  EXPECT_TRUE((*database)->query("SELECT $1, $2, $1"));
}

TEST_F(DatabaseFile, WhatDoesNotFitIsAnErrorAndNothingOfItIsKept) {
  SqliteOptions options;
  options.max_bytes = 256 << 10;
  auto database = SqliteDatabase::open(path(), options);
  ASSERT_TRUE(database);
  ASSERT_TRUE((*database)->execute("CREATE TABLE t (b BLOB) STRICT"));
  const auto write = [&](const char* sql) {
    return (*database)->transaction([&]() -> Result<void> {
      if (auto small = (*database)->execute("INSERT INTO t VALUES (x'00')"); !small) return small;
      return (*database)->execute(sql);
    });
  };
  const auto full = write("INSERT INTO t VALUES (zeroblob(300000))");
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, Errc::over_limit);
  EXPECT_THAT(full.error().text, HasSubstr("database or disk is full; nothing of this write was kept: free space"));
  EXPECT_EQ(*(*database)->number("SELECT count(*) FROM t"), 0);
  EXPECT_TRUE(write("INSERT INTO t VALUES (zeroblob(3000))"));
}

TEST_F(DatabaseFile, AValueThatIsTooLargeIsRefused) {
  auto database = SqliteDatabase::open(path());
  ASSERT_TRUE(database);
  const std::string large(kMaxValueBytes + 1, 'x');
  auto query = (*database)->query("SELECT length($1)");
  const auto row = query->bind(large).next();
  ASSERT_FALSE(row);
  EXPECT_EQ(row.error().code, Errc::over_limit);
}

TEST_F(DatabaseFile, ADamagedOneIsRefusedWithWhatToDo) {
  {
    auto database = SqliteDatabase::open(path());
    ASSERT_TRUE(database);
    ASSERT_TRUE((*database)->execute("CREATE TABLE t (b TEXT) STRICT"));
    ASSERT_TRUE((*database)->execute(
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 2000) INSERT INTO t SELECT 'row ' || "
        "n FROM c"));
    ASSERT_TRUE((*database)->execute("PRAGMA wal_checkpoint(TRUNCATE)"));
  }
  {
    std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(-4096, std::ios::end);  // a whole page
    file << std::string(4096, '\xff');
  }
  const auto damaged = SqliteDatabase::open(path());
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().code, Errc::malformed);
  EXPECT_THAT(damaged.error().text, HasSubstr("put a backup in its place, or move it away to start a new store"));
}

TEST_F(DatabaseFile, WhatIsNoDatabaseIsRefused) {
  std::ofstream(path()) << std::string(5000, 'x');
  const auto refused = SqliteDatabase::open(path());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::malformed);
  EXPECT_THAT(refused.error().text, HasSubstr("file is not a database"));
}

TEST_F(DatabaseFile, ADatabaseOfAnotherProgramIsLeftAlone) {
  run("CREATE TABLE theirs (n)");
  const auto refused = SqliteDatabase::open(path());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text, path() + ": a database of another program; name another file");
}

TEST_F(DatabaseFile, ASymbolicLinkIsNotFollowed) {
  std::filesystem::create_symlink(folder_.path() / "elsewhere", path());
  EXPECT_FALSE(SqliteDatabase::open(path()));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "elsewhere"));
}

TEST_F(DatabaseFile, AnotherProcessThatWritesIsWaitedForThenTold) {
  auto first = SqliteDatabase::open(path());
  ASSERT_TRUE(first);
  SqliteOptions hasty;
  hasty.busy = std::chrono::milliseconds(50);
  auto second = SqliteDatabase::open(path(), hasty);
  ASSERT_TRUE(second);
  const auto done = (*first)->transaction([&]() -> Result<void> {
    const auto busy = (*second)->transaction([] { return Result<void>(); });
    EXPECT_FALSE(busy);
    EXPECT_EQ(busy.error().code, Errc::unavailable);
    return {};
  });
  EXPECT_TRUE(done);
}

TEST(SqliteFailures, SayWhatToDoWhereThereIsSomething) {
  EXPECT_EQ(
      sqlite_failure(nullptr, SQLITE_IOERR_GETTEMPPATH, "here").text,
      "here: disk I/O error: there is no folder for temporary files; name one that can be written by SQLITE_TMPDIR");
  EXPECT_EQ(sqlite_failure(nullptr, SQLITE_IOERR_READ, "here").code, Errc::io);
  EXPECT_EQ(sqlite_failure(nullptr, SQLITE_FULL, "here").code, Errc::over_limit);
}

}  // namespace
}  // namespace initscan::server

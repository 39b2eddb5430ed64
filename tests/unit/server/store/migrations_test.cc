#include "server/store/migrations.h"

#include "server/store/postgresql_schema.h"
#include "tests/unit/server/store/each_store.h"

#include <array>
#include <filesystem>
#include <thread>

#include <sqlite3.h>

namespace initscan::server {
namespace {

using testing::HasSubstr;

class Migrations : public EachStore {
 protected:
  // A store as a release with only the first so many would have left it.
  void make_version(std::size_t count) {
    store_.reset();
    if (schema_) {
      make_postgresql(count);
    } else {
      make_sqlite(count);
    }
  }

  void make_sqlite(std::size_t count) const {
    for (const char* const end : {"", "-wal", "-shm"}) std::filesystem::remove(path() + end);
    sqlite3* raw = nullptr;
    ASSERT_EQ(sqlite3_open(path().c_str(), &raw), SQLITE_OK);
    for (std::size_t i = 0; i < count; ++i) {
      ASSERT_EQ(sqlite3_exec(raw, migrations()[i], nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(raw);
    }
    const std::string version =
        "PRAGMA application_id = 0x696e7363; PRAGMA user_version = " + std::to_string(count) + ";";
    ASSERT_EQ(sqlite3_exec(raw, version.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(raw);
  }

  void make_postgresql(std::size_t count) {
    schema_.emplace();
    const auto database = PostgresqlDatabase::connect(schema_->url());
    ASSERT_TRUE(database) << database.error().text;
    const auto done = migrate(**database, migrations().first(count));
    ASSERT_TRUE(done) << done.error().text;
  }

  // Every column with its type, and every index.
  std::string schema_of(Store& store) const {
    const char* const sql =
        schema_ ? "SELECT string_agg(line, chr(10) ORDER BY line) FROM (SELECT table_name || '.' ||"
                  " column_name || ' ' || data_type || is_nullable AS line FROM information_schema.columns"
                  " WHERE table_schema = current_schema() UNION SELECT replace(indexdef, current_schema()"
                  " || '.', '') FROM pg_indexes WHERE schemaname = current_schema()) lines"
                : "SELECT group_concat(line, char(10)) FROM (SELECT coalesce(sql, name) AS line FROM"
                  " sqlite_schema ORDER BY name)";
    const auto schema = store.read([&](Database& database) -> Result<std::string> {
      auto query = database.query(sql);
      if (!query) return query.error();
      const auto row = query->next();
      if (!row) return row.error();
      return query->text(0);
    });
    EXPECT_TRUE(schema) << schema.error().text;
    return *schema;
  }

  static Result<std::int64_t> version_of(Store& store) {
    return store.read([](Database& database) { return database.version(); });
  }
};

INSTANTIATE_TEST_SUITE_P(In, Migrations, kEachStore, name_of);

TEST_P(Migrations, LeadFromEveryOlderVersionToTheSameSchema) {
  const std::string fresh = schema_of(*store_);
  EXPECT_THAT(fresh, HasSubstr("reports"));
  for (std::size_t count = 1; count <= migrations().size(); ++count) {
    make_version(count);
    const auto older = open();
    ASSERT_TRUE(older);
    EXPECT_EQ(schema_of(*older), fresh) << "from version " << count;
    EXPECT_EQ(*version_of(*older), static_cast<std::int64_t>(migrations().size()));
  }
}

TEST_P(Migrations, GiveShortNamesToPackagesOfBefore) {
  make_version(7);
  const char* const kRows =
      "INSERT INTO sboms (id, cluster, sha256, bytes, packed, stored_at) VALUES (1, 'c', 'aa', 1, '', 1);"
      "INSERT INTO packages (cluster, sbom, type, name, version, source) VALUES"
      " ('c', 1, 'maven', 'org.apache.logging.log4j:log4j-core', '1', ''), ('c', 1, 'maven', 'a:', '1', ''),"
      " ('c', 1, 'npm', '@babel/core', '1', ''), ('c', 1, 'npm', 'react', '1', ''),"
      " ('c', 1, 'golang', 'example.com/core/core', '1', ''), ('c', 1, 'deb', 'a/b', '1', '')";
  if (schema_) {
    const auto database = PostgresqlDatabase::connect(schema_->url());
    ASSERT_TRUE(database && (*database)->execute(kRows));
  } else {
    sqlite3* raw = nullptr;
    ASSERT_EQ(sqlite3_open(path().c_str(), &raw), SQLITE_OK);
    const std::string rows = std::string(kRows).replace(std::string(kRows).find("''"), 2, "x''");
    ASSERT_EQ(sqlite3_exec(raw, rows.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(raw);
    sqlite3_close(raw);
  }
  const auto store = open();
  ASSERT_TRUE(store);
  const auto names = store->read([](Database& database) -> Result<std::vector<std::string>> {
    auto query =
        database.query("SELECT name || ' ' || short_name FROM packages WHERE cluster = $1 ORDER BY type, name");
    if (!query) return query.error();
    query->bind("c");
    return texts_of(*query);
  });
  ASSERT_TRUE(names) << names.error().text;
  EXPECT_THAT(*names, testing::ElementsAre("a/b ", "example.com/core/core core",
                                           "a: ", "org.apache.logging.log4j:log4j-core log4j-core", "@babel/core core",
                                           "react "));
  const auto cost = store->read([](Database& database) { return database.number("SELECT cost FROM sboms"); });
  EXPECT_EQ(*cost, 3 * 32 + (1 + 5 + 35 + 1 + 10) + (1 + 3 + 11 + 1 + 4) + (1 + 6 + 21 + 1 + 4));
}

TEST_P(Migrations, RefuseAStoreOfANewerRelease) {
  const char* const newer = schema_ ? "INSERT INTO initscan_schema VALUES (1000)" : "PRAGMA user_version = 1000";
  const auto written = store_->write([&](Database& database) { return database.execute(newer); });
  ASSERT_TRUE(written) << written.error().text;
  const auto done = store_->read([](Database& database) { return migrate(database, migrations()); });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::unsupported);
  EXPECT_THAT(done.error().text, HasSubstr("was written by a newer initscan-server (schema 1000, this one knows "));
}

TEST_P(Migrations, OneThatFailsLeavesTheStoreAsItWas) {
  const auto known = static_cast<std::int64_t>(migrations().size());
  std::vector<const char*> steps(migrations().begin(), migrations().end());
  const auto take = [&] { return store_->read([&](Database& database) { return migrate(database, steps); }); };
  steps.push_back("CREATE TABLE half (n INTEGER) STRICT; CREATE TABLE whole (n NOTHING) STRICT");
  ASSERT_FALSE(take());
  EXPECT_EQ(*version_of(*store_), known);
  steps.back() = "CREATE TABLE half (n INTEGER) STRICT";
  const auto taken = take();
  EXPECT_TRUE(taken) << taken.error().text;
  EXPECT_EQ(*version_of(*store_), known + 1);
}

TEST_P(Migrations, SeveralProcessesMayStartAtOnce) {
  make_version(1);
  std::array<std::string, 12> errors;
  std::vector<std::thread> threads;
  for (std::string& error : errors) {
    threads.emplace_back([&] {
      if (schema_) {
        const auto store = PostgresqlStore::open(schema_->options());
        if (!store) error = store.error().text;
      } else {
        const auto store = SqliteStore::open(path());
        if (!store) error = store.error().text;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(errors, testing::Each(""));
}

TEST(PostgresqlSchemaWords, SayTheSame) {
  EXPECT_EQ(postgresql_schema("CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER NOT NULL, s TEXT, b BLOB) STRICT;"),
            "CREATE TABLE t (id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, n BIGINT NOT NULL,"
            " s TEXT COLLATE \"C\", b BYTEA);");
  EXPECT_EQ(postgresql_schema("(n TEXT) STRICT, WITHOUT ROWID;"), "(n TEXT COLLATE \"C\");");
}

}  // namespace
}  // namespace initscan::server

#include "server/store/migrations.h"

#include "server/store/database.h"
#include "tests/unit/temporary_folder.h"

#include <array>
#include <thread>

#include <sqlite3.h>

namespace initscan::server {
namespace {

using testing::HasSubstr;

class Migrations : public testing::Test {
 protected:
  std::string path() const { return (folder_.path() / "store.db").string(); }

  // A store as a release with only the first so many would have left it.
  void make_version(std::size_t count) const {
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

  TemporaryFolder folder_;
};

std::string schema_of(Database& database) {
  auto query = database.query("SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY name");
  std::string schema;
  while (*query->next()) schema += query->text(0) + '\n';
  return schema;
}

TEST_F(Migrations, LeadFromEveryOlderVersionToTheSameSchema) {
  TemporaryFolder other;
  auto fresh = Database::open((other.path() / "fresh.db").string());
  ASSERT_TRUE(fresh) << fresh.error().text;
  for (std::size_t count = 1; count <= migrations().size(); ++count) {
    make_version(count);
    auto older = Database::open(path());
    ASSERT_TRUE(older) << older.error().text;
    EXPECT_EQ(schema_of(*older), schema_of(*fresh)) << "from version " << count;
    EXPECT_EQ(*older->number("PRAGMA user_version"), static_cast<std::int64_t>(migrations().size()));
    std::filesystem::remove(path());
  }
}

TEST_F(Migrations, RefuseAStoreOfANewerRelease) {
  make_version(migrations().size());
  {
    auto database = Database::open(path());
    ASSERT_TRUE(database);
    ASSERT_TRUE(database->execute("PRAGMA user_version = 1000"));
  }
  const auto refused = Database::open(path());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::unsupported);
  EXPECT_THAT(refused.error().text, HasSubstr("was written by a newer initscan-server (schema 1000, this one knows "));
}

TEST_F(Migrations, OneThatFailsLeavesTheStoreAsItWas) {
  auto database = Database::open(path());
  ASSERT_TRUE(database);
  const std::size_t known = migrations().size();
  std::vector<const char*> steps(migrations().begin(), migrations().end());
  steps.push_back("CREATE TABLE half (n) STRICT; CREATE TABLE whole (n INTEGER) STRICT");
  ASSERT_FALSE(migrate(*database, steps));
  EXPECT_EQ(*database->number("PRAGMA user_version"), static_cast<std::int64_t>(known));
  steps.back() = "CREATE TABLE whole (n INTEGER) STRICT";
  EXPECT_TRUE(migrate(*database, steps));
  EXPECT_EQ(*database->number("PRAGMA user_version"), static_cast<std::int64_t>(known + 1));
}

TEST_F(Migrations, SeveralProcessesMayStartAtOnce) {
  std::array<std::string, 12> errors;
  std::vector<std::thread> threads;
  for (std::string& error : errors) {
    threads.emplace_back([&] {
      const auto database = Database::open(path());
      if (!database) error = database.error().text;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(errors, testing::Each(""));
}

}  // namespace
}  // namespace initscan::server

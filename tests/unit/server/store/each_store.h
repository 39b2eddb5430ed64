#pragma once

#include "server/store/postgresql_store.h"
#include "server/store/sqlite_store.h"
#include "tests/unit/temporary_folder.h"

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace initscan::server {

/// Where the tests' own PostgreSQL is; "": there is none. tests/postgresql_server.py starts it for ctest.
inline std::string postgresql_url() {
  const char* const path = std::getenv("INITSCAN_POSTGRESQL");
  std::ifstream file(path == nullptr ? "" : path);
  std::string url;
  std::getline(file, url);
  return url;
}

// A schema of one test's own in it.
class PostgresqlSchema {
 public:
  PostgresqlSchema() : name_("t" + std::to_string(getpid()) + '_' + std::to_string(++made_)) {
    run("CREATE SCHEMA " + name_);
  }
  PostgresqlSchema(const PostgresqlSchema&) = delete;
  PostgresqlSchema& operator=(const PostgresqlSchema&) = delete;
  ~PostgresqlSchema() { run("SET client_min_messages = error; DROP SCHEMA " + name_ + " CASCADE"); }

  const std::string& name() const { return name_; }
  std::string url() const { return postgresql_url() + "&options=-csearch_path%3D" + name_; }

  PostgresqlOptions options() const {
    PostgresqlOptions options;
    options.url = [url = url()] { return Result<std::string>(url); };
    return options;
  }

 private:
  static void run(const std::string& sql) {
    const auto database = PostgresqlDatabase::connect(postgresql_url());
    ASSERT_TRUE(database) << database.error().text;
    const auto done = (*database)->execute(sql.c_str());
    ASSERT_TRUE(done) << done.error().text;
  }

  static inline std::atomic<int> made_ = 0;
  const std::string name_;
};

enum class StoreKind { sqlite, postgresql };

inline std::string name_of(const testing::TestParamInfo<StoreKind>& info) {
  return info.param == StoreKind::sqlite ? "Sqlite" : "Postgresql";
}

inline const auto kEachStore = testing::Values(StoreKind::sqlite, StoreKind::postgresql);

// A test that says the same of each kind of store.
class EachStore : public testing::TestWithParam<StoreKind> {
 protected:
  void SetUp() override {
    if (GetParam() == StoreKind::postgresql) {
      if (postgresql_url().empty()) GTEST_SKIP() << "no PostgreSQL: INITSCAN_POSTGRESQL names none";
      schema_.emplace();
    }
    store_ = open();
  }

  std::unique_ptr<Store> open() {
    if (schema_) return checked(PostgresqlStore::open(schema_->options()));
    return checked(SqliteStore::open(path()));
  }

  std::string path() const { return (folder_.path() / "store.db").string(); }

  std::int64_t count(const char* sql) {
    const auto counted = store_->read([&](Database& database) { return database.number(sql); });
    EXPECT_TRUE(counted) << counted.error().text;
    return counted ? *counted : -1;
  }

  TemporaryFolder folder_;
  std::optional<PostgresqlSchema> schema_;
  std::unique_ptr<Store> store_;

 private:
  template <class Kind>
  static std::unique_ptr<Store> checked(Result<std::unique_ptr<Kind>> opened) {
    EXPECT_TRUE(opened) << opened.error().text;
    return opened ? std::move(*opened) : nullptr;
  }
};

}  // namespace initscan::server

// What only PostgreSQL does: connections that break, and servers that are away.
#include "server/store/postgresql_failure.h"
#include "tests/unit/server/store/each_store.h"

#include <thread>

namespace initscan::server {
namespace {

using testing::HasSubstr;
using testing::Not;

class WithPostgresql : public testing::Test {
 protected:
  void SetUp() override {
    if (postgresql_url().empty()) GTEST_SKIP() << "no PostgreSQL: INITSCAN_POSTGRESQL names none";
    schema_.emplace();
  }

  std::unique_ptr<PostgresqlStore> open(const PostgresqlOptions& options) {
    auto store = PostgresqlStore::open(options);
    EXPECT_TRUE(store) << store.error().text;
    return store ? std::move(*store) : nullptr;
  }

  std::unique_ptr<PostgresqlStore> open() { return open(schema_->options()); }

  // All of this test's connections but this one, as a restart of the server does it to everybody's.
  void break_connections() {
    const auto other = PostgresqlDatabase::connect(schema_->url());
    ASSERT_TRUE(other) << other.error().text;
    const std::string sql =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'initscan-server'"
        " AND query LIKE '%of_" +
        schema_->name() + "%' AND pid <> pg_backend_pid()";
    const auto done = (*other)->execute(sql.c_str());
    ASSERT_TRUE(done) << done.error().text;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }

  // By its words a connection is known as one of this test's.
  std::string words() const { return "SELECT 1 AS of_" + schema_->name(); }

  Result<std::int64_t> ask(Store& store) const {
    return store.read([this](Database& database) { return database.number(words().c_str()); });
  }

  std::optional<PostgresqlSchema> schema_;
};

TEST_F(WithPostgresql, AReadFindsANewConnectionWhereItsOwnHasBroken) {
  const auto store = open();
  ASSERT_TRUE(ask(*store));
  break_connections();
  const auto again = ask(*store);
  ASSERT_TRUE(again) << again.error().text;
  EXPECT_EQ(*again, 1);
}

TEST_F(WithPostgresql, AWriteThatBreaksBeforeItsEndIsDoneAgainOnce) {
  const auto store = open();
  ASSERT_TRUE(ask(*store));
  int runs = 0;
  const auto done = store->write([&](Database& database) -> Result<void> {
    auto counted = database.number(words().c_str());
    if (!counted) return counted.error();
    if (++runs == 1) break_connections();
    return database.execute("CREATE TABLE once (n BIGINT)");
  });
  EXPECT_TRUE(done) << done.error().text;
  EXPECT_EQ(runs, 2);
}

TEST_F(WithPostgresql, WhileTheServerIsAwayEverybodyIsToldAtOnce) {
  PostgresqlOptions options = schema_->options();
  std::string url = schema_->url();
  std::vector<bool> changes;
  options.url = [&url] { return Result<std::string>(url); };
  options.on_change = [&](const Result<void>& state) { changes.push_back(state.has_value()); };
  options.first_pause = options.longest_pause = std::chrono::milliseconds(200);
  const auto store = open(options);
  ASSERT_TRUE(ask(*store));
  url = "postgresql://nobody@127.0.0.1:1/nowhere";
  break_connections();
  for (int i = 0; i < 3; ++i) {
    const auto away = ask(*store);
    ASSERT_FALSE(away);
    EXPECT_EQ(away.error().code, Errc::unavailable) << away.error().text;
  }
  url = schema_->url();
  std::this_thread::sleep_for(std::chrono::milliseconds(250));
  EXPECT_TRUE(ask(*store));
  EXPECT_THAT(changes, testing::ElementsAre(false, true));
}

TEST_F(WithPostgresql, OneThatIsNotThereYetIsFoundLater) {
  PostgresqlOptions options = schema_->options();
  std::string url = "postgresql://nobody@127.0.0.1:1/nowhere";
  options.url = [&url] { return Result<std::string>(url); };
  options.first_pause = options.longest_pause = std::chrono::milliseconds(1);
  const auto store = open(options);
  EXPECT_FALSE(store->was_reached());
  EXPECT_EQ(store->reach().error().code, Errc::unavailable);
  url = schema_->url();
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
  const auto reports = store->read([](Database& database) { return database.number("SELECT count(*) FROM reports"); });
  ASSERT_TRUE(reports) << reports.error().text;
  EXPECT_TRUE(store->was_reached());
}

TEST_F(WithPostgresql, OneThatDoesNotLetUsInIsToldAtOnce) {
  const std::string url = postgresql_url();
  const auto told = [](const std::string& at) {
    PostgresqlOptions options;
    options.url = [&at] { return Result<std::string>(at); };
    const auto store = PostgresqlStore::open(options);
    EXPECT_FALSE(store);
    return store ? Error{} : store.error();
  };
  std::string without = url;
  const Error no_database = told(without.replace(without.find("/postgres?"), 10, "/nowhere?"));
  EXPECT_EQ(no_database.code, Errc::refused);
  EXPECT_THAT(no_database.text, testing::MatchesRegex("postgresql .*/nowhere: connection to server .* failed: FATAL:  "
                                                      "database \"nowhere\" does not exist; create it there first"));
  const Error nobody = told(without.assign(url).replace(url.find("//postgres@"), 11, "//nobody@"));
  EXPECT_EQ(nobody.code, Errc::refused);
  EXPECT_THAT(nobody.text, HasSubstr("role \"nobody\" does not exist; see pg_hba.conf there, and the role and its"));
}

TEST_F(WithPostgresql, OneThatLetsUsInNoLongerIsAwayForWhoeverAsks) {
  PostgresqlOptions options = schema_->options();
  std::string url = schema_->url();
  std::vector<std::string> told;
  options.url = [&url] { return Result<std::string>(url); };
  options.on_change = [&](const Result<void>& state) { told.push_back(state ? "" : state.error().text); };
  options.first_pause = options.longest_pause = std::chrono::milliseconds(1);
  const auto store = open(options);
  ASSERT_TRUE(ask(*store));
  break_connections();
  for (const char* const host : {"//nobody@", "//somebody@", "//somebody@"}) {
    url = schema_->url();
    url.replace(url.find("//postgres@"), 11, host);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    const auto away = ask(*store);
    ASSERT_FALSE(away);
    EXPECT_EQ(away.error().code, Errc::unavailable);
  }
  EXPECT_THAT(told, testing::ElementsAre(HasSubstr("\"nobody\""), HasSubstr("\"somebody\""))) << "each reason once";
}

TEST_F(WithPostgresql, WhoeverFindsAllConnectionsInUseIsToldInTime) {
  PostgresqlOptions options = schema_->options();
  options.connections = 1;
  options.longest_wait = std::chrono::milliseconds(50);
  const auto store = open(options);
  const auto nested = store->read([&](Database&) { return ask(*store); });
  ASSERT_FALSE(nested);
  EXPECT_EQ(nested.error().text, "postgresql: all 1 connections are in use");
  EXPECT_TRUE(ask(*store));
}

TEST_F(WithPostgresql, NobodyIsKeptWaitingForLongAndWhatIsAcknowledgedIsOnTheDisk) {
  const auto database = PostgresqlDatabase::connect(schema_->url() + "%20-csynchronous_commit%3Doff");
  ASSERT_TRUE(database) << database.error().text;
  const auto bounded = (*database)->number(
      "SELECT count(*) FROM pg_settings WHERE setting = '10000'"
      " AND name IN ('statement_timeout', 'idle_in_transaction_session_timeout')");
  ASSERT_TRUE(bounded) << bounded.error().text;
  EXPECT_EQ(*bounded, 2);
  EXPECT_EQ(
      *(*database)->number("SELECT count(*) FROM pg_settings WHERE name = 'synchronous_commit' AND setting = 'on'"), 1);
}

TEST_F(WithPostgresql, WhatTakesTooLongIsGivenUpAndTheConnectionIsGoodAgain) {
  const auto database = PostgresqlDatabase::connect(schema_->url());
  ASSERT_TRUE(database) << database.error().text;
  ASSERT_TRUE((*database)->execute("SET statement_timeout = '50ms'"));
  const auto done = (*database)->transaction([&] { return (*database)->execute("SELECT pg_sleep(5)"); });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::unavailable) << done.error().text;
  EXPECT_FALSE((*database)->is_broken());
  EXPECT_TRUE((*database)->transaction([&] { return (*database)->execute("SELECT 1"); }));
}

TEST_F(WithPostgresql, ADatabaseOfAnotherProgramIsLeftAlone) {
  const auto theirs = PostgresqlDatabase::connect(schema_->url());
  ASSERT_TRUE((*theirs)->execute("CREATE TABLE theirs (n BIGINT)"));
  const auto refused = PostgresqlStore::open(schema_->options());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::malformed);
  EXPECT_THAT(refused.error().text, HasSubstr("has tables of another program; name another database, or a schema"));
}

TEST_F(WithPostgresql, WhatItCannotUseIsAnError) {
  const auto refused = [](const std::string& url) {
    const auto database = PostgresqlDatabase::connect(url);
    EXPECT_FALSE(database);
    return database ? Error{} : database.error();
  };
  EXPECT_EQ(refused("").code, Errc::usage);
  EXPECT_EQ(refused("postgresql://a:s3cret@[h/d").code, Errc::usage);
  EXPECT_THAT(refused("postgresql://a:s3cret@[h/d").text, Not(HasSubstr("s3cret")));
  const Error nobody = refused("postgresql://nobody:s3cret@127.0.0.1:1/d");
  EXPECT_EQ(nobody.code, Errc::unavailable);
  EXPECT_THAT(nobody.text, HasSubstr("postgresql 127.0.0.1:1/d: "));
  EXPECT_THAT(nobody.text, Not(HasSubstr("s3cret")));
}

TEST_F(WithPostgresql, ASchemaThatIsNotThereIsTold) {
  PostgresqlOptions options = schema_->options();
  options.url = [] { return Result<std::string>(postgresql_url() + "&options=-csearch_path%3Dnowhere"); };
  const auto refused = PostgresqlStore::open(options);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text, HasSubstr("no schema of the search_path is there; create it first"));
}

struct RefusalRow {
  const char* name;
  std::string_view verbose;
  Errc code;
  std::string_view advice;  // behind the words
};

class PostgresqlRefusals : public testing::TestWithParam<RefusalRow> {};

TEST_P(PostgresqlRefusals, AreForGoodWhereEachHostSaysSo) {
  const RefusalRow& row = GetParam();
  const Error error = postgresql_refusal("what libpq says\nin several lines", row.verbose, "here");
  EXPECT_EQ(error.code, row.code);
  EXPECT_EQ(error.text, "here: what libpq says" + std::string(row.advice));
}

INSTANTIATE_TEST_SUITE_P(
    Table, PostgresqlRefusals,
    testing::Values(
        RefusalRow{"Nothing", "", Errc::unavailable, ""},
        RefusalRow{"NobodyThere",
                   "connection to server at \"h\", port 1 failed: Connection refused\n\tIs it running?\n",
                   Errc::unavailable, ""},
        RefusalRow{"Password",
                   "connection to server at \"h\", port 1 failed: FATAL:  28P01: password authentication failed\n"
                   "LOCATION:  auth_failed, auth.c:335\n",
                   Errc::refused, "; see pg_hba.conf there, and the role and its password here"},
        RefusalRow{"InAnotherLanguage", "connection to server at \"h\", port 1 failed: VETOED:  3D000: words\n",
                   Errc::refused, "; create it there first"},
        RefusalRow{"Starting", "connection to server at \"h\", port 1 failed: FATAL:  57P03: it is starting up\n",
                   Errc::unavailable, ""},
        RefusalRow{"TooMany", "connection to server at \"h\", port 1 failed: FATAL:  53300: too many clients\n",
                   Errc::unavailable, ""},
        RefusalRow{"OneOfTwoHosts",
                   "connection to server at \"h\", port 1 failed: FATAL:  28P01: no\n"
                   "connection to server at \"i\", port 1 failed: Connection refused\n",
                   Errc::unavailable, ""},
        RefusalRow{"TheOtherOfTwoHosts",
                   "connection to server at \"h\", port 1 failed: Connection refused\n"
                   "connection to server at \"i\", port 1 failed: FATAL:  28P01: no\n",
                   Errc::unavailable, ""},
        RefusalRow{"BothHosts",
                   "connection to server at \"h\", port 1 failed: FATAL:  28P01: no\n"
                   "connection to server at \"i\", port 1 failed: FATAL:  28P01: no\n",
                   Errc::refused, "; see pg_hba.conf there, and the role and its password here"},
        RefusalRow{"AnotherServer",
                   "connection to server at \"h\", port 1 failed: SSL error: certificate verify failed\n",
                   Errc::refused, "; see sslmode and sslrootcert of the connection string"}),
    [](const auto& test) { return test.param.name; });

TEST(PostgresqlUrls, SayWhetherAPasswordIsInThem) {
  EXPECT_TRUE(has_password("postgresql://a:b@h/d"));
  EXPECT_TRUE(has_password("postgresql://a@h/d?password=b"));
  EXPECT_TRUE(has_password("host=h password=b"));
  EXPECT_FALSE(has_password("postgresql://a@h/d"));
  EXPECT_FALSE(has_password("no url"));
}

struct FailureRow {
  const char* state;
  Errc code;
};

TEST(PostgresqlFailures, MeanWhatTheCallerCanDo) {
  for (const FailureRow& row : std::initializer_list<FailureRow>{{"", Errc::unavailable},
                                                                 {"08006", Errc::unavailable},
                                                                 {"57P01", Errc::unavailable},
                                                                 {"57014", Errc::unavailable},
                                                                 {"40P01", Errc::unavailable},
                                                                 {"25006", Errc::unavailable},
                                                                 {"53300", Errc::unavailable},
                                                                 {"53100", Errc::over_limit},
                                                                 {"22021", Errc::unsupported},
                                                                 {"42501", Errc::refused},
                                                                 {"XX001", Errc::malformed},
                                                                 {"42P01", Errc::io}}) {
    EXPECT_EQ(postgresql_failure(row.state, "words", "here").code, row.code) << row.state;
  }
  EXPECT_EQ(postgresql_failure("42P01", "one\ntwo", "here").text, "here: one");
}

}  // namespace
}  // namespace initscan::server

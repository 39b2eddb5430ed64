#include "audit/compare/history.h"

#include <sqlite3.h>

namespace initscan::audit {
namespace {

constexpr int kBusyMilliseconds = 5000;
constexpr int kVersion = 1;  // PRAGMA user_version

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

class SqliteHistory : public HistoryStore {
 public:
  SqliteHistory(Database database, std::string path, const HistoryLimits& limits)
      : database_(std::move(database)), path_(std::move(path)), limits_(limits) {}

  // Its first look at the file: one that is no database, or of others, is left alone.
  Result<void> prepare() {
    sqlite3_busy_timeout(database_.get(), kBusyMilliseconds);
    sqlite3_db_config(database_.get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    auto version = number("PRAGMA user_version");
    if (!version) return version.error();
    if (*version == kVersion) return {};
    auto tables = number("SELECT count(*) FROM sqlite_schema");
    if (!tables) return tables.error();
    if (*version != 0 || *tables != 0)
      return Error{Errc::usage, path_ + ": a database, but not of audits; name another file"};
    return execute(
        "BEGIN IMMEDIATE; CREATE TABLE audits (made INTEGER PRIMARY KEY, record BLOB NOT NULL);"
        " PRAGMA user_version = 1; COMMIT");
  }

  // The audit continues without its past, and its report says why.
  void stay_closed(Error why) { damage_ = std::move(why); }

  Result<std::optional<KeptRecord>> latest() override {
    if (damage_) return *damage_;
    auto statement = prepared("SELECT record FROM audits ORDER BY made DESC LIMIT 1");
    if (!statement) return statement.error();
    const int state = sqlite3_step(statement->get());
    if (state == SQLITE_DONE) return std::optional<KeptRecord>{};
    if (state != SQLITE_ROW) return failure();
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement->get(), 0));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement->get(), 0));
    return std::optional<KeptRecord>({bytes ? std::string(bytes, size) : std::string(), path_});
  }

  Result<void> add(Time made, const std::string& packed) override {
    if (damage_) return *damage_;
    if (auto begun = execute("BEGIN IMMEDIATE"); !begun) return begun;
    auto added = insert(made, packed);
    if (added) added = prune(made);
    if (added) added = execute("COMMIT");
    if (!added) sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    return added;
  }

 private:
  Result<void> insert(Time made, const std::string& packed) {
    auto statement = prepared("INSERT OR REPLACE INTO audits (made, record) VALUES (?, ?)");
    if (!statement) return statement.error();
    sqlite3_bind_int64(statement->get(), 1, made.time_since_epoch().count());
    sqlite3_bind_blob64(statement->get(), 2, packed.data(), packed.size(), SQLITE_STATIC);
    return finish(*statement);
  }

  // By age, then by count; a clock that was wrong once must not leave a record that is the newest for ever.
  Result<void> prune(Time made) {
    auto by_age = prepared("DELETE FROM audits WHERE made < ? OR made > ?");
    if (!by_age) return by_age.error();
    sqlite3_bind_int64(by_age->get(), 1, (made - limits_.longest).time_since_epoch().count());
    sqlite3_bind_int64(by_age->get(), 2, made.time_since_epoch().count());
    if (auto done = finish(*by_age); !done) return done;
    auto by_count =
        prepared("DELETE FROM audits WHERE made NOT IN (SELECT made FROM audits ORDER BY made DESC LIMIT ?)");
    if (!by_count) return by_count.error();
    sqlite3_bind_int64(by_count->get(), 1, static_cast<sqlite3_int64>(std::max<std::size_t>(limits_.most, 1)));
    return finish(*by_count);
  }

  Result<Statement> prepared(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(database_.get(), sql, -1, &statement, nullptr) != SQLITE_OK) return failure();
    return Statement(statement);
  }

  Result<void> finish(const Statement& statement) {
    if (sqlite3_step(statement.get()) != SQLITE_DONE) return failure();
    return {};
  }

  Result<void> execute(const char* sql) {
    if (sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) return failure();
    return {};
  }

  Result<std::int64_t> number(const char* sql) {
    auto statement = prepared(sql);
    if (!statement) return statement.error();
    if (sqlite3_step(statement->get()) != SQLITE_ROW) return failure();
    return static_cast<std::int64_t>(sqlite3_column_int64(statement->get(), 0));
  }

  Error failure() const {
    const int code = sqlite3_errcode(database_.get());
    const std::string text = path_ + ": " + sqlite3_errmsg(database_.get());
    if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT) {
      return Error{Errc::malformed, text + "; move it away to start a new history"};
    }
    return Error{Errc::io, text};
  }

  const Database database_;
  const std::string path_;
  const HistoryLimits limits_;
  std::optional<Error> damage_;
};

}  // namespace

Result<std::unique_ptr<HistoryStore>> open_sqlite_history(const std::string& path, const HistoryLimits& limits) {
  sqlite3* raw = nullptr;
  const int state =
      sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW, nullptr);
  Database database(raw);
  if (state != SQLITE_OK) return Error{Errc::io, path + ": " + (raw ? sqlite3_errmsg(raw) : sqlite3_errstr(state))};
  auto history = std::make_unique<SqliteHistory>(std::move(database), path, limits);
  if (auto prepared = history->prepare(); !prepared) {
    if (prepared.error().code != Errc::malformed) return prepared.error();
    history->stay_closed(prepared.error());
  }
  return std::unique_ptr<HistoryStore>(std::move(history));
}

}  // namespace initscan::audit

#include "server/store/database.h"

#include "common/descriptor.h"
#include "server/store/failure.h"
#include "server/store/migrations.h"

#include <cerrno>
#include <cstring>
#include <thread>

#include <fcntl.h>
#include <sqlite3.h>

namespace initscan::server {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kBetweenTries{20};
constexpr int kInstructionsBetweenLooks = 10'000;  // of SQLite's machine, before it looks at the clock

// SQLite would make it readable for everybody, and the log beside it as the file is.
Result<void> create(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (file.is_open()) return {};
  const Errc code = errno == EACCES || errno == EPERM || errno == EROFS ? Errc::refused : Errc::io;
  return Error{code, path + ": cannot open: " + std::strerror(errno)};
}

int is_late(void* end) {
  return Clock::now() > *static_cast<const Clock::time_point*>(end) ? 1 : 0;
}

}  // namespace

void Query::GiveBack::operator()(sqlite3_stmt* statement) const {
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
}

void Query::note(int state) {
  if (failed_ == SQLITE_OK) failed_ = state;
}

Query& Query::bind(std::int64_t number) {
  note(sqlite3_bind_int64(statement_.get(), ++bound_, number));
  return *this;
}

Query& Query::bind(std::string_view text) {
  // Of an empty view there may be no address, which would bind NULL.
  const char* const bytes = text.empty() ? "" : text.data();
  note(sqlite3_bind_text64(statement_.get(), ++bound_, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8));
  return *this;
}

Query& Query::bind_optional(const std::optional<std::string>& text) {
  if (text) return bind(std::string_view(*text));
  note(sqlite3_bind_null(statement_.get(), ++bound_));
  return *this;
}

Query& Query::bind_blob(std::string_view bytes) {
  const char* const data = bytes.empty() ? "" : bytes.data();
  note(sqlite3_bind_blob64(statement_.get(), ++bound_, data, bytes.size(), SQLITE_STATIC));
  return *this;
}

Result<bool> Query::next() {
  if (failed_ != SQLITE_OK) return sqlite_failure(nullptr, failed_, *path_);
  const int state = sqlite3_step(statement_.get());
  if (state == SQLITE_ROW) return true;
  if (state == SQLITE_DONE) return false;
  return sqlite_failure(database_, state, *path_);
}

Result<std::int64_t> Query::run() {
  for (;;) {
    const auto row = next();
    if (!row) return row.error();
    if (!*row) return static_cast<std::int64_t>(sqlite3_changes64(database_));
  }
}

std::int64_t Query::number(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string Query::text(int column) const {
  // The bytes first: they settle the form in which the length is told.
  const auto* const bytes = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return bytes == nullptr ? std::string() : std::string(bytes, static_cast<std::size_t>(size));
}

bool Query::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

void Database::Close::operator()(sqlite3* database) const {
  sqlite3_close(database);
}

void Database::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Database::Database(std::unique_ptr<sqlite3, Close> handle, std::string path, const DatabaseOptions& options)
    : handle_(std::move(handle)), path_(std::move(path)), max_bytes_(options.max_bytes) {}

Database::Database(Database&&) noexcept = default;

// Statements go before their connection.
Database::~Database() {
  statements_.clear();
}

Error Database::failure() const {
  return sqlite_failure(handle_.get(), sqlite3_extended_errcode(handle_.get()), path_);
}

Result<Database> Database::open(const std::string& path, const DatabaseOptions& options) {
  if (auto created = create(path); !created) return created.error();
  sqlite3* raw = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE;
  const int state = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
  std::unique_ptr<sqlite3, Close> handle(raw);
  if (state != SQLITE_OK) return sqlite_failure(raw, state, path);
  Database database(std::move(handle), path, options);
  if (auto prepared = database.prepare(options); !prepared) return prepared.error();
  return database;
}

Result<void> Database::prepare(const DatabaseOptions& options) {
  sqlite3* const handle = handle_.get();
  sqlite3_busy_timeout(handle, static_cast<int>(options.busy.count()));
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, static_cast<int>(kMaxValueBytes));
  sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
  // Whose file it is comes first: one of others is not even looked through.
  if (auto ours = check_owner(*this); !ours) return ours;
  if (auto whole = look_for_damage(options.longest_check); !whole) return whole;
  if (auto log = use_write_ahead_log(options.busy); !log) return log;
  if (auto set = execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON"); !set) {
    return set;
  }
  const auto page = number("PRAGMA page_size");
  if (!page) return page.error();
  const auto limited = number(("PRAGMA max_page_count = " + std::to_string(max_bytes_ / *page)).c_str());
  if (!limited) return limited.error();
  return migrate(*this, migrations());
}

// Changing the journal takes the file for itself, and SQLite does not wait for that.
Result<void> Database::use_write_ahead_log(std::chrono::milliseconds longest) {
  const auto end = Clock::now() + longest;
  for (;;) {
    std::optional<Error> error;
    {
      auto query = this->query("PRAGMA journal_mode = WAL");
      if (!query) return query.error();
      const auto row = query->next();
      if (row && *row && query->text(0) == "wal") return {};
      error = row ? Error{Errc::io, path_ + ": cannot keep a write-ahead log there: is this a network file system?"}
                  : row.error();
    }
    if (error->code != Errc::unavailable || Clock::now() > end) return *error;
    std::this_thread::sleep_for(kBetweenTries);
  }
}

Result<void> Database::look_for_damage(std::chrono::milliseconds longest) {
  auto end = Clock::now() + longest;
  sqlite3_progress_handler(handle_.get(), kInstructionsBetweenLooks, is_late, &end);
  std::string found;
  int state = SQLITE_OK;
  {
    auto query = this->query("PRAGMA quick_check(1)");
    if (!query) return query.error();
    const auto row = query->next();
    if (row && *row) found = query->text(0);
    state = row ? SQLITE_OK : sqlite3_errcode(handle_.get());
  }
  sqlite3_progress_handler(handle_.get(), 0, nullptr, nullptr);
  if ((state & 0xff) == SQLITE_INTERRUPT) return {};
  if (state != SQLITE_OK) return sqlite_failure(handle_.get(), state, path_);
  if (found != "ok") {
    return Error{Errc::malformed,
                 path_ + ": damaged: " + found + "; put a backup in its place, or move it away to start a new store"};
  }
  is_checked_ = true;
  return {};
}

Result<Query> Database::query(const char* sql) {
  auto found = statements_.find(std::string_view(sql));
  if (found == statements_.end()) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(handle_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK) {
      return failure();
    }
    found = statements_.try_emplace(sql, statement).first;
  }
  return Query(handle_.get(), found->second.get(), path_);
}

Result<void> Database::execute(const char* sql) {
  if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) return failure();
  return {};
}

Result<void> Database::transaction(const std::function<Result<void>()>& work) {
  // At once for writing: one that read first could find out at its end that another has written.
  if (auto begun = execute("BEGIN IMMEDIATE"); !begun) return begun;
  auto done = work();
  if (done) done = execute("COMMIT");
  // After some errors SQLite has rolled back by itself.
  if (!done && sqlite3_get_autocommit(handle_.get()) == 0) {
    sqlite3_exec(handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
  return done;
}

Result<std::int64_t> Database::number(const char* sql) {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(handle_.get(), sql, -1, &raw, nullptr) != SQLITE_OK) return failure();
  const std::unique_ptr<sqlite3_stmt, Finalize> statement(raw);
  if (sqlite3_step(statement.get()) != SQLITE_ROW) return failure();
  return static_cast<std::int64_t>(sqlite3_column_int64(statement.get(), 0));
}

Result<std::int64_t> Database::bytes() {
  return number("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
}

}  // namespace initscan::server

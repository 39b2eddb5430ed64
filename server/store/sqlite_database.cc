#include "server/store/sqlite_database.h"

#include "common/descriptor.h"
#include "server/store/migrations.h"
#include "server/store/sqlite_failure.h"

#include <cerrno>
#include <cstring>
#include <thread>

#include <fcntl.h>
#include <sqlite3.h>

namespace initscan::server {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kBetweenTries{20};
constexpr std::int64_t kApplication = 0x696e7363;  // "insc", in the header of the file
constexpr const char* kClaim = "PRAGMA application_id = 1768846179";
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

// Lent by its connection, which keeps it: given back without its values.
class SqliteStatement : public Statement {
 public:
  using Note = std::function<void(const Error&)>;

  SqliteStatement(sqlite3* database, sqlite3_stmt* statement, const std::string& path, Note note_failure)
      : database_(database), statement_(statement), path_(path), note_failure_(std::move(note_failure)) {}
  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;
  ~SqliteStatement() override {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }

  void bind_null() override { note(sqlite3_bind_null(statement_, ++bound_)); }
  void bind_number(std::int64_t number) override { note(sqlite3_bind_int64(statement_, ++bound_, number)); }

  void bind_text(std::string_view text) override {
    note(sqlite3_bind_text64(statement_, ++bound_, start_of(text), text.size(), SQLITE_STATIC, SQLITE_UTF8));
  }

  void bind_blob(std::string_view bytes) override {
    note(sqlite3_bind_blob64(statement_, ++bound_, start_of(bytes), bytes.size(), SQLITE_STATIC));
  }

  Result<bool> next() override {
    if (failed_ != SQLITE_OK) return sqlite_failure(nullptr, failed_, path_);
    const int state = sqlite3_step(statement_);
    if (state == SQLITE_ROW) return true;
    if (state == SQLITE_DONE) return false;
    Error error = sqlite_failure(database_, state, path_);
    note_failure_(error);
    return error;
  }

  std::int64_t changes() const override { return sqlite3_changes64(database_); }
  std::int64_t number(int column) const override { return sqlite3_column_int64(statement_, column); }

  std::string text(int column) const override {
    // The bytes first: they settle the form in which the length is told.
    const auto* const bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    const int size = sqlite3_column_bytes(statement_, column);
    return bytes == nullptr ? std::string() : std::string(bytes, static_cast<std::size_t>(size));
  }

  bool is_null(int column) const override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

 private:
  // Of an empty view there may be no address, which would bind NULL.
  static const char* start_of(std::string_view bytes) { return bytes.empty() ? "" : bytes.data(); }

  void note(int state) {
    if (failed_ == SQLITE_OK) failed_ = state;
  }

  sqlite3* const database_;
  sqlite3_stmt* const statement_;
  const std::string& path_;
  const Note note_failure_;
  int bound_ = 0;
  int failed_ = SQLITE_OK;  // the first code that binding ended with
};

// To SQLite "$2" is a name, and its place is where it stands first.
bool has_values_in_order(sqlite3_stmt* statement) {
  const int count = sqlite3_bind_parameter_count(statement);
  for (int place = 1; place <= count; ++place) {
    const char* const name = sqlite3_bind_parameter_name(statement, place);
    if (name == nullptr || name != '$' + std::to_string(place)) return false;
  }
  return true;
}

}  // namespace

void SqliteDatabase::Close::operator()(sqlite3* database) const {
  sqlite3_close(database);
}

void SqliteDatabase::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

SqliteDatabase::SqliteDatabase(std::unique_ptr<sqlite3, Close> handle, std::string path, const SqliteOptions& options)
    : handle_(std::move(handle)),
      path_(std::move(path)),
      max_bytes_(options.max_bytes),
      on_failure_(options.on_failure) {}

// Statements go before their connection.
SqliteDatabase::~SqliteDatabase() {
  statements_.clear();
}

Error SqliteDatabase::failure() const {
  Error error = sqlite_failure(handle_.get(), sqlite3_extended_errcode(handle_.get()), path_);
  note(error);
  return error;
}

void SqliteDatabase::note(const Error& error) const {
  if (error.code == Errc::malformed) is_damaged_ = true;
  on_failure_(error);
}

Result<std::unique_ptr<SqliteDatabase>> SqliteDatabase::open(const std::string& path, const SqliteOptions& options) {
  if (auto created = create(path); !created) return created.error();
  sqlite3* raw = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE;
  const int state = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
  std::unique_ptr<sqlite3, Close> handle(raw);
  if (state != SQLITE_OK) return sqlite_failure(raw, state, path);
  std::unique_ptr<SqliteDatabase> database(new SqliteDatabase(std::move(handle), path, options));
  if (auto prepared = database->prepare(options); !prepared) return prepared.error();
  return database;
}

Result<void> SqliteDatabase::prepare(const SqliteOptions& options) {
  sqlite3* const handle = handle_.get();
  sqlite3_busy_timeout(handle, static_cast<int>(options.busy.count()));
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, static_cast<int>(kMaxValueBytes));
  sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
  // Whose file it is comes first: one of others is not even looked through.
  if (auto ours = check_owner(); !ours) return ours;
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

Result<void> SqliteDatabase::check_owner() {
  // Both questions of the same moment: another process may be making the store.
  if (auto begun = execute("BEGIN"); !begun) return begun;
  const auto application = number("PRAGMA application_id");
  const auto tables = number("SELECT count(*) FROM sqlite_schema");
  auto ended = execute("COMMIT");
  if (!application) return application.error();
  if (!tables) return tables.error();
  if (!ended) return ended;
  if (*application == kApplication || (*application == 0 && *tables == 0)) return {};
  return Error{Errc::malformed, path_ + ": a database of another program; name another file"};
}

// Changing the journal takes the file for itself, and SQLite does not wait for that.
Result<void> SqliteDatabase::use_write_ahead_log(std::chrono::milliseconds longest) {
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

Result<void> SqliteDatabase::look_for_damage(std::chrono::milliseconds longest) {
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

Result<Query> SqliteDatabase::query(const char* sql) {
  auto found = statements_.find(std::string_view(sql));
  if (found == statements_.end()) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(handle_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK) {
      return failure();
    }
    std::unique_ptr<sqlite3_stmt, Finalize> made(statement);
    if (!has_values_in_order(statement)) return Error{Errc::failed, path_ + ": values out of order: " + sql};
    found = statements_.try_emplace(sql, std::move(made)).first;
  }
  return Query(std::make_unique<SqliteStatement>(handle_.get(), found->second.get(), path_,
                                                 [this](const Error& error) { note(error); }));
}

Result<void> SqliteDatabase::execute(const char* sql) {
  if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) return failure();
  return {};
}

Result<void> SqliteDatabase::transaction(const std::function<Result<void>()>& work) {
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

Result<std::int64_t> SqliteDatabase::bytes() {
  return number("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
}

Result<std::int64_t> SqliteDatabase::version() {
  return number("PRAGMA user_version");
}

Result<void> SqliteDatabase::take_step(const char* step, std::int64_t next_version) {
  if (auto taken = execute(step); !taken) return taken;
  if (auto claimed = execute(kClaim); !claimed) return claimed;
  return execute(("PRAGMA user_version = " + std::to_string(next_version)).c_str());
}

}  // namespace initscan::server

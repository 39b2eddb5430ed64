#pragma once

#include "server/store/database.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

struct sqlite3;
struct sqlite3_stmt;

namespace initscan::server {

struct SqliteOptions {
  std::int64_t max_bytes = std::int64_t{1} << 30;   // of the file; what would make it larger is refused
  std::chrono::milliseconds busy{5000};             // how long another writer is waited for
  std::chrono::milliseconds longest_check{10'000};  // of the look for damage when it is opened

  // Told of each failure of the file itself. On whatever thread finds out; it must not block.
  std::function<void(const Error&)> on_failure = [](const Error&) {};
};

// A connection to a SQLite file: write-ahead log, every commit on the disk before it returns. One writes at a time.
class SqliteDatabase : public Database {
 public:
  /// Creates the file, readable for its owner alone, where there is none, and brings its schema up to date.
  /// Errors: io, refused; malformed - damaged, or of another program; unsupported - made by a newer release;
  /// unavailable - another process held it for too long.
  static Result<std::unique_ptr<SqliteDatabase>> open(const std::string& path, const SqliteOptions& options = {});

  ~SqliteDatabase() override;

  Result<Query> query(const char* sql) override;
  Result<void> execute(const char* sql) override;
  Result<void> transaction(const std::function<Result<void>()>& work) override;
  Result<void> transaction_alone(const std::function<Result<void>()>& work) override { return transaction(work); }
  Result<std::int64_t> bytes() override;
  Result<std::int64_t> version() override;
  Result<void> take_step(const char* step, std::int64_t next_version) override;
  const std::string& name() const override { return path_; }

  /// What the file may take.
  std::int64_t max_bytes() const { return max_bytes_; }

  /// Whether something was found damaged since it was opened. From any thread.
  bool is_damaged() const { return is_damaged_; }

  /// False: the look for damage took too long, and nothing was found until then.
  bool was_checked_as_a_whole() const { return is_checked_; }

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };

  SqliteDatabase(std::unique_ptr<sqlite3, Close> handle, std::string path, const SqliteOptions& options);
  Result<void> prepare(const SqliteOptions& options);
  Result<void> check_owner();
  Result<void> use_write_ahead_log(std::chrono::milliseconds longest);
  Result<void> look_for_damage(std::chrono::milliseconds longest);
  Error failure() const;
  void note(const Error& error) const;

  std::unique_ptr<sqlite3, Close> handle_;
  std::string path_;
  std::int64_t max_bytes_;
  const std::function<void(const Error&)> on_failure_;
  mutable std::atomic<bool> is_damaged_{false};
  bool is_checked_ = false;
  std::map<std::string, std::unique_ptr<sqlite3_stmt, Finalize>, std::less<>> statements_;  // by SQL
};

}  // namespace initscan::server

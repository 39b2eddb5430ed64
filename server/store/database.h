#pragma once

#include "common/result.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace initscan::server {

inline constexpr std::size_t kMaxValueBytes = 64 << 20;  // of one text or blob in the store

// A statement with values bound to it, lent by its Database until it is destroyed. What is bound has to live until the
// last next(). SQL is a constant of ours; whatever came from outside is bound.
class Query {
 public:
  Query(sqlite3* database, sqlite3_stmt* statement, const std::string& path)
      : database_(database), statement_(statement), path_(&path) {}

  /// The next value, from left to right. nullopt is NULL.
  Query& bind(std::int64_t number);
  Query& bind(std::string_view text);
  Query& bind_optional(const std::optional<std::string>& text);
  Query& bind_blob(std::string_view bytes);

  /// True: there is a row. Errors: see Database::execute(), and over_limit - a value of more than kMaxValueBytes.
  Result<bool> next();

  /// Steps to the end; how many rows were changed. Errors: of next().
  Result<std::int64_t> run();

  // Of the row, by column from 0. NULL reads as 0 and as "".
  std::int64_t number(int column) const;
  std::string text(int column) const;
  bool is_null(int column) const;

 private:
  struct GiveBack {
    void operator()(sqlite3_stmt* statement) const;
  };

  void note(int state);

  sqlite3* database_;
  std::unique_ptr<sqlite3_stmt, GiveBack> statement_;
  const std::string* path_;
  int bound_ = 0;
  int failed_ = 0;  // the first code of SQLite's that binding ended with
};

struct DatabaseOptions {
  std::int64_t max_bytes = std::int64_t{1} << 30;   // of the file; what would make it larger is refused
  std::chrono::milliseconds busy{5000};             // how long another writer is waited for
  std::chrono::milliseconds longest_check{10'000};  // of the look for damage when it is opened
};

// One connection to a SQLite file: write-ahead log, every commit on the disk before it returns. For one thread at a
// time; other connections and other processes may use the file meanwhile.
class Database {
 public:
  /// Creates the file, readable for its owner alone, where there is none, and brings its schema up to date.
  /// Errors: io, refused; malformed - damaged, or of another program; unsupported - made by a newer release;
  /// unavailable - another process held it for too long.
  static Result<Database> open(const std::string& path, const DatabaseOptions& options = {});

  Database(Database&&) noexcept;
  Database& operator=(Database&&) = delete;
  ~Database();

  /// A statement, which is kept for the next time. `sql` is a constant. One at a time of the same.
  /// Errors: as of execute().
  Result<Query> query(const char* sql);

  /// Runs statements without values. Errors: io; over_limit - the disk or the file is full; unavailable - busy;
  /// malformed - damaged; refused - read only.
  Result<void> execute(const char* sql);

  /// Everything that `work` writes, or nothing of it. When this returns without an error it is on the disk.
  /// Errors: those of `work` and of execute().
  Result<void> transaction(const std::function<Result<void>()>& work);

  /// One number that SQL without values answers. Errors: as of execute().
  Result<std::int64_t> number(const char* sql);

  /// What the file takes, and what it may take. Errors: as of execute().
  Result<std::int64_t> bytes();
  std::int64_t max_bytes() const { return max_bytes_; }

  /// False: the look for damage took too long, and nothing was found until then.
  bool was_checked_as_a_whole() const { return is_checked_; }

  const std::string& path() const { return path_; }

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };

  Database(std::unique_ptr<sqlite3, Close> handle, std::string path, const DatabaseOptions& options);
  Result<void> prepare(const DatabaseOptions& options);
  Result<void> use_write_ahead_log(std::chrono::milliseconds longest);
  Result<void> look_for_damage(std::chrono::milliseconds longest);
  Error failure() const;

  std::unique_ptr<sqlite3, Close> handle_;
  std::string path_;
  std::int64_t max_bytes_;
  bool is_checked_ = false;
  std::map<std::string, std::unique_ptr<sqlite3_stmt, Finalize>, std::less<>> statements_;  // by SQL
};

}  // namespace initscan::server

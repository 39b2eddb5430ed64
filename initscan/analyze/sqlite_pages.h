#pragma once

#include "common/result.h"
#include "initscan/analyze/piece_reader.h"
#include "initscan/model/file_view.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace initscan {

inline constexpr std::uint64_t kMaxSqliteBytes = 1ULL << 30;  // of a database, and of its log
inline constexpr std::size_t kMaxSqliteLogPages = 262'144;    // in a log; SQLite begins a new one at 1,000

// The pages of a SQLite database as its next reader would see them: with those changes of the write-ahead log that
// were completed.
//
// SQLite itself is not asked. A database file carries SQL of its author's choice (views, triggers, expressions) that
// the library runs or compiles, it wants locks and shared memory beside the file, and it would double the size of the
// program that runs in a stranger's image. What is needed is one table, read once from front to back.
//
// Source: sqlite.org/fileformat2.html, sections 1.3 (header) and 4 (log).
class SqlitePages {
 public:
  /// `log`: nullptr where there is none. Both outlive it. Errors (without the path): io; truncated; malformed;
  /// unsupported - a text encoding other than UTF-8; over_limit.
  static Result<SqlitePages> open(const FileView& database, const FileView* log);

  /// Numbered from 1, below end(). Its bytes are there until the next call. Errors: as open().
  Result<std::string_view> page(std::uint32_t number);

  std::uint32_t end() const { return pages_ + 1; }

  /// Of a page, before what an extension keeps for itself.
  std::size_t usable_bytes() const { return page_bytes_ - reserved_bytes_; }

 private:
  explicit SqlitePages(const FileView& database) : database_(database) {}

  Result<void> read_log(const FileView& log);
  Result<void> read_head();

  PieceReader database_;
  std::optional<PieceReader> log_;
  std::unordered_map<std::uint32_t, std::uint64_t> in_log_;  // where the newest bytes of a page are
  std::uint32_t page_bytes_ = 0;
  std::uint32_t reserved_bytes_ = 0;
  std::uint32_t pages_ = 0;
};

}  // namespace initscan

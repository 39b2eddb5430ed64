#pragma once

#include "common/result.h"
#include "initscan/analyze/page_set.h"
#include "initscan/analyze/sqlite_pages.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

inline constexpr std::size_t kMaxSqliteDepth = 20;  // of a b-tree: SQLite's own limit

// One value of a row. What is neither a text nor a blob is a number, or nothing.
struct SqliteValue {
  enum class Kind : std::uint8_t { other, text, blob } kind = Kind::other;
  std::string_view bytes;    // of a text or a blob
  std::uint64_t number = 0;  // of a whole number that is not negative

  bool operator==(const SqliteValue&) const = default;
};

using SqliteRow = std::vector<SqliteValue>;

/// Takes a row and its number. Its error ends the reading, and becomes the reader's.
using SqliteRowSink = std::function<Result<void>(std::uint64_t number, const SqliteRow&)>;

// Reads tables of a SQLite database, each from front to back. Source: sqlite.org/fileformat2.html, sections 1.6
// (b-trees) and 2.1 (records). Errors (without the path): those of SqlitePages, and over_limit for a row that is larger
// than the limit or a tree that is deeper than kMaxSqliteDepth.
class SqliteTables {
 public:
  SqliteTables(SqlitePages& pages, std::size_t max_row_bytes)
      : pages_(pages), max_row_bytes_(max_row_bytes), met_(pages.end()) {}

  /// All rows of a table; 1 is the root of the schema's. No page may be in two tables that are read.
  Result<void> for_each_row(std::uint32_t root, const SqliteRowSink& sink);

  /// The roots of the tables with these names, in their order; 0 where there is none. To be asked once.
  Result<std::vector<std::uint32_t>> roots_of(std::span<const std::string_view> tables);

 private:
  Result<void> visit(std::uint32_t page, std::size_t depth, const SqliteRowSink& sink);
  Result<void> visit_children(const std::string& page, std::size_t head, std::size_t depth, const SqliteRowSink& sink);
  Result<void> visit_rows(const std::string& page, std::size_t head, const SqliteRowSink& sink);
  Result<std::size_t> read_payload(std::string_view cell, std::size_t bytes);  // how much of it is in its page

  SqlitePages& pages_;
  std::size_t max_row_bytes_;
  PageSet met_;
  std::string payload_;  // of the row that is read
};

}  // namespace initscan

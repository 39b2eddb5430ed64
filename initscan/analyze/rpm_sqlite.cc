#include "common/text/in_quotes.h"
#include "initscan/analyze/rpm_databases.h"
#include "initscan/analyze/sqlite_table.h"

#include <array>
#include <string>
#include <string_view>
#include <unordered_set>

namespace initscan {
namespace {

using namespace std::literals;

constexpr std::array kTables = {"Packages"sv, "Name"sv};
constexpr std::size_t kMaxRowHeadBytes = 64;  // beside the header: hnum, blob

static_assert(kMaxRpmDatabaseBytes == kMaxSqliteBytes);

using Numbers = std::unordered_set<std::uint64_t>;

Error malformed(std::string text) {
  return {Errc::malformed, std::move(text)};
}

// hnum is the row's own number, so that the first column is empty.
Result<Numbers> read_packages(SqliteTables& tables, std::uint32_t root, const HeaderSink& sink) {
  Numbers numbers;
  auto read = tables.for_each_row(root, [&](std::uint64_t number, const SqliteRow& row) -> Result<void> {
    if (row.size() != 2 || row[1].kind != SqliteValue::Kind::blob) {
      return malformed("row " + std::to_string(number) + " is not a number and a blob");
    }
    numbers.insert(number);
    return sink(number, row[1].bytes);
  });
  if (!read) return read.error();
  return numbers;
}

// rpm writes a package and its name in the index in one change: one that stands in the index alone was taken out.
// Columns: key, hnum, idx.
Result<void> compare_with_index(SqliteTables& tables, std::uint32_t root, const Numbers& numbers) {
  std::size_t missing = 0;
  std::string first;
  auto read = tables.for_each_row(root, [&](std::uint64_t, const SqliteRow& row) -> Result<void> {
    if (row.size() != 3) return malformed("a row of its index without its columns");
    if (!numbers.contains(row[1].number) && missing++ == 0) first = in_quotes(row[0].bytes);
    return {};
  });
  if (!read || missing == 0) return read;
  return malformed("its index names " + std::to_string(missing) + (missing == 1 ? " package" : " packages") +
                   " that it does not have, such as " + first);
}

}  // namespace

Result<void> read_rpm_sqlite(const FileView& database, const FileView* log, const HeaderSink& sink) {
  auto pages = SqlitePages::open(database, log);
  if (!pages) return pages.error();
  SqliteTables tables(*pages, kMaxRpmHeaderBytes + kMaxRowHeadBytes);
  const auto roots = tables.roots_of(kTables);
  if (!roots) return roots.error();
  const std::uint32_t packages = roots->front();
  const std::uint32_t index = roots->back();
  if (packages == 0) return malformed("has no table \"" + std::string(kTables.front()) + '"');
  const auto numbers = read_packages(tables, packages, sink);
  if (!numbers) return numbers.error();
  return index == 0 ? Result<void>() : compare_with_index(tables, index, *numbers);
}

}  // namespace initscan

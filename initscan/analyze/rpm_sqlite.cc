#include "initscan/analyze/rpm_databases.h"
#include "initscan/analyze/sqlite_table.h"

#include <string_view>

namespace initscan {
namespace {

constexpr std::string_view kTable = "Packages";
constexpr std::size_t kMaxRowHeadBytes = 64;  // beside the header: hnum, blob

static_assert(kMaxRpmDatabaseBytes == kMaxSqliteBytes);

}  // namespace

Result<void> read_rpm_sqlite(const FileView& database, const FileView* log, const HeaderSink& sink) {
  auto pages = SqlitePages::open(database, log);
  if (!pages) return pages.error();
  SqliteTables tables(*pages, kMaxRpmHeaderBytes + kMaxRowHeadBytes);
  const auto root = tables.root_of(kTable);
  if (!root) return root.error();
  if (*root == 0) return Error{Errc::malformed, "has no table \"" + std::string(kTable) + '"'};
  // hnum is the row's own number, so that the first column is empty.
  return tables.for_each_row(*root, [&](std::uint64_t number, const SqliteRow& row) -> Result<void> {
    if (row.size() != 2 || row[1].kind != SqliteValue::Kind::blob) {
      return Error{Errc::malformed, "row " + std::to_string(number) + " is not a number and a blob"};
    }
    return sink(number, row[1].bytes);
  });
}

}  // namespace initscan

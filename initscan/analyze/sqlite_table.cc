#include "initscan/analyze/sqlite_table.h"

#include "initscan/analyze/byte_order.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace initscan {
namespace {

constexpr std::size_t kFileHeadBytes = 100;  // in front of page 1
constexpr std::uint8_t kInteriorPage = 5;
constexpr std::uint8_t kLeafPage = 13;

Error malformed(std::string text) {
  return {Errc::malformed, std::move(text)};
}

std::uint32_t word(std::string_view bytes, std::size_t offset) {
  return number_at<std::uint32_t>(bytes, offset, ByteOrder::big);
}

// A number of one to nine bytes, seven bits each but for the ninth, taken off the front. nullopt where it does not end.
std::optional<std::uint64_t> take_varint(std::string_view& bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < std::min<std::size_t>(bytes.size(), 9); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    const bool is_last = i == 8 || byte < 0x80;
    number = i == 8 ? number << 8 | byte : number << 7 | (byte & 0x7fU);
    if (!is_last) continue;
    bytes.remove_prefix(i + 1);
    return number;
  }
  return std::nullopt;
}

// How many bytes a value takes by its type. Source: fileformat2.html, section 2.1.
std::uint64_t bytes_of(std::uint64_t type) {
  constexpr std::uint64_t kOfNumbers[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};
  return type < 12 ? kOfNumbers[type] : (type - 12) / 2;
}

SqliteValue value_of(std::uint64_t type, std::string_view bytes) {
  if (type >= 12) return {type % 2 == 0 ? SqliteValue::Kind::blob : SqliteValue::Kind::text, bytes, 0};
  SqliteValue value;
  if (type == 9) value.number = 1;
  if (type >= 1 && type <= 6 && !bytes.empty() && static_cast<unsigned char>(bytes[0]) < 0x80) {
    for (const char byte : bytes) value.number = value.number << 8 | static_cast<unsigned char>(byte);
  }
  return value;
}

Result<SqliteRow> row_of(std::string_view record) {
  std::string_view types = record;
  const auto head_bytes = take_varint(types);
  const std::size_t own = record.size() - types.size();
  if (!head_bytes || *head_bytes < own || *head_bytes > record.size()) return malformed("a row without its head");
  types = record.substr(own, static_cast<std::size_t>(*head_bytes) - own);
  std::string_view data = record.substr(static_cast<std::size_t>(*head_bytes));
  SqliteRow row;
  while (!types.empty()) {
    const auto type = take_varint(types);
    if (!type) return malformed("a row whose head does not end");
    const std::uint64_t bytes = bytes_of(*type);
    if (bytes > data.size()) return malformed("a row whose values are longer than it");
    row.push_back(value_of(*type, data.substr(0, static_cast<std::size_t>(bytes))));
    data.remove_prefix(static_cast<std::size_t>(bytes));
  }
  return row;
}

}  // namespace

Result<void> SqliteTables::for_each_row(std::uint32_t root, const SqliteRowSink& sink) {
  return visit(root, 0, sink);
}

// The schema's columns: type, name, tbl_name, rootpage, sql.
Result<std::vector<std::uint32_t>> SqliteTables::roots_of(std::span<const std::string_view> tables) {
  std::vector<std::uint32_t> roots(tables.size(), 0);
  auto read = for_each_row(1, [&](std::uint64_t, const SqliteRow& row) -> Result<void> {
    if (row.size() < 5) return malformed("a row of the schema without its columns");
    const auto table = std::find(tables.begin(), tables.end(), row[1].bytes);
    if (row[0].bytes != "table" || table == tables.end()) return {};
    std::uint32_t& root = roots[static_cast<std::size_t>(table - tables.begin())];
    if (root != 0) return malformed("has two tables \"" + std::string(*table) + '"');
    if (row[3].number == 0 || row[3].number >= pages_.end()) {
      return malformed("page " + std::to_string(row[3].number) + " is behind the last, " +
                       std::to_string(pages_.end() - 1));
    }
    root = static_cast<std::uint32_t>(row[3].number);
    return {};
  });
  if (!read) return read.error();
  return roots;
}

Result<void> SqliteTables::visit(std::uint32_t number, std::size_t depth, const SqliteRowSink& sink) {
  if (depth == kMaxSqliteDepth) {
    return Error{Errc::over_limit, "a tree deeper than " + std::to_string(kMaxSqliteDepth) + " pages"};
  }
  if (auto met = met_.meet(number); !met) return met;
  const auto bytes = pages_.page(number);
  if (!bytes) return bytes.error();
  const std::string page(*bytes);  // other pages come in between
  const std::size_t head = number == 1 ? kFileHeadBytes : 0;
  const auto type = number_at<std::uint8_t>(page, head, ByteOrder::big);
  const std::string place = "page " + std::to_string(number);
  if (type == kInteriorPage) return visit_children(page, head, depth, sink);
  if (type != kLeafPage) return malformed(place + " is no page of a table");
  auto read = visit_rows(page, head, sink);
  if (!read) return std::move(read.error()).within(place);
  return {};
}

Result<void> SqliteTables::visit_children(const std::string& page, std::size_t head, std::size_t depth,
                                          const SqliteRowSink& sink) {
  const std::size_t cells = number_at<std::uint16_t>(page, head + 3, ByteOrder::big);
  for (std::size_t i = 0; i < cells; ++i) {
    const std::size_t cell = number_at<std::uint16_t>(page, head + 12 + 2 * i, ByteOrder::big);
    if (cell < head + 12 || cell + 4 > pages_.usable_bytes()) return malformed("has a child outside of it");
    if (auto visited = visit(word(page, cell), depth + 1, sink); !visited) return visited;
  }
  return visit(word(page, head + 8), depth + 1, sink);
}

Result<void> SqliteTables::visit_rows(const std::string& page, std::size_t head, const SqliteRowSink& sink) {
  const std::string_view usable = std::string_view(page).substr(0, pages_.usable_bytes());
  const std::size_t cells = number_at<std::uint16_t>(page, head + 3, ByteOrder::big);
  std::size_t free = usable.size();
  for (std::size_t i = 0; i < cells; ++i) {
    const std::size_t place = number_at<std::uint16_t>(page, head + 8 + 2 * i, ByteOrder::big);
    if (place <= head + 8 || place >= usable.size()) return malformed("a row outside of it");
    std::string_view cell = usable.substr(place);
    const auto bytes = take_varint(cell);
    const auto number = bytes ? take_varint(cell) : std::nullopt;
    if (!number) return malformed("a row outside of it");
    if (*bytes > max_row_bytes_) {
      return Error{Errc::over_limit, "row " + std::to_string(*number) + " is larger than the limit of " +
                                         std::to_string(max_row_bytes_) + " bytes"};
    }
    const auto used = read_payload(cell, static_cast<std::size_t>(*bytes));
    if (!used) return Error(used.error()).within("row " + std::to_string(*number));
    if (*used > free) return malformed("rows that lie on each other");
    free -= *used;
    const auto row = row_of(payload_);
    if (!row) return row.error();
    if (auto taken = sink(*number, *row); !taken) return taken;
  }
  return {};
}

// A long row has its end in a chain of overflow pages. Source: fileformat2.html, sections 1.6 (how much of it) and 1.7.
Result<std::size_t> SqliteTables::read_payload(std::string_view cell, std::size_t bytes) {
  const std::size_t usable = pages_.usable_bytes();
  const std::size_t most = usable - 35;
  const std::size_t least = (usable - 12) * 32 / 255 - 23;
  const std::size_t tail = least + (bytes - std::min(bytes, least)) % (usable - 4);
  const std::size_t here = bytes <= most ? bytes : tail <= most ? tail : least;
  if (cell.size() < here + (here < bytes ? 4 : 0)) return malformed("goes on behind its page");
  payload_.assign(cell.substr(0, here));
  std::uint32_t next = here < bytes ? word(cell, here) : 0;
  while (payload_.size() < bytes) {
    if (auto met = met_.meet(next); !met) return met.error();
    const auto page = pages_.page(next);
    if (!page) return page.error();
    payload_ += page->substr(4, std::min(usable - 4, bytes - payload_.size()));
    next = word(*page, 0);
  }
  return here;
}

}  // namespace initscan

#include "initscan/analyze/byte_order.h"
#include "initscan/analyze/sqlite_pages.h"
#include "tests/unit/initscan/analyze/rpm_fixtures.h"
#include "tests/unit/temporary_folder.h"

#include <fstream>
#include <iterator>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

namespace initscan {
namespace {

using testing::ElementsAre;

const std::string kTable = "CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL);";

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// What SQLite itself makes of some statements, as it lies on the disk while the database is still open: then the log
// has what is not in the database yet.
struct MadeSqlite {
  std::string database, log;
};

MadeSqlite made_sqlite(const std::string& statements) {
  const TemporaryFolder folder;
  const std::string path = folder.path() / "rpmdb.sqlite";
  sqlite3* handle = nullptr;
  EXPECT_EQ(sqlite3_open(path.c_str(), &handle), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(handle, statements.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(handle);
  MadeSqlite made{bytes_of(path), bytes_of(path + "-wal")};
  sqlite3_close(handle);
  return made;
}

ReadBack read(const std::string& database, const std::string& log = {}) {
  const TextView view(database), log_view(log);
  return read_back(
      [&](const HeaderSink& sink) { return read_rpm_sqlite(view, log.empty() ? nullptr : &log_view, sink); });
}

std::string insert(std::size_t rows, std::size_t bytes) {
  return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<" + std::to_string(rows) +
         ") INSERT INTO Packages SELECT i, CAST(substr(hex(zeroblob(" + std::to_string(bytes) + ")), 1, " +
         std::to_string(bytes) + "-6) || printf('%06d', i) AS BLOB) FROM n;";
}

// Rows from a few bytes to chains of overflow pages, trees from one page to three levels.
TEST(RpmSqlite, ReadsWhatSqliteWroteWithPagesOfEachSize) {
  for (const int page_bytes : {512, 1024, 4096, 65536}) {
    for (const std::size_t bytes : std::initializer_list<std::size_t>{6, 100, 477, 478, 4057, 4061, 4062, 70000}) {
      const std::size_t rows = bytes < 1000 ? 1500 : 60;
      const MadeSqlite made = made_sqlite("PRAGMA synchronous=OFF; PRAGMA page_size=" + std::to_string(page_bytes) +
                                          ';' + kTable + "CREATE TABLE Basenames (key TEXT);" + insert(rows, bytes));
      const ReadBack got = read(made.database);
      EXPECT_EQ(got.error, "") << page_bytes << ' ' << bytes;
      ASSERT_EQ(got.headers.size(), rows) << page_bytes << ' ' << bytes;
      for (std::size_t i = 0; i < rows; ++i) {
        const std::string number = std::to_string(i + 1);
        EXPECT_EQ(got.headers[i].first, i + 1);
        EXPECT_EQ(got.headers[i].second.size(), bytes);
        EXPECT_TRUE(got.headers[i].second.ends_with(std::string(6 - number.size(), '0') + number));
      }
    }
  }
}

TEST(RpmSqlite, ReadsTheLogAsSqliteWould) {
  const MadeSqlite made =
      made_sqlite("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0;" + kTable + insert(300, 5000) +
                  "PRAGMA wal_checkpoint(TRUNCATE); DELETE FROM Packages WHERE hnum > 2;"
                  "INSERT INTO Packages VALUES (9, x'626f'); UPDATE Packages SET blob = x'61' WHERE hnum = 1;");
  const ReadBack before = read(made.database);
  EXPECT_EQ(before.headers.size(), 300U) << "SQLite put it into the database itself";
  const ReadBack got = read(made.database, made.log);
  EXPECT_EQ(got.error, "");
  ASSERT_EQ(got.headers.size(), 3U);
  EXPECT_EQ(got.headers[0], std::pair(std::uint64_t{1}, std::string("a")));
  EXPECT_EQ(got.headers[2], std::pair(std::uint64_t{9}, std::string("bo")));
}

TEST(RpmSqlite, AChangeThatWasNotCompletedIsNone) {
  const MadeSqlite made = made_sqlite("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0;" + kTable +
                                      "INSERT INTO Packages VALUES (1, x'61');"
                                      "INSERT INTO Packages VALUES (2, x'62');");
  EXPECT_THAT(read(made.database, made.log).texts(), ElementsAre("a", "b"));
  EXPECT_THAT(read(made.database, made.log.substr(0, made.log.size() - 1)).texts(), ElementsAre("a"));
  EXPECT_THAT(read(made.database, with(made.log, made.log.size() - 1, "x")).texts(), ElementsAre("a"));
  EXPECT_EQ(read(made.database, with(made.log, 24, "x")).error, "its log: has no head that fits the database");
}

// Of a log's head or of a frame, as the writer of another log would make it.
std::pair<std::uint32_t, std::uint32_t> sum_of(const std::string& bytes, std::uint32_t a = 0, std::uint32_t b = 0) {
  const auto number = [&](std::size_t at) { return number_at<std::uint32_t>(bytes, at, ByteOrder::little); };
  for (std::size_t i = 0; i < bytes.size(); i += 8) {
    a += number(i) + b;
    b += number(i + 4) + a;
  }
  return {a, b};
}

TEST(RpmSqlite, APackageThatStandsInTheIndexAloneWasTakenOut) {
  const std::string made = kTable + "CREATE TABLE Name (key 'TEXT' NOT NULL, hnum INTEGER NOT NULL, idx INTEGER);" +
                           insert(300, 20) + "INSERT INTO Name SELECT 'p' || hnum, hnum, 0 FROM Packages;";
  EXPECT_EQ(read(made_sqlite(made).database).error, "");
  EXPECT_EQ(read(made_sqlite(made + "DELETE FROM Packages WHERE hnum = 7;").database).error,
            "its index names 1 package that it does not have, such as \"p7\"");
  const ReadBack got = read(made_sqlite(made + "DELETE FROM Packages WHERE hnum > 290;").database);
  EXPECT_EQ(got.error, "its index names 10 packages that it does not have, such as \"p291\"");
  EXPECT_EQ(got.headers.size(), 290U);
}

TEST(RpmSqlite, ALogThatMakesTheDatabaseHugeIsRefused) {
  const std::string database = made_sqlite("PRAGMA journal_mode=WAL;" + kTable).database;
  std::string head = big(0x377f0682) + big(3'007'000) + big(4096) + big(0) + "saltsalt";
  const auto [a, b] = sum_of(head);
  head += big(a) + big(b);
  for (const auto& [pages, error] : std::map<std::uint32_t, std::string>{
           {0xffffffff, "its log: says that the database is larger than the limit of 1073741824 bytes"},
           {262'145, "its log: says that the database is larger than the limit of 1073741824 bytes"},
           {262'144, "has no table \"Packages\""}}) {
    const std::string page = with(database.substr(0, 4096), 28, big(2));
    const auto [c, d] = sum_of(page, sum_of(big(1) + big(pages), a, b).first, sum_of(big(1) + big(pages), a, b).second);
    const std::string frame = big(1) + big(pages) + "saltsalt" + big(c) + big(d) + page;
    EXPECT_EQ(read(database, head + frame).error, error) << pages;
  }
}

TEST(RpmSqlite, ADatabaseThatIsCutShortIsSeen) {
  const MadeSqlite made = made_sqlite(kTable + insert(100, 5000));
  EXPECT_THAT(read(made.database.substr(0, made.database.size() - 4096)).error,
              testing::MatchesRegex("cut short: says that it has [0-9]+ pages, and has [0-9]+"));
}

TEST(RpmSqlite, AnotherTableOfTheNameIsNone) {
  EXPECT_EQ(read(made_sqlite("CREATE TABLE a (b);").database).error, "has no table \"Packages\"");
  EXPECT_EQ(read(made_sqlite("CREATE TABLE a (b); CREATE VIEW Packages AS SELECT * FROM a;").database).error,
            "has no table \"Packages\"");
  EXPECT_EQ(
      read(made_sqlite("CREATE TABLE Packages (a, b, c) ; INSERT INTO Packages VALUES (1, 2, 3);").database).error,
      "page 2: row 1 is not a number and a blob");
  EXPECT_EQ(read(made_sqlite(kTable + "INSERT INTO Packages VALUES (1, 'text');").database).error,
            "page 2: row 1 is not a number and a blob");
  EXPECT_EQ(read(made_sqlite("CREATE TABLE Packages (a PRIMARY KEY, b) WITHOUT ROWID;").database).error,
            "page 2 is no page of a table");
  EXPECT_EQ(read(made_sqlite("PRAGMA encoding='UTF-16le';" + kTable).database).error, "its texts are not in UTF-8");
}

struct Bad {
  const char* name;
  std::string bytes;
  std::string error;
};

class BadSqlite : public testing::TestWithParam<Bad> {};

TEST_P(BadSqlite, IsRefused) {
  EXPECT_EQ(read(GetParam().bytes).error, GetParam().error);
}

constexpr std::size_t kPage = 4096;
// Page 1 is the schema's, 2 a tree over the leaves 3 and on, whose rows have no overflow pages.
const std::string kTree =
    made_sqlite("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB NOT NULL);" + insert(1000, 300)).database;
// Page 2 is a leaf with one row; its rest is in pages 3 to 5.
const std::string kChain =
    made_sqlite("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB NOT NULL);" + insert(1, 14000)).database;

std::size_t cell_of_page_2(const std::string& file, std::size_t index, bool is_leaf) {
  const std::size_t place = kPage + (is_leaf ? 8 : 12) + 2 * index;
  return kPage + 256 * static_cast<unsigned char>(file[place]) + static_cast<unsigned char>(file[place + 1]);
}

const std::size_t kFirstChild = cell_of_page_2(kTree, 0, false);
const std::size_t kRow = cell_of_page_2(kChain, 0, true);

std::string many_times(const std::string& part, std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += part;
  return all;
}
const std::string kManyTimes = many_times(kTree.substr(2 * kPage + 8, 2), 1000);  // where the first row of page 3 is

INSTANTIATE_TEST_SUITE_P(
    Table, BadSqlite,
    testing::Values(
        Bad{"Nothing", "", "cut short: ends at byte 0, in a piece that goes on to byte 100"},
        Bad{"AnotherFile", std::string(4096, 'x'), "is not a database of SQLite"},
        Bad{"OddPages", with(kTree, 16, big(1000, 2)), "says that its pages have 1000 bytes"},
        Bad{"ReservedPages", with(with(kTree, 16, big(512, 2)), 20, "\xff"),
            "says that nearly nothing of its pages is used"},
        Bad{"AChildThatIsTheRoot", with(kTree, kFirstChild, big(2)), "page 2 is used twice"},
        Bad{"AChildThatIsTheSchema", with(kTree, kFirstChild, big(1)), "page 1 is used twice"},
        Bad{"AChildTwice", with(kTree, kPage + 8, kTree.substr(kFirstChild, 4)), "page 3 is used twice"},
        Bad{"AChildBehindTheEnd", with(kTree, kFirstChild, big(0xffffffff)),
            "page 4294967295 is behind the last, " + std::to_string(kTree.size() / kPage)},
        Bad{"NoChild", with(kTree, kFirstChild, big(0)),
            "page 0 is behind the last, " + std::to_string(kTree.size() / kPage)},
        Bad{"ACountOfChildrenThatLies", with(kTree, kPage + 3, big(0xffff, 2)), "has a child outside of it"},
        Bad{"ACountOfRowsThatLies", with(kChain, kPage + 3, big(0xffff, 2)), "page 2: a row outside of it"},
        Bad{"ARowOutside", with(kChain, kPage + 8, big(0xffff, 2)), "page 2: a row outside of it"},
        Bad{"OneRowManyTimes", with(with(kTree, 2 * kPage + 3, big(1000, 2)), 2 * kPage + 8, kManyTimes),
            "page 3: rows that lie on each other"},
        Bad{"AHugeRow", with(kChain, kRow, "\x8f\xff\xff\xff\x7f"),
            "page 2: row 28012 is larger than the limit of 33554496 bytes"},
        Bad{"ALoopOfOverflowPages", with(kChain, 3 * kPage, big(3)), "page 2: row 1: page 3 is used twice"},
        Bad{"AChainThatEndsEarly", with(kChain, 2 * kPage, big(0)), "page 2: row 1: page 0 is behind the last, 5"},
        Bad{"AnotherKindOfPage", with(kTree, 2 * kPage, "\xa"), "page 3 is no page of a table"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace initscan

#include "audit/compare/history.h"

#include "audit/compare/compare.h"
#include "audit/compare/deflate.h"
#include "tests/unit/audit/judge/build.h"

#include <filesystem>
#include <fstream>

#include <sqlite3.h>

namespace initscan::audit {
namespace {

using build::kNow;
using Strings = std::vector<std::string>;

constexpr std::string_view kDamaged = "damaged: it cannot be decompressed";

std::string deflated(std::string_view text) {
  Deflater deflater;
  deflater.put(text.substr(0, text.size() / 3));
  deflater.put(text.substr(text.size() / 3));
  return deflater.finish();
}

// What comes out, or why nothing does.
std::string inflated(std::string_view packed, std::size_t most) {
  std::string text;
  const auto done = inflate(packed, most, [&](std::string_view piece) -> Result<void> {
    text += piece;
    EXPECT_LE(text.size(), most);
    return {};
  });
  return done ? text : done.error().text;
}

class SqliteHistoryFile : public testing::Test {
 protected:
  SqliteHistoryFile() {
    std::string name = (std::filesystem::temp_directory_path() / "history-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    path_ = folder_ / "history.db";
  }
  ~SqliteHistoryFile() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<HistoryStore> open(const HistoryLimits& limits = {}) {
    auto opened = open_sqlite_history(path_.string(), limits);
    EXPECT_TRUE(opened) << opened.error().text;
    return opened ? std::move(*opened) : nullptr;
  }

  std::string latest() {
    const auto record = open()->latest();
    return !record ? record.error().text : *record ? (*record)->packed : "none";
  }

  std::size_t records() {
    sqlite3* database = nullptr;
    sqlite3_open(path_.c_str(), &database);
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v2(database, "SELECT count(*) FROM audits", -1, &statement, nullptr);
    sqlite3_step(statement);
    const auto count = static_cast<std::size_t>(sqlite3_column_int64(statement, 0));
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return count;
  }

  std::filesystem::path folder_;
  std::filesystem::path path_;
};

TEST_F(SqliteHistoryFile, KeepsTheNewest) {
  EXPECT_EQ(latest(), "none");
  ASSERT_TRUE(open()->add(kNow, "one"));
  ASSERT_TRUE(open()->add(kNow + std::chrono::hours(1), "two"));
  EXPECT_EQ(latest(), "two");
  EXPECT_EQ(records(), 2u);
}

TEST_F(SqliteHistoryFile, IsBoundedByCount) {
  const HistoryLimits limits{3, std::chrono::days(400)};
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(open(limits)->add(kNow + std::chrono::hours(i), std::to_string(i)));
  EXPECT_EQ(records(), 3u);
  EXPECT_EQ(latest(), "9");
}

TEST_F(SqliteHistoryFile, IsBoundedByAge) {
  const HistoryLimits limits{100, std::chrono::days(5)};
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(open(limits)->add(kNow + std::chrono::days(i), std::to_string(i)));
  EXPECT_EQ(records(), 6u);
}

TEST_F(SqliteHistoryFile, ARecordOfTheFutureDoesNotStayTheNewest) {
  ASSERT_TRUE(open()->add(kNow + std::chrono::days(3650), "wrong clock"));
  ASSERT_TRUE(open()->add(kNow, "right"));
  EXPECT_EQ(latest(), "right");
}

TEST_F(SqliteHistoryFile, ThatIsNoneIsLeftAlone) {
  std::ofstream(path_) << "this is not a database, but somebody's notes, and longer than a header of SQLite: "
                       << std::string(200, 'x');
  const auto size = std::filesystem::file_size(path_);
  const std::string want = path_.string() + ": file is not a database; move it away to start a new history";
  EXPECT_EQ(latest(), want);
  const auto added = open()->add(kNow, "one");
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().text, want);
  EXPECT_EQ(std::filesystem::file_size(path_), size);
}

TEST_F(SqliteHistoryFile, OfAnotherProgramIsLeftAlone) {
  sqlite3* database = nullptr;
  sqlite3_open(path_.c_str(), &database);
  sqlite3_exec(database, "CREATE TABLE theirs (x)", nullptr, nullptr, nullptr);
  sqlite3_close(database);
  const auto opened = open_sqlite_history(path_.string());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().text, path_.string() + ": a database, but not of audits; name another file");
}

TEST_F(SqliteHistoryFile, CannotBeInAFolderThatIsNotThere) {
  const auto opened = open_sqlite_history((folder_ / "no" / "history.db").string());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().text, (folder_ / "no" / "history.db").string() + ": unable to open database file");
}

// Bytes changed anywhere: a warning or the right record, never another one, never a crash.
TEST_F(SqliteHistoryFile, DamagedIsSaid) {
  ASSERT_TRUE(open()->add(kNow, deflated(std::string(20'000, 'r') + "end")));
  std::ifstream file(path_, std::ios::binary);
  const std::string whole((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  for (std::size_t at = 0; at < whole.size(); at += 97) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    std::ofstream(path_, std::ios::binary) << damaged;
    const auto opened = open_sqlite_history(path_.string());
    if (!opened) continue;
    const auto record = (*opened)->latest();
    if (!record || !*record) continue;
    const std::string text = inflated((*record)->packed, 1 << 20);
    EXPECT_TRUE(text == kDamaged || text == std::string(20'000, 'r') + "end") << at;
  }
}

AuditReport with_a_finding(Time made) {
  AuditReport report;
  report.made = made;
  report.clusters.push_back({"", "", 1, 1, 0, {}});
  report.workloads = {build::workload("web", {build::found("root-user")})};
  return report;
}

TEST_F(SqliteHistoryFile, RemembersFromRunToRun) {
  for (int week = 0; week < 3; ++week) {
    AuditReport report = with_a_finding(kNow + std::chrono::days(7 * week));
    const auto history = open();
    compare_with_history(report, *history, {});
    remember(report, *history);
    EXPECT_EQ(report.warnings, Strings{});
    EXPECT_EQ(report.compared_with.has_value(), week > 0);
    const WorkloadResult& found = report.workloads[0].results[0];
    EXPECT_EQ(to_string(found.change), "still") << "there was none to compare with, or it was there";
    EXPECT_EQ(found.first_seen, week > 0 ? std::optional<Time>(kNow) : std::nullopt);
  }
}

// A store that fails as it is told.
class FailingStore : public HistoryStore {
 public:
  explicit FailingStore(std::string record) : record_(std::move(record)) {}
  Result<std::optional<KeptRecord>> latest() override {
    if (record_.empty()) return Error{Errc::io, "disk gone"};
    return std::optional<KeptRecord>({deflated(record_), "the disk"});
  }
  Result<void> add(Time, const std::string&) override { return Error{Errc::io, "disk full"}; }

 private:
  std::string record_;
};

TEST(HistoryThatFails, IsAWarningAndNothingIsNew) {
  for (const auto& [record, why] : {std::pair("", "disk gone"), std::pair("{}", "the disk: schema: want text")}) {
    AuditReport report = with_a_finding(kNow);
    FailingStore store(record);
    compare_with_history(report, store, {});
    remember(report, store);
    EXPECT_EQ(report.warnings,
              (Strings{std::string("the previous audit cannot be read, so nothing is marked as new or fixed: ") + why,
                       "this audit is not recorded, and the next one will not know of it: disk full"}));
    EXPECT_EQ(to_string(report.workloads[0].results[0].change), "still");
  }
}

TEST(Deflate, ComesBack) {
  for (const std::string& text : {std::string(), std::string("a"), std::string(1 << 20, 'x')}) {
    EXPECT_EQ(inflated(deflated(text), 1 << 20), text);
  }
}

TEST(Inflate, KnowsDamageAndBombs) {
  EXPECT_EQ(inflated("", 10), kDamaged);
  EXPECT_EQ(inflated("nothing of zlib", 10), kDamaged);
  const std::string packed = deflated(std::string(4 << 20, 'x'));
  EXPECT_EQ(inflated(packed.substr(0, packed.size() - 1), 8 << 20), kDamaged);
  EXPECT_EQ(inflated(packed, 1 << 20), "larger than 1 MiB");
}

TEST(Inflate, StopsWhereItsTakerDoes) {
  int pieces = 0;
  const auto done = inflate(deflated(std::string(4 << 20, 'x')), 8 << 20, [&](std::string_view) -> Result<void> {
    ++pieces;
    return Error{Errc::malformed, "enough"};
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().text, "enough");
  EXPECT_EQ(pieces, 1);
}

}  // namespace
}  // namespace initscan::audit

#include "initscan/advisory/index/packed.h"

#include "initscan/advisory/index/packed_details.h"
#include "initscan/advisory/index/packed_rows.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

std::vector<PackedRow> rows_in(const std::string& packed, bool& is_sound) {
  std::vector<PackedRow> rows;
  is_sound = for_each_packed_row(packed, [&](const PackedRow& row) { rows.push_back(row); });
  return rows;
}

const std::vector<PackedRow> kRows{{7, 0, "", "1.2", "", StatementKind::range, Severity::unknown, -1},
                                   {7, 0, "1.3", "1.4", "", StatementKind::range, Severity::high, 75},
                                   {7, 300, "1.2", "", "1.4", StatementKind::range, Severity::unknown, 0},
                                   {200, 300, "", "", "", StatementKind::unfixed, Severity::critical, 100},
                                   {4'000'000'000, 1, "why not", "", "", StatementKind::unclear, Severity::unknown, -1},
                                   {4'000'000'000, 1, "2.0", "", "", StatementKind::version, Severity::low, -1}};

TEST(PackedNumbers, AreReadAsTheyWereWritten) {
  for (const std::uint64_t number :
       {0ull, 1ull, 127ull, 128ull, 16'383ull, 16'384ull, 4'294'967'296ull, (1ull << 63) - 1}) {
    std::string packed;
    append_varint(packed, number);
    PackedReader reader(packed);
    EXPECT_EQ(reader.varint(), number);
    EXPECT_TRUE(reader.is_sound() && reader.is_at_end());
  }
}

TEST(PackedNumbers, AreNoneWhereTheyDoNotEnd) {
  for (const std::string& packed :
       {std::string(), std::string("\x80"), std::string(10, '\xff'), std::string(9, '\x80') + '\1'}) {
    PackedReader reader(packed);
    EXPECT_EQ(reader.varint(), 0u);
    EXPECT_FALSE(reader.is_sound());
    EXPECT_EQ(reader.text(), "");
    EXPECT_EQ(reader.byte(), 0);
  }
}

TEST(PackedRows, AreReadAsTheyWereWritten) {
  std::string packed;
  append_rows(packed, kRows);
  bool is_sound = false;
  EXPECT_EQ(rows_in(packed, is_sound), kRows);
  EXPECT_TRUE(is_sound);
  packed.clear();
  append_rows(packed, {});
  EXPECT_TRUE(rows_in(packed, is_sound).empty());
  EXPECT_TRUE(is_sound);
}

TEST(PackedRows, TakeFewBytes) {
  std::vector<PackedRow> rows;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    rows.push_back({i, 3, "", i % 2 == 0 ? "1.2-3" : "", "", StatementKind::range, Severity::unknown, -1});
  }
  std::string packed;
  append_rows(packed, rows);
  EXPECT_LT(packed.size(), 3 * rows.size());
}

TEST(PackedRows, ThatAreCutOffAreNoneOrFewer) {
  std::string packed;
  append_rows(packed, kRows);
  for (std::size_t size = 0; size < packed.size(); ++size) {
    bool is_sound = false;
    const std::string cut = packed.substr(0, size);
    const auto rows = rows_in(cut, is_sound);
    ASSERT_LE(rows.size(), kRows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(rows[i], kRows[i]);
    EXPECT_TRUE(!is_sound || rows.size() < kRows.size()) << size;
  }
}

TEST(PackedRows, OfAnyBytesAreBounded) {
  bool is_sound = true;
  for (const std::string& bytes :
       {std::string("\xff\xff\xff\xff\x0f", 5), std::string("\0\x80\0", 3), std::string("\0\x40\0", 3),
        std::string("\0\x04\0\0\0", 5), std::string("\0\0\0\0\xe4\4", 6)}) {
    rows_in(bytes, is_sound);
    EXPECT_FALSE(is_sound);
  }
}

class Details : public testing::Test {
 protected:
  // With a dictionary of these words.
  std::string pack(const VulnerabilityDetails& details) const {
    std::string packed;
    append_details(packed, details, [&](std::string_view word) -> std::optional<std::uint64_t> {
      const auto found = std::find(words_.begin(), words_.end(), word);
      if (found == words_.end()) return std::nullopt;
      return static_cast<std::uint64_t>(found - words_.begin());
    });
    return packed;
  }
  Result<VulnerabilityDetails> read(std::string_view packed) const {
    return read_details(packed, [&](std::uint64_t number) -> Result<std::string_view> {
      if (number >= words_.size()) return Error{Errc::malformed, "no such word"};
      return std::string_view(words_[number]);
    });
  }

  const std::vector<std::string> words_{"in", "overflow"};
};

TEST_F(Details, AreReadAsTheyWereWritten) {
  for (const VulnerabilityDetails& details :
       {VulnerabilityDetails{},
        VulnerabilityDetails{"CVE-2024-0001", {}, "2026-01-02T03:04:05Z", "heap overflow in  libx "},
        VulnerabilityDetails{
            "CVE-2024-123456", {"GHSA-2345-xwvr-q9cj", "PYSEC-2024-1", ""}, "2026-01-02T03:04:05.5Z", " "},
        VulnerabilityDetails{"CVE-024-1",
                             {"CVE-2024-00001", "CVE-2024-1", "CVE-", "CVE-2024-", "cve-2024-0001"},
                             "1969-12-31T23:59:59Z",
                             "x"},
        VulnerabilityDetails{
            "GHSA-aaaa-bbbb-cccc", {"GHSA-2345-6789", "GHSA-2345x6789-cfgh", "GHSA-2222-2222-2222"}, "never", "a"},
        VulnerabilityDetails{"CVE-2024-99999999999999999999", {}, "1970-01-01T00:00:00Z", std::string(4096, 'x')}}) {
    const auto again = read(pack(details));
    ASSERT_TRUE(again) << again.error().text;
    EXPECT_EQ(*again, details);
  }
}

TEST_F(Details, TakeFewBytes) {
  EXPECT_EQ(pack({"CVE-2024-12345", {"GHSA-2345-6789-cfgh"}, "2026-01-02T03:04:05Z", "overflow in overflow"}).size(),
            (1 + 2 + 2) + 1 + (1 + kGhsaBytes) + 5 + (1 + 3));
}

TEST_F(Details, ThatAreCutOffOrGoOnAreNone) {
  const std::string packed = pack({"CVE-2024-1234", {"GHSA-2345-6789-cfgh", "X-1"}, "never", "heap overflow"});
  for (std::size_t size = 0; size < packed.size(); ++size) EXPECT_FALSE(read(packed.substr(0, size))) << size;
  EXPECT_FALSE(read(packed + '\0'));
}

TEST_F(Details, OfAnyBytesAreBounded) {
  EXPECT_FALSE(read(std::string("\3", 1))) << "an unknown form of a name";
  std::string many("\0\0", 2);
  append_varint(many, kMaxAliases + 1);
  EXPECT_FALSE(read(many));
  std::string late("\0\0\0", 3);
  append_varint(late, std::uint64_t{1} << 62);
  EXPECT_FALSE(read(late + '\0'));
  std::string longer("\0\0\0\0", 4);
  append_varint(longer, 3000);
  longer.append(3000, '\2');  // "overflow" each
  EXPECT_FALSE(read(longer));
  std::string unknown("\0\0\0\0\1\7", 6);
  EXPECT_EQ(read(unknown).error().text, "no such word");
}

TEST_F(Details, AreFoundByAnyName) {
  const std::string packed = pack({"CVE-2024-0001", {"GHSA-2345-6789-cfgh", "Pysec-2024-1"}, "", ""});
  const auto has = [&](std::string_view name) { return has_name(packed, name, pack_name(usual_spelling(name))); };
  for (const char* name : {"CVE-2024-0001", "cve-2024-0001", "ghsa-2345-6789-CFGH", "PYSEC-2024-1"}) {
    EXPECT_EQ(has(name), true) << name;
  }
  for (const char* name : {"CVE-2024-1", "CVE-2024-0002", "GHSA-2345-6789-cfgg", "", "PYSEC-2024-"}) {
    EXPECT_EQ(has(name), false) << name;
  }
  EXPECT_EQ(has_name("\7", "x", pack_name("x")), std::nullopt);
}

}  // namespace
}  // namespace initscan

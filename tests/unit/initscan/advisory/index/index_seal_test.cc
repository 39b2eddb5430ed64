#include "initscan/advisory/index/index_seal.h"

#include "initscan/advisory/index/index_split.h"
#include "initscan/advisory/index/index_writer.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

// Made for this test, and of use nowhere else.
constexpr std::string_view kPrivate =
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n"
    "-----END PRIVATE KEY-----\n";
constexpr std::string_view kPublic =
    "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAA6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=\n"
    "-----END PUBLIC KEY-----\n";

std::string index_of(std::string_view package) {
  IndexWriter writer;
  writer.count_words("a flaw");
  writer.add_vulnerability({"CVE-1", {}, "", "a flaw"});
  const std::uint32_t terms = writer.terms({"osv", "", "", AdvisoryStatus::affected, false});
  for (const std::string_view ecosystem : {"Alpine:v3.20", "Debian:12"}) {
    writer.begin_ecosystem(ecosystem, "2026-01-01T00:00:00Z");
    writer.add_package(package, {{0, terms, "", "2", "", StatementKind::range, Severity::low, 75}});
  }
  auto bytes = writer.finish("2026-01-01T00:00:00Z", "[]");
  EXPECT_TRUE(bytes);
  return bytes ? *bytes : std::string();
}

std::string seal_of(const std::string& bytes) {
  const auto index = AdvisoryIndex::over(bytes);
  if (!index) return index.error().text;
  const auto seal = check_seal(*index);
  if (!seal) return seal.error().text;
  if (!seal->signed_by) return "nobody";
  const auto key = read_public_key(kPublic);
  return key && *key == *seal->signed_by ? "us" : "another";
}

TEST(IndexSeal, SaysWhoSigned) {
  std::string bytes = index_of("a");
  EXPECT_EQ(seal_of(bytes), "nobody");
  const std::string before = bytes;
  ASSERT_TRUE(sign_index(bytes, kPrivate));
  EXPECT_EQ(seal_of(bytes), "us");
  EXPECT_EQ(bytes.size(), before.size());
  std::string again = before;
  ASSERT_TRUE(sign_index(again, kPrivate));
  EXPECT_EQ(again, bytes) << "the same feeds and the same key make the same bytes";
}

TEST(IndexSeal, NoByteCanBeChanged) {
  std::string bytes = index_of("a");
  ASSERT_TRUE(sign_index(bytes, kPrivate));
  for (std::size_t i = 0; i < bytes.size(); i += i < bytes.size() - sizeof(SealRecord) ? 61 : 1) {
    bytes[i] = static_cast<char>(bytes[i] ^ 1);
    EXPECT_NE(seal_of(bytes), "us") << i;
    EXPECT_NE(seal_of(bytes), "nobody") << i;
    bytes[i] = static_cast<char>(bytes[i] ^ 1);
  }
}

TEST(IndexSeal, AnotherIndexsSignatureIsWrong) {
  std::string ours = index_of("a");
  ASSERT_TRUE(sign_index(ours, kPrivate));
  std::string other = index_of("b");
  constexpr std::size_t kSigned = sizeof(SealRecord) - kDigestBytes;
  other.replace(other.size() - kSigned, kSigned, ours.substr(ours.size() - kSigned));
  EXPECT_EQ(seal_of(other), "its signature is wrong: whoever changed it has not the key; fetch the index again");
}

TEST(IndexSeal, TakesNoOtherKeys) {
  std::string bytes = index_of("a");
  for (const std::string_view none : {std::string_view(), std::string_view("x"), kPublic}) {
    EXPECT_FALSE(sign_index(bytes, none));
  }
  for (const std::string_view none : {std::string_view(), std::string_view("x"), kPrivate}) {
    EXPECT_FALSE(read_public_key(none));
  }
  EXPECT_EQ(seal_of(bytes), "nobody");
}

TEST(IndexSplit, SaysOfItsEcosystemsWhatTheWholeDoes) {
  const std::string bytes = index_of("a");
  const auto whole = AdvisoryIndex::over(bytes);
  ASSERT_TRUE(whole);
  const auto part_bytes = split_index(*whole, {"Debian:12"});
  ASSERT_TRUE(part_bytes) << part_bytes.error().text;
  const auto part = AdvisoryIndex::over(*part_bytes);
  ASSERT_TRUE(part);
  EXPECT_EQ(part->rows(), 1u);
  ASSERT_EQ(part->ecosystems()->size(), 1u);
  EXPECT_EQ(part->data_date(), "2026-01-01T00:00:00Z");
  std::size_t rows = 0;
  ASSERT_TRUE(part->for_each("Debian:12", "a", [&](const AffectedRow& row) {
    ++rows;
    EXPECT_EQ(row.fixed, "2");
    EXPECT_EQ(row.severity, Severity::low);
    EXPECT_EQ(row.cvss, 7.5);
    EXPECT_EQ(row.feed, "osv");
    EXPECT_EQ(part->details(row.vulnerability)->summary, "a flaw");
  }));
  EXPECT_EQ(rows, 1u);
  EXPECT_EQ(seal_of(*part_bytes), "nobody");
}

}  // namespace
}  // namespace initscan

#include "initscan/version/version.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

// Each list is in ascending order; every pair of it is compared both ways.
void expect_ascending(VersionOrder by, const std::vector<std::string>& versions) {
  for (std::size_t i = 0; i < versions.size(); ++i) {
    EXPECT_TRUE(is_version(by, versions[i])) << versions[i];
    for (std::size_t j = 0; j < versions.size(); ++j) {
      const auto order = compare_versions(by, versions[i], versions[j]);
      ASSERT_TRUE(order) << versions[i] << " and " << versions[j];
      const int sign = *order < 0 ? -1 : *order > 0;
      EXPECT_EQ(sign, i < j ? -1 : i > j) << versions[i] << " and " << versions[j];
    }
  }
}

// "<", "=", ">" or "?" where it cannot be said.
char compared(VersionOrder by, std::string_view a, std::string_view b) {
  const auto order = compare_versions(by, a, b);
  return !order ? '?' : *order < 0 ? '<' : *order > 0 ? '>' : '=';
}

TEST(DebVersion, Ascends) {
  expect_ascending(VersionOrder::deb,
                   {"1.0~~", "1.0~rc1-1", "1.0~rc2-1", "1.0", "1.0-1~deb12u1", "1.0-1", "1.0-1+b1", "1.0-1+deb12u1",
                    "1.0-2", "1.0-10", "1.0a-1", "1.0+dfsg-1", "1.0.1-1", "1.1-1", "1.10-1", "1:0.1-1", "2:0~1"});
}

TEST(DebVersion, EqualInOtherWords) {
  for (const auto& [a, b] : std::vector<std::pair<std::string, std::string>>{
           {"1.0", "1.0-0"}, {"0:1.0", "1.0"}, {"1.00", "1.0"}, {"1.0-01", "1.0-1"}}) {
    EXPECT_EQ(compared(VersionOrder::deb, a, b), '=') << a << ' ' << b;
  }
}

TEST(DebVersion, KnowsWhatIsNone) {
  for (const char* text :
       {"",        "a",     "-1",     "1.0-",   ":1",   "x:1",  "1:",    "1:-1",  "1 0",        "1_0",
        "1.0-1_2", "1.0/2", "1,0",    "~1",     "+1:1", "-1:1", "1.0\n", "1\x7f", "1\xc3\xa9",  "12345678901:1",
        "UNKNOWN", "n/a",   "(none)", "${ver}", "*",    "v1.0", ">=1.0", "^1.0",  "openssl-1.0"}) {
    EXPECT_FALSE(is_deb_version(text)) << text;
    EXPECT_EQ(compared(VersionOrder::deb, text, "1"), '?') << text;
    EXPECT_EQ(compared(VersionOrder::deb, "1", text), '?') << text;
    EXPECT_EQ(compared(VersionOrder::deb, text, text), '?') << text;
  }
}

TEST(DebVersion, HasAnyOfItsCharacters) {
  for (const char* text :
       {"0", "1:2:3-4", "1-2-3", "1.0A~+b1-0.1~deb12u1+b2", "20240101", "0.0~git2024", "1-a", "1-~"}) {
    EXPECT_TRUE(is_deb_version(text)) << text;
    EXPECT_EQ(compared(VersionOrder::deb, text, text), '=') << text;
  }
}

TEST(ApkVersion, Ascends) {
  expect_ascending(VersionOrder::apk2,
                   {"1.001",  "1.0_alpha", "1.0_alpha1", "1.0_beta",  "1.0_pre1",  "1.0_rc1", "1.0",
                    "1.0-r1", "1.0-r10",   "1.0_git1",   "1.0_p1-r0", "1.0_p1_p2", "1.0a",    "1.0b",
                    "1.0.1",  "1.01",      "1.1",        "1.2",       "1.10",      "9",       "10"});
}

TEST(ApkVersion, Apk3ComparesLeadingZerosAsText) {
  expect_ascending(VersionOrder::apk3,
                   {"1.0_alpha", "1.0_rc1", "1.0", "1.0-r1", "1.0_p1-r0", "1.0a", "1.0.1", "1.001", "1.010", "1.02",
                    "1.1", "1.2", "1.10", "8.2.0015", "8.2.002", "8.2.1", "9", "10"});
  EXPECT_EQ(compared(VersionOrder::apk2, "1.010-r0", "1.02-r0"), '>');
  EXPECT_EQ(compared(VersionOrder::apk3, "1.010-r0", "1.02-r0"), '<');
  EXPECT_EQ(compared(VersionOrder::apk3, "01.1", "1.1"), '=') << "the first number is a number";
}

TEST(ApkVersion, ComparesUpToWhereAVersionCeasesToBeOne) {
  for (const auto order : {VersionOrder::apk2, VersionOrder::apk3}) {
    EXPECT_EQ(compared(order, "20.10.9-r0", "20.10.11.r0"), '<');
    EXPECT_EQ(compared(order, "21.0-r0", "20.10.11.r0"), '>');
    EXPECT_EQ(compared(order, "20.10.11-r0", "20.10.11.r0"), '?');
    EXPECT_EQ(compared(order, "20.10.11", "20.10.11.r0"), '?');
    EXPECT_EQ(compared(order, "", "1"), '?');
    EXPECT_EQ(compared(order, "x", "x"), '?');
  }
}

TEST(ApkVersion, KnowsWhatIsNone) {
  for (const char* text : {"", "a", "1.", "1..2", "1-2", "1-r", "1_", "1_post1", "1-r1.2", "1.0-r1_p1", "1 0", "v1",
                           "1.1234567890123456789", "1~"}) {
    EXPECT_FALSE(is_apk_version(VersionOrder::apk2, text)) << text;
    EXPECT_FALSE(is_apk_version(VersionOrder::apk3, text)) << text;
  }
  EXPECT_TRUE(is_apk_version(VersionOrder::apk2, "1.2_git20240101~abc123-r0"));
  EXPECT_TRUE(is_apk_version(VersionOrder::apk3, "1.2_git20240101~abc123-r0"));
  EXPECT_TRUE(is_apk_version(VersionOrder::apk2, "1.0a1"));
  EXPECT_FALSE(is_apk_version(VersionOrder::apk3, "1.0a1"));
}

}  // namespace
}  // namespace initscan

#include "initscan/version/version.h"

#include <array>
#include <chrono>
#include <random>

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

void expect_equal(VersionOrder by, const std::vector<std::pair<std::string, std::string>>& pairs) {
  for (const auto& [a, b] : pairs) EXPECT_EQ(compared(by, a, b), '=') << a << ' ' << b;
}

void expect_none(VersionOrder by, const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    EXPECT_FALSE(is_version(by, text)) << text;
    EXPECT_EQ(compared(by, text, "1.0.0"), '?') << text;
    EXPECT_EQ(compared(by, "1.0.0", text), '?') << text;
  }
}

TEST(RpmVersion, Ascends) {
  expect_ascending(VersionOrder::rpm,
                   {"1.0~~",   "1.0~rc1-1", "1.0",    "1.0-1",      "1.0-1.el9", "1.0-1.el9_4", "1.0-1.el9_4.1",
                    "1.0-2",   "1.0-10",    "1.0^",   "1.0^git1-1", "1.0a-1",    "1.0.a-2",     "1.0.1~rc1-1",
                    "1.0.1-1", "1.1-1",     "1.10-1", "2-1",        "1:0.1-1",   "10:0.1-1"});
}

TEST(RpmVersion, MarksOnlyPart) {
  expect_equal(
      VersionOrder::rpm,
      {{"1.0-1", "0:1.0-1"}, {"1.0", "1_0"}, {"1.0", "1.0."}, {"1.05", "1.5"}, {"1a", "1.a"}, {"1.0-1", "1.0-01"}});
  EXPECT_EQ(compared(VersionOrder::rpm, "1.0-.", "1.0"), '>') << "a release of marks is one";
}

TEST(RpmVersion, KnowsWhatIsNone) {
  expect_none(VersionOrder::rpm, {"", "-1", "1-", "1-2-3", ":1", "a:1", "4294967296:1", "1 0", "1/0", "1\n", "<1"});
}

TEST(PythonVersion, Ascends) {
  expect_ascending(
      VersionOrder::python,
      {"1.0.dev1", "1.0a1.dev1", "1.0a1",   "1.0a1.post1.dev2", "1.0a1.post1", "1.0a2",   "1.0b1",          "1.0rc1",
       "1.0rc10",  "1.0",        "1.0+abc", "1.0+abc.5",        "1.0+5",       "1.0+5.1", "1.0.post1.dev1", "1.0.post1",
       "1.0.1",    "1.1",        "1.10",    "2024.1",           "1!0.1"});
}

TEST(PythonVersion, EqualInOtherWords) {
  expect_equal(VersionOrder::python, {{"1.0", "1"},
                                      {"v1.0", "V1.0.0"},
                                      {"1.0a1", "1.0-ALPHA.1"},
                                      {"1.0a", "1.0a0"},
                                      {"1.0rc1", "1.0c1"},
                                      {"1.0rc1", "1.0pre1"},
                                      {"1.0b1", "1.0_beta_1"},
                                      {"1.0.post1", "1.0-1"},
                                      {"1.0.post1", "1.0r1"},
                                      {"1.0+a.1", "1.0+A-1"},
                                      {"01.0", "1.0"},
                                      {"1.0a-", "1.0a0"}});
}

TEST(PythonVersion, KnowsWhatIsNone) {
  expect_none(VersionOrder::python, {"", "1.0-", "1..0", "1.", ".1", "a", "1.0x", "1.0+", "1.0+a..b", "!1", "1!", "a!1",
                                     "1.0-1-1", "french toast", "1.0--1", "1.0.*", ">=1"});
}

// The example of Semantic Versioning itself.
TEST(SemverVersions, Ascend) {
  const std::vector<std::string> versions{"0.0.0-0",    "1.0.0-alpha",  "1.0.0-alpha.1", "1.0.0-alpha.beta",
                                          "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1",
                                          "1.0.0",      "1.0.1",        "1.2.0",         "1.10.0",
                                          "2.0.0--",    "2.0.0-0a",     "2.0.0"};
  for (const auto order : {VersionOrder::npm, VersionOrder::cargo, VersionOrder::hex, VersionOrder::golang,
                           VersionOrder::pub, VersionOrder::nuget}) {
    expect_ascending(order, versions);
    EXPECT_EQ(compared(order, "1.0.0-2", "1.0.0-10"), '<');
    EXPECT_EQ(compared(order, "1.0.0-10", "1.0.0-1a"), '<') << "a number is before a word";
  }
}

TEST(SemverVersions, DoNotCountTheBuild) {
  for (const auto order :
       {VersionOrder::npm, VersionOrder::cargo, VersionOrder::hex, VersionOrder::golang, VersionOrder::nuget}) {
    EXPECT_EQ(compared(order, "1.0.0+a", "1.0.0+b"), '=');
  }
  expect_ascending(VersionOrder::pub, {"1.0.0-a", "1.0.0", "1.0.0+1", "1.0.0+1.1", "1.0.0+a", "1.0.1"});
}

TEST(SemverVersions, KnowWhatIsNone) {
  for (const auto order : {VersionOrder::npm, VersionOrder::cargo, VersionOrder::hex, VersionOrder::golang}) {
    expect_none(order, {"", "1.0.0.0", "01.0.0", "1.0.0-01", "1.0.0-", "1.0.0-a..b", "1.0.0+", "1.0.0-a_b", "a.b.c",
                        "1.0.0 ", "-1.0.0", "1.0.0-\xc3\xa9"});
  }
  for (const auto order : {VersionOrder::npm, VersionOrder::cargo, VersionOrder::hex}) {
    expect_none(order, {"1", "1.0", "1.0-1", "go1.21"});
  }
  expect_none(VersionOrder::npm, {"9007199254740992.0.0", "1.0.0-" + std::string(300, 'a')});
  EXPECT_TRUE(is_version(VersionOrder::npm, "v9007199254740991.0.0"));
  expect_none(VersionOrder::cargo, {"v1.0.0", "18446744073709551616.0.0"});
  EXPECT_TRUE(is_version(VersionOrder::cargo, "18446744073709551615.0.0"));
  expect_none(VersionOrder::nuget, {"", "1.0.0.0.0", "2147483648", "1.0-a_b", "v1.0"});
  expect_equal(VersionOrder::nuget, {{"1", "1.0.0.0"}, {"1.01", "1.1"}, {"1.0-RC", "1.0.0-rc"}, {"1-a+x", "1.0-A"}});
  expect_equal(VersionOrder::pub, {{"01.0.0", "1.0.0"}});
}

TEST(GoVersion, Ascends) {
  expect_ascending(VersionOrder::golang, {"v0.0.0-20190101000000-abcdefabcdef", "v0.0.0-20200101000000-abcdefabcdef",
                                          "v0.0.1-0.20200101000000-a", "v0.0.1", "v1.0.0-rc1", "v1", "v1.1",
                                          "v2.0.0+incompatible", "v2.0.1-0.20200101000000-abcdefabcdef"});
  expect_ascending(VersionOrder::golang, {"1.21.0-0", "go1.21beta1", "go1.21rc1", "1.21.0-rc.2", "go1.21rc10", "1.21.0",
                                          "go1.21.1-custom", "1.21.2"});
}

TEST(GoVersion, NamesToolchainsInItsOwnWay) {
  expect_equal(VersionOrder::golang, {{"go1.21rc2", "v1.21.0-rc.2"},
                                      {"go1.21", "1.21.0"},
                                      {"go1.21.3-custom.1", "go1.21.3"},
                                      {"go1.22.3 X:boringcrypto", "1.22.3"},
                                      {"1.21rc2", "go1.21rc2"},
                                      {"v1.2.3", "1.2.3"}});
  expect_none(VersionOrder::golang, {"(devel)", "go", "gov1.2", "go1.2.3.4", "go1.21rc", "go1.21x", "v1.21rc2",
                                     "go01.2", "v1-rc1", "devel go1.23-abc", "v1.2-pre"});
}

TEST(GemVersion, Ascends) {
  expect_ascending(VersionOrder::gem, {"0", "1.a", "1.0.a10", "1.0.b", "1.0.b.1", "1-1", "1", "1.0.1.pre1", "1.0.1.rc1",
                                       "1.0.1", "1.1", "1.10"});
}

TEST(GemVersion, EqualInOtherWords) {
  expect_equal(
      VersionOrder::gem,
      {{"1", "1.0.0"}, {"1.0.a", "1.a"}, {"1.a.0", "1.a"}, {"1-2", "1.pre.2"}, {"1.01", "1.1"}, {"1.a1", "1.a.1"}});
}

TEST(GemVersion, KnowsWhatIsNone) {
  expect_none(VersionOrder::gem, {"", "a", "1a", "1.", "1..2", ".1", "1-", "1-a..b", "1_0", "1+1", "v1", "1 0"});
}

TEST(MavenVersion, Ascends) {
  expect_ascending(VersionOrder::maven,
                   {"1-alpha-1", "1-alpha2", "1-beta1", "1-m2", "1-rc1", "1-cr2", "1-SNAPSHOT", "1", "1-sp", "1-foo",
                    "1-1", "1-2", "1-10", "1.0.1", "1.1-alpha1", "1.1", "1.10", "20040616"});
}

TEST(MavenVersion, EqualInOtherWords) {
  expect_equal(VersionOrder::maven, {{"1", "1.0"},
                                     {"1", "1.0.0-0"},
                                     {"1", "1-ga"},
                                     {"1", "1.Final"},
                                     {"1-RELEASE", "1"},
                                     {"1a1", "1-alpha-1"},
                                     {"1-CR1", "1-rc1"},
                                     {"1.0X1", "1-x1"},
                                     {"01", "1"}});
}

TEST(MavenVersion, SaysNothingWhereMavenGoesInCircles) {
  EXPECT_EQ(compared(VersionOrder::maven, "1.foo.1", "1"), '>');
  EXPECT_EQ(compared(VersionOrder::maven, "1", "1-alpha"), '>');
  EXPECT_EQ(compared(VersionOrder::maven, "1.foo.1", "1-alpha"), '?');
  EXPECT_EQ(compared(VersionOrder::maven, "1.0.alpha-1", "1-1"), '?');
  expect_none(VersionOrder::maven, {"", "1 0", "1\xc3\xa9", "1\n"});
}

TEST(ComposerVersion, Ascends) {
  expect_ascending(VersionOrder::composer,
                   {"1.0-dev", "1.0-alpha", "1.0-alpha1", "1.0-beta1", "1.0-beta2", "1.0-beta10", "1.0-RC1", "1.0",
                    "1.0-p1", "1.0.1", "1.1", "1.x-dev", "2", "20240131", "20240201-rc1"});
}

TEST(ComposerVersion, EqualInOtherWords) {
  expect_equal(VersionOrder::composer, {{"1", "v1.0.0.0"},
                                        {"1.0-b2", "1.0.0-BETA.2"},
                                        {"1.0a", "1-alpha"},
                                        {"1.0-pl1", "1.0.0-patch1"},
                                        {"1.0@dev", "1.0"},
                                        {"1.0+build", "1.0"},
                                        {"1.0-stable", "1.0"},
                                        {"2024-01-31", "2024:01:31"},
                                        {"1.2.x-dev", "1.2.9999999.9999999-dev"}});
}

TEST(ComposerVersion, KnowsWhatIsNone) {
  expect_none(VersionOrder::composer, {"", "dev-main", "main", "a", "1.0.0.0.0", "1.0-foo", "1,0", "1 as 2", "1.0-1",
                                       "feature-dev", "x-dev", "12345-1"});
}

TEST(GenericVersion, Ascends) {
  expect_ascending(VersionOrder::generic,
                   {"1.0-dev", "1.0-alpha1", "1.0.0-beta", "1.0-beta2", "1.0-rc1", "1.0", "1.0a", "1.0k", "1.0-p1",
                    "1.0-1", "1.0-2", "1.0-10", "1.0.1", "1.1", "1.10", "20240131"});
}

TEST(GenericVersion, EqualInOtherWords) {
  expect_equal(VersionOrder::generic, {{"1", "1.0.0"},
                                       {"v1.0", "1_0"},
                                       {"1.0RC1", "1.0.0-rc.1"},
                                       {"1.0+x", "1.0"},
                                       {"1.1.0a", "1.1a"},
                                       {"1.0a1", "1.0-alpha1"}});
  expect_none(VersionOrder::generic, {"", "v", "a", "1..0", "1.", "1 0", "latest", "+1", "1/2"});
}

const std::vector<VersionOrder> kOrders{
    VersionOrder::deb,   VersionOrder::apk2,  VersionOrder::apk3,   VersionOrder::rpm,    VersionOrder::generic,
    VersionOrder::cargo, VersionOrder::gem,   VersionOrder::golang, VersionOrder::hex,    VersionOrder::maven,
    VersionOrder::npm,   VersionOrder::nuget, VersionOrder::pub,    VersionOrder::python, VersionOrder::composer};

std::string any_version(std::mt19937& random) {
  constexpr std::array<std::string_view, 28> kPieces{"0", "1", "2",  "10", "00", ".",     ".",    ".",  "-", "-",
                                                     "~", "^", "+",  "_",  ":",  "a",     "b",    "rc", "m", "dev",
                                                     "p", "x", "sp", "ga", "r",  "alpha", "post", "v"};
  const auto digit = [&] { return std::string(1, static_cast<char>('0' + random() % 3)); };
  std::string text = digit();
  if (random() % 2 == 0) text += '.' + digit() + '.' + digit();
  for (std::size_t left = random() % 7; left > 0; --left) text += kPieces[random() % kPieces.size()];
  return text;
}

// A strict weak order: for each three, whichever two of the three comparisons are decided do not contradict the third.
TEST(VersionOrders, GoInNoCircle) {
  std::mt19937 random(1);
  for (const VersionOrder order : kOrders) {
    std::vector<std::string> versions;
    for (int tries = 0; versions.size() < 60 && tries < 200'000; ++tries) {
      std::string text = any_version(random);
      if (is_version(order, text)) versions.push_back(std::move(text));
    }
    ASSERT_EQ(versions.size(), 60u) << static_cast<int>(order);
    for (const std::string& a : versions) {
      EXPECT_EQ(compared(order, a, a), '=') << a;
      for (const std::string& b : versions) {
        const char forth = compared(order, a, b);
        const char back = compared(order, b, a);
        EXPECT_EQ(back, forth == '<' ? '>' : forth == '>' ? '<' : forth) << a << ' ' << b;
        if (forth != '<' && forth != '=') continue;
        for (const std::string& c : versions) {
          const char next = compared(order, b, c);
          const char last = compared(order, a, c);
          if ((next != '<' && next != '=') || last == '?') continue;
          EXPECT_EQ(last, forth == '<' || next == '<' ? '<' : '=') << a << ' ' << b << ' ' << c;
        }
      }
    }
  }
}

TEST(VersionOrders, TakeNoLongerThanTheirTextIsLong) {
  constexpr std::size_t kBytes = 100'000;
  for (const std::string_view piece :
       {"1", "0", "a", ".", "-", "1.", "1-", "a1", "0.", "0-", "~", "1~", "-a", ".a", "a.", "1.0-", "-dev", "rc"}) {
    std::string text = "1.0.0-";
    while (text.size() < kBytes) text += piece;
    for (const std::string& head : {text, text.substr(0, 5) + text.substr(6), "1." + text.substr(6)}) {
      const auto begin = std::chrono::steady_clock::now();
      for (const VersionOrder order : kOrders) {
        (void)compare_versions(order, head, head);
        (void)compare_versions(order, head, head + "1");
        (void)is_version(order, head);
      }
      EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5)) << piece;
    }
  }
}

}  // namespace
}  // namespace initscan

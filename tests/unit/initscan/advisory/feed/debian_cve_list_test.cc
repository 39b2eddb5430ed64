#include "initscan/model/ecosystems.h"
#include "tests/unit/initscan/advisory/feed/parsed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace initscan {
namespace {

using testing::ElementsAre;

std::string words_of(const AffectedPackage& affected) {
  constexpr const char* kStatuses[] = {"affected",    "will not fix",        "deferred",
                                       "end of life", "under investigation", "not affected"};
  std::string words = affected.ecosystem + ' ' + affected.name + ' ' + kStatuses[static_cast<int>(affected.status)];
  for (const VersionRange& range : affected.ranges) words += " <" + range.fixed;
  for (const std::string& unclear : affected.unclear) words += " ? " + unclear;
  if (affected.severity != Severity::unknown) words += " (" + std::string(to_string(affected.severity)) + ')';
  return words;
}

// What releases say themselves, and of what is said of all others that of Debian 12.
std::vector<std::string> statements(std::string_view lines) {
  const Parsed result = parsed(parse_debian_tracker, "CVE-2024-1 (a flaw ...)\n" + std::string(lines));
  EXPECT_EQ(result.error, "");
  std::vector<std::string> words;
  for (const FeedRecord& record : result.records) {
    for (const Advisory& advisory : record.advisories) {
      for (const AffectedPackage& affected : advisory.affected) {
        if (affected.yields && affected.ecosystem != "Debian:12") continue;
        words.push_back((affected.yields ? "else " : "") + words_of(affected));
      }
    }
    for (const std::string& skipped : record.skipped) words.push_back("skipped: " + skipped);
  }
  return words;
}

TEST(DebianCveList, ReadsAnEntry) {
  const Parsed result = parsed(parse_debian_tracker,
                               "CVE-2024-1 (A flaw in ...)\n"
                               "\t{DSA-5380-1}\n"
                               "\t- openssl 3.0.12-1 (low; bug #1)\n"
                               "\t[bookworm] - openssl <no-dsa> (Minor issue)\n"
                               "\t[buster] - openssl 1.1.1-1+deb10u1\n"
                               "\tNOTE: of no matter\n"
                               "\tTODO: check\n");
  EXPECT_EQ(result.error, "");
  ASSERT_EQ(result.records.size(), 1u);
  EXPECT_EQ(result.records[0].modified, "");
  EXPECT_TRUE(result.records[0].skipped.empty());
  const Advisory& advisory = result.records[0].advisories.at(0);
  EXPECT_EQ(advisory.id, "CVE-2024-1");
  EXPECT_EQ(advisory.summary, "A flaw in ...");
  std::vector<std::string> others;
  for (const AffectedPackage& affected : advisory.affected) {
    if (affected.yields) others.push_back(affected.ecosystem);
  }
  EXPECT_EQ(others.size(), find_distribution("debian")->releases.size()) << "of each release that is known";
  EXPECT_THAT(others, testing::IsSupersetOf({"Debian:11", "Debian:12", "Debian:13"}));
}

TEST(DebianCveList, ReadsEachTag) {
  EXPECT_THAT(statements("\t- a 1-1\n"), ElementsAre("else Debian:12 a affected <1-1"));
  EXPECT_THAT(statements("\t- a <unfixed>\n\t- b <removed>\n"),
              ElementsAre("else Debian:12 a affected <", "else Debian:12 b affected <"));
  EXPECT_THAT(statements("\t- a <not-affected> (later code)\n"), ElementsAre("else Debian:12 a not affected <"));
  EXPECT_THAT(statements("\t- a <undetermined>\n"),
              ElementsAre("else Debian:12 a affected ? whether it is affected is undetermined"));
  EXPECT_THAT(
      statements("\t[bookworm] - a <no-dsa>\n\t[bookworm] - b <postponed>\n\t[trixie] - c <ignored> (old)\n"
                 "\t[stretch] - d <end-of-life>\n\t[wheezy] - e <odd>\n"),
      ElementsAre("Debian:12 a deferred <", "Debian:12 b deferred <", "Debian:13 c will not fix <",
                  "Debian:9 d end of life <", "Debian:7 e affected ? an unknown tag takes the place of its fix"));
  EXPECT_THAT(statements("\t- a (bug #1)\n"),
              ElementsAre("else Debian:12 a affected ? the version of its fix is not given"));
}

TEST(DebianCveList, ReadsHowSevereItIs) {
  EXPECT_THAT(statements("\t- a 1-1 (unimportant; bug #1)\n\t- b 2-1 (bug #2; medium)\n\t- c 3-1 (bug #3)\n"
                         "\t[buster] - a 0-1\n\t[buster] - b 1-1 (high)\n\t[buster] - c 2-1\n"),
              ElementsAre("else Debian:12 a affected <1-1 (negligible)", "else Debian:12 b affected <2-1 (medium)",
                          "else Debian:12 c affected <3-1", "Debian:10 a affected <0-1 (negligible)",
                          "Debian:10 b affected <1-1 (high)", "Debian:10 c affected <2-1"));
}

TEST(DebianCveList, CountsWhatSaysNothing) {
  EXPECT_THAT(statements(""), ElementsAre("skipped: no package version"));
  EXPECT_THAT(statements("\tRESERVED\n"), ElementsAre("skipped: a number that is reserved"));
  EXPECT_THAT(statements("\tNOT-FOR-US: Some App\n"), ElementsAre("skipped: of software that Debian does not have"));
  EXPECT_THAT(statements("\t- a <itp> (bug #1)\n\t-\n\t[] - b 1\n\trubbish\n\t[experimental] - c 1-1\n"),
              ElementsAre("skipped: a package that Debian does not have yet", "skipped: no package",
                          "skipped: a line that is not understood", "skipped: a line that is not understood",
                          "skipped: a release without a number"));
  const Parsed rejected = parsed(parse_debian_tracker, "CVE-2024-1\n\tREJECTED\n\t- a <unfixed>\n");
  EXPECT_TRUE(rejected.records.at(0).withdrawn);
}

TEST(DebianCveList, TellsApartWhatHasNoNumberYet) {
  const Parsed result = parsed(parse_debian_tracker,
                               "CVE-2012-XXXX [one flaw]\n\t- a 1-1\nCVE-2012-XXXX [another]\n\t- a 2-1\n"
                               "CVE-2012-XXXX [one flaw]\n\t- b 3-1\n");
  ASSERT_EQ(result.records.size(), 3u);
  const auto id = [&](std::size_t i) { return result.records[i].advisories.at(0).id; };
  EXPECT_THAT(id(0), testing::MatchesRegex("DEBIAN-2012-[0-9a-f]{8}"));
  EXPECT_NE(id(0), id(1));
  EXPECT_EQ(id(0), id(2));
  EXPECT_EQ(result.records[1].advisories[0].summary, "another");
}

TEST(DebianCveList, RejectsWithALine) {
  const auto error = [](const std::string& text) { return parsed(parse_debian_tracker, text).error; };
  EXPECT_EQ(error("CVE-2024-1\n\t- a 1\nrubbish\n"), "3: want a CVE or a detail");
  EXPECT_EQ(error("CVE-2024-1\n[1 Jan 2005] DSA-1-1 a\n"), "2: want a CVE or a detail");
  EXPECT_EQ(parsed(parse_debian_cve_list, "\t- a 1\n").error, "1: a detail before the first CVE");
  std::string many = "CVE-2024-1\n";
  for (int i = 0; i < 10'001; ++i) many += "\t- a 1\n";
  EXPECT_EQ(error(many), "10002: CVE-2024-1: more than 10000 statements");
}

TEST(DebianTracker, KnowsItsListsApart) {
  EXPECT_EQ(parsed(parse_debian_tracker, "\n[1 Jan 2005] DSA-1-1 a - flaw\n\t[sarge] - a 1-1\n").records.size(), 1u);
  EXPECT_EQ(parsed(parse_debian_tracker, "\nCVE-2024-1\n").records.size(), 1u);
  EXPECT_TRUE(parsed(parse_debian_tracker, "").records.empty());
  for (const FeedFormat& format : feed_formats()) {
    if (format.kind != "debian-tracker") continue;
    for (const char* const path : {"CVE/list", "data/DSA/list", "x/y/DLA/list"}) EXPECT_TRUE(format.is_feed_file(path));
    for (const char* const path : {"list", "XCVE/list", "CVE/list.1", "DTSA/list"}) {
      EXPECT_FALSE(format.is_feed_file(path)) << path;
    }
  }
}

}  // namespace
}  // namespace initscan

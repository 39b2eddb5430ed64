#include "tests/unit/initscan/advisory/feed/parsed.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

TEST(DebianList, ReadsAnEntry) {
  const Parsed result = parsed(parse_debian_list,
                               "[29 Mar 2023] DSA-5380-1 xorg-server - security update\n"
                               "\t{CVE-2023-1393 CVE-2023-1394}\n"
                               "\t[bullseye] - xorg-server 2:1.20.11-1+deb11u6\n"
                               "        NOTE: of no matter\n"
                               "\t[bookworm] - xorg-server <unfixed> (soon)\n"
                               "\t[buster] - xorg-server <not-affected> (later code)\n"
                               "\t[sid] - xorg-server 3\n");
  EXPECT_EQ(result.error, "");
  ASSERT_EQ(result.records.size(), 1u);
  const FeedRecord& record = result.records[0];
  EXPECT_EQ(record.modified, "2023-03-29T00:00:00Z");
  EXPECT_EQ(record.skipped, std::vector<std::string>{"a release without a number"});
  ASSERT_EQ(record.advisories.size(), 1u);
  EXPECT_EQ(record.advisories[0].id, "DSA-5380-1");
  EXPECT_EQ(record.advisories[0].upstream, (std::vector<std::string>{"CVE-2023-1393", "CVE-2023-1394"}));
  EXPECT_EQ(record.advisories[0].published, "2023-03-29T00:00:00Z");
  std::vector<AffectedPackage> want{{"Debian:11", "xorg-server", {{"", "2:1.20.11-1+deb11u6", ""}}},
                                    {"Debian:12", "xorg-server", {{"", "", ""}}},
                                    {"Debian:10", "xorg-server", {{"", "", ""}}}};
  want[2].status = AdvisoryStatus::not_affected;
  EXPECT_EQ(record.advisories[0].affected, want);
}

TEST(DebianList, ReadsWhyNothingIsRepaired) {
  const auto status = [](const std::string& tag) {
    const Parsed result = parsed(parse_debian_list, "[1 Jan 2005] DSA-1-1 a - flaw\n\t[sarge] - a " + tag + "\n");
    const AffectedPackage& affected = result.records.at(0).advisories.at(0).affected.at(0);
    EXPECT_EQ(affected.ranges, std::vector<VersionRange>{{}}) << tag;
    return affected.status;
  };
  EXPECT_EQ(status("<unfixed>"), AdvisoryStatus::affected);
  EXPECT_EQ(status("<end-of-life>"), AdvisoryStatus::end_of_life);
  EXPECT_EQ(status("<no-dsa>"), AdvisoryStatus::deferred);
  EXPECT_EQ(status("<postponed>"), AdvisoryStatus::deferred);
  EXPECT_EQ(status("<ignored>"), AdvisoryStatus::will_not_fix);
}

TEST(DebianList, AnEntryWithoutCveStandsForItself) {
  const Parsed result = parsed(parse_debian_list, "[1 Jan 2005] DSA-1-1 a - flaw\n\t[sarge] - a 1-1\n");
  EXPECT_EQ(result.records[0].advisories[0].id, "DSA-1-1");
  EXPECT_EQ(result.records[0].advisories[0].affected[0].ecosystem, "Debian:3.1");
}

TEST(DebianList, AnUpdateWithoutAVulnerabilityIsCounted) {
  for (const char* summary : {"regression update", "new timezone database", "new upstream version", "bugfix update"}) {
    const std::string heading = std::string("[1 Jan 2005] DSA-1-2 a - ") + summary + '\n';
    const Parsed result = parsed(parse_debian_list, heading + "\t[etch] - a 1-1\n");
    EXPECT_TRUE(result.records[0].advisories.empty()) << summary;
    EXPECT_EQ(result.records[0].skipped, std::vector<std::string>{"an update that fixes no vulnerability"});
    EXPECT_EQ(result.records[0].regression_update, std::string_view(summary).starts_with("regression"));
    const Parsed with_cve = parsed(parse_debian_list, heading + "\t{CVE-1}\n\t[etch] - a 1-1\n");
    EXPECT_EQ(with_cve.records[0].advisories.size(), 1u) << summary;
  }
}

TEST(DebianList, CountsWhatSaysNothing) {
  const Parsed result = parsed(parse_debian_list,
                               "[1 Jan 2005] DSA-1-1 a\n"
                               "[bad] DSA-2-1 b\n\t[etch] b 1\n\t[etch] -\n\trubbish\n");
  ASSERT_EQ(result.records.size(), 2u);
  EXPECT_EQ(result.records[0].skipped, std::vector<std::string>{"no package version"});
  EXPECT_EQ(result.records[1].modified, "");
  EXPECT_EQ(result.records[1].skipped,
            (std::vector<std::string>{"a line that is not understood", "no package", "a line that is not understood"}));
}

TEST(DebianList, AVersionThatIsNotUnderstoodIsKept) {
  const Parsed result = parsed(parse_debian_list, "[1 Jan 2005] DSA-1-1 a\n\t[etch] - b\n\t[etch] - b <odd>\n");
  const auto& affected = result.records[0].advisories.at(0).affected;
  ASSERT_EQ(affected.size(), 2u);
  EXPECT_EQ(affected[0].unclear, std::vector<std::string>{"the version of its fix is not given"});
  EXPECT_EQ(affected[1].unclear, std::vector<std::string>{"an unknown tag takes the place of its fix"});
}

TEST(DebianList, RejectsWithALine) {
  EXPECT_EQ(parsed(parse_debian_list, "\n\t{CVE-1}\n").error, "2: a detail before the first DSA or DLA");
  EXPECT_EQ(parsed(parse_debian_list, "rubbish\n").error, "1: want [date] and an id");
  EXPECT_EQ(parsed(parse_debian_list, "[1 Jan 2005] CVE-1\n").error, "1: want a DSA or DLA, got \"CVE-1\"");
  EXPECT_EQ(parsed(parse_debian_list, "[1 Jan 2005 DSA-1\n").error, "1: want [date] and an id");
}

}  // namespace
}  // namespace initscan

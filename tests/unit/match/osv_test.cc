#include "tests/unit/match/parsed.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

FeedRecord one(std::string_view json) {
  Parsed result = parsed(parse_osv, json);
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.records.size(), 1u);
  return result.records.empty() ? FeedRecord{} : std::move(result.records[0]);
}

std::string with_affected(const std::string& affected) {
  return R"({"id":"DEBIAN-CVE-1","aliases":["CVE-1"],"affected":[)" + affected + "]}";
}

TEST(Osv, ReadsADebianDocument) {
  const FeedRecord record = one(R"({
    "id": "DEBIAN-CVE-2024-1", "upstream": ["CVE-2024-1"], "modified": "2024-02-01T00:00:00Z",
    "published": "2024-01-01T00:00:00Z", "summary": "first line\nsecond",
    "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
    "affected": [{"package": {"ecosystem": "Debian:12", "name": "zlib"}, "ecosystem_specific": {"urgency": "low"},
                  "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1:1.3-2"}]}],
                  "versions": ["1:1.3-1"]}]})");
  EXPECT_EQ(record.modified, "2024-02-01T00:00:00Z");
  ASSERT_EQ(record.advisories.size(), 1u);
  Advisory want;
  want.id = "CVE-2024-1";
  want.aliases = {"DEBIAN-CVE-2024-1"};
  want.severity = Severity::critical;
  want.cvss = 9.8;
  want.published = "2024-01-01T00:00:00Z";
  want.summary = "first line";
  want.affected = {{"Debian:12", "zlib", {{"", "1:1.3-2", ""}}, {}, Severity::low}};
  EXPECT_EQ(record.advisories[0], want);
}

// The ids of the advisories that a document with these names makes.
std::vector<std::string> ids_of(const std::string& names) {
  std::vector<std::string> ids;
  for (const Advisory& advisory : one("{" + names + "}").advisories) ids.push_back(advisory.id);
  return ids;
}

TEST(Osv, SpeaksOfEachCveThatItNames) {
  using Ids = std::vector<std::string>;
  EXPECT_EQ(ids_of(R"("id":"DSA-1","aliases":["CVE-1","CVE-2"])"), (Ids{"CVE-1", "CVE-2"}));
  EXPECT_EQ(ids_of(R"("id":"DSA-1","upstream":["CVE-1"],"related":["CVE-2"])"), Ids{"CVE-1"});
  EXPECT_EQ(ids_of(R"("id":"ALSA-1","related":["CVE-1","CVE-2","GHSA-1"])"), (Ids{"CVE-1", "CVE-2"}));
  EXPECT_EQ(ids_of(R"("id":"CVE-1","related":["CVE-2"])"), Ids{"CVE-1"});
  EXPECT_EQ(ids_of(R"("id":"GHSA-1","related":["GHSA-2"])"), Ids{"GHSA-1"});
}

TEST(Osv, ASummaryEndsBetweenCharacters) {
  const std::string summary = std::string(299, 'a') + "\xc3\xbc" + "b";
  EXPECT_EQ(one(R"({"id":"CVE-1","summary":")" + summary + R"("})").advisories[0].summary, std::string(299, 'a'));
}

TEST(Osv, LeavesOutWhatIsWithdrawn) {
  const FeedRecord record = one(R"({"id":"CVE-1","withdrawn":"2024-01-01T00:00:00Z"})");
  EXPECT_TRUE(record.advisories.empty());
  EXPECT_EQ(record.skipped, std::vector<std::string>{"withdrawn"});
}

TEST(Osv, ReadsSeveralStretchesOfVersions) {
  const FeedRecord record = one(with_affected(R"({"package":{"ecosystem":"Alpine:v3.20","name":"a"},"ranges":[
    {"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1"},{"introduced":"2"},{"last_affected":"3"},{"introduced":"4"}]},
    {"type":"GIT","events":[{"introduced":"0"}]}]})"));
  EXPECT_EQ(record.advisories[0].affected[0].ranges,
            (std::vector<VersionRange>{{"", "1", ""}, {"2", "", "3"}, {"4", "", ""}}));
}

TEST(Osv, ReadsListedVersionsWhereThereIsNoRange) {
  const FeedRecord record =
      one(with_affected(R"({"package":{"ecosystem":"Debian:12","name":"a"},"versions":["1","2"]})"));
  EXPECT_EQ(record.advisories[0].affected[0].versions, (std::vector<std::string>{"1", "2"}));
}

TEST(Osv, KeepsListedVersionsThatNoRangeCovers) {
  const FeedRecord record = one(with_affected(R"({"package":{"ecosystem":"Debian:12","name":"a"},
    "versions":["1","2","3"],"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"2"}]}]})"));
  EXPECT_EQ(record.advisories[0].affected[0].versions, (std::vector<std::string>{"2", "3"}));
}

TEST(Osv, CountsARangeThatCannotBeCompared) {
  const FeedRecord record = one(with_affected(R"({"package":{"ecosystem":"Debian:12","name":"a"},"ranges":[
    {"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"?"},{"introduced":"2"}]},
    {"type":"ECOSYSTEM","events":[{"introduced":"3"}]}]})"));
  EXPECT_EQ(record.skipped, std::vector<std::string>{"a version that is none"});
  EXPECT_EQ(record.advisories[0].affected[0].ranges, (std::vector<VersionRange>{{"3", "", ""}}));
}

TEST(Osv, ReadsAnArray) {
  EXPECT_EQ(parsed(parse_osv, R"([{"id":"A"},{"id":"B"}])").records.size(), 2u);
}

struct Bad {
  const char* name;
  std::string text;
  std::string_view error;
};

class OsvRejects : public testing::TestWithParam<Bad> {};

TEST_P(OsvRejects, WithAReason) {
  EXPECT_EQ(parsed(parse_osv, GetParam().text).error, GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(Table, OsvRejects,
                         testing::Values(Bad{"NoId", "{}", "an OSV document without id"},
                                         Bad{"NoObject", "7", "not an OSV document"}),
                         [](const auto& test) { return test.param.name; });

TEST(Osv, SaysWhatIsNotJson) {
  EXPECT_TRUE(parsed(parse_osv, "{").error.starts_with("not JSON: "));
}

}  // namespace
}  // namespace initscan

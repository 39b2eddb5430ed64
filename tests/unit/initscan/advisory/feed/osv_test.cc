#include "tests/unit/initscan/advisory/feed/parsed.h"

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
  want.id = "DEBIAN-CVE-2024-1";
  want.upstream = {"CVE-2024-1"};
  want.severity = Severity::critical;
  want.cvss = 9.8;
  want.published = "2024-01-01T00:00:00Z";
  want.summary = "first line";
  want.affected = {{"Debian:12", "zlib", {{"", "1:1.3-2", ""}}, {}, {}, Severity::low, -1}};
  EXPECT_EQ(record.id, want.id);
  EXPECT_EQ(record.advisories[0], want);
}

// The names that a document gives: "alias alias / upstream".
std::string names_in(const std::string& names) {
  std::string text;
  const FeedRecord record = one("{" + names + "}");
  for (const std::string& alias : record.advisories[0].aliases) text += alias + ' ';
  text += '/';
  for (const std::string& upstream : record.advisories[0].upstream) text += ' ' + upstream;
  return text;
}

TEST(Osv, TellsAliasesFromWhatAnAnnouncementIsAbout) {
  EXPECT_EQ(names_in(R"("id":"GHSA-1","aliases":["CVE-1","PYSEC-1"])"), "CVE-1 PYSEC-1 /");
  EXPECT_EQ(names_in(R"("id":"DSA-1","upstream":["CVE-1","CVE-2"],"related":["CVE-3"])"), "/ CVE-1 CVE-2");
  EXPECT_EQ(names_in(R"("id":"ALSA-1","related":["CVE-1","CVE-2","GHSA-1"])"), "/ CVE-1 CVE-2");
  EXPECT_EQ(names_in(R"("id":"CVE-1","related":["CVE-2"])"), "/");
  EXPECT_EQ(names_in(R"("id":"GHSA-1","aliases":["", "a b", 7, "GHSA-2"],"related":["CVE-2"])"), "GHSA-2 /");
}

Severity severity_of(const std::string& document) {
  return one(document).advisories.at(0).affected.at(0).severity;
}

TEST(Osv, ReadsTheSeverityOfOnePackage) {
  const std::string vector =
      R"("severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}])";
  const FeedRecord record =
      one(with_affected(R"({"package":{"ecosystem":"Debian:12","name":"a"},"versions":["1"],)" + vector + "}"));
  EXPECT_EQ(record.advisories[0].affected[0].severity, Severity::critical);
  EXPECT_EQ(record.advisories[0].affected[0].cvss, 9.8);
  EXPECT_EQ(severity_of(with_affected(R"({"ecosystem_specific":{"urgency":"low"},)" + vector + "}")), Severity::low)
      << "the distribution's own word";
  EXPECT_EQ(severity_of(with_affected("{}")), Severity::unknown);
}

TEST(Osv, ReadsAVendorsWordBesideVectors) {
  const std::string words = R"("severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"},
    {"type":"Ubuntu","score":"negligible"}])";
  const FeedRecord record = one(R"({"id":"CVE-1",)" + words + "}");
  EXPECT_EQ(record.advisories[0].severity, Severity::negligible);
  EXPECT_EQ(record.advisories[0].cvss, 9.8);
  EXPECT_EQ(severity_of(with_affected("{" + words + "}")), Severity::negligible);
  EXPECT_EQ(one(R"({"id":"CVE-1","severity":[{"type":"Ubuntu","score":"untriaged"}]})").notes,
            std::vector<std::string>{"a severity in a word that is not known"});
}

TEST(Osv, RatesByEachVersionOfCvss) {
  const auto cvss = [](const std::string& vector) {
    return one(R"({"id":"CVE-1","severity":[{"type":"CVSS_V4","score":")" + vector + R"("}]})").advisories[0].cvss;
  };
  EXPECT_EQ(cvss("AV:N/AC:L/Au:N/C:P/I:N/A:N"), 5.0);
  EXPECT_EQ(cvss("CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N"), 6.1);
  EXPECT_EQ(cvss("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"), 9.3);
}

TEST(Osv, KnowsMalware) {
  for (const std::string names :
       {R"("id":"MAL-2024-1")", R"("id":"GHSA-1","aliases":["MAL-2024-1"])",
        R"("id":"GHSA-1","database_specific":{"severity":"LOW","cwe_ids":["CWE-79","CWE-506"]})"}) {
    const Advisory advisory = one("{" + names + "}").advisories.at(0);
    EXPECT_TRUE(advisory.is_malicious) << names;
    EXPECT_EQ(advisory.severity, Severity::critical) << names;
  }
  EXPECT_FALSE(one(R"({"id":"GHSA-1","database_specific":{"cwe_ids":["CWE-79"]}})").advisories[0].is_malicious);
}

TEST(Osv, ReadsWhichSymbolsOfGoAreMeant) {
  const auto symbols = [](const std::string& imports) {
    return one(with_affected(R"({"ecosystem_specific":{"imports":)" + imports + "}}"))
        .advisories.at(0)
        .affected.at(0)
        .symbols;
  };
  EXPECT_EQ(symbols(R"([{"path":"a.org/b/c","symbols":["F","T.M"]},{"path":"a.org/b/yaml.v2"}])"),
            (std::vector<std::string>{"a.org/b/c.F", "a.org/b/c.T.M", "a.org/b/yaml.v2.*"}));
  EXPECT_EQ(symbols("[]"), std::vector<std::string>{});
}

TEST(Osv, TellsWhatIsPaidForFromWhatIsCertified) {
  const auto flavour = [](const std::string& ecosystem) {
    const AffectedPackage affected =
        one(with_affected(R"({"package":{"ecosystem":")" + ecosystem + R"(","name":"a"},"versions":["1"]})"))
            .advisories.at(0)
            .affected.at(0);
    return affected.ecosystem + ' ' + affected.scope.flavour;
  };
  EXPECT_EQ(flavour("Ubuntu:16.04:LTS"), "Ubuntu:16.04:LTS ");
  EXPECT_EQ(flavour("Ubuntu:Pro:16.04:LTS"), "Ubuntu:16.04:LTS pro");
  EXPECT_EQ(flavour("Ubuntu:Pro:Realtime:22.04:LTS"), "Ubuntu:22.04:LTS pro");
  EXPECT_EQ(flavour("Ubuntu:Pro:FIPS-updates:20.04:LTS"), "Ubuntu:20.04:LTS fips");
}

TEST(Osv, CountsRangesOfCommits) {
  const FeedRecord record = one(with_affected(R"({"package":{"ecosystem":"Debian:12","name":"a"},"versions":["1"],
    "ranges":[{"type":"GIT","repo":"https://a.org/b","events":[{"introduced":"0"}]}]})"));
  EXPECT_EQ(record.skipped, std::vector<std::string>{"a range of commits"});
  EXPECT_EQ(record.advisories[0].affected[0].unclear, std::vector<std::string>{});
}

TEST(Osv, KeepsListedVersionsThatCannotBeParsed) {
  const FeedRecord record =
      one(with_affected(R"({"package":{"ecosystem":"Debian:12","name":"a"},"versions":["release_2","1 of 2",""]})"));
  EXPECT_EQ(record.advisories[0].affected[0].versions, (std::vector<std::string>{"release_2", "1 of 2"}));
  EXPECT_EQ(record.advisories[0].affected[0].unclear, std::vector<std::string>{"a word takes the place of a version"});
}

// "stream / what is unclear" of a package whose fix is given in an erratum with a summary.
std::string stream_of(const std::string& summary, const std::string& fixed) {
  const AffectedPackage affected =
      one(R"({"id":"A-1","summary":")" + summary +
          R"(","affected":[{"package":{"ecosystem":"Debian:12","name":"a"},"ranges":[{"type":"ECOSYSTEM","events":[
          {"introduced":"0"},{"fixed":")" +
          fixed + R"("}]}]}]})")
          .advisories.at(0)
          .affected.at(0);
  EXPECT_EQ(affected.ranges.empty(), !affected.unclear.empty());
  return affected.scope.module + " /" + (affected.unclear.empty() ? "" : ' ' + affected.unclear[0]);
}

TEST(Osv, ReadsTheStreamOfAModuleInTheSummary) {
  EXPECT_EQ(stream_of("Important: nodejs:16 security, bug fix update", "16.1-1.module+el8.6.0+1+a"), "nodejs:16 /");
  EXPECT_EQ(stream_of("virt:rhel and virt-devel:rhel update", "16.1-1.module_el8.6.0+1+a"), "virt:rhel /");
  EXPECT_EQ(stream_of("Moderate: ruby security update", "1-1.module_el8.6.0+1+a"),
            " / the stream of its module is not given");
  EXPECT_EQ(stream_of("Moderate: kernel:4.18.0 security update", "4.18.0-1.el8"), " /");
}

TEST(Osv, CountsVectorsThatAreNone) {
  const FeedRecord record = one(R"({"id":"CVE-1","severity":[{"type":"CVSS_V4","score":"CVSS:4.0/AV:N"}]})");
  EXPECT_EQ(record.notes, std::vector<std::string>{"a CVSS vector that cannot be parsed"});
  EXPECT_EQ(record.advisories[0].severity, Severity::unknown);
}

TEST(Osv, KnowsAnUpdateThatRepairsAnEarlierOne) {
  EXPECT_TRUE(one(R"({"id":"DLA-1-2","summary":"python-x - regression update"})").regression_update);
  EXPECT_FALSE(one(R"({"id":"DLA-1-1","summary":"python-x - security update"})").regression_update);
}

TEST(Osv, ASummaryEndsBetweenCharacters) {
  const std::string summary = std::string(299, 'a') + "\xc3\xbc" + "b";
  EXPECT_EQ(one(R"({"id":"CVE-1","summary":")" + summary + R"("})").advisories[0].summary, std::string(299, 'a'));
}

TEST(Osv, TellsWhatIsWithdrawn) {
  const FeedRecord record = one(R"({"id":"CVE-1","withdrawn":"2024-01-01T00:00:00Z"})");
  EXPECT_TRUE(record.withdrawn);
  EXPECT_EQ(record.skipped, std::vector<std::string>{"withdrawn"});
  EXPECT_FALSE(one(R"({"id":"CVE-1","withdrawn":null})").withdrawn);
}

TEST(Osv, TakesTheZeroOfAClockForNoTime) {
  const FeedRecord record =
      one(R"({"id":"GO-1","modified":"0001-01-01T00:00:00Z","published":"0001-01-01T00:00:00Z"})");
  EXPECT_EQ(record.modified, "");
  EXPECT_EQ(record.advisories.at(0).published, "");
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
  EXPECT_EQ(record.notes, std::vector<std::string>{"a version that is both listed as affected and given as the fix"});
}

struct Unclear {
  const char* name;
  std::string versions;
  std::vector<std::string> want;
};

class OsvUnclear : public testing::TestWithParam<Unclear> {};

TEST_P(OsvUnclear, IsKept) {
  const FeedRecord record =
      one(with_affected(R"({"package":{"ecosystem":"Alpine:v3.20","name":"a"})" + GetParam().versions + "}"));
  EXPECT_EQ(record.advisories[0].affected[0].unclear, GetParam().want);
}

std::string events(const std::string& list, const std::string& type = "ECOSYSTEM") {
  return R"(,"ranges":[{"type":")" + type + R"(","events":[)" + list + "]}]";
}

const std::vector<std::string> kUnclearRange{"a version range that is not understood"};

const std::vector<std::string> kWord{"a word takes the place of a version"};

INSTANTIATE_TEST_SUITE_P(
    Table, OsvUnclear,
    testing::Values(
        Unclear{"Clear", events(R"({"introduced":"0"})"), {}}, Unclear{"NothingIsGiven", "", {"no versions are given"}},
        Unclear{"OnlyCommits", events(R"({"introduced":"0"})", "GIT"), {"no versions are given"}},
        Unclear{"AnotherType", events(R"({"introduced":"0"})", "SEMVER"), kUnclearRange},
        Unclear{"NoEvents", events(""), kUnclearRange},
        Unclear{"AnUnknownEvent", events(R"({"introduced":"0"},{"mended":"1"})"), kUnclearRange},
        Unclear{"AnEmptyVersion", events(R"({"introduced":"0"},{"fixed":""})"), kUnclearRange},
        Unclear{"ANumber", events(R"({"introduced":"0"},{"fixed":2})"), kUnclearRange},
        Unclear{"NothingIntroduced", events(R"({"fixed":"2"})"), kUnclearRange},
        Unclear{"ATagOfTheTracker", events(R"({"introduced":"0"},{"fixed":"<undetermined>"})"), kWord},
        Unclear{"AWordAmongVersions", events(R"({"introduced":"0"},{"fixed":"1-r0"},{"introduced":"none"})"), kWord},
        Unclear{"NotAffectedAmongVersions", events(R"({"introduced":"0"},{"fixed":"1-r0"},{"fixed":"<not-affected>"})"),
                kWord},
        Unclear{"ALimitThatIsNone", events(R"({"introduced":"0"},{"fixed":"1-r0"},{"limit":"*"})"), {}},
        Unclear{"AWordInTheList", R"(,"versions":["<unfixed>"])", kWord},
        Unclear{"NoOrder", events(R"({"introduced":"0"},{"fixed":"1.r0"},{"introduced":"2"})"), kUnclearRange}),
    [](const auto& test) { return test.param.name; });

TEST(Osv, WhatIsNotAffectedIsAStatementWhereNothingElseIsSaid) {
  const auto read = [](const std::string& more) {
    return one(with_affected(R"({"package":{"ecosystem":"Debian:12","name":"a"})" +
                             events(R"({"introduced":"0"},{"fixed":"<not-affected>"})") + more + "}"))
        .advisories.at(0)
        .affected.at(0);
  };
  AffectedPackage want{"Debian:12", "a", {{}}};
  want.status = AdvisoryStatus::not_affected;
  EXPECT_EQ(read(""), want);
  EXPECT_EQ(read(R"(,"versions":["1"])"), (AffectedPackage{"Debian:12", "a", {}, std::vector<std::string>{"1"}}));
}

TEST(Osv, SpellsEcosystemsAsTheIndexDoes) {
  const auto spelled = [](const std::string& ecosystem) {
    return one(with_affected(R"({"package":{"ecosystem":")" + ecosystem + R"(","name":"a"},"versions":["1"]})"))
        .advisories[0]
        .affected[0]
        .ecosystem;
  };
  EXPECT_EQ(spelled("Debian"), "Debian");
  EXPECT_EQ(spelled("Debian:bookworm"), "Debian:12");
  EXPECT_EQ(spelled("Alpine:3.20"), "Alpine:v3.20");
  EXPECT_EQ(spelled("Alpine:edge"), "Alpine:edge");
  EXPECT_EQ(spelled("Debian:next"), "Debian:next");
}

TEST(Osv, ReadsYaml) {
  const FeedRecord record = one(R"(
id: PYSEC-1
modified: 2023-11-07T20:24:23.946863Z
withdrawn: null
aliases: [CVE-1]
affected:
- package: {ecosystem: "Debian:12", name: a}
  ranges:
  - type: ECOSYSTEM
    events:
    - introduced: 0
    - fixed: 1.10
  versions:
  - 2.0
)");
  EXPECT_EQ(record.modified, "2023-11-07T20:24:23.946863Z");
  EXPECT_FALSE(record.withdrawn);
  const Advisory& advisory = record.advisories.at(0);
  EXPECT_EQ(advisory.aliases, std::vector<std::string>{"CVE-1"});
  EXPECT_EQ(advisory.affected.at(0),
            (AffectedPackage{"Debian:12", "a", {{"", "1.10", ""}}, std::vector<std::string>{"2.0"}}));
}

TEST(Osv, ReadsEachDocumentOfAYamlStream) {
  EXPECT_EQ(parsed(parse_osv, "id: A\n---\nid: B\n").records.size(), 2u);
}

TEST(Osv, ReadsAnArray) {
  EXPECT_EQ(parsed(parse_osv, R"([{"id":"A"},{"id":"B"}])").records.size(), 2u);
}

struct Bad {
  const char* name;
  std::string text;
  std::string_view error;
};

std::string deep_yaml() {
  std::string text;
  for (int i = 0; i < 70; ++i) text += "- ";
  return text + "a";
}

class OsvRejects : public testing::TestWithParam<Bad> {};

TEST_P(OsvRejects, WithAReason) {
  EXPECT_EQ(parsed(parse_osv, GetParam().text).error, GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(
    Table, OsvRejects,
    testing::Values(Bad{"NoId", "{}", "an OSV document without id"},
                    Bad{"Empty", "", "it is empty; want an OSV document"}, Bad{"NoObject", "7", "not an OSV document"},
                    Bad{"NoObjectInAList", "[7]", "not an OSV document"},
                    Bad{"AffectedIsNoList", R"({"id":"A","affected":{}})", "A: affected: want a list"},
                    Bad{"AliasesAreNoList", R"({"id":"A","aliases":"CVE-1"})", "A: aliases: want a list"},
                    Bad{"NoYaml", "id: A\n b: c\n", "2: not YAML: illegal map value"},
                    Bad{"AnAlias", "id: &a B\naliases: [*a]\n", "1: not YAML: anchors and aliases are not read"},
                    Bad{"AKeyThatIsNoText", "id: B\n? [a]\n: b\n", "2: not YAML: want plain text as a key"},
                    Bad{"TooDeep", deep_yaml(), "1: not YAML: nested too deeply"},
                    Bad{"NoText", "id: \x01", "1: not text in UTF-8"}),
    [](const auto& test) { return test.param.name; });

TEST(Osv, SaysWhatIsNotJson) {
  EXPECT_TRUE(parsed(parse_osv, "{").error.starts_with("not JSON: "));
}

}  // namespace
}  // namespace initscan

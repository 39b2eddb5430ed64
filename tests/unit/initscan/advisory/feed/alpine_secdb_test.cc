#include "tests/unit/initscan/advisory/feed/parsed.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

const std::string kHead = "distroversion: v3.20\nreponame: main\npackages:\n";

TEST(AlpineSecdb, ReadsFixes) {
  const Parsed result = parsed(parse_alpine_secdb, kHead +
                                                       "  - pkg:\n"
                                                       "      name: xen\n"
                                                       "      secfixes:\n"
                                                       "        4.9.0-r7:\n"
                                                       "          - CVE-2017-15597 XSA-236\n"
                                                       "        '0':\n"
                                                       "          - CVE-2-1\n");
  EXPECT_EQ(result.error, "");
  ASSERT_EQ(result.records.size(), 1u);
  ASSERT_EQ(result.records[0].advisories.size(), 2u);
  const Advisory& advisory = result.records[0].advisories[0];
  EXPECT_EQ(advisory.id, "CVE-2017-15597");
  EXPECT_EQ(advisory.aliases, std::vector<std::string>{"XSA-236"});
  EXPECT_EQ(advisory.affected, (std::vector<AffectedPackage>{{"Alpine:v3.20", "xen", {{"", "4.9.0-r7", ""}}}}));
  AffectedPackage never{"Alpine:v3.20", "xen", {{}}};
  never.status = AdvisoryStatus::not_affected;
  EXPECT_EQ(result.records[0].advisories[1].id, "CVE-2-1");
  EXPECT_EQ(result.records[0].advisories[1].affected, std::vector<AffectedPackage>{never});
}

TEST(AlpineSecdb, KnowsDistributionsWithoutReleasesByTheirPlace) {
  const auto ecosystem = [](const std::string& place) {
    return parsed(parse_alpine_secdb, R"({"urlprefix":")" + place +
                                          R"(","packages":[{"pkg":{"name":"a","secfixes":{"1-r0":["CVE-2024-1"]}}}]})")
        .records.at(0)
        .advisories.at(0)
        .affected.at(0)
        .ecosystem;
  };
  EXPECT_EQ(ecosystem("https://packages.wolfi.dev"), "Wolfi");
  EXPECT_EQ(ecosystem("https://packages.cgr.dev/chainguard"), "Chainguard");
}

struct Names {
  const char* name;
  std::string entry;
  std::string want;  // "ID alias.." for each advisory, or the reason for none
};

class AlpineSecdbNames : public testing::TestWithParam<Names> {};

TEST_P(AlpineSecdbNames, AreTold) {
  const std::string entry = kHead + "  - pkg: {name: a, secfixes: {1-r0: ['" + GetParam().entry + "']}}\n";
  const Parsed result = parsed(parse_alpine_secdb, entry);
  ASSERT_EQ(result.error, "");
  std::string got;
  for (const Advisory& advisory : result.records[0].advisories) {
    got += (got.empty() ? "" : ", ") + advisory.id;
    for (const std::string& alias : advisory.aliases) got += ' ' + alias;
  }
  for (const std::string& reason : result.records[0].skipped) got += reason;
  EXPECT_EQ(got, GetParam().want);
}

// Each as it stands in a real secdb.
INSTANTIATE_TEST_SUITE_P(Table, AlpineSecdbNames,
                         testing::Values(Names{"SeveralCves", "CVE-2017-5753 CVE-2017-5715 XSA-254 XPTI",
                                               "CVE-2017-5753 XSA-254, CVE-2017-5715 XSA-254"},
                                         Names{"NoCveYet", "CVE-\?\?\?\?-\?\?\?\?\?  XSA-216", "XSA-216"},
                                         Names{"Commas", "CVE-2020-1,CVE-2020-2, CVE-2020-3;XSA-1",
                                               "CVE-2020-1 XSA-1, CVE-2020-2 XSA-1, CVE-2020-3 XSA-1"},
                                         Names{"ACommaBehindAFile", "CVE-2020-1.patch,CVE-2020-2",
                                               "CVE-2020-1, CVE-2020-2"},
                                         Names{"ARemark", "CVE-2018-14882 (ICMP6 - CVE-1999-1)", "CVE-2018-14882"},
                                         Names{"AnUnderscore", "CVE_2019-2426", "CVE-2019-2426"},
                                         Names{"ASpace", "CVE 2019-12345", "CVE-2019-12345"},
                                         Names{"AFile", "CVE-2017-6964.patch", "CVE-2017-6964"},
                                         Names{"AnotherName", "wnpa-sec-2018-26", "wnpa-sec-2018-26"},
                                         Names{"ARandomName", "GHSA-jq35-85cj-fj4p", "GHSA-jq35-85cj-fj4p"},
                                         Names{"NoName", "fixed", "no id"}, Names{"NoNumber", "CVE-2019-", "no id"}),
                         [](const auto& test) { return test.param.name; });

TEST(AlpineSecdb, AFixWithoutAVersionIsNotTakenForNone) {
  for (const char* key : {"''", "[1]", "~"}) {
    const Parsed result =
        parsed(parse_alpine_secdb, kHead + "  - pkg: {name: a, secfixes: {" + key + ": [CVE-1-1]}}\n");
    EXPECT_EQ(result.error, "") << key;
    ASSERT_EQ(result.records[0].advisories.size(), 1u) << key;
    const AffectedPackage& affected = result.records[0].advisories[0].affected[0];
    EXPECT_TRUE(affected.ranges.empty()) << key;
    EXPECT_EQ(affected.unclear, std::vector<std::string>{"the version of its fix is not given"}) << key;
  }
}

TEST(AlpineSecdb, AWordIsNoVersion) {
  const Parsed result = parsed(parse_alpine_secdb, kHead + "  - pkg: {name: a, secfixes: {unknown: [CVE-1-1]}}\n");
  ASSERT_EQ(result.records.at(0).advisories.size(), 1u);
  EXPECT_EQ(result.records[0].advisories[0].affected[0].unclear,
            std::vector<std::string>{"the version of its fix is a word, not a version"});
}

TEST(AlpineSecdb, OneIdMayStandForAListOfOne) {
  const Parsed result = parsed(parse_alpine_secdb,
                               kHead + "  - pkg: {name: a, secfixes: {1-r0: CVE-2020-1, 2-r0: 'CVE-2020-2 XSA-1'}}\n");
  ASSERT_EQ(result.error, "");
  ASSERT_EQ(result.records[0].advisories.size(), 2u);
  EXPECT_EQ(result.records[0].advisories[0].id, "CVE-2020-1");
  EXPECT_EQ(result.records[0].advisories[1].aliases, std::vector<std::string>{"XSA-1"});
}

TEST(AlpineSecdb, ReadsJson) {
  const Parsed result =
      parsed(parse_alpine_secdb,
             R"({"distroversion":"v3.20","packages":[{"pkg":{"name":"a","secfixes":{"1-r0":["CVE-1"]}}}]})");
  EXPECT_EQ(result.error, "");
  ASSERT_EQ(result.records.size(), 1u);
  EXPECT_EQ(result.records[0].advisories[0].affected[0].name, "a");
}

TEST(AlpineSecdb, CountsEmptyFixes) {
  EXPECT_EQ(parsed(parse_alpine_secdb, kHead + "  - pkg: {name: a, secfixes: {1-r0: }}\n").records[0].skipped,
            std::vector<std::string>{"no vulnerabilities"});
  for (const char* const none : {"", ", secfixes: ", ", secfixes: {}", ", secfixes: []"}) {
    EXPECT_EQ(parsed(parse_alpine_secdb, kHead + "  - pkg: {name: a" + none + "}\n").records.at(0).skipped,
              std::vector<std::string>{"no fixes"});
  }
}

TEST(AlpineSecdb, RejectsWithALine) {
  EXPECT_EQ(parsed(parse_alpine_secdb, "a: 1\n").error, "not a secdb: want a mapping with packages");
  EXPECT_EQ(parsed(parse_alpine_secdb, "packages:\n").error,
            "1: want a distroversion, or the urlprefix of Wolfi or Chainguard");
  EXPECT_EQ(parsed(parse_alpine_secdb, "urlprefix: https://example.org\npackages:\n").error,
            "1: want a distroversion, or the urlprefix of Wolfi or Chainguard");
  EXPECT_EQ(parsed(parse_alpine_secdb, kHead + "  - name: x\n").error, "4: want a package with a name");
  EXPECT_EQ(parsed(parse_alpine_secdb, kHead + "  - x\n").error, "4: want a package with a name");
  EXPECT_EQ(parsed(parse_alpine_secdb, kHead + "  - pkg: {name: a, secfixes: {1-r0: {CVE-1-1: }}}\n").error,
            "4: want a list of the ids of vulnerabilities");
  EXPECT_EQ(parsed(parse_alpine_secdb, kHead + "  - pkg: {name: a, secfixes: {1-r0: [[CVE-1-1]]}}\n").error,
            "4: want the id of a vulnerability");
  EXPECT_EQ(parsed(parse_alpine_secdb, kHead + "  - pkg: {name: a, secfixes: [CVE-1-1]}\n").error,
            "4: want a mapping from versions to what they fix");
  EXPECT_EQ(parsed(parse_alpine_secdb, "distroversion: next\npackages:\n").error,
            "1: want a distroversion such as v3.20 or edge");
  EXPECT_EQ(parsed(parse_alpine_secdb, kHead + "  - [\n").error, "5: not YAML: end of sequence flow not found");
  EXPECT_EQ(parsed(parse_alpine_secdb, "").error, "not a secdb: want a mapping with packages");
}

}  // namespace
}  // namespace initscan

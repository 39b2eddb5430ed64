#include "tests/unit/match/parsed.h"

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
                                                       "          - CVE-2\n");
  EXPECT_EQ(result.error, "");
  ASSERT_EQ(result.records.size(), 1u);
  ASSERT_EQ(result.records[0].advisories.size(), 1u);
  const Advisory& advisory = result.records[0].advisories[0];
  EXPECT_EQ(advisory.id, "CVE-2017-15597");
  EXPECT_EQ(advisory.aliases, std::vector<std::string>{"XSA-236"});
  EXPECT_EQ(advisory.affected,
            (std::vector<AffectedPackage>{{"Alpine:v3.20", "xen", {{"", "4.9.0-r7", ""}}, {}, Severity::unknown}}));
  EXPECT_EQ(result.records[0].skipped, std::vector<std::string>{"never affected"});
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
  EXPECT_EQ(parsed(parse_alpine_secdb, kHead + "  - pkg: {name: a}\n").records[0].skipped,
            std::vector<std::string>{"no fixes"});
}

TEST(AlpineSecdb, RejectsWithALine) {
  EXPECT_EQ(parsed(parse_alpine_secdb, "a: 1\n").error, "no secdb: want a mapping with distroversion and packages");
  EXPECT_EQ(parsed(parse_alpine_secdb, kHead + "  - name: x\n").error, "4: want a package with a name");
  EXPECT_EQ(parsed(parse_alpine_secdb, kHead + "  - [\n").error, "5: not YAML: end of sequence flow not found");
  EXPECT_EQ(parsed(parse_alpine_secdb, "").error, "no secdb: want a mapping with distroversion and packages");
}

}  // namespace
}  // namespace initscan

#include "initscan/match/match_answer.h"

#include "tests/unit/initscan/match/matched_sbom.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

TEST(MatchAnswer, IsReadAsItWasWritten) {
  const Sbom sbom = two_packages();
  MatchAnswer answer = answer_on(sbom);
  answer.result.checked = 1;
  answer.result.no_data = {"no advisories for \"Debian:13\""};
  answer.result.over_limit = {"a", "b"};
  answer.result.unmatched = {"c"};
  const auto again = read_match_answer(write_match_answer(answer, sbom), sbom);
  ASSERT_TRUE(again) << again.error().text;
  EXPECT_EQ(*again, answer);
}

TEST(MatchAnswer, OfNothingIsOne) {
  const Sbom sbom;
  MatchAnswer answer;
  answer.sbom_sha256 = std::string(64, '0');
  const auto again = read_match_answer(write_match_answer(answer, sbom), sbom);
  ASSERT_TRUE(again) << again.error().text;
  EXPECT_EQ(*again, answer);
}

// What stands in a whole answer, and what stands there instead.
struct Bad {
  const char* name;
  std::string was;
  std::string is;
  std::string error;
};

class BadMatchAnswer : public testing::TestWithParam<Bad> {};

TEST_P(BadMatchAnswer, IsNone) {
  const Sbom sbom = two_packages();
  std::string text = write_match_answer(answer_on(sbom), sbom);
  const std::size_t place = text.find(GetParam().was);
  ASSERT_NE(place, text.npos) << text;
  text.replace(place, GetParam().was.size(), GetParam().is);
  const auto answer = read_match_answer(text, sbom);
  ASSERT_FALSE(answer) << text;
  EXPECT_EQ(answer.error().text, GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadMatchAnswer,
    testing::Values(
        Bad{"AnotherSchema", "match/v1", "match/v2", "schema: want \"initscan.io/match/v1\""},
        Bad{"AKeyMore", "\"checked\":2", "\"checked\":2,\"skipped\":1", "no key \"skipped\" is known here"},
        Bad{"AKeyLess", "\"noData\":[],", "", "want a key \"noData\""},
        Bad{"AKeyTwice", "\"checked\":2", "\"checked\":2,\"checked\":2", "the key \"checked\" twice"},
        Bad{"NoHash", std::string(64, 'a'), "aa", "sbomSha256: want 64 hexadecimal digits"},
        Bad{"NoDate", "2026-11-27T00:00:00Z", "today", "advisoriesDate: want a time such as 2026-11-27T00:00:00Z"},
        Bad{"NoDateOfARelease", "2026-11-26T00:00:00Z", "today", "dataDates: want times such as 2026-11-27T00:00:00Z"},
        Bad{"OfOtherPackages", "\"packages\":2", "\"packages\":3", "it is about 3 packages, and the SBOM has 2"},
        Bad{"MoreCheckedThanThereAre", "\"checked\":2", "\"checked\":3", "more packages were checked than there are"},
        Bad{"PackagesGoneWithoutAWord", "\"checked\":2", "\"checked\":1",
            "it does not say why not all packages were checked"},
        Bad{"ComparedWithNothing", R"("dataDates":{"Debian:12":"2026-11-26T00:00:00Z"})", R"("dataDates":{})",
            "it does not say what packages were compared with"},
        Bad{"OfAnotherRelease", "Debian:12", "Debian:13", "the SBOM is not of \"Debian:13\""},
        Bad{"NegativeCount", "\"checked\":2", "\"checked\":-2", "checked: want a whole number"},
        Bad{"NoList", "\"overLimit\":[]", "\"overLimit\":{}", "overLimit: want a list"},
        Bad{"NoTexts", "\"overLimit\":[]", "\"overLimit\":[1]", "overLimit: want texts"},
        Bad{"NoFinding", "\"findings\":[", "\"findings\":[7,", "findings[0]: want an object"},
        Bad{"APackageThatIsNotThere", "\"package\":0", "\"package\":2",
            "findings[0]: it is about \"libssl3 3.0.9-1\", which the SBOM does not have there"},
        Bad{"AnotherPackage", "\"package\":0", "\"package\":1",
            "findings[0]: it is about \"libssl3 3.0.9-1\", which the SBOM does not have there"},
        Bad{"AnotherVersion", "\"name\":\"libssl3\",\"version\":\"3.0.9-1\"",
            "\"name\":\"libssl3\",\"version\":\"3.0.9-2\"",
            "findings[0]: it is about \"libssl3 3.0.9-2\", which the SBOM does not have there"},
        Bad{"NoId", "\"id\":\"CVE-1\"", "\"id\":\"\"", "findings[0]: a vulnerability without an id"},
        Bad{"NoSeverity",
            "\"id\":\"CVE-2\",\"aliases\":[\"DSA-1\",\"GHSA-1\"],\"fixed\":\"3.0.11\",\"severity\":\"high\"",
            "\"id\":\"CVE-2\",\"aliases\":[\"DSA-1\",\"GHSA-1\"],\"fixed\":\"3.0.11\",\"severity\":\"HIGH\"",
            "findings[1]: severity: want one that is known"},
        Bad{"AScoreBeyondAll",
            "\"id\":\"CVE-1\",\"aliases\":[\"DSA-1\",\"GHSA-1\"],\"fixed\":\"3.0.11\",\"severity\":\"high\",\"cvss\":7."
            "5",
            "\"id\":\"CVE-1\",\"aliases\":[\"DSA-1\",\"GHSA-1\"],\"fixed\":\"3.0.11\",\"severity\":\"high\",\"cvss\":"
            "11",
            "findings[0]: cvss: want a number from 0 to 10, or null"},
        Bad{"AnUnknownStatus", "\"status\":\"under-investigation\"", "\"status\":\"unknown\"",
            "findings[0]: status: want one that is known"},
        Bad{"AStatusThatSaysNothing", "\"status\":\"under-investigation\"", "\"status\":\"affected\"",
            "findings[0]: status: want one that is known"},
        Bad{"AStatusThatIsNone", "\"status\":\"under-investigation\"", "\"status\":null",
            "findings[0]: status: want a text"},
        Bad{"NotMalicious", "\"malicious\":true", "\"malicious\":false", "findings[1]: malicious: want true"},
        Bad{"NoDayOfExploitation", "\"knownExploited\":\"2021-12-10\"", "\"knownExploited\":\"\"",
            "findings[0]: knownExploited: want a day such as 2026-11-27"},
        Bad{"LikelierThanCertain", "\"epss\":0.00383", "\"epss\":1.5", "findings[0]: epss: want a number from 0 to 1"},
        Bad{"NoPercentile", "\"percentile\":0.73075", "\"percentile\":null",
            "findings[0]: percentile: want a number from 0 to 1"},
        Bad{"NoDateOfAnOverlay", "2026-11-25T00:00:00Z", "today", "overlay: want times such as 2026-11-27T00:00:00Z"},
        Bad{"NoEndOfSupport", "\"supportEnd\":\"2026-08-31\"", "\"supportEnd\":\"never\"",
            "supportEnd: want a day such as 2026-11-27"},
        Bad{"ADoubtWithoutAReason", "\"why\":\"its version cannot be compared\"", "\"whi\":\"x\"",
            "doubts[0]: no key \"whi\" is known here"}),
    [](const auto& test) { return test.param.name; });

TEST(MatchAnswer, HasLimits) {
  const Sbom sbom = two_packages();
  MatchAnswer answer = answer_on(sbom);
  answer.result.findings.assign(kMaxAnswerFindings, finding_of(sbom, 0, "CVE-1"));
  answer.doubts.clear();
  EXPECT_TRUE(read_match_answer(write_match_answer(answer, sbom), sbom));
  answer.doubts = {{finding_of(sbom, 0, "CVE-1"), "why"}};
  const auto many = read_match_answer(write_match_answer(answer, sbom), sbom);
  ASSERT_FALSE(many);
  EXPECT_EQ(many.error().code, Errc::over_limit);
  const auto large = read_match_answer(std::string(kMaxMatchAnswerBytes + 1, ' '), sbom);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, Errc::over_limit);
  EXPECT_FALSE(read_match_answer("", sbom));
  EXPECT_FALSE(read_match_answer("[]", sbom));
}

TEST(MatchAnswer, ThatIsCutOffIsNone) {
  const Sbom sbom = two_packages();
  const std::string text = write_match_answer(answer_on(sbom), sbom);
  const std::size_t end = text.rfind('}');
  for (std::size_t size = 0; size <= end; ++size) EXPECT_FALSE(read_match_answer(text.substr(0, size), sbom)) << size;
}

}  // namespace
}  // namespace initscan

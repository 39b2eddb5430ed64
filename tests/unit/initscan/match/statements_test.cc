#include "initscan/match/statements.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

constexpr auto kRange = StatementKind::range;
constexpr auto kVersion = StatementKind::version;
constexpr auto kUnfixed = StatementKind::unfixed;
constexpr auto kUnclear = StatementKind::unclear;

AffectedRow row(std::string_view introduced, std::string_view fixed, std::string_view last = "",
                StatementKind kind = kRange) {
  AffectedRow made;
  made.introduced = introduced;
  made.fixed = fixed;
  made.last_affected = last;
  made.kind = kind;
  return made;
}

struct Case {
  const char* name;
  std::string_view version;
  std::vector<AffectedRow> rows;
  std::string want;  // "no", "yes", "yes, fixed in 2", or why it cannot be said
};

class Statements : public testing::TestWithParam<Case> {};

TEST_P(Statements, ComeToOneConclusion) {
  const Conclusion conclusion = conclude(VersionOrder::deb, GetParam().version, GetParam().rows);
  std::string got = conclusion.is == Conclusion::Is::unaffected ? "no" : conclusion.why;
  if (conclusion.is == Conclusion::Is::affected) {
    got = conclusion.fixed.empty() ? "yes" : "yes, fixed in " + std::string(conclusion.fixed);
  }
  EXPECT_EQ(got, GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    OneStatement, Statements,
    testing::Values(Case{"BeforeTheFix", "1.2-1", {row("", "1.2-2")}, "yes, fixed in 1.2-2"},
                    Case{"TheFix", "1.2-2", {row("", "1.2-2")}, "no"},
                    Case{"AfterTheFix", "1.10-1", {row("", "1.2-2")}, "no"},
                    Case{"NoFix", "9", {row("", "", "", kUnfixed)}, "yes"},
                    Case{"BeforeItCameIn", "1.0", {row("1.1", "2")}, "no"},
                    Case{"WhereItCameIn", "1.1", {row("1.1", "2")}, "yes, fixed in 2"},
                    Case{"TheLastAffected", "1.5", {row("1.1", "", "1.5")}, "yes"},
                    Case{"AfterTheLastAffected", "1.5-1", {row("1.1", "", "1.5")}, "no"},
                    Case{"Listed", "1.50", {row("1.50", "", "", kVersion)}, "yes"},
                    Case{"ListedInOtherWords", "1.0", {row("1.0-0", "", "", kVersion)}, "yes"},
                    Case{"NotListed", "1.51", {row("1.50", "", "", kVersion)}, "no"},
                    Case{"Unclear", "1", {row("so it is", "", "", kUnclear)}, "so it is"},
                    Case{"AFixThatIsNone", "1.0", {row("", "2-")}, "\"2-\" cannot be compared with \"1.0\""},
                    Case{"AnInstalledVersionThatIsNone", "", {row("", "2")}, "\"2\" cannot be compared with \"\""},
                    Case{"WhichIsOfNoMatterWhereAllAreAffected", "", {row("", "", "", kUnfixed)}, "yes"}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Several, Statements,
    testing::Values(
        Case{"RepairedIsWhatAllCallRepaired", "1", {row("", "2"), row("", "10")}, "yes, fixed in 10"},
        Case{"BetweenTwoFixes", "5", {row("", "2"), row("", "10")}, "yes, fixed in 10"},
        Case{"AFixThatAnotherRecordKnows", "1.0", {row("", "2.0"), row("", "", "", kUnfixed)}, "yes, fixed in 2.0"},
        Case{"WhoHasThatFixHasIt", "2.0", {row("", "2.0"), row("", "", "", kUnfixed)}, "no"},
        Case{"TheLastOfSuchFixes", "5", {row("", "2"), row("", "10"), row("", "", "", kUnfixed)}, "yes, fixed in 10"},
        Case{"ItCameBackAfterThatFix", "3.5", {row("", "2"), row("3", "", "", kUnfixed)}, "yes"},
        Case{"ARecordThatKnowsItsFixesIsNotCutShort", "3", {row("", "2"), row("", "", "", kRange)}, "yes"},
        Case{"TheLowestFixOfABranch", "1.1", {row("", "1.5"), row("2", "2.5")}, "yes, fixed in 1.5"},
        Case{"NotAFixInsideAnotherStretch", "1", {row("", "2.1"), row("2", "2.5")}, "yes, fixed in 2.5"},
        Case{"NotAFixThatIsListed", "1", {row("", "2"), row("2", "", "", kVersion)}, "yes"},
        Case{"AffectedGoesBeforeUnclear", "1", {row("what", "", "", kUnclear), row("", "2")}, "yes"},
        Case{"UnclearGoesBeforeUnaffected", "3", {row("", "2"), row("what", "", "", kUnclear)}, "what"},
        Case{"AnotherFixThatIsNone",
             "3",
             {row("", "2-"), row("", "", "", kUnfixed)},
             "\"2-\" cannot be compared with \"3\""}),
    [](const auto& test) { return test.param.name; });

TEST(Statements, ManyFixesAreTriedToALimit) {
  std::vector<std::string> versions;
  for (int i = 1; i <= 3000; ++i) versions.push_back(std::to_string(i));
  std::vector<AffectedRow> rows;
  for (const std::string& version : versions) rows.push_back(row("", version));
  const Conclusion conclusion = conclude(VersionOrder::deb, "0.1", rows);
  EXPECT_EQ(conclusion.is, Conclusion::Is::affected);
  EXPECT_EQ(conclusion.fixed, "3000") << "where many were tried in vain, the highest is";
}

}  // namespace
}  // namespace initscan

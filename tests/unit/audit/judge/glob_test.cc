#include "audit/judge/glob.h"

#include <gtest/gtest.h>

namespace initscan::audit {
namespace {

struct Case {
  const char* name;
  std::string_view pattern;
  std::string_view text;
  bool matches;
};

class Glob : public testing::TestWithParam<Case> {};

TEST_P(Glob, MatchesTheWholeText) {
  EXPECT_EQ(matches_glob(GetParam().pattern, GetParam().text), GetParam().matches);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Glob,
    testing::Values(Case{"Itself", "shop", "shop", true}, Case{"NotAPart", "shop", "shopping", false},
                    Case{"StarIsEverything", "*", "", true}, Case{"Prefix", "kube-*", "kube-system", true},
                    Case{"Suffix", "*-system", "kube-system", true}, Case{"TheLastPossiblePlace", "*ab", "aabab", true},
                    Case{"SeveralStars", "a*b*c", "a-b-b-c", true}, Case{"StarsInARow", "a**c", "abc", true},
                    Case{"EmptyIsEmpty", "", "x", false}, Case{"MoreAfterTheEnd", "a*b", "abx", false},
                    Case{"NoOtherSignIsSpecial", "a?c", "abc", false}),
    [](const auto& test) { return test.param.name; });

TEST(GlobOfAnEnemy, DoesNotGrowWithoutBound) {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "a*";
  EXPECT_FALSE(matches_glob(pattern + 'b', std::string(10'000, 'a')));
}

}  // namespace
}  // namespace initscan::audit

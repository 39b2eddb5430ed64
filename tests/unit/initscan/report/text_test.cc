#include "initscan/report/text.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

TEST(WidthOf, CountsCharacters) {
  EXPECT_EQ(width_of("a–b"), 3u);
}

TEST(WordsOfExploitation, SayWhatIsKnown) {
  EXPECT_EQ(words_of(Exploitation{}), "");
  EXPECT_EQ(words_of({"2021-12-10", -1, -1}), "known exploited since 2021-12-10");
  EXPECT_EQ(words_of({"", 0.5, -1}), "EPSS 0.5");
  EXPECT_EQ(words_of({"2021-12-10", 0.97566, 1}), "known exploited since 2021-12-10, EPSS 0.97566 (100th percentile)");
  const std::pair<double, const char*> ordinals[] = {{0.00001, "0th"}, {0.01, "1st"},  {0.02, "2nd"},  {0.13, "13th"},
                                                     {0.29, "29th"},   {0.53, "53rd"}, {0.999, "99th"}};
  for (const auto& [share, words] : ordinals) {
    EXPECT_EQ(words_of({"", 0.00001, share}), "EPSS 0.00001 (" + std::string(words) + " percentile)");
  }
}

}  // namespace
}  // namespace initscan

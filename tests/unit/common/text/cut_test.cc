#include "common/text/cut.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

TEST(Cut, FallsBetweenCharacters) {
  EXPECT_EQ(cut("abc", 3), "abc");
  EXPECT_EQ(cut("abc", 2), "ab");
  EXPECT_EQ(cut("abc", 0), "");
  EXPECT_EQ(cut("a\xc3\xbc", 3), "a\xc3\xbc");
  EXPECT_EQ(cut("a\xc3\xbc", 2), "a") << "not the half of an u with two points";
  EXPECT_EQ(cut("\xe2\x82\xac", 2), "");
}

}  // namespace
}  // namespace initscan

#include "initscan/report/text.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

TEST(WidthOf, CountsCharacters) {
  EXPECT_EQ(width_of("a–b"), 3u);
}

}  // namespace
}  // namespace initscan

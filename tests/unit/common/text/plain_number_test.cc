#include "common/text/plain_number.h"

#include <limits>

#include <gtest/gtest.h>

namespace initscan {
namespace {

TEST(PlainNumber, IsTheShortestWithoutAnExponent) {
  EXPECT_EQ(plain_number(0), "0");
  EXPECT_EQ(plain_number(1), "1");
  EXPECT_EQ(plain_number(0.94), "0.94");
  EXPECT_EQ(plain_number(0.00001), "0.00001");
  EXPECT_EQ(plain_number(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(plain_number(std::numeric_limits<double>::max()).size(), 309u);
  EXPECT_EQ(plain_number(5e-324).size(), 326u);
}

}  // namespace
}  // namespace initscan

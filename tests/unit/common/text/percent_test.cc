#include "common/text/percent.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

TEST(PercentEncode, LeavesLettersDigitsAndThePlain) {
  EXPECT_EQ(percent_encode("aZ09-.", "-."), "aZ09-.");
  EXPECT_EQ(percent_encode("-.", ""), "%2D%2E");
}

TEST(PercentEncode, TakesByteByByte) {
  EXPECT_EQ(percent_encode("a b/\n\xC3\xA4", ""), "a%20b%2F%0A%C3%A4");
  EXPECT_EQ(percent_encode(std::string_view("\0%", 2), ""), "%00%25");
  EXPECT_EQ(percent_encode("", ""), "");
}

}  // namespace
}  // namespace initscan

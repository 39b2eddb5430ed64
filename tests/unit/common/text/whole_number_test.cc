#include "common/text/whole_number.h"

#include <cstdint>

#include <gtest/gtest.h>

namespace initscan {
namespace {

TEST(WholeNumber, IsTheWholeText) {
  EXPECT_EQ(whole_number<std::uint64_t>("18446744073709551615"), 18446744073709551615U);
  EXPECT_EQ(whole_number<std::int64_t>("-7"), -7);
  for (const char* const none : {"", " 1", "1 ", "+1", "-1", "1.0", "0x1", "18446744073709551616"}) {
    EXPECT_FALSE(whole_number<std::uint64_t>(none)) << none;
  }
  EXPECT_FALSE(whole_number<std::uint64_t>(std::string_view()));
}

}  // namespace
}  // namespace initscan

#include "common/time/day.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

TEST(Day, IsReadAsItIsWritten) {
  for (const char* const text : {"2026-12-31", "1970-01-01", "2024-02-29", "0001-01-01", "9999-12-31"}) {
    const auto day = parse_day(text);
    ASSERT_TRUE(day) << text;
    EXPECT_EQ(format_day(*day), text);
  }
  EXPECT_EQ(parse_day("1970-01-02")->time_since_epoch().count(), 1);
}

TEST(Day, ThatIsNoneIsNotGuessed) {
  for (const char* const text :
       {"", "2026-12-32", "2023-02-29", "2026-1-1", "20261231", "2026-12-31 ", "2026-12-31T00:00:00Z", "yesterday!"}) {
    EXPECT_FALSE(parse_day(text)) << text;
  }
}

}  // namespace
}  // namespace initscan

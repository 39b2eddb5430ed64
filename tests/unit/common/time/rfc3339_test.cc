#include "common/time/rfc3339.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

TEST(Rfc3339, ReadsWhatItWrites) {
  for (const char* text : {"1970-01-01T00:00:00Z", "2026-02-28T23:59:59Z", "2024-02-29T12:00:00Z"}) {
    const auto time = parse_rfc3339(text);
    ASSERT_TRUE(time) << time.error().text;
    EXPECT_EQ(format_rfc3339(*time), text);
  }
  EXPECT_EQ(parse_rfc3339("2001-09-09T01:46:40Z")->time_since_epoch().count(), 1'000'000'000);
  EXPECT_EQ(*parse_rfc3339("2001-09-09T01:46:40.123456Z"), *parse_rfc3339("2001-09-09T01:46:40Z"));
}

TEST(Rfc3339, ReadsOtherOffsets) {
  for (const char* text : {"2027-01-01T01:30:00+01:30", "2026-12-31T19:00:00.5-05:00", "2026-12-31T23:59:00-00:01",
                           "2027-01-01t00:00:00-00:00", "2027-01-01T23:59:00+23:59"}) {
    const auto time = parse_rfc3339(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(format_rfc3339(*time), "2027-01-01T00:00:00Z") << text;
  }
}

TEST(Rfc3339, RefusesWhatIsNotAMoment) {
  for (const char* text : {"", "2026", "2026-12-31", "2026-12-31T00:00:00", "2026-12-31T00:00:00+01",
                           "2026-12-31T00:00:00+0100", "2026-12-31T00:00:00+01:00Z", "2026-12-31T00:00:00+24:00",
                           "2026-12-31T00:00:00+01:60", "2026-12-31T00:00:00+-1:00", "2026-12-31T00:00:00 01:00",
                           "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-12-31T24:00:00Z",
                           "2026-12-31T00:00:00.Z", "2026-12-31T00:00:00Zz", "2026-12-31 00:00:00Z", "-026-12-31T0"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
  EXPECT_EQ(parse_rfc3339("tomorrow").error().text, "not a time: \"tomorrow\"; want one such as 2026-12-31T00:00:00Z");
}

}  // namespace
}  // namespace initscan

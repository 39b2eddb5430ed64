#include "common/rfc3339.h"

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

TEST(Rfc3339, RefusesWhatIsNotAMomentInUtc) {
  for (const char* text : {"", "2026", "2026-12-31", "2026-12-31T00:00:00", "2026-12-31T00:00:00+01:00",
                           "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-12-31T24:00:00Z",
                           "2026-12-31T00:00:00.Z", "2026-12-31T00:00:00Zz", "2026-12-31 00:00:00Z", "-026-12-31T0"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
  EXPECT_EQ(parse_rfc3339("tomorrow").error().text,
            "not a time in UTC: \"tomorrow\"; want one such as 2026-12-31T00:00:00Z");
}

}  // namespace
}  // namespace initscan

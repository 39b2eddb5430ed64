#include "audit/report/words.h"

#include <limits>

#include <gtest/gtest.h>

namespace initscan::audit {
namespace {

constexpr Time kNow{std::chrono::hours(24 * 365)};

TEST(Words, CountInPlural) {
  EXPECT_EQ(counted(0, "pod"), "0 pods");
  EXPECT_EQ(counted(1, "pod"), "1 pod");
  EXPECT_EQ(counted(1234567, "pod"), "1,234,567 pods");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
}

TEST(Words, AgesGrow) {
  EXPECT_EQ(age_text(kNow - std::chrono::minutes(59), kNow), "just now");
  EXPECT_EQ(age_text(kNow - std::chrono::hours(1), kNow), "1 hour");
  EXPECT_EQ(age_text(kNow - std::chrono::hours(47), kNow), "47 hours");
  EXPECT_EQ(age_text(kNow - std::chrono::hours(49), kNow), "2 days");
}

TEST(Words, ClocksThatDifferMakeNoNegativeAge) {
  EXPECT_EQ(age_text(kNow + std::chrono::hours(5), kNow), "just now");
  EXPECT_EQ(days_between(kNow + std::chrono::days(5), kNow), 0);
}

TEST(Words, SizesHaveBinaryUnits) {
  EXPECT_EQ(size_text(0), "0 B");
  EXPECT_EQ(size_text(1023), "1023 B");
  EXPECT_EQ(size_text(1536), "1.5 KiB");
  EXPECT_EQ(size_text(64ull << 20), "64.0 MiB");
  EXPECT_EQ(size_text(std::numeric_limits<std::uint64_t>::max()), "16.0 EiB");
}

TEST(Words, NumbersAreAlwaysNumbers) {
  EXPECT_EQ(fixed_text(1.005, 1), "1.0");
  EXPECT_EQ(fixed_text(std::numeric_limits<double>::infinity(), 2), "0.00");
  EXPECT_EQ(fixed_text(std::numeric_limits<double>::quiet_NaN(), 2), "0.00");
  EXPECT_EQ(fixed_text(1e300, 0), "1000000000000000");
}

}  // namespace
}  // namespace initscan::audit

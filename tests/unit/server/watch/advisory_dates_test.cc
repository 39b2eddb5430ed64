#include "server/watch/advisory_dates.h"

#include <gtest/gtest.h>

namespace initscan::server {
namespace {

using std::chrono::hours;
using std::chrono::sys_seconds;

constexpr sys_seconds kNow{hours(500'000)};

TEST(AdvisoryDates, TheOldestOfTheLastDayCounts) {
  AdvisoryDates dates;
  EXPECT_EQ(dates.oldest(kNow), std::nullopt);
  dates.add(kNow - hours(100), kNow - hours(2), kNow);
  dates.add(kNow - hours(300), kNow - hours(2), kNow);
  dates.add(kNow - hours(200), kNow, kNow);
  EXPECT_EQ(dates.oldest(kNow), kNow - hours(300));
  EXPECT_EQ(dates.oldest(kNow + hours(23)), kNow - hours(200)) << "the others ended a day ago";
  EXPECT_EQ(dates.oldest(kNow + hours(25)), std::nullopt);
}

TEST(AdvisoryDates, APodThatWasScannedLongAgoSaysNothing) {
  AdvisoryDates dates;
  dates.add(kNow - hours(9000), kNow - hours(8000), kNow);
  EXPECT_EQ(dates.oldest(kNow), std::nullopt);
}

TEST(AdvisoryDates, ADateToComeDoesNotCount) {
  AdvisoryDates dates;
  dates.add(kNow + hours(1), kNow, kNow);
  EXPECT_EQ(dates.oldest(kNow), std::nullopt);
}

TEST(AdvisoryDates, AClockThatGoesAheadIsTakenAsOfNow) {
  AdvisoryDates dates;
  dates.add(kNow - hours(10), kNow + hours(9000), kNow);
  EXPECT_EQ(dates.oldest(kNow), kNow - hours(10));
  EXPECT_EQ(dates.oldest(kNow + hours(48)), std::nullopt);
}

}  // namespace
}  // namespace initscan::server

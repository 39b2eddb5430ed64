#include "server/store/settled_clock.h"

#include <gtest/gtest.h>

namespace initscan::server {
namespace {

using State = SettledClock::State;
using std::chrono::hours;
using std::chrono::minutes;

class SettledClockTest : public testing::Test {
 protected:
  // So much later, by a clock that has been set forward by `set` since the start.
  State after(std::chrono::seconds time, std::chrono::seconds set = {}) {
    passed_ += time;
    return clock_.look(std::chrono::sys_seconds(hours(500'000)) + passed_ + set, SettledClock::Steady(passed_));
  }

  SettledClock clock_;
  std::chrono::seconds passed_{1000};
};

TEST_F(SettledClockTest, IsBelievedAfterAWhile) {
  EXPECT_EQ(after(minutes(0)), State::settling);
  EXPECT_EQ(after(minutes(59)), State::settling);
  EXPECT_EQ(after(minutes(1)), State::settled);
}

TEST_F(SettledClockTest, ThatJumpsIsNotBelieved) {
  after(minutes(0));
  ASSERT_EQ(after(hours(1)), State::settled);
  EXPECT_EQ(after(minutes(1), hours(24 * 60)), State::jumped);
  EXPECT_EQ(after(minutes(1), hours(24 * 60)), State::settling);
  EXPECT_EQ(after(minutes(1)), State::jumped) << "and back";
  EXPECT_EQ(after(minutes(59)), State::settling);
  EXPECT_EQ(after(minutes(1)), State::settled);
}

TEST_F(SettledClockTest, ThatIsSetALittleIsBelieved) {
  after(minutes(0));
  after(hours(1));
  EXPECT_EQ(after(minutes(1), minutes(5)), State::settled);
  EXPECT_EQ(after(minutes(1)), State::settled);
}

}  // namespace
}  // namespace initscan::server

#include "server/auth/remembered.h"

namespace initscan::server {
namespace {

using std::chrono::seconds;

constexpr std::chrono::sys_seconds kNow{seconds(1000)};

TEST(Remembered, AnswersHoldForTheirTimeAndNotLonger) {
  Remembered<int> answers;
  answers.keep("one", 1, kNow + seconds(10), kNow);
  EXPECT_EQ(answers.find("one", kNow + seconds(9)), 1);
  EXPECT_EQ(answers.find("one", kNow + seconds(10)), std::nullopt);
  EXPECT_EQ(answers.find("two", kNow), std::nullopt);
  answers.keep("one", 2, kNow + seconds(5), kNow);
  EXPECT_EQ(answers.find("one", kNow), 2) << "the newest counts";
}

TEST(Remembered, ThereAreNoMoreThanItsLimit) {
  Remembered<int> answers;
  for (std::size_t i = 0; i < kMaxRemembered; ++i) answers.keep(std::to_string(i), 1, kNow + seconds(10), kNow);
  answers.keep("late", 1, kNow + seconds(10), kNow);
  EXPECT_EQ(answers.find("late", kNow), std::nullopt);
  answers.keep("later", 1, kNow + seconds(30), kNow + seconds(20));
  EXPECT_EQ(answers.find("later", kNow + seconds(20)), 1) << "those that have ended make room";
}

}  // namespace
}  // namespace initscan::server

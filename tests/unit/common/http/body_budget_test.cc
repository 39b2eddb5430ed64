#include "common/http/body_budget.h"

#include <set>

#include <gtest/gtest.h>

namespace initscan {
namespace {

using namespace std::chrono_literals;

// Bodies that come at given speeds; who gave up is remembered by name.
class BodyBudgetTest : public testing::Test {
 protected:
  BodyBudget::Place enter(const std::string& name, const std::string& address, std::chrono::milliseconds ago) {
    return budget_.enter({address, now_ - ago, [this, name] { gave_up_.insert(name); }});
  }
  bool hold(BodyBudget::Place place, std::size_t bytes) { return budget_.hold(place, bytes, bytes, now_); }

  const BodyBudget::Clock::time_point now_ = BodyBudget::Clock::now();
  BodyBudget budget_{1000};
  std::set<std::string> gave_up_;
};

TEST_F(BodyBudgetTest, TheSlowestGivesUp) {
  const auto slow = enter("slow", "a", 9s);
  const auto slower = enter("slower", "a", 10s);
  ASSERT_TRUE(hold(slow, 400));
  ASSERT_TRUE(hold(slower, 400));
  const auto fast = enter("fast", "a", 1ms);
  EXPECT_TRUE(hold(fast, 300));
  EXPECT_EQ(gave_up_, std::set<std::string>{"slower"});
  EXPECT_TRUE(hold(fast, 600)) << "what gave up holds nothing any more";
  EXPECT_EQ(gave_up_, std::set<std::string>{"slower"});
}

TEST_F(BodyBudgetTest, TheOneThatAsksMayBeTheSlowest) {
  const auto fast = enter("fast", "a", 1ms);
  ASSERT_TRUE(hold(fast, 900));
  const auto slow = enter("slow", "a", 9s);
  EXPECT_FALSE(hold(slow, 200));
  EXPECT_TRUE(gave_up_.empty());
}

TEST_F(BodyBudgetTest, WhatHasComeAsAWholeStays) {
  const auto whole = enter("whole", "a", 9s);
  ASSERT_TRUE(hold(whole, 900));
  budget_.complete(whole);
  const auto fast = enter("fast", "a", 1ms);
  EXPECT_FALSE(hold(fast, 200));
  budget_.leave(whole);
  EXPECT_TRUE(hold(fast, 200));
}

TEST_F(BodyBudgetTest, APartForEachAddressIsAFloor) {
  const auto many = enter("many", "flood", 2ms);
  const auto more = enter("more", "flood", 2ms);
  ASSERT_TRUE(hold(many, 400));
  ASSERT_TRUE(hold(more, 450));
  const auto slow = enter("slow", "api server", 5s);
  EXPECT_TRUE(hold(slow, 300)) << "slower than both, but its address has not had its part";
  EXPECT_EQ(gave_up_, std::set<std::string>{"many"});
}

TEST_F(BodyBudgetTest, AnAddressAloneHasAll) {
  const auto one = enter("one", "proxy", 1ms);
  EXPECT_TRUE(hold(one, 1000));
}

TEST_F(BodyBudgetTest, WhoGivesUpIsGoneBeforeTheNextDoes) {
  const auto first = enter("first", "a", 9s);
  const auto second = enter("second", "a", 8s);
  ASSERT_TRUE(hold(first, 500));
  ASSERT_TRUE(hold(second, 500));
  const auto fast = enter("fast", "a", 1ms);
  EXPECT_TRUE(hold(fast, 500));
  EXPECT_FALSE(hold(fast, 600)) << "half of the budget is on its way out already";
  budget_.leave(first);
  EXPECT_TRUE(hold(fast, 600));
}

}  // namespace
}  // namespace initscan

#include "common/http/answer_budget.h"

#include <memory>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace initscan {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class AnswerBudgetTest : public testing::Test {
 protected:
  using Share = std::unique_ptr<AnswerBudget::Share>;

  Share answer(const std::string& name, std::size_t bytes, std::chrono::milliseconds at,
               const std::string& address = "10.0.0.1") {
    AnswerBudget::Holder holder;
    holder.address = address;
    holder.bytes = bytes;
    holder.since = start_ + at;
    holder.give_up = [this, name] { given_up_.push_back(name); };
    return std::make_unique<AnswerBudget::Share>(budget_, std::move(holder));
  }

  const AnswerBudget::Clock::time_point start_ = AnswerBudget::Clock::now();
  AnswerBudget budget_{1000};
  std::vector<std::string> given_up_;
};

TEST_F(AnswerBudgetTest, WhoTakesItsAnswerSlowestMakesRoom) {
  const Share slow = answer("slow", 400, 0ms);
  const Share quick = answer("quick", 400, 0ms);
  slow->note_taken(10);
  quick->note_taken(390);
  Share next = answer("next", 400, 1s);
  EXPECT_TRUE(next->is_held());
  EXPECT_THAT(given_up_, ElementsAre("slow"));
}

TEST_F(AnswerBudgetTest, AYoungOneIsNotGivenUp) {
  const Share first = answer("first", 900, 0ms);
  EXPECT_FALSE(answer("next", 200, 100ms)->is_held());
  EXPECT_THAT(given_up_, IsEmpty());
  EXPECT_TRUE(answer("small", 100, 100ms)->is_held());
}

TEST_F(AnswerBudgetTest, WhoseAddressHoldsMoreThanItsPartGoesFirst) {
  const Share one = answer("one", 300, 0ms, "10.0.0.1");
  const Share two = answer("two", 300, 0ms, "10.0.0.1");
  const Share other = answer("other", 300, 0ms, "10.0.0.2");
  one->note_taken(200);
  two->note_taken(100);
  EXPECT_TRUE(answer("next", 300, 1s, "10.0.0.3")->is_held());
  EXPECT_THAT(given_up_, ElementsAre("two")) << "the other is slower, and alone";
}

TEST_F(AnswerBudgetTest, OneThatIsLargerThanAllIsThereByItself) {
  Share large = answer("large", 5000, 0ms);
  EXPECT_TRUE(large->is_held());
  EXPECT_FALSE(answer("next", 1, 1ms)->is_held());
  large.reset();
  EXPECT_TRUE(answer("next", 1000, 2ms)->is_held()) << "all is given back";
}

}  // namespace
}  // namespace initscan

#include "server/api/kept_answers.h"

#include <gtest/gtest.h>

namespace initscan::server {
namespace {

constexpr KeptAnswers::Clock::time_point kNow{std::chrono::hours(1)};

Asked scan_of(std::string sbom, std::string index = "index", std::string image = "app") {
  return {Question::scan, std::move(sbom), std::move(index), std::move(image)};
}

void keep(KeptAnswers& answers, Asked asked, std::size_t bytes, KeptAnswers::Clock::time_point now = kNow) {
  answers.keep(std::move(asked), std::string(bytes, 'x'), "fail", now);
}

TEST(KeptAnswers, GiveWhatWasKeptForTheSameQuestionAlone) {
  KeptAnswers answers;
  keep(answers, scan_of("a"), 10);
  const auto found = answers.find(scan_of("a"), kNow);
  ASSERT_TRUE(found);
  EXPECT_EQ(*found->body, std::string(10, 'x'));
  EXPECT_EQ(found->verdict, "fail");
  EXPECT_FALSE(answers.find(scan_of("b"), kNow));
  EXPECT_FALSE(answers.find(scan_of("a", "another index"), kNow));
  EXPECT_FALSE(answers.find(scan_of("a", "index", "another image"), kNow));
  Asked match = scan_of("a");
  match.question = Question::match;
  EXPECT_FALSE(answers.find(match, kNow));
}

TEST(KeptAnswers, EndAfterAMinuteHoweverOftenTheyAreGiven) {
  KeptAnswers answers;
  keep(answers, scan_of("a"), 10);
  EXPECT_TRUE(answers.find(scan_of("a"), kNow + kKeptFor - std::chrono::seconds(1)));
  EXPECT_FALSE(answers.find(scan_of("a"), kNow + kKeptFor));
  EXPECT_FALSE(answers.find(scan_of("a"), kNow)) << "it is gone for good";
}

TEST(KeptAnswers, AreReplacedByLaterOnes) {
  KeptAnswers answers;
  keep(answers, scan_of("a"), 10);
  keep(answers, scan_of("a"), 20, kNow + kKeptFor);
  const auto found = answers.find(scan_of("a"), kNow + kKeptFor);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->body->size(), 20U);
}

TEST(KeptAnswers, GiveWayToOthersWhereTheyWereNotAskedForLongest) {
  KeptAnswers answers;
  constexpr std::size_t kMiB = 1 << 20;
  for (int i = 0; i < 15; ++i) keep(answers, scan_of(std::to_string(i)), kMiB);
  ASSERT_TRUE(answers.find(scan_of("0"), kNow));
  keep(answers, scan_of("one more"), kMiB);
  EXPECT_TRUE(answers.find(scan_of("0"), kNow));
  EXPECT_FALSE(answers.find(scan_of("1"), kNow));
  EXPECT_TRUE(answers.find(scan_of("2"), kNow));
  EXPECT_TRUE(answers.find(scan_of("one more"), kNow));
}

TEST(KeptAnswers, AreNoneOfWhatIsTooLarge) {
  KeptAnswers answers;
  keep(answers, scan_of("a"), kMaxKeptAnswer);
  keep(answers, scan_of("b", "index", std::string(kMaxKeptAnswer, 'i')), 1);
  EXPECT_FALSE(answers.find(scan_of("a"), kNow));
  EXPECT_FALSE(answers.find(scan_of("b", "index", std::string(kMaxKeptAnswer, 'i')), kNow));
}

}  // namespace
}  // namespace initscan::server

#include "server/auth/client_limits.h"

namespace initscan::server {
namespace {

using std::chrono::milliseconds;

constexpr ClientLimit kLimit{10, 3, 2};

TEST(ClientLimits, OneThatAsksTooOftenWaitsForItsTokens) {
  ClientLimits limits(kLimit);
  const auto start = ClientLimits::Clock::now();
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limits.enter("a", start));
  EXPECT_FALSE(limits.enter("a", start));
  EXPECT_TRUE(limits.enter("b", start)) << "another is not slowed";
  EXPECT_FALSE(limits.enter("a", start + milliseconds(90)));
  EXPECT_TRUE(limits.enter("a", start + milliseconds(101)));
  EXPECT_FALSE(limits.enter("a", start + milliseconds(102)));
}

TEST(ClientLimits, TokensDoNotPileUp) {
  ClientLimits limits(kLimit);
  const auto start = ClientLimits::Clock::now();
  EXPECT_TRUE(limits.enter("a", start));
  int passed = 0;
  for (int i = 0; i < 10; ++i) passed += limits.enter("a", start + std::chrono::hours(1)) ? 1 : 0;
  EXPECT_EQ(passed, 3);
}

TEST(ClientLimits, OneThatHasTooMuchUnderWayWaitsForItsEnd) {
  ClientLimits limits(kLimit);
  const auto start = ClientLimits::Clock::now();
  const auto first = limits.enter("a", start);
  {
    const auto second = limits.enter("a", start);
    EXPECT_TRUE(first && second);
    EXPECT_FALSE(limits.enter("a", start + milliseconds(500)));
  }
  EXPECT_TRUE(limits.enter("a", start + milliseconds(500)));
}

TEST(ClientLimits, WhoIsQuietIsForgottenToMakeRoom) {
  ClientLimits limits(kLimit);
  const auto start = ClientLimits::Clock::now();
  for (std::size_t i = 0; i < kMaxClients; ++i) ASSERT_TRUE(limits.enter(std::to_string(i), start));
  EXPECT_FALSE(limits.enter("one more", start));
  EXPECT_TRUE(limits.enter("one more", start + std::chrono::seconds(1)));
}

}  // namespace
}  // namespace initscan::server

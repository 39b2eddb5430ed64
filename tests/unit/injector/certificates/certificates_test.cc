#include "injector/certificates/plan.h"
#include "injector/cluster/certificate_keeper.h"

#include <gtest/gtest.h>

namespace initscan::injector {
namespace {

using namespace std::chrono_literals;

const std::vector<std::string> kNames{"initscan-injector.initscan-system.svc", "localhost"};
const TlsLives kLives{240h, 24h, 5min};
constexpr std::chrono::sys_seconds kStart = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);

TlsState planned(const TlsState& state, std::chrono::sys_seconds now) {
  const auto next = plan(state, kNames, now, kLives);
  EXPECT_TRUE(next) << next.error().text;
  return next ? *next : TlsState{};
}

TEST(Plan, MakesEverythingWhenThereIsNothing) {
  const TlsState state = planned({}, kStart);
  EXPECT_TRUE(is_issued_by(state.leaf.certificate, state.bundle, kNames));
  EXPECT_EQ(state.bundle, state.authority.certificate);
  EXPECT_TRUE(state.next.key.empty());
  EXPECT_EQ(validity_of(state.authority.certificate)->end, kStart + kLives.authority);
  EXPECT_EQ(validity_of(state.leaf.certificate)->end, kStart + kLives.leaf);
}

TEST(Plan, LeavesAGoodStateAlone) {
  const TlsState state = planned({}, kStart);
  EXPECT_EQ(planned(state, kStart + 1h), state);
}

TEST(Plan, RenewsTheLeafAfterTwoThirds) {
  const TlsState state = planned({}, kStart);
  EXPECT_EQ(planned(state, kStart + 15h), state);
  const TlsState later = planned(state, kStart + 17h);
  EXPECT_NE(later.leaf, state.leaf);
  EXPECT_EQ(later.authority, state.authority);
  EXPECT_EQ(later.bundle, state.bundle);
}

TEST(Plan, ALeafWithoutOneOfTheNamesIsReplaced) {
  const auto state = plan({}, {"other"}, kStart, kLives);
  ASSERT_TRUE(state);
  EXPECT_TRUE(is_issued_by(planned(*state, kStart).leaf.certificate, state->bundle, kNames));
}

TEST(Plan, ABrokenStateIsMadeAnew) {
  TlsState state = planned({}, kStart);
  state.authority.key.clear();
  state.leaf.certificate = "rubbish";
  const TlsState next = planned(state, kStart);
  EXPECT_TRUE(is_issued_by(next.leaf.certificate, next.bundle, kNames));
  EXPECT_NE(next.bundle.find(state.authority.certificate), std::string::npos) << "the old one may still be trusted";
}

// The whole way through two authorities, hour by hour: what is served is always trusted by the bundle before and
// after, and never has ended.
TEST(Plan, AtNoMomentIsALeafServedThatIsNotTrusted) {
  TlsState state = planned({}, kStart);
  const std::string first = state.authority.certificate;
  std::size_t authorities = 1;
  for (auto now = kStart; now < kStart + 480h; now += 1h) {
    const TlsState next = planned(state, now);
    EXPECT_TRUE(is_issued_by(next.leaf.certificate, state.bundle, kNames)) << (now - kStart).count();
    EXPECT_TRUE(is_issued_by(state.leaf.certificate, next.bundle, kNames)) << (now - kStart).count();
    EXPECT_GT(validity_of(next.leaf.certificate)->end, now);
    if (next.authority != state.authority) {
      ++authorities;
      EXPECT_EQ(next.authority, state.next) << "an authority signs only after it was trusted";
    }
    state = next;
  }
  EXPECT_EQ(authorities, 3u);
  EXPECT_EQ(state.bundle.find(first), std::string::npos) << "an authority that has ended is dropped";
}

TEST(Secret, KeepsTheState) {
  TlsState state = planned({}, kStart);
  state.next = {"certificate", "key"};
  EXPECT_EQ(tls_state_of({{"data", secret_data(state)}}), state);
  EXPECT_EQ(tls_state_of({{"data", nullptr}}), TlsState{});
  EXPECT_EQ(tls_state_of({{"data", {{"tls.crt", "%"}, {"tls.key", 1}}}}), TlsState{});
}

}  // namespace
}  // namespace initscan::injector

#include "server/auth/authenticator.h"

namespace initscan::server {
namespace {

TEST(Authenticator, ACertificateIsWorthNothingOnceItHasEnded) {
  Authenticator authenticator(nullptr);
  authenticator.use(*parse_token_file("gate report DNS:gate.example.com"));
  const std::chrono::sys_seconds end{std::chrono::seconds(1'800'000'000)};
  const PeerCertificate peer{{"DNS:gate.example.com"}, end};
  EXPECT_TRUE(authenticator.identify(peer, end - std::chrono::seconds(1)));
  EXPECT_FALSE(authenticator.identify(peer, end)) << "on a connection that is older, too";
  authenticator.use(TokenTable());
  EXPECT_FALSE(authenticator.identify(peer, end - std::chrono::seconds(1))) << "nor once it has been struck out";
}

TEST(Authenticator, OfAHeaderTheTokenIsOneWord) {
  EXPECT_EQ(bearer_of("Bearer abc"), "abc");
  EXPECT_EQ(bearer_of("bearer abc"), "abc");
  for (const char* const none : {"", "Bearer", "Basic abc", "Bearer a b", "Bearer a,b"}) {
    EXPECT_EQ(bearer_of(none), "") << none;
  }
}

}  // namespace
}  // namespace initscan::server

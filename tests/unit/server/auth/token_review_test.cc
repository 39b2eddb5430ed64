#include "server/auth/token_review.h"

#include "common/crypto/base64.h"
#include "server/auth/authenticator.h"

#include <algorithm>

namespace initscan::server {
namespace {

std::string token_with(std::string claims) {
  std::string middle = base64_encode(claims);
  std::replace(middle.begin(), middle.end(), '+', '-');
  std::replace(middle.begin(), middle.end(), '/', '_');
  while (middle.ends_with('=')) middle.pop_back();
  return "e30." + middle + ".signature";
}

TEST(TokenReviews, AServiceAccountIsItsNamespaceAndItsPod) {
  TokenUser user;
  user.name = "system:serviceaccount:shop:default";
  user.extra = {{"authentication.kubernetes.io/pod-name", "front-1"},
                {"authentication.kubernetes.io/pod-uid", "u-1"},
                {"authentication.kubernetes.io/node-name", "n-1"}};
  const Identity identity = identity_of(user);
  EXPECT_EQ(identity.name, user.name);
  EXPECT_EQ(identity.namespace_, "shop");
  EXPECT_EQ(identity.pod, "front-1");
  EXPECT_EQ(identity.pod_uid, "u-1");
  EXPECT_EQ(identity.node, "n-1");
  EXPECT_TRUE(identity.scopes.have(Scope::report));
  EXPECT_FALSE(identity.scopes.have(Scope::read));
  EXPECT_FALSE(identity.scopes.have(Scope::metrics));
}

TEST(TokenReviews, AnotherUserMayNothingByItself) {
  TokenUser user;
  user.name = "admin";
  user.extra = {{"authentication.kubernetes.io/pod-name", "front-1"}};
  const Identity identity = identity_of(user);
  EXPECT_EQ(identity.pod, "") << "of a service account alone";
  for (const Scope scope : kScopes) EXPECT_FALSE(identity.scopes.have(scope)) << to_string(scope);
}

TEST(TokenReviews, TheEndOfATokenIsRead) {
  EXPECT_EQ(expiry_of(token_with(R"({"exp":1800000000})")),
            std::chrono::sys_seconds(std::chrono::seconds(1'800'000'000)));
  for (const std::string& other :
       {std::string(), std::string("opaque"), std::string("a.b"), std::string("a.%%%.c"), token_with("{}"),
        token_with(R"({"exp":"soon"})"), token_with(R"({"exp":-1})"), token_with(R"({"exp":1e99})"),
        token_with(R"({"exp":9223372036854775807})"), token_with(std::string(100, '['))}) {
    EXPECT_EQ(expiry_of(other), std::nullopt) << other;
  }
}

TEST(Bearer, IsOneWordBehindItsScheme) {
  EXPECT_EQ(bearer_of("Bearer abc"), "abc");
  EXPECT_EQ(bearer_of("bearer abc"), "abc");
  for (const char* other : {"", "Bearer", "Bearer ", "Basic abc", "Bearer a b", "Bearer a,b", "abc"}) {
    EXPECT_EQ(bearer_of(other), "") << other;
  }
}

}  // namespace
}  // namespace initscan::server

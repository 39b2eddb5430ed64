#include "common/kube/access.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

using Json = nlohmann::json;

struct AccessCase {
  const char* name;
  const char* review;
  const char* want;  // "yes", "no", or the error
};

class AccessReview : public testing::TestWithParam<AccessCase> {};

TEST_P(AccessReview, IsReadAsItSays) {
  const auto got = allowed_of(Json::parse(GetParam().review));
  EXPECT_EQ(got ? (*got ? "yes" : "no") : got.error().text, GetParam().want);
}

constexpr const char* kNoWord = "an access review without status.allowed";

INSTANTIATE_TEST_SUITE_P(Table, AccessReview,
                         testing::Values(AccessCase{"Yes", R"({"status":{"allowed":true}})", "yes"},
                                         AccessCase{"No", R"({"status":{"allowed":false,"reason":"no"}})", "no"},
                                         AccessCase{"NoStatus", R"({"kind":"SubjectAccessReview"})", kNoWord},
                                         AccessCase{"EmptyStatus", R"({"status":{}})", kNoWord},
                                         AccessCase{"NullStatus", R"({"status":null})", kNoWord},
                                         AccessCase{"AWord", R"({"status":{"allowed":"true"}})", kNoWord},
                                         AccessCase{"NoObject", "[]", kNoWord}),
                         [](const auto& test) { return test.param.name; });

struct TokenCase {
  const char* name;
  const char* review;
  const char* want;  // the user's name, "nobody", or the error
};

class TokenReview : public testing::TestWithParam<TokenCase> {};

TEST_P(TokenReview, IsReadAsItSays) {
  const auto got = user_of(Json::parse(GetParam().review), "initscan");
  EXPECT_EQ(got ? (*got ? (*got)->name : "nobody") : got.error().text, GetParam().want);
}

TEST(TokenReview, TakesATokenOfTheApiServersOwnAudienceWhereThatIsMeant) {
  const Json review = Json::parse(R"({"status":{"authenticated":true,"user":{"username":"u"}}})");
  const auto own = user_of(review, "");
  ASSERT_TRUE(own && *own);
  EXPECT_EQ((*own)->name, "u");
  const auto ours = user_of(review, "initscan");
  ASSERT_TRUE(ours);
  EXPECT_FALSE(*ours);
}

TEST(TokenReview, SaysWhichPodATokenIsBoundTo) {
  const auto got =
      user_of(Json::parse(R"({"status":{"authenticated":true,"audiences":["initscan"],"user":{"username":"u",
      "extra":{"authentication.kubernetes.io/pod-name":["front-1"],"many":["one","two"],"none":[],"odd":"text"}}}})"),
              "initscan");
  ASSERT_TRUE(got && *got);
  const std::map<std::string, std::string> want{{"authentication.kubernetes.io/pod-name", "front-1"}, {"many", "one"}};
  EXPECT_EQ((*got)->extra, want);
}

INSTANTIATE_TEST_SUITE_P(
    Table, TokenReview,
    testing::Values(
        TokenCase{"Good",
                  R"({"status":{"authenticated":true,"audiences":["other","initscan"],"user":{"username":"u"}}})", "u"},
        TokenCase{"AnotherAudience",
                  R"({"status":{"authenticated":true,"audiences":["other"],"user":{"username":"u"}}})", "nobody"},
        TokenCase{"NoAudience", R"({"status":{"authenticated":true,"user":{"username":"u"}}})", "nobody"},
        TokenCase{"Invalid", R"({"status":{"user":{},"error":"invalid bearer token"}})", "nobody"},
        TokenCase{"AWordForYes",
                  R"({"status":{"authenticated":"true","audiences":["initscan"],"user":{"username":"u"}}})", "nobody"},
        TokenCase{"NoName", R"({"status":{"authenticated":true,"audiences":["initscan"],"user":{}}})",
                  "a token review without a user's name"},
        TokenCase{"NoStatus", "{}", "a token review without status"}),
    [](const auto& test) { return test.param.name; });

TEST(Access, IsNamedForPeople) {
  EXPECT_EQ(to_string(Access{"patch", "", "configmaps", "", "initscan-system", "initscan-final-state"}),
            "patch configmaps initscan-final-state in initscan-system");
  EXPECT_EQ(to_string(Access{"list", "initscan.io", "scanpolicies", "status", "", ""}),
            "list scanpolicies.initscan.io/status");
}

TEST(Access, AServiceAccountHasItsGroups) {
  const Subject subject = service_account("a", "b");
  EXPECT_EQ(subject.user, "system:serviceaccount:a:b");
  EXPECT_EQ(subject.groups,
            (std::vector<std::string>{"system:serviceaccounts", "system:serviceaccounts:a", "system:authenticated"}));
}

}  // namespace
}  // namespace initscan

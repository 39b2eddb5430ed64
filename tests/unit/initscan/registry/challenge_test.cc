#include "initscan/registry/challenge.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

struct Case {
  const char* name;
  std::string header;
  std::vector<Challenge> want;
  std::string error{};  // empty: must parse
};

class Challenges : public testing::TestWithParam<Case> {};

TEST_P(Challenges, AreRead) {
  const Case& c = GetParam();
  const auto got = read_challenges(c.header);
  ASSERT_EQ(got.has_value(), c.error.empty()) << (got ? "" : got.error().text);
  if (got) {
    EXPECT_EQ(*got, c.want);
  } else {
    EXPECT_EQ(got.error().text, "WWW-Authenticate: " + c.error);
  }
}

std::string many(const char* text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

INSTANTIATE_TEST_SUITE_P(
    Table, Challenges,
    testing::Values(
        Case{"Empty", "", {}}, Case{"Basic", "Basic realm=\"Registry Realm\"", {{"basic", "Registry Realm", ""}}},
        Case{"Bearer",
             "Bearer "
             "realm=\"https://auth.example.com/token\",service=\"registry.example.com\",scope=\"repository:a:pull\"",
             {{"bearer", "https://auth.example.com/token", "registry.example.com"}}},
        Case{"Blanks", "  bEaReR   realm = \"https://a/t\" , service=x ,, ", {{"bearer", "https://a/t", "x"}}},
        Case{"Two",
             "Basic realm=\"x\", Bearer realm=\"https://a/t\", service=\"s\"",
             {{"basic", "x", ""}, {"bearer", "https://a/t", "s"}}},
        Case{"ASchemeAlone", "Negotiate, Basic realm=x", {{"negotiate", "", ""}, {"basic", "x", ""}}},
        Case{"WhatStandsAlone", "Negotiate YWJj==, Basic realm=x", {{"negotiate", "", ""}, {"basic", "x", ""}}},
        Case{"Quotes", "Basic realm=\"a\\\"b\\\\,c\"", {{"basic", "a\"b\\,c", ""}}},
        Case{"NoEnd", "Basic realm=\"a", {}, "a quotation without an end"},
        Case{"NoEndBehindABackslash", "Basic realm=\"a\\", {}, "a quotation without an end"},
        Case{"NoScheme", "realm=\"a\"", {}, "a parameter before the scheme"},
        Case{"Twice", "Bearer realm=\"a\", realm=\"b\"", {}, "a parameter twice"},
        Case{"Odd", "Bearer @", {}, "want a scheme or a parameter"},
        Case{"ManyChallenges", many("a ", 17), {}, "too many challenges"},
        Case{"ManyParameters", "a " + many("b=c,", 33), {}, "too many parameters"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace initscan

#include "injector/doctor/forbidden.h"

#include <gtest/gtest.h>

namespace initscan::injector {
namespace {

struct Case {
  const char* name;
  const char* verb;
  const char* path;
  const char* words;
};

class RightTo : public testing::TestWithParam<Case> {};

TEST_P(RightTo, IsSaidInFewWords) {
  const Failure failure{"403", right_to(GetParam().verb, GetParam().path)};
  EXPECT_EQ(in_few_words(failure), GetParam().words);
}

INSTANTIATE_TEST_SUITE_P(
    Table, RightTo,
    testing::Values(Case{"InANamespace", "get", "/apis/initscan.io/v1alpha1/namespaces/initscan-system/finalstates/x",
                         "you may not get finalstates.initscan.io in initscan-system"},
                    Case{"OfTheCluster", "list", "/api/v1/nodes?limit=500", "you may not list nodes"},
                    Case{"OfTheCore", "list", "/api/v1/namespaces/shop/pods", "you may not list pods in shop"},
                    Case{"ANamespace", "get", "/api/v1/namespaces/shop", "you may not get namespaces"},
                    Case{"AllNamespaces", "list", "/api/v1/namespaces", "you may not list namespaces"},
                    Case{"AGroupOfTheCluster", "get", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/a",
                         "you may not get customresourcedefinitions.apiextensions.k8s.io"}),
    [](const auto& test) { return test.param.name; });

TEST(InFewWords, AreThoseOfAnyOtherFailure) {
  EXPECT_EQ(in_few_words({"GET /x: 500 cannot", {}}), "GET /x: 500 cannot");
}

TEST(Refusals, AreGatheredInOneLine) {
  const CheckItem own = CheckItem::unknown("own-rights", "you may not list nodes", "x");
  const CheckItem good = CheckItem::ok("version", "fine");
  const CheckItem other = not_known("served", {"cannot connect", {}});
  const auto refused = [](const char* name) {
    return not_known(name, {"GET /api/v1/nodes: 403", right_to("list", "/api/v1/nodes")});
  };
  const auto items = with_refusals_gathered({good, refused("webhook"), own, refused("kinds"), refused("kinds"), other});
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(items[0].name, "version");
  EXPECT_EQ(items[1].fact, "you may not list nodes; not known for that: webhook, kinds");
  EXPECT_EQ(items[1].state, CheckState::unknown);
  EXPECT_EQ(items[2].name, "served") << "another reason";
}

TEST(Refusals, StayWhereNoRightIsKnownToBeMissing) {
  const CheckItem refused = not_known("a", {"403", right_to("list", "/api/v1/nodes")});
  EXPECT_EQ(with_refusals_gathered({CheckItem::ok("own-rights", ""), refused}).size(), 2u);
}

}  // namespace
}  // namespace initscan::injector

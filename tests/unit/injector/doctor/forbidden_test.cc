#include "injector/doctor/forbidden.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

const std::string kRefusal =
    R"(GET /apis/initscan.io/v1alpha1/namespaces/initscan-system/finalstates/x: 403 Forbidden: finalstates.initscan.io "x" is forbidden: User "jane" cannot get resource "finalstates" in API group "initscan.io" in the namespace "initscan-system")";
const std::string kOfCluster =
    R"(GET /api/v1/nodes: 403 Forbidden: nodes is forbidden: User "jane" cannot list resource "nodes" in API group "" at the cluster scope)";

struct Case {
  const char* name;
  std::string failure;
  bool forbidden;
  std::string words;
};

class InFewWords : public testing::TestWithParam<Case> {};

TEST_P(InFewWords, IsTheRightThatIsMissing) {
  EXPECT_EQ(is_forbidden(GetParam().failure), GetParam().forbidden);
  EXPECT_EQ(in_few_words(GetParam().failure), GetParam().words);
}

INSTANTIATE_TEST_SUITE_P(Table, InFewWords,
                         testing::Values(Case{"InANamespace", kRefusal, true,
                                              "you may not get finalstates.initscan.io in initscan-system"},
                                         Case{"OfTheCluster", kOfCluster, true, "you may not list nodes"},
                                         Case{"AnotherFailure", "GET /x: 500 cannot", false, "GET /x: 500 cannot"},
                                         Case{"AQuota", "shop: 403 pods \"a\" is forbidden: exceeded quota", false,
                                              "shop: 403 pods \"a\" is forbidden: exceeded quota"}),
                         [](const auto& test) { return test.param.name; });

TEST(Refusals, AreGatheredInOneLine) {
  const CheckItem own = CheckItem::unknown("own-rights", "you may not list nodes", "x");
  const CheckItem good = CheckItem::ok("version", "fine");
  const CheckItem other = CheckItem::unknown("served", "cannot connect", "");
  const auto refused = [](const char* name) { return CheckItem::unknown(name, kRefusal, ""); };
  const auto items = with_refusals_gathered({good, refused("webhook"), own, refused("kinds"), refused("kinds"), other});
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(items[0].name, "version");
  EXPECT_EQ(items[1].fact, "you may not list nodes; not known for that: webhook, kinds");
  EXPECT_EQ(items[1].state, CheckState::unknown);
  EXPECT_EQ(items[2].name, "served") << "another reason";
}

TEST(Refusals, StayWhereNoRightIsKnownToBeMissing) {
  EXPECT_EQ(with_refusals_gathered({CheckItem::ok("own-rights", ""), CheckItem::unknown("a", kRefusal, "")}).size(),
            2u);
}

}  // namespace
}  // namespace initscan

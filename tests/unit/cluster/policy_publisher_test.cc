#include "injector/cluster/policy_publisher.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace initscan {
namespace {

using Json = nlohmann::json;
constexpr std::chrono::sys_seconds kNow = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);

struct Case {
  const char* name;
  Json data;
  AcceptedKeys accepted;
  Json want;
};

class Publication : public testing::TestWithParam<Case> {};

TEST_P(Publication, SaysTheChange) {
  EXPECT_EQ(publication(GetParam().data, GetParam().accepted, kNow), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Publication,
    testing::Values(
        Case{"Nothing", {{"image", "x"}, {"policy.a", "default"}}, {{"policy.a", "default"}}, Json::object()},
        Case{"New", {{"image", "x"}}, {{"policy.a", "default"}}, {{"policy.a", "default"}}},
        Case{"NoLongerWanted", {{"policy.a", "default"}}, {}, {{"policy.a", "until 2026-01-01T00:10:00Z"}}},
        Case{"StillInItsGrace", {{"policy.a", "until 2026-01-01T00:00:01Z"}}, {}, Json::object()},
        Case{"GraceOver", {{"policy.a", "until 2026-01-01T00:00:00Z"}}, {}, {{"policy.a", nullptr}}},
        Case{"WantedAgain", {{"policy.a", "until 2026-01-01T00:00:00Z"}}, {{"policy.a", "p"}}, {{"policy.a", "p"}}},
        Case{"Pinned", {{"policy.a", "pinned"}}, {}, Json::object()},
        Case{"UnreadableEnd", {{"opt-out.shop", "until soon"}}, {}, {{"opt-out.shop", nullptr}}},
        Case{"NotOurs", {{"image", "x"}, {"other", "y"}}, {}, Json::object()}),
    [](const auto& test) { return test.param.name; });

TEST(PublishedKeys, AreOursAlone) {
  EXPECT_EQ(published_keys({{"image", "x"}, {"opt-out.a", "p"}, {"policy.b", "until x"}}),
            (std::vector<std::string>{"opt-out.a", "policy.b"}));
}

}  // namespace
}  // namespace initscan

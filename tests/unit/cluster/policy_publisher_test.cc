#include "injector/cluster/policy_publisher.h"

#include <optional>

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
  std::optional<Json> source = std::nullopt;  // without one, what is there is what is said
};

class Publication : public testing::TestWithParam<Case> {};

TEST_P(Publication, SaysTheChange) {
  const Case& c = GetParam();
  EXPECT_EQ(publication(c.data, c.source.value_or(c.data), c.accepted, kNow), c.want);
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
        Case{"NotOurs", {{"image", "x"}, {"other", "y"}}, {}, Json::object()},
        Case{"FirstTime",
             Json::object(),
             {{"policy.a", "p"}},
             {{"image", "x"}, {"policy.a", "p"}},
             Json{{"image", "x"}}},
        Case{"AnotherImage", {{"image", "x"}}, {}, {{"image", "y"}}, Json{{"image", "y"}}},
        Case{"NoLongerSaid", {{"image", "x"}, {"other", "y"}}, {}, {{"other", nullptr}}, Json{{"image", "x"}}},
        Case{"PinnedNow", Json::object(), {}, {{"policy.a", "pinned"}}, Json{{"policy.a", "pinned"}}},
        Case{"PinnedAlthoughUnwanted",
             {{"policy.a", "pinned"}},
             {{"policy.a", "p"}},
             Json::object(),
             Json{{"policy.a", "pinned"}}},
        Case{"NoLongerPinned",
             {{"policy.a", "pinned"}},
             {},
             {{"policy.a", "until 2026-01-01T00:10:00Z"}},
             Json::object()},
        Case{"OfSettingsEndsAtOnce",
             {{"own.a", "p"}, {"digest.a", "p"}, {"debug.a", "x@sha256:1"}},
             {{"debug.a", "y@sha256:2"}},
             {{"own.a", nullptr}, {"digest.a", nullptr}, {"debug.a", "y@sha256:2"}}},
        Case{"NobodySaysWhatFollowsFromSettings",
             Json::object(),
             {},
             Json::object(),
             Json{{"own.a", "pinned"}, {"digest.a", "pinned"}, {"debug.a", "x@sha256:1"}}},
        Case{"SaidButNotPinned", Json::object(), {}, Json::object(), Json{{"policy.a", "anything"}}}),
    [](const auto& test) { return test.param.name; });

TEST(PublishedKeys, AreOursAlone) {
  EXPECT_EQ(published_keys({{"image", "x"}, {"opt-out.a", "p"}, {"policy.b", "until x"}, {"own.c", "p"}}),
            (std::vector<std::string>{"opt-out.a", "own.c", "policy.b"}));
}

}  // namespace
}  // namespace initscan

#include "injector/cluster/policy_publisher.h"

#include "injector/cluster/accepted_images.h"

#include <optional>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace initscan::injector {
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
        Case{"Nothing", {{"alwaysPull", "x"}, {"policy.a", "default"}}, {{"policy.a", "default"}}, Json::object()},
        Case{"New", {{"alwaysPull", "x"}}, {{"policy.a", "default"}}, {{"policy.a", "default"}}},
        Case{"NoLongerWanted", {{"policy.a", "default"}}, {}, {{"policy.a", "until 2026-01-01T00:10:00Z"}}},
        Case{"StillInItsGrace", {{"policy.a", "until 2026-01-01T00:00:01Z"}}, {}, Json::object()},
        Case{"GraceOver", {{"policy.a", "until 2026-01-01T00:00:00Z"}}, {}, {{"policy.a", nullptr}}},
        Case{"WantedAgain", {{"policy.a", "until 2026-01-01T00:00:00Z"}}, {{"policy.a", "p"}}, {{"policy.a", "p"}}},
        Case{"Pinned", {{"policy.a", "pinned"}}, {}, Json::object()},
        Case{"UnreadableEnd", {{"opt-out.shop", "until soon"}}, {}, {{"opt-out.shop", nullptr}}},
        Case{"NotOurs", {{"alwaysPull", "x"}, {"other", "y"}}, {}, Json::object()},
        Case{"FirstTime",
             Json::object(),
             {{"policy.a", "p"}},
             {{"image", "x"}, {"images", "x"}, {"policy.a", "p"}},
             Json{{"image", "x"}}},
        Case{"AnotherImage",
             {{"image", "x"}, {"images", "x"}},
             {},
             {{"image", "y"}, {"images", "y x"}, {"formerImages", "2026-01-01T00:10:00Z=x"}},
             Json{{"image", "y"}, {"images", "y"}}},
        Case{"AFormerImageInItsGrace",
             {{"image", "y"}, {"images", "y x"}, {"formerImages", "2026-01-01T00:00:01Z=x"}},
             {},
             Json::object(),
             Json{{"image", "y"}, {"images", "y"}}},
        Case{"AFormerImageAfterIt",
             {{"image", "y"}, {"images", "y x"}, {"formerImages", "2026-01-01T00:00:00Z=x"}},
             {},
             {{"images", "y"}, {"formerImages", nullptr}},
             Json{{"image", "y"}, {"images", "y"}}},
        Case{"AFormerImageThatIsSaidAgain",
             {{"image", "y"}, {"images", "y x"}, {"formerImages", "2026-01-01T00:05:00Z=x"}},
             {},
             {{"formerImages", nullptr}},
             Json{{"image", "y"}, {"images", "y x"}}},
        Case{"AFormerImageWithoutATime",
             {{"image", "y"}, {"images", "y x"}, {"formerImages", "soon=x"}},
             {},
             {{"images", "y"}, {"formerImages", nullptr}},
             Json{{"image", "y"}, {"images", "y"}}},
        Case{"WhatPodsGetIsAccepted",
             {{"image", "y"}, {"images", "y x"}},
             {},
             Json::object(),
             Json{{"image", "y"}, {"images", "x"}}},
        Case{"NobodySaysAnything",
             {{"image", "y"}, {"images", "y x"}, {"formerImages", "2026-01-01T00:00:00Z=x"}},
             {},
             {{"images", "y"}, {"formerImages", nullptr}}},
        Case{"NothingIsLeft",
             {{"images", "x"}, {"formerImages", "2026-01-01T00:00:00Z=x"}},
             {},
             {{"images", ""}, {"formerImages", nullptr}}},
        Case{"SaidFormerImagesAreNot",
             {{"image", "y"}, {"images", "y"}},
             {},
             Json::object(),
             Json{{"image", "y"}, {"images", "y"}, {"formerImages", "2026-01-01T00:09:00Z=x"}}},
        Case{"AnotherIndexImage",
             {{"indexImages", "i"}},
             {},
             {{"indexImages", "j i"}, {"formerIndexImages", "2026-01-01T00:10:00Z=i"}},
             Json{{"indexImages", "j"}}},
        Case{
            "NoLongerSaid", {{"alwaysPull", "x"}, {"other", "y"}}, {}, {{"other", nullptr}}, Json{{"alwaysPull", "x"}}},
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
        Case{"Servers",
             {{"policy.a", "p"}},
             {{"policy.a", "p"}, {"gateServers", "s"}},
             {{"gateServers", "s none"}, {"formerGateServers", "2026-01-01T00:10:00Z=none"}}},
        Case{"OtherServers",
             {{"gateServers", "s"}},
             {{"gateServers", "t"}},
             {{"gateServers", "t s"}, {"formerGateServers", "2026-01-01T00:10:00Z=s"}}},
        Case{"ServersAfterTheirGrace",
             {{"gateServers", "t s"}, {"formerGateServers", "2026-01-01T00:00:00Z=s"}},
             {{"gateServers", "t"}},
             {{"gateServers", "t"}, {"formerGateServers", nullptr}}},
        Case{"NoServersAnyMore",
             {{"gateServers", "s"}},
             {},
             {{"gateServers", "none s"}, {"formerGateServers", "2026-01-01T00:10:00Z=s"}}},
        Case{"NoServersAfterTheirGrace",
             {{"gateServers", "none s"}, {"formerGateServers", "2026-01-01T00:00:00Z=s"}},
             {},
             {{"gateServers", nullptr}, {"formerGateServers", nullptr}}},
        Case{"ServersAreNotForPeopleToSay",
             {{"gateServers", "s"}},
             {{"gateServers", "s"}},
             Json::object(),
             Json{{"gateServers", "evil"}, {"formerGateServers", "2027-01-01T00:00:00Z=evil"}}},
        Case{"SaidButNotPinned", Json::object(), {}, Json::object(), Json{{"policy.a", "anything"}}}),
    [](const auto& test) { return test.param.name; });

TEST(Additions, AreThePoliciesThatAreNotThere) {
  const AcceptedKeys accepted{{"opt-out.a", "p"}, {"policy.a", "p"}, {"policy.b", "p"}};
  EXPECT_EQ(additions({{"image", "x"}, {"policy.a", "until x"}}, accepted), Json({{"policy.b", "p"}}));
}

TEST(Additions, AreTheServersThatAreNotThere) {
  EXPECT_EQ(additions(Json::object(), {{"gateServers", "s"}}), Json({{"gateServers", "none s"}}));
  EXPECT_EQ(additions({{"gateServers", "t"}}, {{"gateServers", "s"}}), Json({{"gateServers", "t s"}}));
  EXPECT_EQ(additions({{"gateServers", "t s"}}, {{"gateServers", "s"}}), Json::object());
  EXPECT_EQ(additions({{"gateServers", "t"}}, {}), Json({{"gateServers", "t none"}}));
  EXPECT_EQ(additions(Json::object(), {}), Json::object());
}

TEST(PublishedImages, AreParted) {
  EXPECT_EQ(published_images({{"images", " x  y "}}), (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(published_images({{"images", 7}}), std::vector<std::string>());
}

TEST(PublishedKeys, AreOursAlone) {
  EXPECT_EQ(published_keys({{"image", "x"}, {"opt-out.a", "p"}, {"policy.b", "until x"}, {"own.c", "p"}}),
            (std::vector<std::string>{"opt-out.a", "own.c", "policy.b"}));
}

}  // namespace
}  // namespace initscan::injector

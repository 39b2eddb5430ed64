#include "injector/doctor/volumes_only.h"

#include <gtest/gtest.h>

namespace initscan::injector {
namespace {

struct Case {
  const char* name;
  bool has_deployment;
  bool is_argument;
  const char* data;  // of the parameters; nullptr: there are none
  Mode best;
  CheckState state;
  const char* fact;  // a part of it
};

class VolumesOnly : public testing::TestWithParam<Case> {};

TEST_P(VolumesOnly, IsJudged) {
  const Case& c = GetParam();
  Found deployment;
  if (c.has_deployment) deployment.object = nlohmann::json::object();
  Found parameters;
  if (c.data != nullptr) parameters.object = {{"data", nlohmann::json::parse(c.data)}};
  DeployedArguments said;
  said.volumes_only = c.is_argument;
  const CheckItem item = judge_volumes_only(deployment, said, parameters, c.best);
  EXPECT_EQ(to_string(item.state), to_string(c.state)) << item.fact;
  EXPECT_NE(item.fact.find(c.fact), std::string::npos) << item.fact;
  EXPECT_EQ(item.advice.empty(), item.state == CheckState::ok);
}

constexpr const char* kTrue = R"({"volumesOnly":"true"})";
constexpr const char* kFalse = R"({"volumesOnly":"false"})";

INSTANTIATE_TEST_SUITE_P(
    Table, VolumesOnly,
    testing::Values(Case{"NotSet", true, false, kFalse, Mode::copy, CheckState::ok, "not every node here mounts"},
                    Case{"NotSetThoughItCouldBe", true, false, "{}", Mode::volume, CheckState::ok, "it can be set"},
                    Case{"Set", true, true, kTrue, Mode::volume, CheckState::ok, "set, and every node"},
                    Case{"SetWithoutInjector", false, false, kTrue, Mode::volume, CheckState::ok, "set, and every"},
                    Case{"SetWithoutPolicy", true, true, nullptr, Mode::volume, CheckState::ok, "set, and every"},
                    Case{"OldNodes", true, true, kTrue, Mode::copy, CheckState::error, "pods do not start"},
                    Case{"OnlyTheInjector", true, true, kFalse, Mode::volume, CheckState::warning, "in the ConfigMap"},
                    Case{"OnlyThePolicy", true, false, kTrue, Mode::volume, CheckState::warning, "--volumes-only"}),
    [](const auto& test) { return test.param.name; });

TEST(VolumesOnly, WhatIsNotKnownIsNotOk) {
  const Found set{{{"data", {{"volumesOnly", "true"}}}}, {}};
  const Found unread{nullptr, "finalstates: 403"};
  EXPECT_EQ(judge_volumes_only({}, {}, set, Error{Errc::io, "nodes: 403"}).state, CheckState::unknown);
  EXPECT_EQ(judge_volumes_only({}, {}, unread, Mode::volume).state, CheckState::unknown);
  EXPECT_EQ(judge_volumes_only(unread, {}, set, Mode::volume).state, CheckState::unknown);
}

}  // namespace
}  // namespace initscan::injector

#include "injector/doctor/gate_policy.h"

#include <gtest/gtest.h>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;

struct Case {
  const char* name;
  const char* binding;
  CheckState state;
  const char* fact;  // a part of it
};

class GatePolicy : public testing::TestWithParam<Case> {};

TEST_P(GatePolicy, IsInForceByItsBinding) {
  const Found policy{Json{{"spec", Json::object()}}, {}};
  const CheckItem item = judge_gate_policy(policy, {{Json::parse(GetParam().binding)}, ""}, {});
  EXPECT_EQ(to_string(item.state), to_string(GetParam().state)) << item.fact;
  EXPECT_NE(item.fact.find(GetParam().fact), std::string::npos) << item.fact;
  EXPECT_EQ(item.advice.empty(), item.state == CheckState::ok);
}

INSTANTIATE_TEST_SUITE_P(
    Table, GatePolicy,
    testing::Values(Case{"Good",
                         R"({"spec":{"policyName":"initscan-gate",
                 "paramRef":{"name":"initscan-final-state","namespace":"initscan-system"}}})",
                         CheckState::ok, "puts the scanner into pods"},
                    Case{"OfAnotherPolicy", R"({"spec":{"policyName":"other"}})", CheckState::error, "has no binding"},
                    Case{"OtherParameters",
                         R"({"metadata":{"name":"b"},"spec":{"policyName":"initscan-gate",
                 "paramRef":{"name":"other","namespace":"initscan-system"}}})",
                         CheckState::error, "b: paramRef is not initscan-system/initscan-final-state"}),
    [](const auto& test) { return test.param.name; });

TEST(GatePolicyTest, WhatCannotBeReadIsNotKnown) {
  EXPECT_EQ(judge_gate_policy({nullptr, "403"}, {}, {}).state, CheckState::unknown);
  EXPECT_EQ(judge_gate_policy({Json::object(), ""}, {{}, "403"}, {}).state, CheckState::unknown);
  EXPECT_EQ(judge_gate_policy({}, {}, {}).state, CheckState::error);
}

}  // namespace
}  // namespace initscan::injector

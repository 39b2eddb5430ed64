#include "injector/doctor/gate_servers.h"

#include <gtest/gtest.h>

namespace initscan::injector {
namespace {

struct Case {
  const char* name;
  bool has_deployment;
  std::vector<std::string> said;
  const char* published;  // nullptr: there are no parameters
  const char* state;      // "": there is no item
  std::string fact;
};

class CheckedServers : public testing::TestWithParam<Case> {};

TEST_P(CheckedServers, AreJudged) {
  const Case& c = GetParam();
  Found deployment;
  if (c.has_deployment) deployment.object = nlohmann::json::object();
  Found parameters;
  if (c.published != nullptr) parameters.object = {{"data", {{"gateServers", c.published}}}};
  DeployedArguments said;
  said.servers = c.said;
  const auto item = judge_gate_servers(deployment, said, parameters);
  EXPECT_EQ(item ? to_string(item->state) : "", c.state);
  EXPECT_EQ(item ? item->fact : "", c.fact);
  EXPECT_EQ(item && !item->advice.empty(), item && item->state == CheckState::warning);
}

const char* const kTold = "--report-to=https://a|--server-token=/initscan/token/token|--server-ca-inline=AAAA none";

INSTANTIATE_TEST_SUITE_P(
    Table, CheckedServers,
    testing::Values(
        Case{"Nobody", true, {}, "", "", ""}, Case{"NobodyAnyMore", true, {}, "none x", "", ""},
        Case{"NoPolicy", true, {"--report-to=https://a"}, nullptr, "ok", "gates are told: --report-to=https://a"},
        Case{"NoInjector", false, {}, kTold, "ok", "gates are told: --report-to=https://a"},
        Case{"Both", true, {"--report-to=https://a"}, kTold, "ok", "gates are told: --report-to=https://a"},
        Case{"NotYet",
             true,
             {"--report-to=https://a"},
             "",
             "warning",
             "gates are told: no server; the injector's arguments say: --report-to=https://a"},
        Case{"Another",
             true,
             {"--server=https://b", "--report-to=https://a"},
             kTold,
             "warning",
             "gates are told: --report-to=https://a; the injector's arguments say: --report-to=https://a "
             "--server=https://b"},
        Case{"StillOne",
             true,
             {},
             kTold,
             "warning",
             "gates are told: --report-to=https://a; the injector's arguments say: no server"}),
    [](const auto& test) { return test.param.name; });

TEST(CheckedServers, ThatAreNotKnownAreNotOk) {
  Found parameters;
  parameters.failure.text = "forbidden";
  DeployedArguments said;
  EXPECT_FALSE(judge_gate_servers({}, said, parameters));
  said.servers = {"--report-to=https://a"};
  EXPECT_EQ(judge_gate_servers({}, said, parameters)->state, CheckState::unknown);
}

}  // namespace
}  // namespace initscan::injector

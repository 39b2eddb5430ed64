#include "injector/doctor/final_state.h"

#include <gtest/gtest.h>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;

const Installation kNames;

struct Case {
  const char* name;
  const char* object;  // or, for bindings, the list
  CheckState state;
  const char* fact;  // a part of it
};

void expect(const CheckItem& item, const Case& c) {
  EXPECT_EQ(to_string(item.state), to_string(c.state)) << item.fact;
  EXPECT_NE(item.fact.find(c.fact), std::string::npos) << item.fact;
  EXPECT_EQ(item.advice.empty(), item.state == CheckState::ok);
}

class FinalState : public testing::TestWithParam<Case> {};
TEST_P(FinalState, PolicyIsJudged) {
  expect(judge_final_state_policy({Json::parse(GetParam().object), ""}, kNames), GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Table, FinalState,
    testing::Values(
        Case{"Good", R"({"spec":{"failurePolicy":"Fail"}})", CheckState::ok, "requires the scanner"},
        Case{"Missing", "null", CheckState::error, "there is no ValidatingAdmissionPolicy initscan-final-state"},
        Case{"FailsOpen", R"({"spec":{"failurePolicy":"Ignore"}})", CheckState::warning, "failurePolicy is Ignore"},
        Case{"DoesNotType", R"({"spec":{},"status":{"typeChecking":{"expressionWarnings":[{"fieldRef":"spec.x"}]}}})",
             CheckState::warning, "warns of spec.x"}),
    [](const auto& test) { return test.param.name; });

class Bindings : public testing::TestWithParam<Case> {};
TEST_P(Bindings, AreJudged) {
  expect(judge_final_state_bindings({Json::parse(GetParam().object).get<std::vector<Json>>(), ""}, kNames), GetParam());
}

constexpr const char* kDeny =
    R"([{"metadata":{"name":"b"},"spec":{"policyName":"initscan-final-state","validationActions":["Deny"],
  "paramRef":{"name":"initscan-final-state","namespace":"initscan-system"}}}])";
constexpr const char* kWarn =
    R"([{"metadata":{"name":"b"},"spec":{"policyName":"initscan-final-state","validationActions":["Warn","Audit"],
  "paramRef":{"name":"initscan-final-state","namespace":"initscan-system"}}}])";
constexpr const char* kElsewhere =
    R"([{"metadata":{"name":"b"},"spec":{"policyName":"initscan-final-state","validationActions":["Deny"],
  "paramRef":{"name":"initscan-final-state","namespace":"other"}}}])";

INSTANTIATE_TEST_SUITE_P(Table, Bindings,
                         testing::Values(Case{"Denies", kDeny, CheckState::ok, "b denies"},
                                         Case{"OnlyWarns", kWarn, CheckState::warning, "b only warns"},
                                         Case{"OtherParameters", kElsewhere, CheckState::error,
                                              "paramRef is not initscan-system/initscan-final-state"},
                                         Case{"None", R"([{"spec":{"policyName":"other"}}])", CheckState::error,
                                              "has no binding"}),
                         [](const auto& test) { return test.param.name; });

class Parameters : public testing::TestWithParam<Case> {};
TEST_P(Parameters, AreJudged) {
  expect(judge_final_state_parameters({Json::parse(GetParam().object), ""}, {}, kNames), GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Table, Parameters,
    testing::Values(
        Case{"Good", R"({"data":{"image":"a@sha256:1","images":"b a@sha256:1","policy.0":"x"}})", CheckState::ok,
             "a@sha256:1, 1 policy"},
        Case{"Missing", "null", CheckState::error, "there is no FinalState"},
        Case{"ByTag", R"({"data":{"image":"a:1","images":"a:1","policy.0":"x"}})", CheckState::warning, "can be moved"},
        Case{"OtherImages", R"({"data":{"image":"a","images":"ab","policy.0":"x"}})", CheckState::error,
             "does not contain `image` (a)"},
        Case{"NoImage", R"({"data":{"images":"a","policy.0":"x"}})", CheckState::error, "it is empty"},
        Case{"NoPolicy", R"({"data":{"image":"a","images":"a"}})", CheckState::error, "no policy is published"},
        Case{"NoData", R"({"data":null})", CheckState::error, "it is empty"}),
    [](const auto& test) { return test.param.name; });

TEST(Parameters, AreOfTheKindThatThePolicyNames) {
  EXPECT_EQ(parameter_kind_of(Json()).path("a", "b"), "/apis/initscan.io/v1alpha1/namespaces/a/finalstates/b");
  const Json core = Json::parse(R"({"spec":{"paramKind":{"apiVersion":"v1","kind":"ConfigMap"}}})");
  EXPECT_EQ(parameter_kind_of(core).path("a", "b"), "/api/v1/namespaces/a/configmaps/b");
  const Json other = Json::parse(R"({"spec":{"paramKind":{"apiVersion":"example.com/v1","kind":"Accepted"}}})");
  EXPECT_EQ(parameter_kind_of(other).path("a", "b"), "/apis/example.com/v1/namespaces/a/accepteds/b");
}

TEST(FinalState, MayBeDemandedByAWebhook) {
  EXPECT_TRUE(demands_by_webhook(Json::parse(R"({"webhooks":[{"failurePolicy":"Ignore"},{"failurePolicy":"Fail"}]})")));
  EXPECT_FALSE(demands_by_webhook(Json::parse(R"({"webhooks":[{"failurePolicy":"Ignore"}]})")));
  EXPECT_FALSE(demands_by_webhook(Json()));
}

TEST(Guards, ArePoliciesThatDeny) {
  const auto binding = [](const char* policy, const char* action) {
    return Json{{"spec", {{"policyName", policy}, {"validationActions", {action}}}}};
  };
  const std::vector<Found> there{{Json::object(), ""}, {Json::object(), ""}};
  FoundList bindings{{binding("initscan-connect", "Deny"), binding("initscan-namespaces", "Deny")}, {}};
  EXPECT_EQ(judge_guards(there, bindings).state, CheckState::ok);
  EXPECT_EQ(judge_guards({{Json(), ""}, there[1]}, bindings).fact,
            "no binding denies by the policy initscan-connect: commands can run in the scanner's containers");
  EXPECT_EQ(judge_guards({there[0], {Json(), "forbidden"}}, bindings).state, CheckState::unknown);
  bindings.items[1] = binding("initscan-namespaces", "Warn");
  EXPECT_EQ(judge_guards(there, bindings).fact,
            "no binding denies by the policy initscan-namespaces: tenants can remove their namespaces' labels");
  EXPECT_EQ(judge_guards(there, {{}, "forbidden"}).state, CheckState::unknown);
}

TEST(Guards, AreEntriesOfAWebhook) {
  const auto entry = [](const char* name, const char* policy) {
    return Json{{"name", name}, {"failurePolicy", policy}};
  };
  const Json both{{"webhooks", {entry("connect.initscan.io", "Fail"), entry("namespaces.initscan.io", "Fail")}}};
  EXPECT_EQ(judge_guarding_webhook(both).state, CheckState::ok);
  const Json one{{"webhooks", {entry("connect.initscan.io", "Fail"), entry("namespaces.initscan.io", "Ignore")}}};
  EXPECT_EQ(judge_guarding_webhook(one).fact, "the validating webhook has no entry namespaces.initscan.io that denies");
}

TEST(Parameters, AcceptAPolicyOnlyWhereItIsOfTheNamespace) {
  const Json data{{"policy.1", ""}, {"policy.shop.2", ""}};
  EXPECT_TRUE(accepts_policy(data, "shop", "1"));
  EXPECT_TRUE(accepts_policy(data, "shop", "2"));
  EXPECT_FALSE(accepts_policy(data, "other", "2"));
  EXPECT_FALSE(accepts_policy(data, "shop", "3"));
  const Json own{{"policy.1", ""}, {"policy.shop.2", ""}, {"own.shop", ""}};
  EXPECT_FALSE(accepts_policy(own, "shop", "1")) << "it has one of its own";
  EXPECT_TRUE(accepts_policy(own, "shop", "2"));
  EXPECT_TRUE(accepts_policy(own, "other", "1"));
}

}  // namespace
}  // namespace initscan::injector

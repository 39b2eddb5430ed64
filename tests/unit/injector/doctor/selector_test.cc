#include "injector/doctor/selector.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;

struct Case {
  const char* name;
  const char* selector;
  bool want;
};

class Selector : public testing::TestWithParam<Case> {};

TEST_P(Selector, SelectsAsTheApiServerDoes) {
  const Json labels{{"a", "1"}, {"b", ""}};
  EXPECT_EQ(selects(Json::parse(GetParam().selector), labels), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Selector,
    testing::Values(
        Case{"Empty", "{}", true}, Case{"Null", "null", true}, Case{"Label", R"({"matchLabels":{"a":"1"}})", true},
        Case{"OtherValue", R"({"matchLabels":{"a":"2"}})", false},
        Case{"NoLabel", R"({"matchLabels":{"c":"1"}})", false}, Case{"EmptyValue", R"({"matchLabels":{"b":""}})", true},
        Case{"AllHaveToHold", R"({"matchLabels":{"a":"1","b":"x"}})", false},
        Case{"In", R"({"matchExpressions":[{"key":"a","operator":"In","values":["0","1"]}]})", true},
        Case{"InOther", R"({"matchExpressions":[{"key":"a","operator":"In","values":["0"]}]})", false},
        Case{"InOfNone", R"({"matchExpressions":[{"key":"c","operator":"In","values":["0"]}]})", false},
        Case{"NotIn", R"({"matchExpressions":[{"key":"a","operator":"NotIn","values":["1"]}]})", false},
        Case{"NotInOfNone", R"({"matchExpressions":[{"key":"c","operator":"NotIn","values":["1"]}]})", true},
        Case{"Exists", R"({"matchExpressions":[{"key":"b","operator":"Exists"}]})", true},
        Case{"ExistsNot", R"({"matchExpressions":[{"key":"c","operator":"Exists"}]})", false},
        Case{"DoesNotExist", R"({"matchExpressions":[{"key":"c","operator":"DoesNotExist"}]})", true},
        Case{"UnknownOperator", R"({"matchExpressions":[{"key":"a","operator":"Gt","values":["0"]}]})", false}),
    [](const auto& test) { return test.param.name; });

TEST(SelectionLabels, HoldTheName) {
  const Json shop = Json::parse(R"({"metadata":{"name":"shop","labels":{"a":"1"}}})");
  EXPECT_EQ(selection_labels(shop), (Json{{"a", "1"}, {"kubernetes.io/metadata.name", "shop"}}));
  EXPECT_EQ(selection_labels(Json::parse(R"({"metadata":{"name":"bare","labels":null}})")).size(), 1u);
}

}  // namespace
}  // namespace initscan::injector

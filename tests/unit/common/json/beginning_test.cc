#include "common/json/beginning.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

struct Case {
  const char* name;
  std::string_view json;
  std::size_t bytes;
  std::string_view want;
};

class JsonBeginning : public testing::TestWithParam<Case> {};

TEST_P(JsonBeginning, IsJsonOfItsOwn) {
  EXPECT_EQ(json_beginning(GetParam().json, GetParam().bytes, 3), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Table, JsonBeginning,
    testing::Values(Case{"AllOfIt", R"({"a":[1,2]})", 100, R"({"a":[1,2]})"}, Case{"Nothing", "", 100, ""},
                    Case{"InANumber", R"({"a":[1,234]})", 9, R"({"a":[1]})"},
                    Case{"BetweenValues", R"({"a":{"b":1},"c":2})", 13, R"({"a":{"b":1}})"},
                    Case{"InAKey", R"({"a":1,"long":2})", 11, R"({"a":1})"},
                    Case{"BehindAKey", R"({"a":1,"b":2})", 11, R"({"a":1})"},
                    Case{"InAText", R"({"a":"1","b":"x,]}\"{"})", 20, R"({"a":"1"})"},
                    Case{"InTheFirstValue", R"({"a":1234})", 8, "{}"},
                    Case{"TooDeep", R"({"a":1,"b":[{"c":[1]}],"d":2})", 100, R"({"a":1,"b":[{}]})"},
                    Case{"OtherBrackets", R"({"a":[1},"b":2})", 100, R"({"a":[]})"},
                    Case{"MoreBehindIt", R"({"a":1}})", 100, R"({"a":1})"}, Case{"NoJson", "rubbish", 100, ""}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace initscan

#include "common/json/shape.h"

#include "common/json/parse.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

std::string error_of(std::string_view json, const JsonLimits& limits) {
  const auto shape = check_json_shape(json, limits);
  return shape ? "" : shape.error().text;
}

TEST(JsonShape, BoundsNesting) {
  EXPECT_EQ(error_of(repeated("[", 3) + repeated("]", 3), {3, 100}), "");
  EXPECT_EQ(error_of(repeated(R"({"a":)", 4), {3, 100}), "JSON nested more than 3 deep");
  EXPECT_EQ(error_of("[[]" + repeated(",[]", 50) + "]", {2, 1000}), "") << "beside each other is not inside";
}

TEST(JsonShape, BoundsValues) {
  EXPECT_EQ(error_of("[{},{},{}]", {10, 6}), "");
  EXPECT_EQ(error_of("[{},{},{}]", {10, 5}), "JSON of more than 5 values");
  EXPECT_EQ(error_of("[0,0,0,0,0,0]", {10, 5}), "JSON of more than 5 values");
}

TEST(JsonShape, LeavesStringsAlone) {
  EXPECT_EQ(error_of(R"(["[[[[,,,,{{{{", "\"[[[[", "\\"])", {1, 3}), "");
  EXPECT_EQ(error_of(R"(["\)", {1, 3}), "");
  EXPECT_EQ(error_of(R"("[[[[)", {1, 3}), "") << "a string without an end";
}

TEST(ParseJson, SaysWhyNot) {
  nlohmann::json json;
  ASSERT_TRUE(parse_json(R"({"a":[1]})", json));
  EXPECT_EQ(parse_json(repeated("[", 50'000), json).error().text, "JSON nested more than 200 deep");
  EXPECT_EQ(parse_json(R"({"a")", json).error().code, Errc::malformed);
  EXPECT_EQ(json.dump(), R"({"a":[1]})");
  EXPECT_TRUE(json_or_null(repeated(R"({"a":)", 50'000) + "1" + repeated("}", 50'000)).is_null());
  EXPECT_TRUE(json_or_null("{").is_null());
}

}  // namespace
}  // namespace initscan

#include "common/config/from_json.h"

#include "tests/unit/common/config/shown.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace initscan {
namespace {

// The same text through both libraries.
class FromJson : public testing::TestWithParam<bool> {
 protected:
  Result<ConfigNode> tree_of(const std::string& text) {
    if (GetParam()) return config_from_json(nlohmann::json::parse(text));
    simdjson::dom::element object;
    if (parser_.parse(text).get(object) != simdjson::SUCCESS) return Error{Errc::malformed, "not JSON"};
    return config_from_json(object);
  }

  simdjson::dom::parser parser_;
};

TEST_P(FromJson, MakesTheTree) {
  const auto tree = tree_of(R"({"a":[true,7,-1.5,"7",null,{}],"b":{"c":[]}})");
  ASSERT_TRUE(tree) << tree.error().text;
  EXPECT_EQ(shown(*tree), "{a: [b:true, n:7, n:-1.5, t:7, null, {}], b: {c: []}}");
}

TEST_P(FromJson, PlacesArePaths) {
  const auto tree = tree_of(R"({"spec":{"ignore":[{},{"expiresAt":1}]},"":1})");
  ASSERT_TRUE(tree) << tree.error().text;
  EXPECT_EQ(to_text(tree->place), "");
  const ConfigNode& item = tree->find("spec")->find("ignore")->items.at(1);
  EXPECT_EQ(to_text(item.place), ".spec.ignore[1]");
  EXPECT_EQ(to_text(item.entries.at(0).key_place), ".spec.ignore[1].expiresAt");
  EXPECT_EQ(to_text(item.find("expiresAt")->place), ".spec.ignore[1].expiresAt");
  EXPECT_EQ(to_text(tree->find("")->place), ".\"\"");
}

TEST_P(FromJson, OfALongKeyThePlaceShowsTheBeginning) {
  const std::string key(500, 'k');
  const auto tree = tree_of("{\"" + key + "\":1}");
  ASSERT_TRUE(tree) << tree.error().text;
  EXPECT_EQ(to_text(tree->find(key)->place), '.' + key.substr(0, 60) + "...");
}

TEST_P(FromJson, RefusesWhatIsTooDeepOrTooMuch) {
  const std::string deep = std::string(kMaxConfigDepth + 2, '[') + std::string(kMaxConfigDepth + 2, ']');
  const auto too_deep = tree_of("{\"a\":" + deep + '}');
  ASSERT_FALSE(too_deep);
  EXPECT_EQ(too_deep.error().code, Errc::over_limit);
  EXPECT_TRUE(too_deep.error().text.ends_with("[0][0]: nested more than 50 deep")) << too_deep.error().text;

  std::string many = "[1";
  for (std::size_t i = 1; i <= kMaxConfigNodes; ++i) many += ",1";
  const auto too_much = tree_of(many + ']');
  ASSERT_FALSE(too_much);
  EXPECT_EQ(too_much.error().code, Errc::over_limit);
  EXPECT_EQ(too_much.error().text, "[199999]: more than 200000 values; are aliases a bomb?");
}

INSTANTIATE_TEST_SUITE_P(Libraries, FromJson, testing::Bool(),
                         [](const auto& test) { return test.param ? "Nlohmann" : "Simdjson"; });

}  // namespace
}  // namespace initscan

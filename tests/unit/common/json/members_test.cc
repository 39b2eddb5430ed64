#include "common/json/element.h"
#include "common/json/parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace initscan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kText =
    R"({"text":"x","number":-7,"fraction":1.5,"flag":true,"off":false,"null":null,
        "list":["a",1,null,"b"],"object":{"text":"y"}})";

// The same object in both libraries: whoever reads members reads them alike.
struct Both {
  nlohmann::json tree = nlohmann::json::parse(kText);
  simdjson::dom::parser parser;
  simdjson::dom::element element = parser.parse(kText.data(), kText.size()).value();
};

TEST(JsonMembers, TextsAreReadAsSuch) {
  const Both both;
  for (const char* key : {"number", "flag", "null", "list", "object", "missing"}) {
    EXPECT_EQ(text_in(both.tree, key), "") << key;
    EXPECT_EQ(text_in(both.element, key), "") << key;
    EXPECT_EQ(text_in(both.tree, key, "?"), "?") << key;
    EXPECT_EQ(text_in(both.element, key, "?"), "?") << key;
  }
  EXPECT_EQ(text_in(both.tree, "text", "?"), "x");
  EXPECT_EQ(text_in(both.element, "text", "?"), "x");
}

TEST(JsonMembers, AStepMayLeadNowhere) {
  const Both both;
  EXPECT_EQ(text_in(object_in(both.tree, "object"), "text"), "y");
  EXPECT_EQ(text_in(both.element["object"], "text"), "y");
  EXPECT_EQ(text_in(object_in(both.tree, "text"), "text", "?"), "?");
  EXPECT_EQ(text_in(both.element["text"], "text", "?"), "?");
  EXPECT_EQ(text_in(object_in(both.tree, "missing"), "text", "?"), "?");
  EXPECT_EQ(text_in(both.element["missing"], "text", "?"), "?");
}

TEST(JsonMembers, FlagsAreReadAsSuch) {
  const Both both;
  for (const bool otherwise : {false, true}) {
    EXPECT_TRUE(flag_in(both.tree, "flag", otherwise));
    EXPECT_TRUE(flag_in(both.element, "flag", otherwise));
    EXPECT_FALSE(flag_in(both.tree, "off", otherwise));
    EXPECT_FALSE(flag_in(both.element, "off", otherwise));
    for (const char* key : {"text", "number", "null", "missing"}) {
      EXPECT_EQ(flag_in(both.tree, key, otherwise), otherwise) << key;
      EXPECT_EQ(flag_in(both.element, key, otherwise), otherwise) << key;
    }
  }
}

TEST(JsonMembers, OfAListOnlyTheTextsAreTexts) {
  const Both both;
  EXPECT_THAT(texts_in(both.tree, "list"), ElementsAre("a", "b"));
  EXPECT_THAT(texts_in(both.element, "list"), ElementsAre("a", "b"));
  for (const char* key : {"text", "object", "null", "missing"}) {
    EXPECT_THAT(texts_in(both.tree, key), IsEmpty()) << key;
    EXPECT_THAT(texts_in(both.element, key), IsEmpty()) << key;
  }
}

TEST(JsonMembers, NumbersAreWhole) {
  const Both both;
  EXPECT_EQ(number_in(both.tree, "number", 1), -7);
  for (const char* key : {"fraction", "text", "null", "missing"}) {
    EXPECT_EQ(number_in(both.tree, key), 0) << key;
    EXPECT_EQ(number_in(both.tree, key, -1), -1) << key;
  }
}

TEST(JsonMembers, AnythingThatIsNoObjectHasNone) {
  for (const char* text : {"null", "[]", "7", "\"text\""}) {
    const auto tree = nlohmann::json::parse(text);
    EXPECT_TRUE(value_in(tree, "a").is_null()) << text;
    EXPECT_TRUE(object_in(tree, "a").is_object()) << text;
    EXPECT_TRUE(list_in(tree, "a").is_array()) << text;
    EXPECT_EQ(text_in(tree, "a", "?"), "?") << text;
  }
}

}  // namespace
}  // namespace initscan

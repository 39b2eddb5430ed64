#include "common/config/from_yaml.h"

#include "tests/unit/common/config/shown.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

constexpr std::size_t kMostBytes = 1 << 20;

struct Text {
  const char* name;
  std::string text;
  std::string tree;
};

class FromYaml : public testing::TestWithParam<Text> {};

TEST_P(FromYaml, MakesTheTree) {
  const auto tree = config_from_yaml(GetParam().text, "policy", kMostBytes);
  ASSERT_TRUE(tree) << tree.error().text;
  EXPECT_EQ(shown(*tree), GetParam().tree);
}

INSTANTIATE_TEST_SUITE_P(
    Table, FromYaml,
    testing::Values(Text{"Kinds", "[true, 7, -1.5, word, ~, {a: b}]", "[b:true, n:7, n:-1.5, t:word, null, {a: t:b}]"},
                    Text{"QuotedIsText", "[\"true\", '7', \"\"]", "[t:true, t:7, t:]"},
                    Text{"TaggedIsText", "[!!str 7, !x true]", "[t:7, t:true]"},
                    Text{"AsJson", "{\"a\": [false, \"7\", null]}", "{a: [b:false, t:7, null]}"},
                    Text{"WhatOnlyLooksLikeANumber", "[1.2.3, 7d, 2026-12-31, inf, v1, yes]",
                         "[t:1.2.3, t:7d, t:2026-12-31, t:inf, t:v1, t:yes]"},
                    Text{"LargerThanAnyNumber", "99999999999999999999", "n:99999999999999999999"},
                    Text{"AKeyTwice", "{a: 1, a: 2}", "{a: n:1, a: n:2}"},
                    Text{"AnAlias", "{a: &x [1], b: *x}", "{a: [n:1], b: [n:1]}"},
                    Text{"MergedKeys", "{p: &p {a: 1, b: 2}, q: {b: 3, <<: *p}}",
                         "{p: {a: n:1, b: n:2}, q: {b: n:3, a: n:1}}"},
                    Text{"MergedKeysOfTheFirst", "{<<: [{a: 1}, {a: 2, b: 2}]}", "{a: n:1, b: n:2}"},
                    Text{"AQuotedKeyMergesNothing", "{\"<<\": 1}", "{<<: n:1}"},
                    Text{"MergedWithAKeyTwice", "{<<: {a: 1, a: 2}}", "{a: n:1, a: n:2}"}),
    [](const auto& test) { return test.param.name; });

TEST(FromYamlPlaces, AreLinesAndColumns) {
  const auto tree = config_from_yaml("a:\n  - b: {c: x}\n    d:\n      e\n", "policy", kMostBytes);
  ASSERT_TRUE(tree) << tree.error().text;
  const ConfigNode& item = tree->find("a")->items.at(0);
  EXPECT_EQ(to_text(item.place), "2:5");
  EXPECT_EQ(to_text(item.entries.at(1).key_place), "3:5");
  EXPECT_EQ(to_text(item.find("d")->place), "4:7");
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

// Each line a list of ten times the line before.
std::string bomb() {
  std::string text = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    text += 'a' + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last;
    for (int copy = 1; copy < 10; ++copy) text += ", " + last;
    text += "]\n";
  }
  return text;
}

struct Bad {
  const char* name;
  std::string text;
  Errc code;
  std::string error;
};

class FromYamlRefuses : public testing::TestWithParam<Bad> {};

TEST_P(FromYamlRefuses, WithThePlace) {
  const auto tree = config_from_yaml(GetParam().text, "policy", kMostBytes);
  ASSERT_FALSE(tree) << shown(*tree);
  EXPECT_EQ(tree.error().text, GetParam().error);
  EXPECT_EQ(tree.error().code, GetParam().code);
}

INSTANTIATE_TEST_SUITE_P(
    Table, FromYamlRefuses,
    testing::Values(
        Bad{"Nothing", "", Errc::malformed, "no policy in it"}, Bad{"ANull", "~", Errc::malformed, "no policy in it"},
        Bad{"TwoDocuments", "a: 1\n---\nb: 2\n", Errc::malformed, "3:1: a second document; want one policy"},
        Bad{"NotYaml", "a: [1\n", Errc::malformed, "2:1: not YAML: end of sequence flow not found"},
        Bad{"NoText", "a\n\x01", Errc::malformed, "2: not text in UTF-8"},
        Bad{"AListAsKey", "{[1]: 2}", Errc::malformed, "1:2: want plain text as a key"},
        Bad{"AMergedWord", "{<<: x}", Errc::malformed, "1:6: want a mapping to merge"},
        Bad{"AMergedListOfWords", "{<<: [x]}", Errc::malformed, "1:7: want a mapping to merge"},
        Bad{"TooDeep", nested(kMaxConfigDepth + 2), Errc::over_limit, "1:52: nested more than 50 deep"},
        Bad{"ACycle", "&a [*a]", Errc::over_limit, "1:1: nested more than 50 deep"},
        Bad{"TooLarge", std::string(kMostBytes + 1, 'a'), Errc::over_limit, "larger than the limit of 1048576 bytes"}),
    [](const auto& test) { return test.param.name; });

TEST(FromYamlRefusesABomb, BeforeItHasGrown) {
  const auto tree = config_from_yaml(bomb(), "policy", kMostBytes);
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().code, Errc::over_limit);
  EXPECT_TRUE(tree.error().text.ends_with(": more than 200000 values; are aliases a bomb?")) << tree.error().text;
}

TEST(ConfigDocuments, AreAllOfThem) {
  const auto documents = config_documents("a: 1\n---\n---\n[b]\n", kMostBytes);
  ASSERT_TRUE(documents) << documents.error().text;
  ASSERT_EQ(documents->size(), 3u);
  EXPECT_EQ(shown((*documents)[0]), "{a: n:1}");
  EXPECT_EQ(shown((*documents)[1]), "null");
  EXPECT_EQ(shown((*documents)[2]), "[t:b]");
}

}  // namespace
}  // namespace initscan

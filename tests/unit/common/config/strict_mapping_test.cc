#include "common/config/strict_mapping.h"

#include "common/config/from_yaml.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

struct Read {
  std::string word;
  bool flag = false;
  std::int64_t number = 0;
  std::optional<double> share;
  std::vector<std::string> words;
  int choice = 0;
};

Result<Read> read(const std::string& text) {
  const auto tree = config_from_yaml(text, "text", 1 << 20);
  if (!tree) return tree.error();
  StrictMapping fields(*tree, "spec", {"word", "flag", "number", "share", "words", "choice"});
  Read read;
  read.word = fields.required("word");
  fields.boolean("flag", read.flag);
  fields.number("number", 1, 9, read.number);
  fields.share("share", read.share);
  fields.words("words", 2, read.words);
  fields.choose("choice", read.choice, {{"one", 1}, {"two", 2}});
  if (fields.error()) return *fields.error();
  return read;
}

TEST(StrictMapping, ReadsEachKind) {
  const auto got = read("{word: 7, flag: true, number: 3, share: 0.25, words: [a, 1], choice: two}");
  ASSERT_TRUE(got) << got.error().text;
  EXPECT_EQ(got->word, "7");
  EXPECT_TRUE(got->flag);
  EXPECT_EQ(got->number, 3);
  EXPECT_EQ(got->share, 0.25);
  EXPECT_EQ(got->words, (std::vector<std::string>{"a", "1"}));
  EXPECT_EQ(got->choice, 2);
}

TEST(StrictMapping, LeavesWhatIsNotSaid) {
  const auto got = read("{word: x}");
  ASSERT_TRUE(got) << got.error().text;
  EXPECT_FALSE(got->flag);
  EXPECT_FALSE(got->share);
  EXPECT_EQ(got->choice, 0);
}

struct Bad {
  const char* name;
  const char* text;
  const char* error;
};

class StrictMappingRefuses : public testing::TestWithParam<Bad> {};

TEST_P(StrictMappingRefuses, InOneLineWithThePlace) {
  const auto got = read(GetParam().text);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().text, GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(
    Table, StrictMappingRefuses,
    testing::Values(
        Bad{"AList", "[word]", "1:1: want a mapping for spec"},
        Bad{"UnknownKey", "word: x\nflags: 1",
            "2:1: unknown key \"flags\" in spec; known are word, flag, number, share, words, choice"},
        Bad{"KeyTwice", "word: x\nword: y", "2:1: key \"word\" is given twice in spec"},
        Bad{"Missing", "{flag: true}", "1:1: spec without word"},
        Bad{"Empty", "{word: \"\"}", "1:1: spec without word"},
        Bad{"NullForAWord", "word: ~", "1:7: want a single value for word in spec"},
        Bad{"ListForAWord", "word: [x]", "1:7: want a single value for word in spec"},
        Bad{"YesForABoolean", "{word: x, flag: yes}", "1:17: flag: want true or false, not the text \"yes\""},
        Bad{"TextForABoolean", "{word: x, flag: \"true\"}", "1:17: flag: want true or false, not the text \"true\""},
        Bad{"NumberForABoolean", "{word: x, flag: 1}", "1:17: flag: want true or false, not 1"},
        Bad{"TextForANumber", "{word: x, number: \"3\"}",
            "1:19: number: want a whole number from 1 to 9, not the text \"3\""},
        Bad{"NotWhole", "{word: x, number: 3.5}", "1:19: number: want a whole number from 1 to 9, not 3.5"},
        Bad{"TooSmall", "{word: x, number: 0}", "1:19: number: want a whole number from 1 to 9, not 0"},
        Bad{"MappingForANumber", "{word: x, number: {}}", "1:19: want a single value for number in spec"},
        Bad{"TextForAShare", "{word: x, share: \"0.5\"}",
            "1:18: share: want a number from 0 to 1, not the text \"0.5\""},
        Bad{"MoreThanAll", "{word: x, share: 1.5}", "1:18: share: want a number from 0 to 1, not 1.5"},
        Bad{"LessThanNothing", "{word: x, share: -0}", "1:18: share: want a number from 0 to 1, not -0"},
        Bad{"ListForAShare", "{word: x, share: [1]}", "1:18: want a single value for share in spec"},
        Bad{"WordForAList", "{word: x, words: a}", "1:18: want a list for words"},
        Bad{"TooMany", "{word: x, words: [a, b, c]}", "1:18: more than 2 entries in words"},
        Bad{"ListInAList", "{word: x, words: [a, [b]]}", "1:22: want a single value for words in spec"},
        Bad{"NoChoice", "{word: x, choice: three}", "1:19: unknown choice \"three\"; want one of one, two"}),
    [](const auto& test) { return test.param.name; });

TEST(StrictMapping, KeepsTheFirstError) {
  const auto got = read("{flag: 1, words: a}");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().text, "1:1: spec without word");
}

}  // namespace
}  // namespace initscan

#include "common/json/writer.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

TEST(JsonWriter, SeparatesWhatItWrites) {
  JsonWriter json;
  json.begin_object().field("a", 1u).key("b").begin_array().value(true).value(std::string_view("x")).begin_object();
  json.end_object().end_array().key("c").number("7.5").end_object();
  EXPECT_EQ(json.text(), R"({"a":1,"b":[true,"x",{}],"c":7.5})");
}

TEST(JsonWriter, GivesPeopleALineForEachValue) {
  JsonWriter json(2);
  json.begin_object().field("a", 1u).key("b").begin_array().value(true).begin_object().end_object().end_array();
  json.key("c").begin_array().end_array().key("d").begin_object().field("e", std::string_view("x")).end_object();
  json.end_object();
  EXPECT_EQ(json.text(), R"({
  "a": 1,
  "b": [
    true,
    {}
  ],
  "c": [],
  "d": {
    "e": "x"
  }
})");
}

struct Case {
  const char* name;
  std::string_view text;
  std::string_view want;
};

class JsonWriterQuotes : public testing::TestWithParam<Case> {};

TEST_P(JsonWriterQuotes, Text) {
  JsonWriter json;
  json.value(GetParam().text);
  EXPECT_EQ(json.text(), '"' + std::string(GetParam().want) + '"');
}

INSTANTIATE_TEST_SUITE_P(Table, JsonWriterQuotes,
                         testing::Values(Case{"Plain", "a/b", "a/b"}, Case{"Quotes", "a\"b\\", "a\\\"b\\\\"},
                                         Case{"Controls", std::string_view("\n\t\x01\0\x7f", 5),
                                              "\\n\\t\\u0001\\u0000\\u007f"},
                                         Case{"Utf8", "é日😀", "é日😀"},
                                         Case{"LoneByte",
                                              "a\xff"
                                              "b",
                                              "a\xef\xbf\xbd"
                                              "b"},
                                         Case{"CutShort", "\xe6\x97", "\xef\xbf\xbd\xef\xbf\xbd"},
                                         Case{"Overlong", "\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},
                                         Case{"Surrogate", "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace initscan

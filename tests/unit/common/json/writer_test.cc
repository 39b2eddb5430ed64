#include "common/json/writer.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace initscan {
namespace {

TEST(JsonWriter, SeparatesWhatItWrites) {
  JsonWriter json;
  json.begin_object().field("a", 1u).key("b").begin_array().value(true).value(std::string_view("x")).begin_object();
  json.end_object().end_array().key("c").number("7.5").end_object();
  EXPECT_EQ(json.text(), R"({"a":1,"b":[true,"x",{}],"c":7.5})");
}

TEST(JsonWriter, TakesWhatIsJsonAlready) {
  JsonWriter json;
  json.begin_object().key("a").json(R"([1,{"b":null}])").field("c", false).end_object();
  EXPECT_EQ(json.text(), R"({"a":[1,{"b":null}],"c":false})");
}

// As nlohmann's does where it is asked for ASCII: hashes of such texts are compared across versions.
TEST(JsonWriter, EscapesWhatIsNotAsciiWhereItIsAsked) {
  const std::string text = "a\"/\\\b\f\n\r\t\x01\x7f é日😀\xff";
  JsonWriter json = JsonWriter::ascii();
  json.value(text);
  EXPECT_EQ(json.text(), R"("a\"/\\\b\f\n\r\t\u0001\u007f \u00e9\u65e5\ud83d\ude00\ufffd")");
  EXPECT_EQ(json.text(), nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace));
}

// Eight bytes are looked at in one step: what needs an escape is found at each place, beside whatever else.
TEST(JsonWriter, FindsWhatIsNotPlainAtEachPlace) {
  for (int byte = 0; byte < 0x80; ++byte) {
    for (std::size_t place = 0; place < 20; ++place) {
      std::string text(20, byte % 2 == 0 ? '~' : ' ');
      text[place] = static_cast<char>(byte);
      JsonWriter json;
      json.value(text);
      ASSERT_EQ(nlohmann::json::parse(json.text()), text) << byte << " at " << place;
      JsonWriter keys;
      keys.begin_object().field("", 1u).key(text).null().end_object();
      ASSERT_EQ(nlohmann::json::parse(keys.text()), nlohmann::json({{"", 1}, {text, nullptr}}))
          << byte << " at " << place;
      const bool is_plain = byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
      ASSERT_EQ(json.text().find('\\') == std::string::npos, is_plain) << byte << " at " << place;
    }
  }
}

// What is written again may have to move to where there is room for both.
TEST(JsonWriter, WritesAgainWhatStandsThere) {
  for (const std::size_t indent : {0u, 2u}) {
    JsonWriter json(indent);
    json.begin_object().key("a");
    const std::size_t first = json.text().size();
    json.begin_array().value(std::string(300, 'x')).end_array();
    const std::size_t last = json.text().size();
    json.key("b").again(first, last).key("c").null().end_object();
    const auto read = nlohmann::ordered_json::parse(json.text());
    EXPECT_EQ(read["b"], read["a"]);
    EXPECT_EQ(json.text(), read.dump(indent == 0 ? -1 : 2));
  }
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

TEST_P(JsonWriterQuotes, WhatJsonDoesNotTakeAsItIs) {
  JsonWriter json;
  json.value(GetParam().text);
  EXPECT_EQ(json.text(), '"' + std::string(GetParam().want) + '"');
}

INSTANTIATE_TEST_SUITE_P(Table, JsonWriterQuotes,
                         testing::Values(Case{"Plain", "a/b", "a/b"}, Case{"Quotes", "a\"b\\", "a\\\"b\\\\"},
                                         Case{"Controls", std::string_view("\n\t\x01\0\x7f", 5),
                                              "\\n\\t\\u0001\\u0000\\u007f"},
                                         Case{"ShortEscapes", "\b\f\r", "\\b\\f\\r"}, Case{"Utf8", "é日😀", "é日😀"},
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

#include "common/json/splitter.h"

#include <gmock/gmock.h>

namespace initscan {
namespace {

// Each piece as "DOCUMENT.ITEM TEXT"; an error as its text.
std::vector<std::string> split(std::string_view input, std::size_t step) {
  std::vector<std::string> pieces;
  JsonSplitter splitter([&](const JsonPiece& piece) {
    pieces.push_back(std::to_string(piece.document) + '.' + std::to_string(piece.item) + ' ' + std::string(piece.json));
  });
  for (std::size_t at = 0; at < input.size(); at += step) {
    if (auto fed = splitter.feed(input.substr(at, step)); !fed) {
      pieces.push_back(fed.error().text);
      return pieces;
    }
  }
  if (auto done = splitter.finish(); !done) pieces.push_back(done.error().text);
  return pieces;
}

struct Case {
  const char* name;
  std::string_view input;
  std::vector<std::string> want;
};

class JsonSplitterTest : public testing::TestWithParam<Case> {};

TEST_P(JsonSplitterTest, SplitsAnywhere) {
  for (const std::size_t step : {1u, 2u, 3u, 7u, 1000u})
    EXPECT_EQ(split(GetParam().input, step), GetParam().want) << step;
}

INSTANTIATE_TEST_SUITE_P(
    Table, JsonSplitterTest,
    testing::Values(Case{"Nothing", " \n\t", {}},
                    Case{"OneObject", R"( {"a":{"b":[1,2]}} )", {R"(1.0 {"a":{"b":[1,2]}})"}},
                    Case{"JsonLines", "{\"a\":1}\n{\"b\":2}\r\n", {R"(1.0 {"a":1})", R"(2.0 {"b":2})"}},
                    Case{"NothingBetween", "{}{}", {"1.0 {}", "2.0 {}"}},
                    Case{"AList",
                         R"({"items":[{"a":1}, {"b":[2]} ],"kind":"List"})",
                         {R"(1.1 {"a":1})", R"(1.2 {"b":[2]} )", R"(1.0 {"items":[],"kind":"List"})"}},
                    Case{"AnEmptyList", R"({"items": [ ] })", {R"(1.0 {"items": [] })"}},
                    Case{"NoList", R"({"items":null,"kind":"List"})", {R"(1.0 {"items":null,"kind":"List"})"}},
                    Case{"AnArray", R"([{"a":1},{"b":2}])", {R"(1.1 {"a":1})", R"(1.2 {"b":2})", "1.0 []"}},
                    Case{"ItemsInside",
                         R"({"data":{"items":[1]},"x":[{"items":[2]}]})",
                         {R"(1.0 {"data":{"items":[1]},"x":[{"items":[2]}]})"}},
                    Case{"ItemsAsAValue", R"({"a":"items","b":[1]})", {R"(1.0 {"a":"items","b":[1]})"}},
                    Case{"ALongerKey", R"({"items2":[1],"xitems":[2]})", {R"(1.0 {"items2":[1],"xitems":[2]})"}},
                    Case{"BracketsInStrings",
                         R"({"items":[{"a":"]}\"],[\\"},{"}":"\\\""}]})",
                         {R"(1.1 {"a":"]}\"],[\\"})", R"(1.2 {"}":"\\\""})", R"(1.0 {"items":[]})"}},
                    Case{"ItemsThatAreNone",
                         R"({"items":[null,1,"x,y",[2,3]]})",
                         {"1.1 null", "1.2 1", R"(1.3 "x,y")", "1.4 [2,3]", R"(1.0 {"items":[]})"}},
                    Case{"CutShort",
                         R"({"items":[{"a":1},{"b")",
                         {R"(1.1 {"a":1})", "ends inside the object that starts at byte 0"}},
                    Case{"CutInAString", "{} {\"a", {"1.0 {}", "ends inside the object that starts at byte 3"}},
                    Case{"AWord", "{} null", {"1.0 {}", "want an object or a list, got n at byte 3"}},
                    Case{"NoText", std::string_view("\0", 1), {"want an object or a list, got byte 0 at byte 0"}},
                    Case{"WrongBracket",
                         R"({"items":[{"a":1],"b":2}{}} {})",
                         {R"(1.1 {"a":1])", R"(1.2 "b":2})", R"(1.0 {"items":[{}})", "2.0 {}"}}),
    [](const auto& test) { return test.param.name; });

TEST(JsonSplitter, SplitsTheListsThatItIsTold) {
  constexpr std::string_view kInput =
      R"({"a":1,"workloads":[{"x":[1]},2],"items":[3],"notRead":[{"y":"workloads"}],"workloads2":[4]})";
  for (const std::size_t step : {1u, 3u, 1000u}) {
    std::vector<std::string> pieces;
    const auto take = [&](const JsonPiece& piece) {
      pieces.push_back(std::string(piece.list) + ' ' + std::to_string(piece.item) + ' ' + std::string(piece.json) +
                       (piece.is_too_large ? "..." : ""));
    };
    JsonSplitter splitter(take, {{"workloads", "notRead"}, 90});
    for (std::size_t at = 0; at < kInput.size(); at += step) ASSERT_TRUE(splitter.feed(kInput.substr(at, step)));
    ASSERT_TRUE(splitter.finish());
    EXPECT_EQ(pieces,
              (std::vector<std::string>{R"(workloads 1 {"x":[1]})", "workloads 2 2", R"(notRead 1 {"y":"workloads"})",
                                        R"( 0 {"a":1,"workloads":[],"items":[3],"notRead":[],"workloads2":[4]})"}))
        << step;
  }
}

TEST(JsonSplitter, KeepsNoMoreThanItsLimitOfOneItem) {
  std::vector<std::pair<std::uint64_t, bool>> items;
  JsonSplitter splitter([&](const JsonPiece& piece) {
    EXPECT_LE(piece.json.size(), kMaxItemBytes);
    items.emplace_back(piece.bytes, piece.is_too_large);
  });
  ASSERT_TRUE(splitter.feed(R"({"items":[{"small":1},{"big":")"));
  const std::string chunk(1 << 20, 'x');
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(splitter.feed(chunk));
  ASSERT_TRUE(splitter.feed(R"("},{"small":2}]})"));
  ASSERT_TRUE(splitter.finish());
  EXPECT_EQ(items, (std::vector<std::pair<std::uint64_t, bool>>{
                       {11, false}, {(50u << 20) + 10, true}, {11, false}, {12, false}}));
}

}  // namespace
}  // namespace initscan

#include "audit/collect/yaml_splitter.h"

#include <gmock/gmock.h>

namespace initscan::audit {
namespace {

std::vector<std::string> split(std::string_view input, std::size_t step) {
  std::vector<std::string> pieces;
  YamlSplitter splitter([&](const YamlPiece& piece) {
    pieces.push_back(std::to_string(piece.document) +
                     (piece.is_too_large ? " too large" : ' ' + std::string(piece.text)));
  });
  for (std::size_t at = 0; at < input.size(); at += step) splitter.feed(input.substr(at, step));
  splitter.finish();
  return pieces;
}

struct Case {
  const char* name;
  std::string_view input;
  std::vector<std::string> want;
};

class YamlSplitterTest : public testing::TestWithParam<Case> {};

TEST_P(YamlSplitterTest, SplitsAnywhere) {
  for (const std::size_t step : {1u, 2u, 5u, 1000u}) EXPECT_EQ(split(GetParam().input, step), GetParam().want) << step;
}

INSTANTIATE_TEST_SUITE_P(
    Table, YamlSplitterTest,
    testing::Values(Case{"Nothing", "", {}}, Case{"OnlyComments", "---\n# a\n\n---\n", {}},
                    Case{"One", "a: 1\nb: 2", {"1 a: 1\nb: 2"}},
                    Case{"Two", "---\na: 1\n---\nb: 2\n", {"1 \na: 1\n", "2 \nb: 2\n"}},
                    Case{"OnTheMarkersLine", "--- {a: 1}\n---\t# x\nb: 2\n", {"1  {a: 1}\n", "2 \t# x\nb: 2\n"}},
                    Case{"EndMarker", "a: 1\n...\n%YAML 1.2\n---\r\nb: 2\n", {"1 a: 1\n", "2 \r\nb: 2\n"}},
                    Case{"NoMarkers", "---a: 1\n ---\nb: ---\n", {"1 ---a: 1\n ---\nb: ---\n"}}),
    [](const auto& test) { return test.param.name; });

TEST(YamlSplitter, KeepsNoMoreThanItsLimit) {
  for (const char* const line : {"a: 1\n", "a"}) {
    std::string text;
    while (text.size() <= kMaxYamlDocumentBytes) text += line;
    EXPECT_THAT(split(text + "\n---\nb: 2\n", 1 << 20), testing::ElementsAre("1 too large", "2 \nb: 2\n"));
  }
}

}  // namespace
}  // namespace initscan::audit

#include "common/net/chunked_body.h"

#include <string>

#include <gtest/gtest.h>

namespace initscan {
namespace {

// What a body's bytes come to, fed in pieces of one size: its data, or why not.
std::string read(std::string bytes, std::size_t piece_bytes, std::optional<std::uint64_t> most = 1000) {
  ChunkedBody body(most);
  std::string data;
  std::string_view left = bytes;
  while (!left.empty() && !body.is_done()) {
    const auto piece = body.take(left.substr(0, piece_bytes));
    if (!piece) return "error: " + piece.error().text;
    data += piece->data;
    left.remove_prefix(piece->taken);
  }
  if (!body.is_done()) return "unfinished: " + data;
  return data + '|' + std::string(left);
}

struct Case {
  const char* name;
  std::string bytes;
  std::string want;
};

class ChunkedBodyTest : public testing::TestWithParam<Case> {};

TEST_P(ChunkedBodyTest, ReadsTheSameHoweverItIsSplit) {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{1} << 20}) {
    EXPECT_EQ(read(GetParam().bytes, piece), GetParam().want) << "in pieces of " << piece;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, ChunkedBodyTest,
    testing::Values(
        Case{"Nothing", "0\r\n\r\n", "|"}, Case{"TwoChunks", "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\nGET", "abcde|GET"},
        Case{"HexadecimalOfEitherCase", "A\r\n0123456789\r\n00a\r\n0123456789\r\n0\r\n\r\n", "01234567890123456789|"},
        Case{"ExtensionsAreSkipped", "3;a=b;c=\"d e\"\r\nabc\r\n0;x\r\n\r\n", "abc|"},
        Case{"TrailersAreSkipped", "3\r\nabc\r\n0\r\nX: y\r\nZ:\r\n\r\n", "abc|"},
        Case{"CutShort", "3\r\nabc\r\n", "unfinished: abc"},
        Case{"NoSize", "\r\nabc\r\n", "error: chunked body: want a chunk's size"},
        Case{"NotHexadecimal", "3x\r\nabc\r\n", "error: chunked body: want a chunk's size"},
        Case{"Negative", "-1\r\n", "error: chunked body: want a chunk's size"},
        Case{"BareLineFeed", "3\nabc\r\n", "error: chunked body: want a chunk's size"},
        Case{"DataLongerThanItsSize", "3\r\nabcd\r\n", "error: chunked body: want CR LF at the end of a line"},
        Case{"ControlInAnExtension", std::string("3;a\0b\r\n", 7),
             "error: chunked body: a control character in an extension"},
        Case{"ControlInATrailer", "0\r\nX: \x1b[31m\r\n\r\n", "error: chunked body: a control character in a trailer"},
        Case{"SizeThatWrapsAround", "10000000000000003\r\nabc\r\n",
             "error: chunked body: a chunk's size has too many digits"},
        Case{"LargestSize", "ffffffffffffffff\r\n", "error: a body of more than 1000 bytes"},
        Case{"ZerosWithoutEnd", std::string(5000, '0'), "error: chunked body: a line of more than 4096 bytes"},
        Case{"ExtensionWithoutEnd", "5;" + std::string(5000, 'x'),
             "error: chunked body: a line of more than 4096 bytes"},
        Case{"TrailerFieldWithoutEnd", "0\r\nX: " + std::string(5000, 'x'),
             "error: chunked body: a line of more than 4096 bytes"}),
    [](const auto& test) { return test.param.name; });

TEST(ChunkedBody, BoundsAllTrailersTogether) {
  std::string bytes = "0\r\n";
  for (int i = 0; i < 2000; ++i) bytes += "A: b\r\n";
  EXPECT_EQ(read(bytes, 100), "error: chunked body: a trailer of more than 8192 bytes");
}

TEST(ChunkedBody, BoundsWhatIsNotDataByWhatIs) {
  std::string bytes;
  for (int i = 0; i < 500; ++i) bytes += "1;" + std::string(100, 'x') + "\r\na\r\n";
  EXPECT_EQ(read(bytes, 100), "error: chunked body: extensions and framing of more than 16384 bytes");
  bytes.clear();
  for (int i = 0; i < 100'000; ++i) bytes += "8\r\nabcdefgh\r\n";
  EXPECT_EQ(read(bytes + "0\r\n\r\n", 4096, std::nullopt).size(), 800'001u) << "a watch's small events go on for hours";
}

TEST(ChunkedBody, BoundsTheSumOfItsChunks) {
  std::string bytes;
  for (int i = 0; i < 11; ++i) bytes += "64\r\n" + std::string(100, 'x') + "\r\n";
  EXPECT_EQ(read(bytes, 64), "error: a body of more than 1000 bytes");
}

}  // namespace
}  // namespace initscan

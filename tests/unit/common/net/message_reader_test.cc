#include "common/net/message_reader.h"

#include <string>

#include <gtest/gtest.h>

namespace initscan {
namespace {

// What a message's bytes come to, fed in pieces of one size: its body and what is left behind it, or why not.
template <bool is_request>
std::string read(const std::string& bytes, std::size_t piece_bytes, const MessageLimits& limits) {
  MessageReader<is_request> reader(limits);
  std::string body;
  std::string_view left = bytes;
  while (!left.empty() && !reader.is_done()) {
    const auto piece = reader.take(left.substr(0, piece_bytes));
    if (!piece) return "error: " + piece.error().text;
    body += piece->data;
    left.remove_prefix(piece->taken);
  }
  if (const auto ended = reader.end(); !ended) return "error: " + ended.error().text;
  return body + '|' + std::string(left);
}

struct Case {
  const char* name;
  std::string bytes;
  std::string want;
};

constexpr MessageLimits kLimits{1000, 100};
const std::string kPost = "POST /mutate HTTP/1.1\r\nHost: x\r\n";

class RequestReaderTest : public testing::TestWithParam<Case> {};

TEST_P(RequestReaderTest, ReadsTheSameHoweverItIsSplit) {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{1} << 20}) {
    EXPECT_EQ(read<true>(GetParam().bytes, piece, kLimits), GetParam().want) << "in pieces of " << piece;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, RequestReaderTest,
    testing::Values(
        Case{"NoBody", "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET", "|GET"},
        Case{"Sized", kPost + "Content-Length: 3\r\n\r\nabcGET", "abc|GET"},
        Case{"Chunked", kPost + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nGET", "abc|GET"},
        Case{"CutShort", kPost + "Content-Length: 3\r\n\r\nab", "error: the connection ended inside a message"},
        Case{"HeaderWithoutEnd", "GET / HTTP/1.1\r\nA: " + std::string(2000, 'x'),
             "error: a header of more than 1000 bytes"},
        Case{"SizedOverTheLimit", kPost + "Content-Length: 101\r\n\r\n", "error: a body of more than 100 bytes"},
        Case{"LengthThatWrapsAround", kPost + "Content-Length: 18446744073709551617\r\n\r\n",
             "error: bad Content-Length"},
        Case{"ChunkedOverTheLimit", kPost + "Transfer-Encoding: chunked\r\n\r\n65\r\n",
             "error: a body of more than 100 bytes"},
        Case{"LengthAndChunked", kPost + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
             "error: bad Transfer-Encoding"},
        Case{"AnotherCoding", kPost + "Transfer-Encoding: gzip\r\n\r\n",
             "error: want no Transfer-Encoding but chunked"},
        Case{"TwoCodings", kPost + "Transfer-Encoding: gzip, chunked\r\n\r\n",
             "error: want no Transfer-Encoding but chunked"},
        Case{"Rubbish", "rubbish\r\n\r\n", "error: bad method"}),
    [](const auto& test) { return test.param.name; });

class ResponseReaderTest : public testing::TestWithParam<Case> {};

TEST_P(ResponseReaderTest, ReadsTheSameHoweverItIsSplit) {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{1} << 20}) {
    EXPECT_EQ(read<false>(GetParam().bytes, piece, kLimits), GetParam().want) << "in pieces of " << piece;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, ResponseReaderTest,
    testing::Values(Case{"Sized", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", "abc|"},
                    Case{"ToTheEnd", "HTTP/1.1 200 OK\r\n\r\nabc", "abc|"},
                    Case{"ToTheEndOverTheLimit", "HTTP/1.1 200 OK\r\n\r\n" + std::string(101, 'x'),
                         "error: a body of more than 100 bytes"},
                    Case{"WithoutBody", "HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\nabc", "|abc"},
                    Case{"CutShort", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab",
                         "error: the connection ended inside a message"}),
    [](const auto& test) { return test.param.name; });

// What a library of fields keeps in 16 bits must be an error there, too, and no exception.
TEST(MessageReader, RefusesFieldsOf64KiB) {
  const MessageLimits roomy{1 << 20, 100};
  const std::string head = "GET / HTTP/1.1\r\n";
  EXPECT_EQ(read<true>(head + "X: " + std::string(70'000, 'x') + "\r\n\r\n", 4096, roomy),
            "error: a header field that is too long");
  EXPECT_EQ(read<true>(head + std::string(70'000, 'x') + ": x\r\n\r\n", 4096, roomy),
            "error: a header field that is too long");
  const std::string answer = "HTTP/1.1 200 OK\r\n";
  EXPECT_EQ(read<false>(answer + "X: " + std::string(65'534, 'x') + "\r\n\r\n", 4096, roomy),
            "error: a header field that is too long");
}

TEST(MessageReader, SaysWhichPartItCouldNotRead) {
  const auto fault_of = [](const std::string& bytes) {
    RequestReader reader(kLimits);
    std::string_view left = bytes;
    while (!left.empty()) {
      const auto piece = reader.take(left);
      if (!piece) return reader.fault();
      left.remove_prefix(piece->taken);
    }
    return MessageFault::none;
  };
  EXPECT_EQ(fault_of(std::string(1000, 'x')), MessageFault::header_limit);
  EXPECT_EQ(fault_of(kPost + "Content-Length: 101\r\n\r\n"), MessageFault::body_limit);
  EXPECT_EQ(fault_of(kPost + "Transfer-Encoding: chunked\r\n\r\n65\r\n"), MessageFault::body_limit);
  EXPECT_EQ(fault_of(kPost + "Transfer-Encoding: chunked\r\n\r\n5;" + std::string(5000, 'x')), MessageFault::framing);
  EXPECT_EQ(fault_of("rubbish\r\n\r\n"), MessageFault::malformed);
}

}  // namespace
}  // namespace initscan

// What comes of a download whatever its server does.
#include "initscan/fetch/download.h"

#include "common/file_io.h"
#include "tests/unit/common/http/client_fixture.h"
#include "tests/unit/initscan/fetch/own_folder.h"

#include <filesystem>
#include <fstream>
#include <optional>

namespace initscan {
namespace {

namespace fs = std::filesystem;

std::string answer(const std::string& status_and_headers, const std::string& body, std::size_t length) {
  return "HTTP/1.1 " + status_and_headers + "Content-Length: " + std::to_string(length) + "\r\n\r\n" + body;
}

std::string answer(const std::string& status_and_headers, const std::string& body) {
  return answer(status_and_headers, body, body.size());
}

class DownloadTest : public HttpClientTest {
 protected:
  DownloadTest() {
    options_.limits.attempts = 1;
    EXPECT_TRUE(make_kept_folder(folder_.path()));
  }

  Result<Fetched> ask(const RawServer& server) {
    return fetch(HttpClient(options_), {server.url("/a.zip")}, file_, [](std::uint64_t, std::uint64_t) {});
  }
  std::optional<Fetched> bring(const RawServer& server) {
    const auto brought = ask(server);
    if (!brought) return std::nullopt;
    return *brought;
  }
  std::string new_text() const {
    const auto text = read_file(file_.new_path(), 1 << 20);
    return text ? *text : "nothing";
  }

  const OwnFolder folder_;
  const KeptFile file_{folder_.path(), "a.zip"};
};

TEST_F(DownloadTest, BringsAFileOnceAndAsksWhetherItIsAnother) {
  const std::string tagged = "200 OK\r\nETag: \"1\"\r\n";
  RawServer server(in_turn({answer(tagged, "abc"), "HTTP/1.1 304 X\r\n\r\n", "HTTP/1.1 304 X\r\n\r\n",
                            answer("200 OK\r\nETag: \"2\"\r\n", "abcd")}));
  EXPECT_EQ(bring(server), Fetched::fetched);
  EXPECT_EQ(new_text(), "abc");
  EXPECT_EQ(bring(server), Fetched::fetched) << "nobody has taken it into use";
  EXPECT_NE(server.request(2).find("If-None-Match: \"1\"\r\n"), std::string::npos) << server.request(2);
  ASSERT_TRUE(file_.accept());
  EXPECT_EQ(bring(server), Fetched::unchanged);
  EXPECT_EQ(bring(server), Fetched::fetched);
  EXPECT_EQ(new_text(), "abcd");
}

TEST_F(DownloadTest, AsksByDateWhereThereIsNoTag) {
  RawServer server(
      in_turn({answer("200 OK\r\nLast-Modified: Sat, 28 Nov 2026 10:00:00 GMT\r\n", "abc"), "HTTP/1.1 304 X\r\n\r\n"}));
  EXPECT_EQ(bring(server), Fetched::fetched);
  ASSERT_TRUE(file_.accept());
  EXPECT_EQ(bring(server), Fetched::unchanged);
  EXPECT_NE(server.request(2).find("If-Modified-Since: Sat, 28 Nov 2026 10:00:00 GMT\r\n"), std::string::npos);
}

TEST_F(DownloadTest, TakesNoMoreThanIsAllowed) {
  const std::string hundred(100, 'x');
  const auto take = [&](const std::string& headers, std::uint64_t most) {
    RawServer server(in_turn({answer(headers, hundred)}));
    const auto taken = fetch(HttpClient(options_), {server.url("/a.zip"), {}, {}, most}, file_, [](auto, auto) {});
    return taken ? std::optional<Errc>() : taken.error().code;
  };
  for (const char* const headers : {"200 OK\r\n", "200 OK\r\nETag: \"1\"\r\n"}) {
    EXPECT_EQ(take(headers, 99), Errc::over_limit);
    EXPECT_EQ(new_text(), "nothing");
    EXPECT_FALSE(file_.part());
  }
  EXPECT_EQ(take("200 OK\r\n", 100), std::nullopt);
  EXPECT_EQ(new_text(), hundred);
}

TEST_F(DownloadTest, GoesOnWhereItBrokeOff) {
  RawServer server(in_turn({answer("200 OK\r\nETag: \"1\"\r\n", "abc", 6),
                            answer("206 X\r\nETag: \"1\"\r\nContent-Range: bytes 3-5/6\r\n", "def")}));
  EXPECT_EQ(bring(server), Fetched::fetched);
  EXPECT_EQ(new_text(), "abcdef");
  EXPECT_NE(server.request(2).find("Range: bytes=3-\r\nIf-Range: \"1\"\r\n"), std::string::npos) << server.request(2);
}

TEST_F(DownloadTest, GoesOnInALaterProcess) {
  std::ofstream(file_.part_path()) << "abc";
  RawServer server(in_turn({answer("206 X\r\nContent-Range: bytes 3-5/6\r\n", "def")}));
  ASSERT_TRUE(file_.note_part({server.url("/a.zip"), "\"1\"", "", 6}));
  EXPECT_EQ(bring(server), Fetched::fetched);
  EXPECT_EQ(new_text(), "abcdef");
}

TEST_F(DownloadTest, StartsOverWhereTheFileIsAnotherByNow) {
  RawServer server(
      in_turn({answer("200 OK\r\nETag: \"1\"\r\n", "abc", 6), answer("200 OK\r\nETag: \"2\"\r\n", "ABCDEFG")}));
  EXPECT_EQ(bring(server), Fetched::fetched);
  EXPECT_EQ(new_text(), "ABCDEFG");
}

TEST_F(DownloadTest, StartsOverWhereNothingSaysThatItIsTheSameFile) {
  for (const char* tag : {"", "ETag: W/\"1\"\r\n"}) {
    file_.drop_part();
    file_.drop_new();
    RawServer server(in_turn({answer("200 OK\r\n" + std::string(tag), "abc", 6), answer("200 OK\r\n", "abcdef")}));
    EXPECT_FALSE(bring(server)) << "what has come cannot be gone on with";
    EXPECT_EQ(bring(server), Fetched::fetched) << tag;
    EXPECT_EQ(server.request(2).find("Range:"), std::string::npos) << tag;
    EXPECT_EQ(new_text(), "abcdef");
  }
}

struct Odd {
  const char* name;
  std::string reply;
  Errc code;
  const char* words;
};

class OddDownloadTest : public DownloadTest, public testing::WithParamInterface<Odd> {};

// Of six bytes the first three are there, and nothing is in use.
TEST_P(OddDownloadTest, IsAnErrorAndNoFile) {
  std::ofstream(file_.part_path()) << "abc";
  RawServer server(always(GetParam().reply));
  ASSERT_TRUE(file_.note_part({server.url("/a.zip"), "\"1\"", "", 6}));
  const auto brought = ask(server);
  ASSERT_FALSE(brought);
  EXPECT_EQ(brought.error().code, GetParam().code) << brought.error().text;
  EXPECT_EQ(brought.error().text, server.url("/a.zip") + ": " + GetParam().words);
  EXPECT_FALSE(file_.new_origin());
  EXPECT_FALSE(fs::exists(file_.new_path()));
}

INSTANTIATE_TEST_SUITE_P(, OddDownloadTest,
                         testing::Values(Odd{"AnotherPlace", answer("206 X\r\nContent-Range: bytes 2-5/6\r\n", "cdef"),
                                             Errc::malformed, "it answers with another part than was asked for"},
                                         Odd{"AnotherSize", answer("206 X\r\nContent-Range: bytes 3-5/7\r\n", "def"),
                                             Errc::malformed, "it answers with another part than was asked for"},
                                         Odd{"NoPlace", answer("206 X\r\n", "def"), Errc::malformed,
                                             "it answers with another part than was asked for"},
                                         Odd{"LessThanItSays", answer("206 X\r\nContent-Range: bytes 3-5/6\r\n", "de"),
                                             Errc::truncated, "5 of 6 bytes came"},
                                         Odd{"Nothing", answer("200 OK\r\n", ""), Errc::malformed, "it is empty"},
                                         Odd{"NoChangeOfNothing", "HTTP/1.1 304 X\r\n\r\n", Errc::failed, "HTTP 304"},
                                         Odd{"NoSuchPart", answer("416 X\r\n", ""), Errc::failed, "HTTP 416"}),
                         [](const auto& odd) { return std::string(odd.param.name); });

}  // namespace
}  // namespace initscan

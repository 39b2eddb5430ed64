// Servers that send without an end, too slowly, or what is no HTTP; redirects that lead astray.
#include "common/http/client.h"
#include "tests/unit/common/http/client_fixture.h"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

namespace initscan {
namespace {

using namespace std::chrono_literals;

constexpr const char* kChunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

struct Endless {
  const char* name;
  std::string start;
  std::string again;
  std::string error;
};

class EndlessAnswer : public HttpClientTest, public testing::WithParamInterface<Endless> {};

TEST_P(EndlessAnswer, IsCutOff) {
  std::atomic<std::size_t> taken{0};
  RawServer server([&](RawPeer& peer, int) {
    peer.send(GetParam().start);
    taken = peer.send_for_ever(GetParam().again);
  });
  options_.limits.body_bytes = 100'000;
  const auto start = std::chrono::steady_clock::now();
  const auto reply = get(server.url());
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Errc::over_limit) << reply.error().text;
  EXPECT_EQ(reply.error().text, server.url() + ": " + GetParam().error);
  EXPECT_EQ(server.count(), 1) << "it is not asked again";
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
}

INSTANTIATE_TEST_SUITE_P(
    Table, EndlessAnswer,
    testing::Values(
        Endless{"Headers", "HTTP/1.1 200 OK\r\n", "X: " + std::string(500, 'x') + "\r\n",
                "headers of more than 65536 bytes"},
        Endless{"Interim", "", "HTTP/1.1 103 Hints\r\nLink: x\r\n\r\n", "headers of more than 65536 bytes"},
        Endless{"BodyToTheEnd", "HTTP/1.1 200 OK\r\n\r\n", std::string(1000, 'x'), "a body of more than 100000 bytes"},
        Endless{"SizedBody", "HTTP/1.1 200 OK\r\nContent-Length: 9000000000000\r\n\r\n", std::string(1000, 'x'),
                "a body of more than 100000 bytes"},
        Endless{"Chunks", kChunked, "8\r\nabcdefgh\r\n", "a body of more than 100000 bytes"},
        Endless{"ChunkExtension", std::string(kChunked) + "4;", std::string(1000, 'x'),
                "chunked body: extensions and framing of more than 16384 bytes"},
        Endless{"ChunkExtensions", kChunked, "1;" + std::string(1000, 'x') + "\r\na\r\n",
                "chunked body: extensions and framing of more than 16384 bytes"},
        Endless{"Trailers", std::string(kChunked) + "1\r\na\r\n0\r\n", "T: " + std::string(500, 'x') + "\r\n",
                "chunked body: extensions and framing of more than 16384 bytes"}),
    [](const auto& test) { return test.param.name; });

TEST_F(HttpClientTest, CutsOffAHeaderLineWithoutAnEnd) {
  RawServer server([](RawPeer& peer, int) {
    peer.send("HTTP/1.1 200 OK\r\nX: ");
    peer.send_for_ever(std::string(1000, 'x'));
  });
  const auto reply = get(server.url());
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Errc::over_limit) << reply.error().text;
}

TEST_F(HttpClientTest, KeepsTheBeginningOfARefusalWithoutAnEnd) {
  RawServer server([](RawPeer& peer, int) {
    peer.send("HTTP/1.1 404 Not Found\r\n\r\n");
    peer.send_for_ever(std::string(1000, 'x'));
  });
  options_.limits.refusal_bytes = 100;
  const auto reply = get(server.url());
  ASSERT_TRUE(reply) << reply.error().text;
  EXPECT_EQ(reply->status, 404u);
  EXPECT_EQ(reply->body, std::string(100, 'x'));
}

TEST_F(HttpClientTest, EndsWhatDripsOrSaysNothing) {
  options_.limits.attempts = 1;
  options_.limits.stall = 1s;
  RawServer dripping([](RawPeer& peer, int) {
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
    while (peer.send("x")) std::this_thread::sleep_for(50ms);  // 20 bytes a second
  });
  const auto start = std::chrono::steady_clock::now();
  const auto slow = get(dripping.url());
  ASSERT_FALSE(slow);
  EXPECT_EQ(slow.error().code, Errc::unavailable) << slow.error().text;
  RawServer silent([](RawPeer& peer, int) { peer.wait(); });
  options_.limits.stall = 30s;
  options_.limits.total = 300ms;
  const auto nothing = get(silent.url());
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code, Errc::unavailable) << nothing.error().text;
  EXPECT_LT(std::chrono::steady_clock::now() - start, 8s);
}

TEST_F(HttpClientTest, WaitsForNobodyForAYear) {
  options_.limits.total = 1h;
  options_.limits.longest_wait = 5s;
  for (const char* const wait : {"6", "31536000", "Tue, 31 Dec 2999 00:00:00 GMT"}) {
    RawServer server(always(std::string("HTTP/1.1 503 x\r\nRetry-After: ") + wait + "\r\nContent-Length: 0\r\n\r\n"));
    const auto start = std::chrono::steady_clock::now();
    const auto reply = get(server.url());
    ASSERT_TRUE(reply) << reply.error().text;
    EXPECT_EQ(refusal(*reply).code, Errc::unavailable);
    EXPECT_EQ(server.count(), 1) << "sooner than it asked for would be no use";
    EXPECT_LT(std::chrono::steady_clock::now() - start, 2s);
  }
}

TEST_F(HttpClientTest, TellsATruncatedBody) {
  RawServer server(always("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"));
  options_.limits.attempts = 2;
  const auto sized = get(server.url());
  ASSERT_FALSE(sized);
  EXPECT_EQ(sized.error().code, Errc::truncated) << sized.error().text;
  EXPECT_EQ(server.count(), 2);
  RawServer chunked(always(std::string(kChunked) + "5\r\nabc"));
  const auto cut = get(chunked.url());
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code, Errc::truncated) << cut.error().text;
  // Whoever ends the connection on the way says what the whole is.
  RawServer endless(always("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nab"));
  const auto perhaps = get(endless.url());
  ASSERT_FALSE(perhaps);
  EXPECT_EQ(perhaps.error().code, Errc::truncated) << perhaps.error().text;
  EXPECT_EQ(perhaps.error().text.find("its body ends with the connection") != std::string::npos, true)
      << perhaps.error().text;
}

TEST_F(HttpClientTest, TellsWhatIsNoHttp) {
  options_.limits.attempts = 1;
  for (const char* const rubbish : {"rubbish\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n", "SSH-2.0-x\r\n"}) {
    RawServer server(always(rubbish));
    const auto reply = get(server.url());
    ASSERT_FALSE(reply) << rubbish;
    EXPECT_EQ(reply.error().code, Errc::malformed) << reply.error().text;
  }
}

TEST_F(HttpClientTest, TellsAChunkThatIsNone) {
  options_.limits.attempts = 1;
  for (const char* const chunk : {"xyz\r\n", "fffffffffffffffff\r\na", "-1\r\na\r\n"}) {
    RawServer server(always(std::string(kChunked) + chunk));
    const auto reply = get(server.url());
    EXPECT_FALSE(reply) << chunk;
  }
}

struct Astray {
  const char* name;
  const char* method;
  const char* status;
  std::string location;
  Errc code;
  std::string error;
};

class RedirectAstray : public HttpClientTest, public testing::WithParamInterface<Astray> {};

TEST_P(RedirectAstray, IsNotFollowed) {
  RawServer server(always(std::string("HTTP/1.1 ") + GetParam().status + " x\r\nLocation: " + GetParam().location +
                          "\r\nContent-Length: 0\r\n\r\n"));
  request_.method = GetParam().method;
  const auto reply = get(server.url("/a"));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, GetParam().code);
  EXPECT_EQ(reply.error().text, server.url("/a") + ": HTTP " + GetParam().status + " leads to " + GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(Table, RedirectAstray,
                         testing::Values(Astray{"ToAFile", "GET", "302", "file:///etc/passwd", Errc::refused,
                                                "file:///etc/passwd, which is neither http nor https"},
                                         Astray{"ToGopher", "GET", "301", "gopher://127.0.0.1:1/_x", Errc::refused,
                                                "gopher://127.0.0.1:1/_x, which is neither http nor https"},
                                         Astray{"OfAPut", "PUT", "302", "http://127.0.0.1:1/b?secret", Errc::refused,
                                                "http://127.0.0.1:1/b, where a PUT is not sent on to; give that URL"},
                                         Astray{"OfAPost", "POST", "303", "http://127.0.0.1:1/b", Errc::refused,
                                                "http://127.0.0.1:1/b, where a POST is not sent on to; give that URL"}),
                         [](const auto& test) { return test.param.name; });

TEST_F(HttpClientTest, LeavesARedirectLoop) {
  RawServer server(always("HTTP/1.1 307 x\r\nLocation: /a\r\nContent-Length: 0\r\n\r\n"));
  const auto reply = get(server.url("/a"));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Errc::over_limit);
  EXPECT_EQ(reply.error().text,
            server.url("/a") + ": HTTP 307 leads to " + server.url("/a") + ": more than 5 redirects");
  EXPECT_EQ(server.count(), 6);
}

TEST_F(HttpClientTest, TakesNoCredentialsFromARedirect) {
  RawServer server(always(kNothing));
  RawServer other(always("HTTP/1.1 302 x\r\nLocation: " + std::string(server.url("/b")).insert(7, "user:pass@") +
                         "\r\nContent-Length: 0\r\n\r\n"));
  (void)get(other.url("/a"));
  EXPECT_EQ(server.request(1).find("Authorization"), std::string::npos) << server.request(1);
}

}  // namespace
}  // namespace initscan

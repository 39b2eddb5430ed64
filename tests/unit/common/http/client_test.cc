// What a client makes of answers that are as they should be; those that are not are in client_hostile_test.cc.
#include "common/http/client.h"

#include "common/file_io.h"
#include "tests/unit/common/http/client_fixture.h"
#include "tests/unit/common/kube/tls_server.h"
#include "tests/unit/temporary_folder.h"

#include <thread>

#include <gtest/gtest.h>

namespace initscan {
namespace {

using namespace std::chrono_literals;

TEST_F(HttpClientTest, ReadsAnAnswer) {
  RawServer server(always("HTTP/1.1 200 OK\r\nX-One: 1\r\nETag: \"a\"\r\nContent-Length: 5\r\n\r\nhello"));
  const auto reply = get(server.url("/a/b?c=d#e"));
  ASSERT_TRUE(reply) << reply.error().text;
  EXPECT_EQ(reply->status, 200u);
  EXPECT_EQ(reply->body, "hello");
  EXPECT_EQ(reply->url, server.url("/a/b?c=d"));
  ASSERT_NE(reply->header("x-one"), nullptr);
  EXPECT_EQ(*reply->header("etag"), "\"a\"");
  EXPECT_EQ(reply->header("none"), nullptr);
  EXPECT_TRUE(server.request(1).starts_with("GET /a/b?c=d HTTP/1.1\r\n")) << server.request(1);
  EXPECT_NE(server.request(1).find("User-Agent: initscan/"), std::string::npos);
}

TEST_F(HttpClientTest, SendsWhatItIsGiven) {
  RawServer server(always(kNothing));
  request_.method = "PATCH";
  request_.headers = {{"Accept", "application/json"}, {"X-Empty", ""}};
  request_.credentials = {HttpCredentials::Kind::bearer, "", "token"};
  request_.body = "some bytes";
  ASSERT_TRUE(get(server.url()));
  const std::string sent = server.request(1);
  EXPECT_TRUE(sent.starts_with("PATCH / HTTP/1.1\r\n")) << sent;
  for (const char* const line : {"\r\nAccept: application/json\r\n", "\r\nX-Empty:\r\n",
                                 "\r\nAuthorization: Bearer token\r\n", "\r\nContent-Length: 10\r\n"}) {
    EXPECT_NE(sent.find(line), sent.npos) << line << " in " << sent;
  }
  EXPECT_TRUE(sent.ends_with("\r\n\r\nsome bytes"));
  EXPECT_EQ(sent.find("Expect"), sent.npos);
}

TEST_F(HttpClientTest, TakesCredentialsFromAUrlAndShowsThemToNobody) {
  RawServer server(always("HTTP/1.1 404 Not Found\r\nContent-Length: 7\r\n\r\nno: \x1b[1"));
  std::string url = server.url("/x?token=secret");
  url.insert(7, "user:p%40ss@");
  const auto reply = get(url);
  ASSERT_TRUE(reply) << reply.error().text;
  EXPECT_NE(server.request(1).find("\r\nAuthorization: Basic dXNlcjpwQHNz\r\n"), std::string::npos)
      << server.request(1);
  const Error error = refusal(*reply);
  EXPECT_EQ(error.code, Errc::not_found);
  EXPECT_EQ(error.text, server.url("/x") + ": HTTP 404: no: \\u{1b}[1");
}

TEST_F(HttpClientTest, SendsAFile) {
  const TemporaryFolder folder;
  const std::string bytes(300'000, 'x');
  ASSERT_TRUE(write_file((folder.path() / "body").string(), bytes));
  RawServer server(in_turn({"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", kNothing}));
  request_.method = "PUT";
  request_.body_file = (folder.path() / "body").string();
  const auto reply = get(server.url());
  ASSERT_TRUE(reply) << reply.error().text;
  EXPECT_EQ(server.count(), 2);
  EXPECT_TRUE(server.request(2).ends_with("\r\n\r\n" + bytes)) << "from its beginning again";
  request_.body_file = folder.path().string();
  const auto none = get(server.url());
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Errc::io);
  EXPECT_NE(none.error().text.find(folder.path().string() + ": is no regular file"), std::string::npos)
      << none.error().text;
}

TEST_F(HttpClientTest, SendsAnEmptyBodyWhereOneIsDue) {
  RawServer server(always(kNothing));
  request_.method = "POST";
  ASSERT_TRUE(get(server.url()));
  EXPECT_NE(server.request(1).find("\r\nContent-Length: 0\r\n"), std::string::npos) << server.request(1);
  request_.method = "HEAD";
  ASSERT_TRUE(get(server.url()));
  EXPECT_TRUE(server.request(2).starts_with("HEAD / "));
}

TEST_F(HttpClientTest, HandsABodyToASink) {
  RawServer server(
      always("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nT: 1\r\n\r\n"));
  std::string got;
  int firsts = 0;
  request_.sink = [&](std::string_view piece, bool first) -> Result<void> {
    firsts += first;
    got += piece;
    return {};
  };
  const auto reply = get(server.url());
  ASSERT_TRUE(reply) << reply.error().text;
  EXPECT_EQ(got, "abcdefg");
  EXPECT_EQ(firsts, 1);
  EXPECT_EQ(reply->body, "");
  EXPECT_EQ(reply->header("t"), nullptr) << "a trailer is no header";
}

TEST_F(HttpClientTest, TellsHowASuccessBeginsBeforeItsBody) {
  RawServer server(in_turn({"HTTP/1.1 503 X\r\nContent-Length: 1\r\n\r\nx",
                            "HTTP/1.1 206 X\r\nContent-Length: 3\r\nETag: \"a\"\r\n\r\nabc"}));
  std::string heard;
  request_.head = [&](unsigned status, const HttpHeaders& headers) -> Result<void> {
    heard += std::to_string(status) + ' ' + headers.back().first + ' ' + headers.back().second + ' ';
    return {};
  };
  request_.sink = [&](std::string_view piece, bool) -> Result<void> {
    heard += piece;
    return {};
  };
  ASSERT_TRUE(get(server.url()));
  EXPECT_EQ(heard, "206 etag \"a\" abc") << "a refusal is none";
}

TEST_F(HttpClientTest, EndsWhereTheHeadIsNotWanted) {
  RawServer server(always("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"));
  // Were it the server's, it would be asked again.
  request_.head = [](unsigned, const HttpHeaders&) -> Result<void> { return Error{Errc::unavailable, "another part"}; };
  request_.sink = [](std::string_view, bool) -> Result<void> { return Error{Errc::io, "never heard"}; };
  const auto reply = get(server.url("/f"));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().text, server.url("/f") + ": another part");
  EXPECT_EQ(server.count(), 1);
}

TEST_F(HttpClientTest, LeavesPagesForBrowsersOutOfARefusal) {
  RawServer server(always("HTTP/1.1 404 X\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>"));
  const auto reply = get(server.url("/f"));
  ASSERT_TRUE(reply);
  EXPECT_EQ(refusal(*reply).text, server.url("/f") + ": HTTP 404");
}

TEST_F(HttpClientTest, EndsWhereTheSinkSaysSo) {
  RawServer server(always("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"));
  request_.sink = [](std::string_view, bool) -> Result<void> { return Error{Errc::malformed, "no feed"}; };
  const auto reply = get(server.url("/f"));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Errc::malformed);
  EXPECT_EQ(reply.error().text, server.url("/f") + ": no feed");
  EXPECT_EQ(server.count(), 1);
  request_.sink = [](std::string_view, bool) -> Result<void> { throw std::length_error("full"); };
  EXPECT_THROW((void)get(server.url("/f")), std::length_error);
}

TEST_F(HttpClientTest, StartsASinkOverAfterABodyThatBrokeOff) {
  RawServer server(in_turn(
      {"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc", "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabcdef"}));
  std::string got;
  request_.sink = [&](std::string_view piece, bool first) -> Result<void> {
    if (first) got.clear();
    got += piece;
    return {};
  };
  ASSERT_TRUE(get(server.url()));
  EXPECT_EQ(got, "abcdef");
  EXPECT_EQ(server.count(), 2);
}

struct Repetition {
  const char* name;
  const char* method;
  std::string answer;
  int requests;
};

class Repetitions : public HttpClientTest, public testing::WithParamInterface<Repetition> {};

TEST_P(Repetitions, HappenWhereTheyDoNoHarm) {
  RawServer server(always(GetParam().answer));
  options_.limits.attempts = 3;
  request_.method = GetParam().method;
  (void)get(server.url());
  EXPECT_EQ(server.count(), GetParam().requests);
}

std::string status(const char* line) {
  return std::string("HTTP/1.1 ") + line + "\r\nContent-Length: 0\r\n\r\n";
}

INSTANTIATE_TEST_SUITE_P(Table, Repetitions,
                         testing::Values(Repetition{"GetUnavailable", "GET", status("503 x"), 3},
                                         Repetition{"GetBroken", "GET", status("502 x"), 3},
                                         Repetition{"GetLost", "GET", "", 3},
                                         Repetition{"PutBroken", "PUT", status("500 x"), 3},
                                         Repetition{"PostUnavailable", "POST", status("503 x"), 3},
                                         Repetition{"PostTooMany", "POST", status("429 x"), 3},
                                         Repetition{"PostBroken", "POST", status("500 x"), 1},
                                         Repetition{"PostLost", "POST", "", 1},
                                         Repetition{"GetMissing", "GET", status("404 x"), 1},
                                         Repetition{"GetDone", "GET", status("200 x"), 1}),
                         [](const auto& test) { return test.param.name; });

TEST_F(HttpClientTest, WaitsAsLongAsItIsAskedTo) {
  RawServer server(in_turn({"HTTP/1.1 429 x\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n", kNothing}));
  const auto start = std::chrono::steady_clock::now();
  ASSERT_TRUE(get(server.url()));
  EXPECT_GE(std::chrono::steady_clock::now() - start, 1s);
  EXPECT_EQ(server.count(), 2);
}

TEST_F(HttpClientTest, FollowsRedirectsWithCredentialsToTheSameServerAlone) {
  RawServer other(always("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother"));
  RawServer server(in_turn({"HTTP/1.1 302 x\r\nLocation: next?a=b\r\nContent-Length: 0\r\n\r\n",
                            "HTTP/1.1 307 x\r\nLocation: " + other.url("/far") + "\r\nContent-Length: 0\r\n\r\n"}));
  request_.credentials = {HttpCredentials::Kind::basic, "user", "pass"};
  request_.headers = {{"Cookie", "c"}, {"Accept", "text/plain"}};
  const auto reply = get(server.url("/a/first"));
  ASSERT_TRUE(reply) << reply.error().text;
  EXPECT_EQ(reply->body, "other");
  EXPECT_EQ(reply->url, other.url("/far"));
  EXPECT_TRUE(server.request(2).starts_with("GET /a/next?a=b "));
  EXPECT_NE(server.request(2).find("Authorization: Basic"), std::string::npos) << "it is the same server";
  EXPECT_EQ(other.request(1).find("Authorization"), std::string::npos) << other.request(1);
  EXPECT_EQ(other.request(1).find("Cookie"), std::string::npos) << other.request(1);
  EXPECT_NE(other.request(1).find("Accept: text/plain"), std::string::npos);
}

TEST_F(HttpClientTest, SendsABodyOnByARedirectThatKeepsIt) {
  RawServer other(always(kNothing));
  RawServer server(always("HTTP/1.1 308 x\r\nLocation: " + other.url("/p") + "\r\nContent-Length: 0\r\n\r\n"));
  request_.method = "PUT";
  request_.body = "bytes";
  ASSERT_TRUE(get(server.url()));
  EXPECT_TRUE(other.request(1).starts_with("PUT /p ")) << other.request(1);
  EXPECT_TRUE(other.request(1).ends_with("bytes"));
}

TEST_F(HttpClientTest, GoesThroughTheProxyThatTheEnvironmentNames) {
  RawServer proxy(always("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nproxy"));
  setenv("http_proxy", proxy.url("").c_str(), 1);
  auto reply = get("http://feed.invalid/x");
  ASSERT_TRUE(reply) << reply.error().text;
  EXPECT_EQ(reply->body, "proxy");
  EXPECT_TRUE(proxy.request(1).starts_with("GET http://feed.invalid/x HTTP/1.1\r\n")) << proxy.request(1);
  setenv("no_proxy", "feed.invalid", 1);
  options_.limits.attempts = 1;
  reply = get("http://feed.invalid/x");
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Errc::unavailable) << reply.error().text;
  EXPECT_EQ(proxy.count(), 1);
}

TEST_F(HttpClientTest, SpeaksTlsToWhomItTrusts) {
  TlsServer server;
  server.start([](const HttpRequest& request) { return HttpResponse{200, "text/plain", request.path, {}}; });
  const TemporaryFolder folder;
  ASSERT_TRUE(write_file((folder.path() / "ca.pem").string(), server.config().ca_pem));
  options_.ca_file = (folder.path() / "ca.pem").string();
  const auto reply = get("https://localhost:" + server.config().port + "/tls");
  ASSERT_TRUE(reply) << reply.error().text;
  EXPECT_EQ(reply->body, "/tls");

  const auto other_name = get("https://127.0.0.1:" + server.config().port + "/tls");
  ASSERT_FALSE(other_name);
  EXPECT_EQ(other_name.error().code, Errc::distrusted) << other_name.error().text;

  options_.ca_file = "";
  const auto stranger = get("https://localhost:" + server.config().port + "/tls");
  ASSERT_FALSE(stranger);
  EXPECT_EQ(stranger.error().code, Errc::distrusted) << stranger.error().text;

  options_.ca_file = (folder.path() / "none.pem").string();
  const auto no_file = get("https://localhost:" + server.config().port + "/tls");
  ASSERT_FALSE(no_file);
  EXPECT_EQ(no_file.error().code, Errc::io) << no_file.error().text;
}

TEST_F(HttpClientTest, IsNotLedFromTlsToPlainText) {
  TlsServer server;
  server.start([](const HttpRequest&) {
    return HttpResponse{302, "text/plain", "", {{"Location", "http://127.0.0.1:1/"}}};
  });
  const TemporaryFolder folder;
  ASSERT_TRUE(write_file((folder.path() / "ca.pem").string(), server.config().ca_pem));
  options_.ca_file = (folder.path() / "ca.pem").string();
  const auto reply = get("https://localhost:" + server.config().port + "/a");
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Errc::refused);
  EXPECT_EQ(reply.error().text, "https://localhost:" + server.config().port +
                                    "/a: HTTP 302 leads to http://127.0.0.1:1/, from https to http");
}

TEST_F(HttpClientTest, ServesThreads) {
  TlsServer server;
  server.start([](const HttpRequest& request) { return HttpResponse{200, "text/plain", request.path, {}}; });
  const TemporaryFolder folder;
  ASSERT_TRUE(write_file((folder.path() / "ca.pem").string(), server.config().ca_pem));
  options_.ca_file = (folder.path() / "ca.pem").string();
  const HttpClient client(options_);
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&, i] {
      for (int j = 0; j < 10; ++j) {
        HttpClientRequest request;
        const std::string path = '/' + std::to_string(i) + '/' + std::to_string(j);
        request.url = "https://localhost:" + server.config().port + path;
        const auto reply = client.send(request);
        right += reply && reply->body == path;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 60);
}

struct Unsendable {
  const char* name;
  HttpClientRequest request;
};

class Unsendables : public HttpClientTest, public testing::WithParamInterface<Unsendable> {};

TEST_P(Unsendables, AreWrongUsage) {
  const auto reply = HttpClient(options_).send(GetParam().request);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Errc::usage) << reply.error().text;
  EXPECT_EQ(reply.error().text.find("secret"), std::string::npos) << reply.error().text;
}

HttpClientRequest to(const char* url) {
  HttpClientRequest request;
  request.url = url;
  return request;
}

HttpClientRequest with(std::function<void(HttpClientRequest&)> change) {
  HttpClientRequest request = to("http://127.0.0.1:1/");
  change(request);
  return request;
}

INSTANTIATE_TEST_SUITE_P(
    Table, Unsendables,
    testing::Values(Unsendable{"NoUrl", to("")}, Unsendable{"NoScheme", to("host/path")},
                    Unsendable{"AFile", to("file:///etc/passwd")},
                    Unsendable{"Gopher", to("gopher://user:secret@host/")}, Unsendable{"NoHost", to("https://:443/")},
                    Unsendable{"ALineBreak", to("http://host/a\r\nX: secret")},
                    Unsendable{"Method", with([](auto& r) { r.method = "GET /x HTTP/1.1\r\n"; })},
                    Unsendable{"HeaderName", with([](auto& r) {
                                 r.headers = {{"A b", "c"}};
                               })},
                    Unsendable{"HeaderValue", with([](auto& r) {
                                 r.headers = {{"A", "b\r\nC: d"}};
                               })},
                    Unsendable{"Token", with([](auto& r) {
                                 r.credentials = {HttpCredentials::Kind::bearer, "", "secret\n"};
                               })},
                    Unsendable{"User", with([](auto& r) {
                                 r.credentials = {HttpCredentials::Kind::basic, "a:b", "secret"};
                               })},
                    Unsendable{"TwoBodies", with([](auto& r) { r.body = "a", r.body_file = "b"; })}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace initscan

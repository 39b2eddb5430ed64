// Against a server of ours over TLS that fails as API servers do; a real one is met in tests/e2e.
#include "common/kube/client.h"

#include "tests/unit/common/kube/tls_server.h"

#include <atomic>

#include <gtest/gtest.h>

namespace initscan {
namespace {

using namespace std::chrono_literals;

class Client : public testing::Test {
 protected:
  using Handler = std::function<HttpResponse(const HttpRequest&, int nth)>;

  void serve(Handler handler) {
    server_.start([this, handler](const HttpRequest& request) { return handler(request, ++requests_); });
    config_ = server_.config();
  }

  Result<KubeReply> ask(const char* method, const char* path) {
    Result<KubeReply> got = Error{Errc::io, "not asked"};
    const auto done = run_blocking(
        [&]() -> boost::asio::awaitable<Result<void>> {
          KubeClient client(config_, limits_);
          KubeRequest request;
          request.method = method;
          request.path = path;
          got = co_await client.ask(std::move(request));
          co_return Result<void>{};
        },
        20s);
    EXPECT_TRUE(done);
    return got;
  }

  Result<std::string> list(std::vector<std::string>& pages) {
    Result<std::string> version = Error{Errc::io, "not asked"};
    const auto done = run_blocking(
        [&]() -> boost::asio::awaitable<Result<void>> {
          KubeClient client(config_);
          version = co_await client.list("/api/v1/pods", 2, [&](const std::string& body, bool first) -> Result<void> {
            if (first) pages.clear();
            pages.push_back(body);
            return {};
          });
          co_return Result<void>{};
        },
        20s);
    EXPECT_TRUE(done);
    return version;
  }

  KubeConfig config_;
  KubeLimits limits_;
  std::atomic<int> requests_{0};

 private:
  TlsServer server_;
};

HttpResponse json(unsigned status, std::string body) {
  return {status, "application/json", std::move(body)};
}

TEST_F(Client, ReadsAnObjectAndARefusal) {
  serve([](const HttpRequest& request, int) {
    return request.path == "/good" ? json(200, R"({"kind":"Pod"})")
                                   : json(403, R"({"kind":"Status","reason":"Forbidden","message":"no"})");
  });
  const auto good = ask("GET", "/good");
  ASSERT_TRUE(good) << good.error().text;
  EXPECT_TRUE(good->ok());
  EXPECT_EQ(good->object["kind"], "Pod");
  const auto bad = ask("GET", "/bad?x=1");
  ASSERT_TRUE(bad);
  EXPECT_EQ(refusal({"GET", "/bad?x=1", "", ""}, *bad).text, "GET /bad: 403 Forbidden: no");
}

TEST(Refusal, HasTheCodeOfItsStatus) {
  for (const auto& [status, code] :
       {std::pair(401u, Errc::refused), std::pair(403u, Errc::refused), std::pair(404u, Errc::not_found),
        std::pair(409u, Errc::failed), std::pair(410u, Errc::failed), std::pair(422u, Errc::failed),
        std::pair(429u, Errc::unavailable), std::pair(500u, Errc::unavailable), std::pair(503u, Errc::unavailable)}) {
    EXPECT_EQ(refusal({}, {status, {}}).code, code) << status;
  }
}

TEST_F(Client, TakesAMissingFileOfItsOwnForNoAnswer) {
  serve([](const HttpRequest&, int) { return json(200, "{}"); });
  const KubeConfig good = config_;
  config_.token_file = "/nowhere/token";
  const auto no_token = ask("GET", "/x");
  ASSERT_FALSE(no_token);
  EXPECT_EQ(no_token.error().code, Errc::io) << "not_found would say that the server has no /x";
  config_ = good;
  config_.ca_file = "/nowhere/ca.crt";
  const auto no_authority = ask("GET", "/x");
  ASSERT_FALSE(no_authority);
  EXPECT_EQ(no_authority.error().code, Errc::io);
  EXPECT_EQ(requests_, 0);
}

TEST_F(Client, AsksAgainWhenTheServerIsBusy) {
  serve([](const HttpRequest&, int nth) { return nth < 3 ? json(429, "{}") : json(200, "{}"); });
  EXPECT_EQ(ask("POST", "/x")->status, 200u);
  EXPECT_EQ(requests_, 3);
}

TEST_F(Client, HandsOnWhatIsNoJson) {
  serve([](const HttpRequest& request, int) { return HttpResponse{200, "text/plain", request.query}; });
  Result<KubeResponse> got = Error{Errc::io, "not asked"};
  const auto done = run_blocking(
      [&]() -> boost::asio::awaitable<Result<void>> {
        KubeClient client(config_);
        KubeRequest request;
        request.path = "/readyz?verbose=1";
        got = co_await client.fetch(std::move(request));
        co_return Result<void>{};
      },
      20s);
  ASSERT_TRUE(done && got);
  EXPECT_EQ(got->body, "verbose=1");
}

TEST_F(Client, RefusesAnAnswerThatIsTooLarge) {
  serve([](const HttpRequest&, int) { return json(200, std::string(2000, ' ')); });
  limits_.body_bytes = 1000;
  const auto got = ask("GET", "/x");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, Errc::over_limit);
  EXPECT_EQ(got.error().text, "/x: a body of more than 1000 bytes");
  EXPECT_EQ(requests_, 1);
}

TEST(EscapeSegment, LeadsNowhereElse) {
  EXPECT_EQ(escape_segment("web-1.x_y"), "web-1.x_y");
  EXPECT_EQ(escape_segment("../a?b=c&d#e%f g"), "..%2Fa%3Fb%3Dc%26d%23e%25f%20g");
}

TEST_F(Client, DoesNotRepeatACreationThatMayHaveHappened) {
  serve([](const HttpRequest&, int) { return json(500, "{}"); });
  EXPECT_EQ(ask("POST", "/x")->status, 500u);
  EXPECT_EQ(requests_, 1);
}

TEST_F(Client, TrustsOnlyItsAuthority) {
  serve([](const HttpRequest&, int) { return json(200, "{}"); });
  const auto other = injector::make_authority("other", std::chrono::sys_seconds(1h * 24 * 365 * 50), 1h);
  ASSERT_TRUE(other);
  config_.ca_pem = other->certificate;
  const auto got = ask("GET", "/x");
  ASSERT_FALSE(got);
  EXPECT_NE(got.error().text.find("cannot speak TLS: certificate verify failed"), std::string::npos)
      << got.error().text;
  EXPECT_EQ(got.error().code, Errc::distrusted);
  EXPECT_EQ(requests_, 0);
}

TEST_F(Client, TrustsNoOtherName) {
  serve([](const HttpRequest&, int) { return json(200, "{}"); });
  config_.server_name = "api.example";
  const auto got = ask("GET", "/x");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, Errc::distrusted);
  EXPECT_EQ(requests_, 0);
}

TEST_F(Client, StartsAListOverThatHasBecomeTooOld) {
  serve([](const HttpRequest&, int nth) {
    if (nth == 2) return json(410, R"({"reason":"Expired"})");
    const bool is_last = nth == 4;
    return json(200, R"({"metadata":{"resourceVersion":"7","continue":")" + std::string(is_last ? "" : "a b/c") +
                         R"("},"items":[]})");
  });
  std::vector<std::string> pages;
  const auto version = list(pages);
  ASSERT_TRUE(version) << version.error().text;
  EXPECT_EQ(*version, "7");
  EXPECT_EQ(pages.size(), 2u);
  EXPECT_EQ(requests_, 4);
}

TEST_F(Client, DoesNotStartAListOverForEver) {
  serve([](const HttpRequest&, int nth) {
    return nth % 2 == 0 ? json(410, R"({"reason":"Expired"})")
                        : json(200, R"({"metadata":{"resourceVersion":"7","continue":"x"},"items":[]})");
  });
  std::vector<std::string> pages;
  const auto version = list(pages);
  ASSERT_FALSE(version);
  EXPECT_EQ(version.error().text, "GET /api/v1/pods: 410 Expired");
}

TEST(Unreached, IsUnavailable) {
  KubeConfig config;
  config.host = "127.0.0.1";
  config.port = "1";
  config.trusts_any_certificate = true;
  const auto done = run_blocking(
      [&]() -> boost::asio::awaitable<Result<void>> {
        auto opened = co_await KubeConnection::open(config, {});
        if (!opened) co_return opened.error();
        co_return Result<void>{};
      },
      20s);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::unavailable);
}

}  // namespace
}  // namespace initscan

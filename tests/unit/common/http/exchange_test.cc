// Handlers that read headers, take the body in pieces, wait, and do what blocks elsewhere.
#include "common/http/exchange.h"

#include "tests/unit/common/http/running_server.h"

#include <atomic>
#include <future>
#include <vector>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace initscan {
namespace {

using namespace http_test;
using namespace std::chrono_literals;

// The handler for all requests below /w; the others go to the one that does not wait.
HttpServer::WaitingHandlerFor below_w(const WaitingHandler& handler) {
  return [&handler](const HttpRequest& head) { return head.path.starts_with("/w") ? &handler : nullptr; };
}

HttpResponse answer(std::string body) {
  HttpResponse response;
  response.body = std::move(body);
  return response;
}

asio::awaitable<void> sleep_for(std::chrono::milliseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(asio::use_awaitable);
}

TEST(HttpRequest, CarriesItsHeaders) {
  Running running(options(), [](const HttpRequest& request) {
    return answer(std::string(request.header("x-ONE")) + '|' + std::string(request.header("x-none")) + '|' +
                  std::string(request.header("host")));
  });
  Client client(running.server().port());
  http::request<http::empty_body> request(http::verb::get, "/", 11);
  request.set(http::field::host, "h");
  request.insert("X-One", "first");
  request.insert("X-One", "second");
  EXPECT_EQ(client.ask(request).body(), "first||h");
  EXPECT_EQ(HttpRequest().header("host"), "");
}

TEST(HttpExchange, TakesABodyInPiecesBeyondTheBudgetOfWholeOnes) {
  std::size_t largest = 0;
  const WaitingHandler handler = [&](HttpExchange& exchange) -> asio::awaitable<HttpResponse> {
    std::size_t bytes = 0;
    for (;;) {
      const auto piece = co_await exchange.next_piece();
      if (!piece) co_return answer(piece.error().text);
      if (piece->empty()) break;
      bytes += piece->size();
      largest = std::max(largest, piece->size());
    }
    co_return answer(exchange.request().path + ' ' + std::to_string(bytes));
  };
  HttpServerOptions with = options();
  with.limits.all_small_bodies_bytes = with.limits.all_bodies_bytes = 1 << 10;
  Running running(
      with, [](const HttpRequest&) { return answer("whole"); }, below_w(handler));
  Client client(running.server().port());
  EXPECT_EQ(client.ask("/w/1", std::string(3 << 20, 'x')).body(), "/w/1 3145728");
  EXPECT_EQ(client.ask("/w/2", "").body(), "/w/2 0") << "the connection goes on";
  EXPECT_EQ(client.ask("/other", "abc").body(), "whole");
  EXPECT_LE(largest, 8u << 10);
  EXPECT_EQ(client.ask("/other", std::string(3 << 20, 'x')).result_int(), 503u);
}

TEST(HttpExchange, TakesTheRestOfABodyWithinTheBudget) {
  const WaitingHandler handler = [](HttpExchange& exchange) -> asio::awaitable<HttpResponse> {
    const auto piece = co_await exchange.next_piece();
    const std::size_t first = piece ? piece->size() : 0;
    const auto rest = co_await exchange.rest_of_body();
    if (!rest) co_return answer("dropped");
    co_return answer(std::to_string(first + rest->size()));
  };
  HttpServerOptions with = options();
  with.limits.all_bodies_bytes = 1 << 20;
  Running running(
      with, [](const HttpRequest&) { return answer("whole"); }, below_w(handler));
  EXPECT_EQ(Client(running.server().port()).ask("/w", std::string(200'000, 'x')).body(), "200000");
  EXPECT_EQ(Client(running.server().port()).ask("/w", std::string(3 << 20, 'x')).result_int(), 503u);
}

TEST(HttpExchange, BoundsABodyInPieces) {
  std::promise<Errc> seen;
  const WaitingHandler handler = [&](HttpExchange& exchange) -> asio::awaitable<HttpResponse> {
    for (;;) {
      const auto piece = co_await exchange.next_piece();
      if (piece && !piece->empty()) continue;
      if (!piece) seen.set_value(piece.error().code);
      const auto again = co_await exchange.next_piece();
      co_return answer(again ? "again" : "dropped");
    }
  };
  HttpServerOptions with = options();
  with.limits.body_bytes = 1000;
  Running running(
      with, [](const HttpRequest&) { return answer("whole"); }, below_w(handler));
  const std::string head = "POST /w HTTP/1.1\r\nHost: h\r\n";
  EXPECT_EQ(Client(running.server().port()).send(head + "Content-Length: 1001\r\n\r\n"), 413u) << "before it comes";
  const std::string chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(Client(running.server().port()).send(chunked + "3\r\nabc\r\n7d0\r\n"), 413u);
  EXPECT_EQ(seen.get_future().get(), Errc::over_limit);
}

TEST(HttpExchange, TellsAHandlerOfABodyThatPauses) {
  std::promise<Errc> seen;
  const WaitingHandler handler = [&](HttpExchange& exchange) -> asio::awaitable<HttpResponse> {
    const auto piece = co_await exchange.next_piece();
    if (!piece) seen.set_value(piece.error().code);
    co_return answer("dropped");
  };
  HttpServerOptions with = options();
  with.limits.stall = 1s;
  Running running(
      with, [](const HttpRequest&) { return answer("whole"); }, below_w(handler));
  EXPECT_EQ(Client(running.server().port()).send("POST /w HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n"), 0u);
  EXPECT_EQ(seen.get_future().get(), Errc::unavailable);
}

TEST(HttpExchange, EndsTheConnectionBehindABodyThatNobodyTook) {
  const WaitingHandler handler = [](HttpExchange&) -> asio::awaitable<HttpResponse> { co_return answer("early"); };
  Running running(
      options(), [](const HttpRequest&) { return answer("whole"); }, below_w(handler));
  Client client(running.server().port());
  const auto response = client.ask("/w", std::string(100'000, 'x'));
  EXPECT_EQ(response.body(), "early");
  EXPECT_FALSE(response.keep_alive());
}

TEST(HttpExchange, WaitsWithoutHoldingUpOthers) {
  const WaitingHandler handler = [](HttpExchange&) -> asio::awaitable<HttpResponse> {
    co_await sleep_for(400ms);
    co_return answer("later");
  };
  Running running(
      options(), [](const HttpRequest&) { return answer("at once"); }, below_w(handler));
  const std::uint16_t port = running.server().port();
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::future<std::string>> later;
  for (int i = 0; i < 4; ++i) {
    later.push_back(std::async(std::launch::async, [port] { return Client(port).ask("/w").body(); }));
  }
  EXPECT_EQ(Client(port).ask("/").body(), "at once");
  for (auto& one : later) EXPECT_EQ(one.get(), "later");
  EXPECT_LT(std::chrono::steady_clock::now() - start, 1500ms) << "one thread, four waits at once";
}

TEST(HttpExchange, EndsAHandlerThatWaitsForTooLong) {
  std::atomic<bool> was_ended{false};
  const WaitingHandler handler = [&](HttpExchange&) -> asio::awaitable<HttpResponse> {
    try {
      co_await sleep_for(1h);
    } catch (const boost::system::system_error&) {
      was_ended = true;
      throw;
    }
    co_return answer("never");
  };
  HttpServerOptions with = options();
  with.limits.request = 1s;
  with.limits.waiting = 0s;
  std::atomic<int> refusals{0};
  with.on_refusal = [&](const Refusal& refusal) { refusals += refusal.reason == RefusalReason::timeout; };
  Running running(
      with, [](const HttpRequest&) { return answer("whole"); }, below_w(handler));
  EXPECT_EQ(Client(running.server().port()).ask("/w").result_int(), 503u);
  EXPECT_TRUE(was_ended);
  EXPECT_EQ(refusals, 1);
}

TEST(HttpExchange, DoesWhatBlocksElsewhereAndTurnsAwayWhatIsTooMuch) {
  std::promise<void> release;
  const std::shared_future<void> released = release.get_future().share();
  std::atomic<int> begun{0};
  const WaitingHandler handler = [&](HttpExchange& exchange) -> asio::awaitable<HttpResponse> {
    const auto here = std::this_thread::get_id();
    std::function<HttpResponse()> job = [&begun, released, here] {
      ++begun;
      released.wait();
      return answer(std::this_thread::get_id() == here ? "here" : "elsewhere");
    };
    std::string client = exchange.request().query;
    auto response = co_await exchange.in_pool(std::move(client), std::move(job));
    co_return response;
  };
  HttpServerOptions with = options();
  with.blocking_threads = 2;
  with.limits.blocking_jobs = 3;
  std::atomic<int> refusals{0};
  with.on_refusal = [&](const Refusal& refusal) { refusals += refusal.reason == RefusalReason::overload; };
  Running running(
      with, [](const HttpRequest&) { return answer("at once"); }, below_w(handler));
  const std::uint16_t port = running.server().port();
  std::vector<std::future<std::pair<unsigned, std::string>>> asked;
  for (int i = 0; i < 6; ++i) {
    asked.push_back(std::async(std::launch::async, [port, i] {
      const auto response = Client(port).ask("/w?" + std::to_string(i));
      return std::pair(response.result_int(), response.body());
    }));
  }
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while ((refusals < 3 || begun < 2) && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(refusals, 3) << "three find no room";
  EXPECT_EQ(Client(port).ask("/").body(), "at once");
  EXPECT_EQ(begun, 2) << "the third waits for a thread";
  release.set_value();
  int done = 0;
  for (auto& one : asked) {
    const auto [status, body] = one.get();
    done += status == 200 && body == "elsewhere";
  }
  EXPECT_EQ(done, 3);
  EXPECT_EQ(Client(port).ask("/w").body(), "elsewhere") << "there is room again";
}

TEST(HttpExchange, EndsOnlyTheConnectionOfAHandlerThatThrows) {
  const WaitingHandler handler = [](HttpExchange& exchange) -> asio::awaitable<HttpResponse> {
    if (exchange.request().path != "/w/pool") throw std::length_error("full");
    std::function<HttpResponse()> job = []() -> HttpResponse { throw std::length_error("full"); };
    std::string client;
    auto response = co_await exchange.in_pool(std::move(client), std::move(job));
    co_return response;
  };
  Running running(
      options(), [](const HttpRequest&) { return answer("goes on"); }, below_w(handler));
  const std::uint16_t port = running.server().port();
  for (const char* const path : {"/w", "/w/pool"}) {
    EXPECT_EQ(Client(port).send(std::string("GET ") + path + " HTTP/1.1\r\nHost: h\r\n\r\n"), 0u);
  }
  EXPECT_EQ(Client(port).ask("/").body(), "goes on");
}

TEST(HttpExchange, EndsWithItsServer) {
  std::promise<void> begun;
  const WaitingHandler handler = [&](HttpExchange&) -> asio::awaitable<HttpResponse> {
    begun.set_value();
    co_await sleep_for(1h);
    co_return answer("never");
  };
  HttpServerOptions with = options();
  with.finish = 0s;
  auto running = std::make_unique<Running>(
      with, [](const HttpRequest&) { return answer(""); }, below_w(handler));
  Client client(running->server().port());
  client.write("GET /w HTTP/1.1\r\nHost: h\r\n\r\n");
  begun.get_future().get();
  running.reset();
}

TEST(HttpExchange, SendsABodyThatStandsElsewhereAndLetsGoOfIt) {
  auto bytes = std::make_shared<std::string>(3 << 20, 'x');
  bytes->back() = 'y';
  std::weak_ptr<std::string> watched = bytes;
  const WaitingHandler handler = [&](HttpExchange&) -> asio::awaitable<HttpResponse> {
    HttpResponse response = answer("not this");
    response.shared = SharedBody{bytes, *bytes};
    co_return response;
  };
  Running running(
      options(), [](const HttpRequest&) { return answer("whole"); }, below_w(handler));
  {
    Client client(running.server().port());
    for (int i = 0; i < 2; ++i) {
      const auto response = client.ask("/w");
      EXPECT_EQ(response.result_int(), 200u);
      EXPECT_EQ(response.body(), *bytes) << "also on a connection that stays";
    }
    client.write("HEAD /w HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(client.read_head()[http::field::content_length], std::to_string(3 << 20));
  }
  running.stop();
  bytes.reset();
  EXPECT_TRUE(watched.expired());
}

// Longer than a request may take, and never longer than a piece may.
TEST(HttpExchange, AClientThatTakesNothingOfALargeBodyIsGivenUp) {
  const auto bytes = std::make_shared<std::string>(64 << 20, 'x');
  const WaitingHandler handler = [&](HttpExchange&) -> asio::awaitable<HttpResponse> {
    HttpResponse response;
    response.shared = SharedBody{bytes, *bytes};
    co_return response;
  };
  std::promise<RefusalReason> seen;
  HttpServerOptions with = options();
  with.limits.stall = 1s;
  with.on_refusal = [&](const Refusal& refusal) { seen.set_value(refusal.reason); };
  Running running(
      with, [](const HttpRequest&) { return answer("whole"); }, below_w(handler));
  Client client(running.server().port());
  client.write("GET /w HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(seen.get_future().get(), RefusalReason::timeout);
}

// What a client has not taken of its answer is not kept for as long as it likes.
TEST(HttpExchange, ALargeAnswerThatNobodyTakesMakesRoomForOthers) {
  const WaitingHandler handler = [](HttpExchange& exchange) -> asio::awaitable<HttpResponse> {
    co_return answer(std::string(exchange.request().path == "/w/huge" ? 32 << 20 : 24 << 20, 'x'));
  };
  std::promise<RefusalReason> seen;
  HttpServerOptions with = options();
  with.limits.all_answers_bytes = 40 << 20;
  with.on_refusal = [&](const Refusal& refusal) { seen.set_value(refusal.reason); };
  Running running(
      with, [](const HttpRequest&) { return answer("whole"); }, below_w(handler));
  Client idle(running.server().port());
  idle.write("GET /w/huge HTTP/1.1\r\nHost: h\r\n\r\n");
  std::this_thread::sleep_for(500ms);
  Client client(running.server().port());
  client.write("GET /w HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(client.read_head()[http::field::content_length], std::to_string(24 << 20));
  EXPECT_EQ(seen.get_future().get(), RefusalReason::evicted);
  EXPECT_EQ(Client(running.server().port()).ask("/").body(), "whole");
}

TEST(HttpExchange, TellsAClientThatAsksToSendItsBody) {
  const WaitingHandler handler = [](HttpExchange& exchange) -> asio::awaitable<HttpResponse> {
    if (exchange.request().path == "/w/refused") co_return answer("no");
    const auto body = co_await exchange.rest_of_body();
    co_return answer(body ? *body : "dropped");
  };
  Running running(
      options(), [](const HttpRequest& request) { return answer(request.body); }, below_w(handler));
  const std::string rest = " HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-Continue\r\n\r\n";
  for (const char* const path : {"/w", "/whole"}) {
    Client client(running.server().port());
    for (int i = 0; i < 2; ++i) {
      client.write("POST " + std::string(path) + rest);
      EXPECT_EQ(client.read_head().result_int(), 100u) << path;
      EXPECT_EQ(client.send("body"), 200u) << path;
    }
    client.write("POST " + std::string(path) + " HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody");
    EXPECT_EQ(client.read_head().result_int(), 200u) << "it was not asked for " << path;
  }
  EXPECT_EQ(Client(running.server().port()).send("POST /w/refused" + rest), 200u) << "and not told to go on";
}

TEST(HttpExchange, WhatWasNotModifiedHasNeitherALengthNorAType) {
  const WaitingHandler handler = [](HttpExchange&) -> asio::awaitable<HttpResponse> {
    HttpResponse response;
    response.status = 304;
    response.headers.emplace_back("ETag", "\"a\"");
    co_return response;
  };
  Running running(
      options(), [](const HttpRequest&) { return answer("whole"); }, below_w(handler));
  Client client(running.server().port());
  for (int i = 0; i < 2; ++i) {
    const auto response = client.ask("/w");
    EXPECT_EQ(response.result_int(), 304u);
    EXPECT_EQ(response[http::field::etag], "\"a\"");
    EXPECT_EQ(response.count(http::field::content_length) + response.count(http::field::content_type), 0u);
    EXPECT_TRUE(response.keep_alive());
  }
}

TEST(HttpExchange, ARefusalIsWrittenAsTheServerWritesIts) {
  HttpServerOptions with = options();
  with.refusal = [](unsigned status, const std::string& words) {
    return HttpResponse{status, "application/problem+json", words, {{"Retry-After", "7"}}};
  };
  with.limits.header_bytes = 1000;
  Running running(with, [](const HttpRequest&) { return answer("whole"); });
  const auto response = Client(running.server().port()).ask("/" + std::string(2000, 'a'));
  EXPECT_EQ(response.result_int(), 431u);
  EXPECT_EQ(response[http::field::content_type], "application/problem+json");
  EXPECT_EQ(response[http::field::retry_after], "7");
}

}  // namespace
}  // namespace initscan

// Sends requests over keep-alive connections, of TLS unless told otherwise, at a fixed rate and says how long the
// answers took, counted from the moment at which each was due: a server that stalls is not spared the requests that
// pile up meanwhile.
#include "common/file_io.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

namespace initscan {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kMaxBodyBytes = 8 << 20;

/// What is asked, in turn.
struct Ask {
  std::string target;
  std::string folder;  // of the bodies to POST; "": GET
  std::vector<std::string> bodies;
};

struct Load {
  std::uint16_t port = 0;
  bool plain = false;  // without TLS
  Ask before;          // asked and answered before each of those that are meant, in their time; "": nothing
  Ask ask = {.target = "/mutate", .folder = "", .bodies = {}};
  std::string suffix = ".json";      // of the bodies' names
  std::vector<std::string> headers;  // "Name: value", besides those that every request has
  std::string token;                 // "": none
  std::uint64_t requests = 1000;
  double rate = 500;  // a second; 0: as fast as the answers come
  std::uint64_t connections = 8;
};

struct Tally {
  std::vector<double> milliseconds;
  std::uint64_t failed = 0;
};

http::request<http::string_body> request_of(const Load& load, const Ask& ask, std::uint64_t k) {
  http::request<http::string_body> request(ask.bodies.empty() ? http::verb::get : http::verb::post, ask.target, 11);
  request.set(http::field::host, "localhost");
  for (const std::string& header : load.headers) {
    const std::size_t colon = header.find(": ");
    if (colon != header.npos) request.set(header.substr(0, colon), header.substr(colon + 2));
  }
  if (!load.token.empty()) request.set(http::field::authorization, "Bearer " + load.token);
  if (!ask.bodies.empty()) request.body() = ask.bodies[k % ask.bodies.size()];
  request.prepare_payload();
  return request;
}

template <typename Stream>
asio::awaitable<bool> answered(Stream& stream, beast::flat_buffer& buffer, http::request<http::string_body> request) {
  auto [write_ec, written] = co_await http::async_write(stream, request, kTuple);
  if (write_ec) co_return false;
  http::response<http::string_body> response;
  auto [read_ec, read] = co_await http::async_read(stream, buffer, response, kTuple);
  co_return !read_ec && response.result_int() == 200;
}

// Sends request k, k + connections, ... each at its time.
template <typename Stream>
asio::awaitable<void> send_requests(Stream& stream, const Load& load, std::uint64_t first, Clock::time_point start,
                                    Tally& tally) {
  beast::flat_buffer buffer;
  asio::steady_timer timer(co_await asio::this_coro::executor, start);
  if (auto [start_ec] = co_await timer.async_wait(kTuple); start_ec) co_return;
  for (std::uint64_t k = first; k < load.requests; k += load.connections) {
    Clock::time_point due = Clock::now();
    if (load.rate > 0) {
      due = start + std::chrono::duration_cast<Clock::duration>(
                        std::chrono::duration<double>(static_cast<double>(k) / load.rate));
      timer.expires_at(due);
      auto [timer_ec] = co_await timer.async_wait(kTuple);
      if (timer_ec) co_return;
    }
    const bool ready =
        load.before.target.empty() || co_await answered(stream, buffer, request_of(load, load.before, k));
    if (!ready || !co_await answered(stream, buffer, request_of(load, load.ask, k))) {
      ++tally.failed;
      co_return;
    }
    tally.milliseconds.push_back(std::chrono::duration<double, std::milli>(Clock::now() - due).count());
  }
}

asio::awaitable<void> run_connection(const Load& load, std::uint64_t first, Clock::time_point start, Tally& tally) {
  asio::ssl::context tls(asio::ssl::context::tls_client);
  beast::ssl_stream<beast::tcp_stream> stream(co_await asio::this_coro::executor, tls);
  beast::tcp_stream& plain = beast::get_lowest_layer(stream);
  const tcp::endpoint endpoint(asio::ip::make_address("127.0.0.1"), load.port);
  auto [connect_ec] = co_await plain.async_connect(endpoint, kTuple);
  if (connect_ec) {
    ++tally.failed;
    co_return;
  }
  plain.socket().set_option(tcp::no_delay(true));
  if (load.plain) co_return co_await send_requests(plain, load, first, start, tally);
  auto [handshake_ec] = co_await stream.async_handshake(asio::ssl::stream_base::client, kTuple);
  if (handshake_ec) {
    ++tally.failed;
    co_return;
  }
  co_await send_requests(stream, load, first, start, tally);
}

void read_bodies(Ask& ask, const std::string& suffix) {
  if (ask.folder.empty()) return;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(ask.folder)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(suffix) && name != "INDEX.json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) ask.bodies.push_back(*read_file(file.string(), kMaxBodyBytes));
}

int run(Load& load) {
  read_bodies(load.before, load.suffix);
  read_bodies(load.ask, load.suffix);
  asio::io_context io(1);
  Tally tally;
  tally.milliseconds.reserve(load.requests);
  const auto start = Clock::now() + std::chrono::milliseconds(200);  // connections are open by then
  for (std::uint64_t i = 0; i < load.connections; ++i) {
    asio::co_spawn(io, run_connection(load, i, start, tally), asio::detached);
  }
  io.run();
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  if (tally.milliseconds.empty()) {
    std::fputs("load_client: error: no answer\n", stderr);
    return 1;
  }
  std::sort(tally.milliseconds.begin(), tally.milliseconds.end());
  const auto at = [&](double share) {
    return tally.milliseconds[static_cast<std::size_t>(share * static_cast<double>(tally.milliseconds.size() - 1))];
  };
  std::printf(
      "{\"answered\": %zu, \"failed\": %llu, \"per_second\": %.0f, \"p50_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": "
      "%.3f}\n",
      tally.milliseconds.size(), static_cast<unsigned long long>(tally.failed),
      static_cast<double>(tally.milliseconds.size()) / seconds, at(0.5), at(0.99), tally.milliseconds.back());
  return tally.failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace initscan

int main(int argc, char** argv) {
  initscan::Load load;
  CLI::App app("Asks a server on loopback at a fixed rate and prints latencies as JSON.", "load_client");
  app.add_option("--port", load.port)->required();
  app.add_option("--target", load.ask.target)->capture_default_str();
  app.add_option("--token", load.token, "What to show the server");
  app.add_option("--bodies", load.ask.folder, "A folder of bodies to POST in turn; without: GET");
  app.add_option("--before-target", load.before.target, "What to ask before each, within its time");
  app.add_option("--before-bodies", load.before.folder, "As --bodies");
  app.add_option("--suffix", load.suffix, "Of the bodies' names")->capture_default_str();
  app.add_option("--header", load.headers, "NAME: VALUE, sent with each; may be repeated")
      ->take_all()
      ->allow_extra_args(false);
  app.add_flag("--plain", load.plain, "Without TLS");
  app.add_option("--requests", load.requests)->capture_default_str();
  app.add_option("--rate", load.rate, "Requests a second; 0: as fast as answers come")->capture_default_str();
  app.add_option("--connections", load.connections)->check(CLI::Range(1, 10'000))->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return initscan::run(load);
}

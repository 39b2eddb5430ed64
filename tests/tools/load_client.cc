// Sends requests over TLS keep-alive at a fixed rate and says how long the answers took, counted from the
// moment at which each was due: a server that stalls is not spared the requests that pile up meanwhile.
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

struct Load {
  std::uint16_t port = 0;
  std::string target = "/mutate";
  std::string token;          // "": none
  std::string bodies_folder;  // of *.json, sent in turn; "": GET
  std::uint64_t requests = 1000;
  double rate = 500;  // a second; 0: as fast as the answers come
  std::uint64_t connections = 8;

  std::vector<std::string> bodies;
};

struct Tally {
  std::vector<double> milliseconds;
  std::uint64_t failed = 0;
};

// One connection sends request k, k + connections, ... each at its time.
asio::awaitable<void> run_connection(const Load& load, std::uint64_t first, Clock::time_point start, Tally& tally) {
  const auto executor = co_await asio::this_coro::executor;
  asio::ssl::context tls(asio::ssl::context::tls_client);
  beast::ssl_stream<beast::tcp_stream> stream(executor, tls);
  const tcp::endpoint endpoint(asio::ip::make_address("127.0.0.1"), load.port);
  auto [connect_ec] = co_await beast::get_lowest_layer(stream).async_connect(endpoint, kTuple);
  if (connect_ec) {
    ++tally.failed;
    co_return;
  }
  beast::get_lowest_layer(stream).socket().set_option(tcp::no_delay(true));
  auto [handshake_ec] = co_await stream.async_handshake(asio::ssl::stream_base::client, kTuple);
  if (handshake_ec) {
    ++tally.failed;
    co_return;
  }

  beast::flat_buffer buffer;
  asio::steady_timer timer(executor);
  for (std::uint64_t k = first; k < load.requests; k += load.connections) {
    Clock::time_point due = Clock::now();
    if (load.rate > 0) {
      due = start + std::chrono::duration_cast<Clock::duration>(
                        std::chrono::duration<double>(static_cast<double>(k) / load.rate));
      timer.expires_at(due);
      auto [timer_ec] = co_await timer.async_wait(kTuple);
      if (timer_ec) co_return;
    }
    http::request<http::string_body> request(load.bodies.empty() ? http::verb::get : http::verb::post, load.target, 11);
    request.set(http::field::host, "localhost");
    if (!load.token.empty()) request.set(http::field::authorization, "Bearer " + load.token);
    if (!load.bodies.empty()) request.body() = load.bodies[k % load.bodies.size()];
    request.prepare_payload();
    auto [write_ec, written] = co_await http::async_write(stream, request, kTuple);
    http::response<http::string_body> response;
    if (!write_ec) {
      auto [read_ec, read] = co_await http::async_read(stream, buffer, response, kTuple);
      if (!read_ec && response.result_int() == 200) {
        tally.milliseconds.push_back(std::chrono::duration<double, std::milli>(Clock::now() - due).count());
        continue;
      }
    }
    ++tally.failed;
    co_return;
  }
}

int run(Load& load) {
  if (!load.bodies_folder.empty()) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(load.bodies_folder)) {
      const std::string name = entry.path().filename().string();
      if (name.ends_with(".json") && name != "INDEX.json") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    for (const auto& file : files) load.bodies.push_back(*read_file(file.string(), kMaxBodyBytes));
  }
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
  app.add_option("--target", load.target)->capture_default_str();
  app.add_option("--token", load.token, "What to show the server");
  app.add_option("--bodies", load.bodies_folder, "A folder of *.json to POST in turn; without: GET");
  app.add_option("--requests", load.requests)->capture_default_str();
  app.add_option("--rate", load.rate, "Requests a second; 0: as fast as answers come")->capture_default_str();
  app.add_option("--connections", load.connections)->check(CLI::Range(1, 10'000))->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return initscan::run(load);
}

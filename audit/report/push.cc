#include "audit/report/push.h"

#include "audit/report/escape.h"
#include "common/crypto/base64.h"
#include "common/net/input.h"
#include "common/net/message_reader.h"

#include <optional>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <openssl/ssl.h>

namespace initscan::audit {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::seconds kConnect{10};
constexpr std::chrono::seconds kWhole{60};
constexpr std::size_t kMaxAnswerHeaderBytes = 16 << 10;
constexpr std::size_t kMaxAnswerBytes = 64 << 10;

struct Gateway {
  std::string name;  // for messages: the URL without credentials
  bool tls = false;
  std::string host;
  std::string port;
  std::string target;
  std::string authorization;
};

Result<Gateway> gateway_of(const std::string& text) {
  const Error wrong{Errc::usage, "Pushgateway: want http://HOST:PORT or https://HOST:PORT"};
  const auto parsed = boost::urls::parse_uri(text);
  if (!parsed || (parsed->scheme() != "http" && parsed->scheme() != "https") || parsed->host().empty()) return wrong;
  Gateway gateway;
  gateway.tls = parsed->scheme() == "https";
  gateway.host = parsed->host_address();
  gateway.port = parsed->has_port() ? std::string(parsed->port()) : gateway.tls ? "443" : "80";
  gateway.target = parsed->encoded_path();
  while (gateway.target.ends_with('/')) gateway.target.pop_back();
  if (gateway.target.find("/metrics/job") == std::string::npos) gateway.target += "/metrics/job/initscan-audit";
  if (parsed->has_userinfo()) gateway.authorization = "Basic " + base64_encode(parsed->userinfo());
  gateway.name =
      std::string(parsed->scheme()) + "://" + std::string(parsed->encoded_host()) + ':' + gateway.port + gateway.target;
  return gateway;
}

Error failed(const char* what, const boost::system::error_code& ec) {
  return {Errc::io, std::string(what) + ": " + ec.message()};
}

template <class Stream>
asio::awaitable<Result<void>> put(Stream& stream, const Gateway& gateway, std::string_view body) {
  http::request<http::span_body<const char>> request(http::verb::put, gateway.target, 11);
  request.set(http::field::host, gateway.host + ':' + gateway.port);
  request.set(http::field::user_agent, "initscan-audit");
  request.set(http::field::content_type, "text/plain; version=0.0.4");
  request.set(http::field::connection, "close");
  if (!gateway.authorization.empty()) request.set(http::field::authorization, gateway.authorization);
  request.body() = beast::span<const char>(body.data(), body.size());
  request.prepare_payload();
  auto [write_ec, written] = co_await http::async_write(stream, request, kTuple);
  if (write_ec) co_return failed("cannot send", write_ec);

  Input input;
  ResponseReader reader({kMaxAnswerHeaderBytes, kMaxAnswerBytes});
  std::string answer;
  while (!reader.is_done()) {
    if (input.empty()) {
      const auto ec = co_await input.fill(stream);
      if (ec && !reader.has_head()) co_return failed("no answer", ec);
      if (ec) break;  // as much as it says is better than nothing
    }
    const auto piece = reader.take(input.view());
    if (!piece) co_return Error{piece.error()}.within("no answer");
    answer += piece->data;
    input.drop(piece->taken);
    if (reader.has_head() && reader.head().result_int() / 100 == 2) co_return Result<void>{};
  }
  while (answer.ends_with('\n')) answer.pop_back();
  co_return Error{Errc::io, "HTTP " + std::to_string(reader.head().result_int()) + ": " + visible(answer)};
}

asio::awaitable<Result<void>> push_to(const Gateway& gateway, std::string_view body) {
  const auto executor = co_await asio::this_coro::executor;
  asio::ip::tcp::resolver resolver(executor);
  auto [resolve_ec, addresses] = co_await resolver.async_resolve(gateway.host, gateway.port, kTuple);
  if (resolve_ec) co_return failed("cannot resolve", resolve_ec);
  beast::tcp_stream tcp(executor);
  tcp.expires_after(kConnect);
  auto [connect_ec, endpoint] = co_await tcp.async_connect(addresses, kTuple);
  if (connect_ec) co_return failed("cannot connect", connect_ec);
  tcp.expires_after(kWhole);
  if (!gateway.tls) co_return co_await put(tcp, gateway, body);

  asio::ssl::context tls(asio::ssl::context::tls_client);
  tls.set_default_verify_paths();
  tls.set_verify_mode(asio::ssl::verify_peer);
  tls.set_verify_callback(asio::ssl::host_name_verification(gateway.host));
  beast::ssl_stream<beast::tcp_stream> stream(std::move(tcp), tls);
  // What SSL_set_tlsext_host_name says, without its old-style cast.
  SSL_ctrl(stream.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
           const_cast<char*>(gateway.host.c_str()));
  auto [handshake_ec] = co_await stream.async_handshake(asio::ssl::stream_base::client, kTuple);
  if (handshake_ec) co_return failed("no secure connection", handshake_ec);
  co_return co_await put(stream, gateway, body);
}

}  // namespace

Result<void> push_metrics(const std::string& url, std::string_view body) {
  const auto gateway = gateway_of(url);
  if (!gateway) return gateway.error();
  std::optional<Result<void>> done;
  std::exception_ptr thrown;
  asio::io_context io(1);
  asio::co_spawn(
      io, [&]() -> asio::awaitable<void> { done = co_await push_to(*gateway, body); },
      [&](std::exception_ptr e) { thrown = std::move(e); });
  io.run_for(kConnect + kWhole + kConnect);  // a resolver has no deadline of its own
  if (thrown) std::rethrow_exception(thrown);
  if (!done) return Error{Errc::io, gateway->name + ": no answer in time"};
  if (!*done) return Error{done->error()}.within(gateway->name);
  return {};
}

}  // namespace initscan::audit

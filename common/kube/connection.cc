#include "common/kube/connection.h"

#include "common/file_io.h"
#include "common/text/percent.h"
#include "common/version.h"

#include <charconv>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http.hpp>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace initscan {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kMaxTokenBytes = 64 << 10;
constexpr std::size_t kMaxAuthorityBytes = 1 << 20;
constexpr std::size_t kMaxHeaderBytes = 32 << 10;
constexpr std::size_t kBeginningBytes = 64 << 10;  // of an event that is too large: its object's name is in it

// Impersonate-Extra-KEY: what is not allowed in a header's name is percent-encoded (client-go reads it so).
void impersonate(const Impersonation& as, http::request<http::string_body>& message) {
  if (as.user.empty()) return;
  message.set("Impersonate-User", as.user);
  if (!as.uid.empty()) message.set("Impersonate-Uid", as.uid);
  for (const std::string& group : as.groups) message.insert("Impersonate-Group", group);
  for (const auto& [key, value] : as.extra) {
    message.insert("Impersonate-Extra-" + percent_encode(key, "!#$&'*+-.^_`|~"), value);
  }
}

// Without a peer that answers, a watch would wait for its whole time: the kernel notices within a minute.
void keep_alive(tcp::socket& socket) {
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.set_option(asio::socket_base::keep_alive(true), ignored);
  using Seconds = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPIDLE>;
  using Interval = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPINTVL>;
  using Count = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPCNT>;
  socket.set_option(Seconds(30), ignored);
  socket.set_option(Interval(10), ignored);
  socket.set_option(Count(3), ignored);
}

asio::const_buffer bytes_of(const std::string& text) {
  return asio::buffer(text.data(), text.size());
}

// An OpenSSL error as Asio hands it on.
bool is_distrust(const boost::system::error_code& ec) {
  return ec.category() == asio::error::get_ssl_category() &&
         ERR_GET_REASON(static_cast<unsigned long>(ec.value())) == SSL_R_CERTIFICATE_VERIFY_FAILED;
}

// A file of the configuration that cannot be read is no answer of the server's: least of all that something is not
// there.
Error own_file(const Error& error, std::string_view path) {
  return Error{Errc::io, error.text}.within(path);
}

Result<asio::ssl::context> tls_of(const KubeConfig& config) {
  asio::ssl::context tls(asio::ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION);
  tls.set_verify_mode(config.trusts_any_certificate ? asio::ssl::verify_none : asio::ssl::verify_peer);
  boost::system::error_code ec;
  if (!config.ca_file.empty()) {
    const auto pem = read_file(config.ca_file, kMaxAuthorityBytes);
    if (!pem) return own_file(pem.error(), config.ca_file);
    tls.add_certificate_authority(bytes_of(*pem), ec);
    if (ec) return Error{Errc::io, config.ca_file + ": want certificate authorities in PEM: " + ec.message()};
  } else if (!config.ca_pem.empty()) {
    tls.add_certificate_authority(bytes_of(config.ca_pem), ec);
    if (ec) return Error{Errc::malformed, "certificate-authority: want PEM: " + ec.message()};
  } else {
    tls.set_default_verify_paths(ec);
  }
  if (!config.client_certificate_pem.empty()) {
    tls.use_certificate_chain(bytes_of(config.client_certificate_pem), ec);
    if (!ec) tls.use_private_key(bytes_of(config.client_key_pem), asio::ssl::context::pem, ec);
    if (ec) return Error{Errc::malformed, "client-certificate, client-key: want a pair in PEM: " + ec.message()};
  }
  return tls;
}

std::chrono::seconds retry_after_of(std::string_view text) {
  unsigned seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return std::chrono::seconds(std::min(seconds, 60U));  // a date also reads as no wait; no peer may delay us for long
}

KubeResponse head_of(const ResponseReader::Head& head) {
  const auto retry = head.find(http::field::retry_after);
  return {head.result_int(), {}, retry == head.end() ? std::chrono::seconds(0) : retry_after_of(retry->value())};
}

}  // namespace

KubeConnection::KubeConnection(const KubeConfig& config, const KubeLimits& limits, asio::ssl::context tls,
                               const asio::any_io_executor& executor)
    : config_(config), limits_(limits), tls_(std::move(tls)), stream_(executor, tls_) {}

Error KubeConnection::failed(const char* what, const boost::system::error_code& ec) const {
  const std::string reason = ec == beast::error::timeout ? "no answer in time" : ec.message();
  return {is_distrust(ec) ? Errc::distrusted : Errc::unavailable,
          "https://" + config_.host + ':' + config_.port + ": cannot " + what + ": " + reason};
}

asio::awaitable<Result<std::unique_ptr<KubeConnection>>> KubeConnection::open(const KubeConfig& config,
                                                                              const KubeLimits& limits) {
  const auto executor = co_await asio::this_coro::executor;
  auto tls = tls_of(config);
  if (!tls) co_return tls.error();
  std::unique_ptr<KubeConnection> made(new KubeConnection(config, limits, std::move(*tls), executor));

  tcp::resolver resolver(executor);
  auto [resolve_ec, endpoints] = co_await resolver.async_resolve(config.host, config.port, kTuple);
  if (resolve_ec) co_return made->failed("find the server", resolve_ec);

  auto& tcp_stream = beast::get_lowest_layer(made->stream_);
  tcp_stream.expires_after(limits.connect);
  auto [connect_ec, endpoint] = co_await tcp_stream.async_connect(endpoints, kTuple);
  if (connect_ec) co_return made->failed("connect", connect_ec);
  keep_alive(tcp_stream.socket());

  const std::string& name = config.server_name.empty() ? config.host : config.server_name;
  boost::system::error_code not_an_address;
  asio::ip::make_address(name, not_an_address);
  if (not_an_address) {
    // What SSL_set_tlsext_host_name says, without its old-style cast.
    SSL_ctrl(made->stream_.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             const_cast<char*>(name.c_str()));
  }
  made->stream_.set_verify_callback(asio::ssl::host_name_verification(name));
  tcp_stream.expires_after(limits.connect);
  auto [handshake_ec] = co_await made->stream_.async_handshake(asio::ssl::stream_base::client, kTuple);
  if (handshake_ec) co_return made->failed("speak TLS", handshake_ec);
  co_return std::move(made);
}

asio::awaitable<Result<void>> KubeConnection::write(const KubeRequest& request) {
  http::request<http::string_body> message;
  message.version(11);
  message.method_string(request.method);
  message.target(config_.path_prefix + request.path);
  const bool is_v6 = config_.host.find(':') != config_.host.npos;
  message.set(http::field::host, (is_v6 ? '[' + config_.host + ']' : config_.host) + ':' + config_.port);
  message.set(http::field::user_agent, std::string("initscan/") + kVersion);
  message.set(http::field::accept, request.accept);
  std::string token = config_.token;
  if (!config_.token_file.empty()) {
    auto read = read_file(config_.token_file, kMaxTokenBytes);
    if (!read) co_return own_file(read.error(), config_.token_file);
    token = std::move(*read);
    while (!token.empty() && (token.back() == '\n' || token.back() == '\r')) token.pop_back();
  }
  if (token.find_first_of("\r\n") != token.npos) co_return Error{Errc::malformed, "the token holds a line break"};
  if (!token.empty()) message.set(http::field::authorization, "Bearer " + token);
  impersonate(config_.as, message);
  if (!request.body.empty()) message.set(http::field::content_type, request.content_type);
  message.body() = request.body;
  message.prepare_payload();
  beast::get_lowest_layer(stream_).expires_after(limits_.request);
  auto [ec, written] = co_await http::async_write(stream_, message, kTuple);
  if (ec) co_return failed("send a request", ec);
  co_return Result<void>{};
}

// Takes the next piece of an answer, and appends its part of the body to `body`.
asio::awaitable<Result<void>> KubeConnection::read_some(ResponseReader& reader, std::string& body) {
  if (input_.empty()) {
    const auto ec = co_await input_.fill(stream_);
    if (ec == asio::error::eof || ec == asio::ssl::error::stream_truncated) {
      auto ended = reader.end();
      if (!ended) co_return failed("read the answer", ec);
      co_return Result<void>{};
    }
    if (ec) co_return failed("read the answer", ec);
  }
  const auto piece = reader.take(input_.view());
  if (!piece) co_return piece.error();
  body += piece->data;
  input_.drop(piece->taken);
  co_return Result<void>{};
}

asio::awaitable<Result<KubeResponse>> KubeConnection::send(const KubeRequest& request) {
  reusable_ = false;
  auto sent = co_await write(request);
  if (!sent) co_return sent.error();
  ResponseReader reader({kMaxHeaderBytes, limits_.body_bytes});
  std::string body;
  while (!reader.is_done()) {
    auto read = co_await read_some(reader, body);
    if (!read && read.error().code == Errc::unavailable) co_return read.error();
    if (!read) co_return std::move(read).error().within(request.path);
  }
  KubeResponse response = head_of(reader.head());
  response.body = std::move(body);
  reusable_ =
      reader.keep_alive() && input_.empty();  // unrequested bytes must not become the answer to the next request
  co_return response;
}

asio::awaitable<Result<KubeResponse>> KubeConnection::start_watch(const KubeRequest& request,
                                                                  std::chrono::seconds longest) {
  auto sent = co_await write(request);
  if (!sent) co_return sent.error();
  // As long as it lasts; one event has a limit.
  watch_ = std::make_unique<Watch>(MessageLimits{kMaxHeaderBytes, std::nullopt});
  while (!watch_->reader.has_head()) {
    auto read = co_await read_some(watch_->reader, watch_->pending);
    if (!read) co_return read.error();
  }
  beast::get_lowest_layer(stream_).expires_after(longest);
  KubeResponse response = head_of(watch_->reader.head());
  if (response.status == 200) co_return response;
  while (response.body.size() <= limits_.event_bytes) {
    auto line = co_await next_line();
    if (!line) co_return line.error();
    if (line->text.empty()) co_return response;
    response.body += line->text;
  }
  co_return Error{Errc::over_limit, "a refusal of more than " + std::to_string(limits_.event_bytes) + " bytes"};
}

asio::awaitable<Result<KubeLine>> KubeConnection::next_line() {
  Watch& watch = *watch_;
  KubeLine line;
  for (std::size_t searched = 0;;) {
    if (const std::size_t end = watch.pending.find('\n', searched); end != std::string::npos) {
      if (!line.is_cut) line.text = watch.pending.substr(0, end);
      watch.pending.erase(0, end + 1);
      searched = 0;
      if (line.text.empty()) continue;
      co_return line;
    }
    searched = watch.pending.size();
    if (searched > limits_.event_bytes) {
      // Without an event nothing that follows would be heard: its beginning stands for it.
      if (!std::exchange(line.is_cut, true)) line.text = watch.pending.substr(0, kBeginningBytes);
      watch.pending.clear();
      searched = 0;
    }
    if (watch.reader.is_done()) {
      if (!line.is_cut) line.text = std::exchange(watch.pending, {});
      co_return line;
    }
    auto read = co_await read_some(watch.reader, watch.pending);
    if (!read) co_return read.error();
  }
}

}  // namespace initscan

#include "common/http/session.h"

#include <algorithm>
#include <array>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http.hpp>

namespace initscan {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

// How long a peer has to answer our close_notify.
constexpr std::chrono::seconds kGoodbye{1};

// How much of what a refused client still sends is taken, and thrown away.
constexpr std::size_t kLingerBytes = 8 << 20;

// Bodies up to this size are taken from nobody's budget: a flood of large ones must not keep small ones away.
constexpr std::size_t kSmallBody = 64 << 10;

// What a connection keeps of its buffer between two requests.
constexpr std::size_t kKeptBuffer = 16 << 10;

constexpr auto kBusy = HttpSession::Clock::duration::max().count();

// Every I/O error comes back as a value.
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

using Response = http::response<http::string_body>;

HttpRequest request_of(http::request<http::string_body>&& message) {
  const std::string_view target(message.target().data(), message.target().size());
  const std::size_t question = std::min(target.find('?'), target.size());
  return {std::string(message.method_string()), std::string(target.substr(0, question)), std::move(message.body()),
          std::string(target.substr(std::min(question + 1, target.size())))};
}

Response message_of(HttpResponse&& answer, unsigned version, bool keep_alive) {
  Response message(static_cast<http::status>(answer.status), version);
  message.set(http::field::content_type, answer.content_type);
  message.body() = std::move(answer.body);
  message.keep_alive(keep_alive);
  message.prepare_payload();
  return message;
}

// What the client did wrong, where that can still be said; 0 where there is nobody to say it to.
unsigned status_of(const beast::error_code& ec) {
  if (ec == http::error::body_limit) return 413;
  if (ec == http::error::header_limit) return 431;
  if (ec == http::error::end_of_stream || ec == http::error::partial_message) return 0;
  if (ec.category() == http::make_error_code(http::error::bad_method).category()) return 400;
  return 0;
}

}  // namespace

asio::awaitable<void> HttpSession::run() {
  beast::get_lowest_layer(stream_).expires_after(context_.limits.handshake);
  auto [handshake_ec] = co_await stream_.async_handshake(asio::ssl::stream_base::server, kTuple);
  if (handshake_ec) co_return;
  has_shaken_hands_ = true;

  for (bool keep_alive = true; keep_alive;) {
    const bool has_begun = co_await wait_for_request();
    if (!has_begun) break;
    keep_alive = co_await answer_one();
  }
  beast::get_lowest_layer(stream_).expires_after(kGoodbye);
  auto [shutdown_ec] = co_await stream_.async_shutdown(kTuple);
  if (shutdown_ec) co_await linger();
}

// A client that was refused may still be sending: what nobody reads would reset the connection, and with it the answer.
asio::awaitable<void> HttpSession::linger() {
  beast::tcp_stream& tcp = beast::get_lowest_layer(stream_);
  beast::error_code ec;
  tcp.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ec);  // where the peer is gone, reading fails, too
  tcp.expires_after(kGoodbye);
  std::array<char, 4096> unread;
  for (std::size_t total = 0; total < kLingerBytes;) {
    auto [read_ec, bytes] = co_await tcp.async_read_some(asio::buffer(unread), kTuple);
    if (read_ec) break;
    total += bytes;
  }
}

// Waits for the first bytes of the next request: only here may the server close the connection.
asio::awaitable<bool> HttpSession::wait_for_request() {
  if (buffer_.size() > 0) co_return true;
  beast::get_lowest_layer(stream_).expires_after(context_.limits.idle);
  waiting_ = true;
  idle_since_ = Clock::now().time_since_epoch().count();
  auto [ec, bytes] = co_await stream_.async_read_some(buffer_.prepare(8192), kTuple);
  waiting_ = false;
  idle_since_ = kBusy;
  if (ec) co_return false;
  buffer_.commit(bytes);
  co_return true;
}

// Says what is wrong, where there is somebody to say it to (status is not 0). The connection ends either way.
asio::awaitable<bool> HttpSession::refuse(unsigned status, std::string reason) {
  if (status == 0) co_return false;
  Response refusal = message_of({status, "text/plain; charset=utf-8", std::move(reason) + '\n'}, 11, false);
  auto [ec, written] = co_await http::async_write(stream_, refusal, kTuple);
  (void)ec;
  co_return false;
}

asio::awaitable<bool> HttpSession::answer_one() {
  beast::get_lowest_layer(stream_).expires_after(context_.limits.request);
  http::request_parser<http::string_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(context_.limits.header_bytes));
  parser.body_limit(context_.limits.body_bytes);

  auto [header_ec, header_bytes] = co_await http::async_read_header(stream_, buffer_, parser, kTuple);
  if (header_ec) co_return co_await refuse(status_of(header_ec), header_ec.message());
  BudgetShare share(context_.bodies);
  const std::uint64_t length = parser.chunked() ? context_.limits.body_bytes : parser.content_length().value_or(0);
  if (length > kSmallBody && !share.take(length)) co_return co_await refuse(503, "too many large requests at once");
  auto [read_ec, read_bytes] = co_await http::async_read(stream_, buffer_, parser, kTuple);
  if (read_ec) co_return co_await refuse(status_of(read_ec), read_ec.message());

  auto message = parser.release();
  const unsigned version = message.version();
  const bool wants_more = message.keep_alive();
  const HttpRequest request = request_of(std::move(message));
  HttpResponse answer = context_.handler(request);
  Response response = message_of(std::move(answer), version, wants_more && !context_.draining);
  auto [write_ec, written] = co_await http::async_write(stream_, response, kTuple);
  if (write_ec) co_return false;
  // A large request must not keep its memory until the connection ends.
  if (buffer_.capacity() > kKeptBuffer && buffer_.size() == 0) buffer_ = beast::flat_buffer();
  co_return response.keep_alive();
}

void HttpSession::close_when_idle() {
  asio::post(stream_.get_executor(), [self = shared_from_this()] {
    if (self->waiting_) beast::get_lowest_layer(self->stream_).cancel();
  });
}

void HttpSession::evict() {
  idle_since_ = kBusy;  // nobody chooses it again
  asio::post(stream_.get_executor(), [self = shared_from_this()] {
    if (self->waiting_ || !self->has_shaken_hands_) beast::get_lowest_layer(self->stream_).close();
  });
}

}  // namespace initscan

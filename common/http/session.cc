#include "common/http/session.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
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

// How much of a large answer is written at once.
constexpr std::size_t kPiece = 64 << 10;

constexpr const char* kTooMany = "too many requests at once; try again";

// Every I/O error comes back as a value.
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

using Response = http::response<http::string_body>;

// The fields as Beast has them: nothing is copied.
class HeadFields : public RequestHeaders {
 public:
  explicit HeadFields(const RequestReader::Head& head) : head_(head) {}

  std::string_view find(std::string_view name) const override {
    const auto field = head_.find(beast::string_view(name.data(), name.size()));
    return field == head_.end() ? std::string_view() : std::string_view(field->value().data(), field->value().size());
  }

  std::size_t count(std::string_view name) const override {
    return head_.count(beast::string_view(name.data(), name.size()));
  }

 private:
  const RequestReader::Head& head_;
};

// What a client has shown while it shook hands, where that was asked for and found right.
std::optional<PeerCertificate> peer_of(SSL* tls) {
  const X509* const certificate = SSL_get0_peer_certificate(tls);
  if (certificate == nullptr || SSL_get_verify_mode(tls) == SSL_VERIFY_NONE) return std::nullopt;
  if (SSL_get_verify_result(tls) != X509_V_OK) return std::nullopt;
  return read_peer_certificate(*certificate);
}

// RFC 9110, section 15.4.5: the length in it would be that of what was not sent.
constexpr unsigned kNotModified = 304;

Response message_of(HttpResponse&& answer, unsigned version, bool keep_alive) {
  Response message(static_cast<http::status>(answer.status), version);
  if (answer.status == kNotModified) {
    for (const auto& [name, value] : answer.headers) message.set(name, value);
    message.keep_alive(keep_alive);
    return message;
  }
  message.set(http::field::content_type, answer.content_type);
  for (const auto& [name, value] : answer.headers) message.set(name, value);
  message.body() = std::move(answer.body);
  message.keep_alive(keep_alive);
  message.prepare_payload();
  return message;
}

RefusalReason reason_of(MessageFault fault) {
  switch (fault) {
    case MessageFault::header_limit: return RefusalReason::header_too_large;
    case MessageFault::body_limit: return RefusalReason::body_too_large;
    case MessageFault::framing: return RefusalReason::framing;
    default: return RefusalReason::bad_request;
  }
}

Error no_body() {
  return {Errc::unavailable, "the body does not come"};
}

unsigned status_of(RefusalReason reason) {
  switch (reason) {
    case RefusalReason::header_too_large: return 431;
    case RefusalReason::body_too_large: return 413;
    case RefusalReason::overload:
    case RefusalReason::timeout:
    case RefusalReason::evicted: return 503;
    default: return 400;
  }
}

std::string address_of(const beast::tcp_stream& tcp) {
  boost::system::error_code ec;
  const auto peer = tcp.socket().remote_endpoint(ec);
  return ec ? std::string("unknown") : peer.address().to_string();
}

// What a body is given room for: as much again as it has, so that it is not moved for each piece.
std::size_t room_for(std::size_t bytes, const RequestReader& reader, const HttpLimits& limits) {
  const std::uint64_t most = reader.announced().value_or(limits.body_bytes);
  return static_cast<std::size_t>(std::clamp<std::uint64_t>(most, bytes, 2 * bytes));
}

}  // namespace

HttpSession::HttpSession(beast::tcp_stream tcp, std::shared_ptr<asio::ssl::context> tls, const SessionContext& context)
    : tls_(std::move(tls)), address_(address_of(tcp)), stream_(std::move(tcp), *tls_), context_(context) {}

asio::awaitable<void> HttpSession::run() {
  beast::get_lowest_layer(stream_).expires_after(context_.options.limits.handshake);
  auto [handshake_ec] = co_await stream_.async_handshake(asio::ssl::stream_base::server, kTuple);
  if (handshake_ec) {
    tell(is_evicted_ ? RefusalReason::evicted : RefusalReason::handshake);
    co_return;
  }
  peer_ = peer_of(stream_.native_handle());
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

HttpRequest HttpSession::request_of(const RequestReader::Head& head, const RequestHeaders& fields,
                                    std::string body) const {
  const std::string_view target(head.target().data(), head.target().size());
  const std::size_t question = std::min(target.find('?'), target.size());
  HttpRequest request;
  request.method = std::string(head.method_string());
  request.path = target.substr(0, question);
  request.body = std::move(body);
  request.query = target.substr(std::min(question + 1, target.size()));
  request.headers = &fields;
  request.peer = peer_ ? &*peer_ : nullptr;
  request.address = address_;
  return request;
}

void HttpSession::enter(Phase phase) {
  since_ = Clock::now().time_since_epoch().count();
  phase_ = phase;
}

// Waits for the first bytes of the next request: only here may the server close the connection.
asio::awaitable<bool> HttpSession::wait_for_request() {
  if (!input_.empty()) co_return true;
  beast::get_lowest_layer(stream_).expires_after(context_.options.limits.idle);
  enter(Phase::waiting);
  const auto ec = co_await input_.fill(stream_);
  if (ec && is_evicted_) tell(RefusalReason::evicted);
  co_return !ec;
}

// Says what is wrong. The connection ends either way.
asio::awaitable<bool> HttpSession::refuse(RefusalReason reason, std::string words) {
  tell(reason);
  beast::get_lowest_layer(stream_).expires_after(kGoodbye);
  Response refusal = message_of(context_.options.refusal(status_of(reason), words), 11, false);
  auto [ec, written] = co_await http::async_write(stream_, refusal, kTuple);
  (void)ec;
  co_return false;
}

// Of a head that is whole, behind which nothing has come yet.
void HttpSession::look_for_expectation(const RequestReader& reader) {
  const auto& head = reader.head();
  is_body_awaited_ =
      !reader.is_done() && head.version() >= 11 && beast::iequals(head[http::field::expect], "100-continue");
}

// Reads what comes next of a request. It has a time as a whole, and may not pause for long.
asio::awaitable<bool> HttpSession::fill() {
  const auto stall = Clock::now() + context_.options.limits.stall;
  beast::get_lowest_layer(stream_).expires_at(std::min(deadline_, stall));
  if (std::exchange(is_body_awaited_, false)) {
    constexpr std::string_view kGoOn = "HTTP/1.1 100 Continue\r\n\r\n";
    auto [write_ec, written] = co_await asio::async_write(stream_, asio::buffer(kGoOn), kTuple);
    if (write_ec) co_return false;
  }
  const auto ec = co_await input_.fill(stream_);
  if (is_evicted_) {
    co_return co_await refuse(RefusalReason::evicted, "too many requests at once, and this one was the slowest");
  }
  if (ec == beast::error::timeout) tell(RefusalReason::timeout);
  co_return !ec;
}

// False: the connection ends, and the client was told why where it is still there.
asio::awaitable<bool> HttpSession::receive(RequestReader& reader, BodyShare& share, std::string& body) {
  bool had_head = reader.has_head();
  while (!reader.is_done()) {
    if (input_.empty()) {
      const bool has_more = co_await fill();
      if (!has_more) co_return false;
    }
    const auto piece = reader.take(input_.view());
    if (!piece) co_return co_await refuse(reason_of(reader.fault()), piece.error().text);
    if (!std::exchange(had_head, reader.has_head()) && had_head) look_for_expectation(reader);
    if (const std::size_t whole = body.size() + piece->data.size(); whole > body.capacity()) {
      const std::size_t room = room_for(whole, reader, context_.options.limits);
      if (!share.hold(room, whole)) {
        body = std::string();
        co_return co_await refuse(RefusalReason::overload, kTooMany);
      }
      body.reserve(room);
    }
    body += piece->data;
    input_.drop(piece->taken);
  }
  share.complete();
  co_return true;
}

// As receive(), up to the body.
asio::awaitable<bool> HttpSession::receive_head(RequestReader& reader) {
  while (!reader.has_head()) {
    if (input_.empty()) {
      const bool has_more = co_await fill();
      if (!has_more) co_return false;
    }
    const auto piece = reader.take(input_.view());
    if (!piece) co_return co_await refuse(reason_of(reader.fault()), piece.error().text);
    input_.drop(piece->taken);
  }
  look_for_expectation(reader);
  co_return true;
}

// As receive(), one piece of the body; "" at its end. It stays in the input until that is filled again.
asio::awaitable<Result<std::string_view>> HttpSession::receive_piece(RequestReader& reader) {
  while (!reader.is_done()) {
    if (input_.empty()) {
      const bool has_more = co_await fill();
      if (!has_more) co_return no_body();
    }
    const auto piece = reader.take(input_.view());
    if (!piece) {
      co_await refuse(reason_of(reader.fault()), piece.error().text);
      co_return piece.error();
    }
    input_.drop(piece->taken);
    if (!piece->data.empty()) co_return piece->data;
  }
  enter(Phase::answering);  // it has come as a whole
  co_return std::string_view();
}

BodyBudget::Holder HttpSession::holder() {
  return {address_, Clock::now(), [self = shared_from_this()] { self->evict(); }};
}

asio::awaitable<bool> HttpSession::answer_one() {
  deadline_ = Clock::now() + context_.options.limits.request;
  enter(Phase::receiving);
  std::string body;
  RequestReader reader({context_.options.limits.header_bytes, context_.options.limits.body_bytes});
  const HeadFields fields(reader.head());
  if (context_.waiting) {
    const bool has_head = co_await receive_head(reader);
    if (!has_head) co_return false;
    const HttpRequest head = request_of(reader.head(), fields, {});
    if (const WaitingHandler* const handler = context_.waiting(head)) {
      co_return co_await answer_waiting(reader, head, *handler);
    }
  }
  BodyShare share(context_.bodies, holder());
  const bool is_whole = co_await receive(reader, share, body);
  if (!is_whole) co_return false;
  enter(Phase::answering);
  const auto& head = reader.head();
  const HttpRequest request = request_of(head, fields, std::move(body));
  HttpResponse answer = context_.handler(request);
  const bool keep_alive = reader.keep_alive() && !context_.draining;
  co_return co_await send(request.method, std::move(answer), head.version(), keep_alive);
}

// What a handler that waits sees of the session.
class HttpSession::Exchange : public HttpExchange {
 public:
  Exchange(HttpSession& session, RequestReader& reader, const HttpRequest& head)
      : session_(session), reader_(reader), head_(head) {}

  const HttpRequest& request() const override { return head_; }

  asio::awaitable<Result<std::string_view>> next_piece() override {
    if (has_failed_) co_return no_body();
    has_failed_ = true;  // also where it is left in the middle
    auto piece = co_await session_.receive_piece(reader_);
    has_failed_ = !piece;
    co_return piece;
  }

  asio::awaitable<Result<std::string>> rest_of_body() override {
    if (has_failed_) co_return no_body();
    has_failed_ = true;
    if (!share_) share_.emplace(session_.context_.bodies, session_.holder());
    std::string body;
    const bool is_whole = co_await session_.receive(reader_, *share_, body);
    if (!is_whole) co_return no_body();
    has_failed_ = false;
    session_.enter(Phase::answering);
    co_return body;
  }

  asio::awaitable<HttpResponse> in_pool(std::string client, std::function<HttpResponse()> job) override {
    auto answer = co_await session_.context_.pool.run(std::move(client), session_.context_.options.limits.waiting,
                                                      std::move(job));
    if (answer) co_return std::move(*answer);
    session_.tell(RefusalReason::overload);
    co_return session_.context_.options.refusal(503, kTooMany);
  }

  // The body has been answered: what it held is for others while the answer is sent.
  void let_go_of_body() { share_.reset(); }

  bool has_failed() const { return has_failed_; }

 private:
  HttpSession& session_;
  RequestReader& reader_;
  const HttpRequest& head_;
  std::optional<BodyShare> share_;
  bool has_failed_ = false;  // the client has been told, or is gone
};

namespace {

// Ends a handler that waits for too long, as far as what it waits for can be cancelled.
struct Patience : std::enable_shared_from_this<Patience> {
  explicit Patience(const asio::any_io_executor& executor) : timer(executor) {}

  void begin(std::chrono::steady_clock::time_point end) {
    timer.expires_at(end);
    timer.async_wait([self = shared_from_this()](const boost::system::error_code& ec) {
      if (ec) return;
      self->is_over = true;
      self->signal.emit(asio::cancellation_type::terminal);
    });
  }

  asio::steady_timer timer;
  asio::cancellation_signal signal;
  bool is_over = false;
};

struct EndOfPatience {
  Patience& patience;
  ~EndOfPatience() { patience.timer.cancel(); }
};

}  // namespace

asio::awaitable<bool> HttpSession::answer_waiting(RequestReader& reader, const HttpRequest& head,
                                                  const WaitingHandler& handler) {
  Exchange exchange(*this, reader, head);
  if (reader.is_done()) enter(Phase::answering);
  const auto patience = std::make_shared<Patience>(stream_.get_executor());
  patience->begin(deadline_ + context_.options.limits.waiting);
  const EndOfPatience end{*patience};
  std::optional<HttpResponse> answer;
  try {
    answer = co_await asio::co_spawn(stream_.get_executor(), handler(exchange),
                                     asio::bind_cancellation_slot(patience->signal.slot(), asio::use_awaitable));
  } catch (const boost::system::system_error&) {
    if (!patience->is_over) throw;
  }
  if (patience->is_over) co_return co_await refuse(RefusalReason::timeout, "this takes too long; try again");
  if (exchange.has_failed()) co_return false;
  exchange.let_go_of_body();
  enter(Phase::answering);
  // What has not been read of the body stands in the way of the next request.
  const bool keep_alive = reader.keep_alive() && reader.is_done() && !context_.draining;
  co_return co_await send(head.method, std::move(*answer), reader.head().version(), keep_alive);
}

// Each piece has as long as the next piece of a request would have: a client that takes none is given up. What the
// answer itself holds has the time of its request, too.
asio::awaitable<bool> HttpSession::send_pieces(const std::string& method, HttpResponse answer, unsigned version,
                                               bool keep_alive, AnswerBudget::Share* share) {
  const SharedBody body = std::move(*answer.shared);
  const auto end = share == nullptr ? Clock::time_point::max() : std::max(deadline_, Clock::now() + kGoodbye);
  const auto stall = [&] { return std::min(end, Clock::now() + context_.options.limits.stall); };
  http::response<http::empty_body> head(static_cast<http::status>(answer.status), version);
  head.set(http::field::content_type, answer.content_type);
  for (const auto& [name, value] : answer.headers) head.set(name, value);
  head.keep_alive(keep_alive);
  head.content_length(body.bytes.size());
  http::response_serializer<http::empty_body> serializer(head);
  beast::get_lowest_layer(stream_).expires_at(stall());
  auto [head_ec, head_bytes] = co_await http::async_write_header(stream_, serializer, kTuple);
  boost::system::error_code ec = head_ec;
  std::string_view rest = method == "HEAD" ? std::string_view() : body.bytes;
  while (!ec && !rest.empty() && !has_given_up_) {
    const std::string_view piece = rest.substr(0, kPiece);
    beast::get_lowest_layer(stream_).expires_at(stall());
    auto [piece_ec, piece_bytes] = co_await asio::async_write(stream_, asio::buffer(piece), kTuple);
    ec = piece_ec;
    rest.remove_prefix(piece.size());
    if (share != nullptr) share->note_taken(body.bytes.size() - rest.size());
  }
  if (has_given_up_) {
    tell(RefusalReason::evicted);
  } else if (ec == beast::error::timeout) {
    tell(RefusalReason::timeout);
  }
  if (ec || has_given_up_) co_return false;
  has_been_answered_ = true;
  co_return keep_alive;
}

// Within the budget of all answers, as long as its client takes it.
asio::awaitable<bool> HttpSession::send_large(const std::string& method, HttpResponse answer, unsigned version,
                                              bool keep_alive) {
  AnswerBudget::Holder holder;
  holder.address = address_;
  holder.bytes = answer.body.size();
  holder.since = Clock::now();
  holder.give_up = [self = shared_from_this(), number = ++answers_] { self->give_up(number); };
  AnswerBudget::Share share(context_.answers, std::move(holder));
  if (!share.is_held()) co_return co_await refuse(RefusalReason::overload, kTooMany);
  const auto owner = std::make_shared<const std::string>(std::move(answer.body));
  answer.shared = SharedBody{owner, *owner};
  is_sending_large_ = true;
  const bool goes_on = co_await send_pieces(method, std::move(answer), version, keep_alive, &share);
  is_sending_large_ = false;
  co_return goes_on;
}

asio::awaitable<bool> HttpSession::send(const std::string& method, HttpResponse answer, unsigned version,
                                        bool keep_alive) {
  if (answer.shared) co_return co_await send_pieces(method, std::move(answer), version, keep_alive, nullptr);
  if (answer.body.size() > kSmallAnswer) {
    co_return co_await send_large(method, std::move(answer), version, keep_alive);
  }
  Response response = message_of(std::move(answer), version, keep_alive);
  http::response_serializer<http::string_body> serializer(response);
  beast::get_lowest_layer(stream_).expires_at(std::max(deadline_, Clock::now() + kGoodbye));
  // RFC 9110, 9.3.2: of HEAD the head, with the length that there would be.
  auto [ec, written] = method == "HEAD" ? co_await http::async_write_header(stream_, serializer, kTuple)
                                        : co_await http::async_write(stream_, serializer, kTuple);
  if (ec == beast::error::timeout) tell(RefusalReason::timeout);
  if (ec) co_return false;
  has_been_answered_ = true;
  co_return response.keep_alive();
}

// Another answer needs the room of this one: there is no other way to end it than the connection.
void HttpSession::give_up(std::size_t answer) {
  asio::post(stream_.get_executor(), [self = shared_from_this(), answer] {
    if (!self->is_sending_large_ || self->answers_ != answer) return;
    self->has_given_up_ = true;
    beast::get_lowest_layer(self->stream_).close();
  });
}

Standing HttpSession::standing() const {
  return {phase_ != Phase::answering && !is_evicted_, has_been_answered_,
          Clock::time_point(Clock::duration(since_.load()))};
}

void HttpSession::close_when_idle() {
  asio::post(stream_.get_executor(), [self = shared_from_this()] {
    if (self->phase_ == Phase::waiting) beast::get_lowest_layer(self->stream_).cancel();
  });
}

void HttpSession::evict() {
  if (is_evicted_.exchange(true)) return;  // nobody chooses it again
  asio::post(stream_.get_executor(), [self = shared_from_this()] {
    switch (self->phase_) {
      case Phase::shaking_hands:
      case Phase::waiting: return beast::get_lowest_layer(self->stream_).close();
      case Phase::receiving: return beast::get_lowest_layer(self->stream_).cancel();  // and is refused
      case Phase::answering: self->is_evicted_ = false;                               // it came in time after all
    }
  });
}

}  // namespace initscan

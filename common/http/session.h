#pragma once

#include "common/http/answer_budget.h"
#include "common/http/blocking_pool.h"
#include "common/http/body_budget.h"
#include "common/http/server.h"
#include "common/net/input.h"
#include "common/net/message_reader.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

namespace initscan {

// What a session has of its server; it outlives all sessions.
struct SessionContext {
  const HttpServerOptions& options;
  const HttpServer::Handler& handler;
  const HttpServer::WaitingHandlerFor& waiting;
  const std::atomic<bool>& draining;
  BodyBudgets& bodies;
  AnswerBudget& answers;
  BlockingPool& pool;
};

// How a connection stands when one has to make room.
struct Standing {
  bool may_be_evicted = false;                  // it waits, or its request is not whole yet
  bool has_been_answered = false;               // at least once
  std::chrono::steady_clock::time_point since;  // of its waiting, or of its request
};

// One connection. The server keeps it to close it while it waits for a request.
class HttpSession : public std::enable_shared_from_this<HttpSession> {
 public:
  using Clock = std::chrono::steady_clock;
  using Stream = boost::beast::ssl_stream<boost::beast::tcp_stream>;

  HttpSession(boost::beast::tcp_stream tcp, std::shared_ptr<boost::asio::ssl::context> tls,
              const SessionContext& context);

  boost::asio::awaitable<void> run();

  /// Ends the connection if it waits for a request; one under way is finished first. From any thread.
  void close_when_idle();

  /// From any thread.
  Standing standing() const;

  /// Ends the connection, with a refusal where its request has begun, to make room. From any thread.
  void evict();

  /// Of the peer, without its port.
  const std::string& address() const { return address_; }

 private:
  // What it does; only what has not come as a whole may be evicted.
  enum class Phase : std::uint8_t { shaking_hands, waiting, receiving, answering };

  class Exchange;

  HttpRequest request_of(const RequestReader::Head& head, const RequestHeaders& fields, std::string body) const;
  boost::asio::awaitable<bool> wait_for_request();
  boost::asio::awaitable<bool> answer_one();
  boost::asio::awaitable<bool> receive(RequestReader& reader, BodyShare& share, std::string& body);
  boost::asio::awaitable<bool> receive_head(RequestReader& reader);
  boost::asio::awaitable<Result<std::string_view>> receive_piece(RequestReader& reader);
  boost::asio::awaitable<bool> answer_waiting(RequestReader& reader, const HttpRequest& head,
                                              const WaitingHandler& handler);
  boost::asio::awaitable<bool> fill();
  boost::asio::awaitable<bool> send(const std::string& method, HttpResponse answer, unsigned version, bool keep_alive);
  boost::asio::awaitable<bool> send_large(const std::string& method, HttpResponse answer, unsigned version,
                                          bool keep_alive);
  boost::asio::awaitable<bool> send_pieces(const std::string& method, HttpResponse answer, unsigned version,
                                           bool keep_alive, AnswerBudget::Share* share);
  void give_up(std::size_t answer);
  void look_for_expectation(const RequestReader& reader);
  BodyBudget::Holder holder();
  boost::asio::awaitable<bool> refuse(RefusalReason reason, std::string words);
  boost::asio::awaitable<void> linger();
  void enter(Phase phase);
  void tell(RefusalReason reason) const { context_.options.on_refusal({reason, address_}); }

  const std::shared_ptr<boost::asio::ssl::context> tls_;  // the server may have a newer one by now
  const std::string address_;
  std::optional<PeerCertificate> peer_;  // which an authority has signed that the server believes
  Stream stream_;
  Input input_;
  const SessionContext context_;
  Clock::time_point deadline_;     // of the request under way
  bool is_body_awaited_ = false;   // its client sends the body when it is told to go on (RFC 9110, section 10.1.1)
  std::size_t answers_ = 0;        // large ones that were begun
  bool is_sending_large_ = false;  // the last of them is under way
  bool has_given_up_ = false;      // on it
  std::atomic<Phase> phase_{Phase::shaking_hands};
  std::atomic<bool> has_been_answered_{false};
  std::atomic<bool> is_evicted_{false};
  std::atomic<Clock::rep> since_{Clock::now().time_since_epoch().count()};
};

}  // namespace initscan

#pragma once

#include "common/http/budget.h"
#include "common/http/server.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

namespace initscan {

// What a session has of its server; it outlives all sessions.
struct SessionContext {
  const HttpLimits& limits;
  const HttpServer::Handler& handler;
  const std::atomic<bool>& draining;
  ByteBudget& bodies;
};

// One connection. The server keeps it to close it while it waits for a request.
class HttpSession : public std::enable_shared_from_this<HttpSession> {
 public:
  using Clock = std::chrono::steady_clock;
  using Stream = boost::beast::ssl_stream<boost::beast::tcp_stream>;

  HttpSession(boost::beast::tcp_stream tcp, std::shared_ptr<boost::asio::ssl::context> tls,
              const SessionContext& context)
      : tls_(std::move(tls)), stream_(std::move(tcp), *tls_), context_(context) {}

  boost::asio::awaitable<void> run();

  /// Ends the connection if it waits for a request; one under way is finished first. From any thread.
  void close_when_idle();

  /// Since when it has shaken hands or waited for a request; time_point::max() while it has one, or is being evicted.
  /// From any thread.
  Clock::time_point idle_since() const { return Clock::time_point(Clock::duration(idle_since_.load())); }

  /// Ends an idle connection without a goodbye, to make room. From any thread.
  void evict();

 private:
  boost::asio::awaitable<bool> wait_for_request();
  boost::asio::awaitable<bool> answer_one();
  boost::asio::awaitable<bool> refuse(unsigned status, std::string reason);
  boost::asio::awaitable<void> linger();

  const std::shared_ptr<boost::asio::ssl::context> tls_;  // the server may have a newer one by now
  Stream stream_;
  boost::beast::flat_buffer buffer_;
  const SessionContext context_;
  bool waiting_ = false;           // only on the stream's executor
  bool has_shaken_hands_ = false;  // as waiting_
  std::atomic<Clock::rep> idle_since_{Clock::now().time_since_epoch().count()};
};

}  // namespace initscan

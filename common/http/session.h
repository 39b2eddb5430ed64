#pragma once

#include "common/http/server.h"

#include <atomic>
#include <memory>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

namespace initscan {

// One connection. The server keeps it to close it while it waits for a request.
class HttpSession : public std::enable_shared_from_this<HttpSession> {
 public:
  using Stream = boost::beast::ssl_stream<boost::beast::tcp_stream>;

  HttpSession(boost::beast::tcp_stream tcp, std::shared_ptr<boost::asio::ssl::context> tls, const HttpLimits& limits,
              const HttpServer::Handler& handler, const std::atomic<bool>& draining)
      : tls_(std::move(tls)), stream_(std::move(tcp), *tls_), limits_(limits), handler_(handler), draining_(draining) {}

  boost::asio::awaitable<void> run();

  /// Ends the connection if it waits for a request; one under way is finished first. From any thread.
  void close_when_idle();

 private:
  boost::asio::awaitable<bool> wait_for_request();
  boost::asio::awaitable<bool> answer_one();

  const std::shared_ptr<boost::asio::ssl::context> tls_;  // the server may have a newer one by now
  Stream stream_;
  boost::beast::flat_buffer buffer_;
  const HttpLimits& limits_;
  const HttpServer::Handler& handler_;
  const std::atomic<bool>& draining_;
  bool waiting_ = false;  // only on the stream's executor
};

}  // namespace initscan

#pragma once

#include "common/kube/config.h"
#include "common/net/input.h"
#include "common/net/message_reader.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

namespace initscan {

struct KubeRequest {
  std::string method = "GET";
  std::string path;  // with its query: "/api/v1/pods?limit=500"
  std::string body;
  std::string content_type = "application/json";
  std::string accept = "application/json, */*;q=0.5";
  bool once = false;      // as every POST: not sent again if it is not known whether it arrived
  bool harmless = false;  // a POST that changes nothing (a review, a dry run): it is sent again
};

struct KubeLimits {
  std::chrono::seconds connect{10};
  std::chrono::seconds request{30};   // one answer that is no watch
  std::size_t body_bytes = 64 << 20;  // a page of 500 pods
  std::size_t event_bytes = 8 << 20;  // one event of a watch
};

struct KubeResponse {
  unsigned status = 0;
  std::string body;
  std::chrono::seconds retry_after{0};
};

// What comes of a watch: an event.
struct KubeLine {
  std::string text;
  bool is_cut = false;  // it is larger than event_bytes: this is what it starts with
};

// One TLS connection to the API server. Everything on one executor; one request at a time.
class KubeConnection {
 public:
  using Stream = boost::beast::ssl_stream<boost::beast::tcp_stream>;

  /// Resolves, connects, shakes hands. Errors: unavailable, distrusted - named by server; io, malformed - what the
  /// configuration names cannot be used.
  static boost::asio::awaitable<Result<std::unique_ptr<KubeConnection>>> open(const KubeConfig& config,
                                                                              const KubeLimits& limits);

  boost::asio::awaitable<Result<KubeResponse>> send(const KubeRequest& request);

  /// Sends a watch and reads its head. A status other than 200 comes with its whole body, and the watch is over.
  boost::asio::awaitable<Result<KubeResponse>> start_watch(const KubeRequest& request, std::chrono::seconds longest);

  /// The next line of a watch; an empty one at its end.
  boost::asio::awaitable<Result<KubeLine>> next_line();

  bool is_reusable() const { return reusable_; }

 private:
  // An answer that is streamed until it ends.
  struct Watch {
    explicit Watch(const MessageLimits& limits) : reader(limits) {}

    ResponseReader reader;
    std::string pending;  // read, not yet handed out
  };

  KubeConnection(const KubeConfig& config, const KubeLimits& limits, boost::asio::ssl::context tls,
                 const boost::asio::any_io_executor& executor);
  boost::asio::awaitable<Result<void>> write(const KubeRequest& request);
  boost::asio::awaitable<Result<void>> read_some(ResponseReader& reader, std::string& body);
  Error failed(const char* what, const boost::system::error_code& ec) const;

  const KubeConfig config_;
  const KubeLimits limits_;
  boost::asio::ssl::context tls_;
  Stream stream_;
  Input input_;
  bool reusable_ = false;

  std::unique_ptr<Watch> watch_;
};

}  // namespace initscan

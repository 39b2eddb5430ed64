#pragma once

#include "common/crypto/peer_certificate.h"
#include "common/http/headers.h"
#include "common/result.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

namespace initscan {

// The header fields of a request, where they were read into. As large all together as HttpLimits::header_bytes.
class RequestHeaders {
 public:
  virtual ~RequestHeaders() = default;

  /// The first of that name, in whatever case; "" where there is none.
  virtual std::string_view find(std::string_view name) const = 0;

  /// How many there are of that name.
  virtual std::size_t count(std::string_view name) const = 0;
};

struct HttpRequest {
  std::string method;
  std::string path;  // without the query
  std::string body;
  std::string query;                        // what stands behind the path's '?'
  const RequestHeaders* headers = nullptr;  // held by whoever calls the handler, for as long as the call lasts
  const PeerCertificate* peer = nullptr;    // as `headers`; nullptr: the client has shown none that is believed
  std::string_view address = {};            // of the client, without its port; as `headers`

  std::string_view header(std::string_view name) const {
    return headers == nullptr ? std::string_view() : headers->find(name);
  }

  std::size_t header_count(std::string_view name) const { return headers == nullptr ? 0 : headers->count(name); }
};

// A body that is large and stands elsewhere: it is sent from there, piece by piece, however long that takes, as long as
// the client takes them.
struct SharedBody {
  std::shared_ptr<const void> owner;
  std::string_view bytes;
};

struct HttpResponse {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  HttpHeaders headers = {};               // others than those that follow from the above
  std::optional<SharedBody> shared = {};  // instead of `body`
};

// What a handler that waits has of its client. It lasts as long as the handler.
class HttpExchange {
 public:
  virtual ~HttpExchange() = default;

  /// As it is before its body has come: that is "".
  virtual const HttpRequest& request() const = 0;

  /// The next piece of the body, which holds until the next call; "" at its end. No more of the body is held than this.
  /// Errors: over_limit, malformed, truncated, unavailable - the body does not come; then the client has been told why
  /// where it is still there, and what the handler answers is dropped.
  virtual boost::asio::awaitable<Result<std::string_view>> next_piece() = 0;

  /// All that has not been taken of the body, within the budget of all bodies. Errors: as of next_piece().
  virtual boost::asio::awaitable<Result<std::string>> rest_of_body() = 0;

  /// Runs what blocks on one of the server's threads for that, which clients have in turn, and answers what it answers;
  /// 503 where HttpLimits::blocking_jobs are running or waiting. The job outlives the handler where the server ends
  /// meanwhile: it holds what it uses. A variable, moved from: g++ 12 destroys a temporary in an expression that waits
  /// twice.
  virtual boost::asio::awaitable<HttpResponse> in_pool(std::string client, std::function<HttpResponse()> job) = 0;
};

// A handler that may wait, and takes the body as it likes. A body that it leaves is not read, and the connection ends
// behind the answer. On the server's threads: it must not block.
using WaitingHandler = std::function<boost::asio::awaitable<HttpResponse>(HttpExchange&)>;

}  // namespace initscan

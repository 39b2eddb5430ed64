#pragma once

#include "common/http/headers.h"
#include "common/result.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace initscan {

// What a client's requests may cost. Every wait has an end.
struct HttpClientLimits {
  std::chrono::milliseconds connect{10'000};       // to find, reach and shake hands with a server
  std::chrono::seconds stall{30};                  // with less than 64 bytes a second, either way
  std::chrono::milliseconds total{300'000};        // of one call, its repetitions and its waits included
  std::chrono::milliseconds first_wait{200};       // before the first repetition; then twice as long each time
  std::chrono::milliseconds longest_wait{30'000};  // also for what Retry-After asks: longer, and it is not repeated
  unsigned attempts = 4;                           // in all
  unsigned redirects = 5;                          // of one attempt
  std::size_t header_bytes = 64 << 10;   // of one answer, with what comes before and behind it (1xx, trailers)
  std::uint64_t body_bytes = 8 << 20;    // of a success
  std::size_t refusal_bytes = 64 << 10;  // of any other answer: what is longer is cut
};

struct HttpClientOptions {
  std::string user_agent;  // "": initscan/VERSION
  std::string ca_file;     // PEM; "": what SSL_CERT_FILE or SSL_CERT_DIR names, or the system's roots
  std::string ca_pem;      // in the place of all these: the certificates themselves
  HttpClientLimits limits;
};

// Who asks. It is shown to the server that was named, and to no other that a redirect leads to.
struct HttpCredentials {
  enum class Kind : std::uint8_t { none, basic, bearer };

  Kind kind = Kind::none;
  std::string user;    // basic
  std::string secret;  // password or token
};

// Is told how a success begins, before its body; of a success without one it hears nothing. An error ends the call, and
// is what it returns.
using HttpHeadSink = std::function<Result<void>(unsigned status, const HttpHeaders& headers)>;

// Takes a body piece by piece. `first`: what came before was of an attempt that broke off, and is void. An error ends
// the call, and is what it returns.
using HttpSink = std::function<Result<void>(std::string_view piece, bool first)>;

struct HttpClientRequest {
  std::string method = "GET";
  std::string url;  // http or https; a user and password in it are credentials, where there are no others
  HttpHeaders headers;
  HttpCredentials credentials;
  std::string_view body;                           // sent from where it is; it outlives the call
  std::string body_file;                           // instead of `body`: a regular file, never held as a whole
  HttpHeadSink head;                               // unset: nobody asks
  HttpSink sink;                                   // where the body of a success goes; unset: into the reply
  std::optional<std::uint64_t> body_bytes;         // another limit than the client's
  std::optional<std::chrono::milliseconds> total;  // another limit than the client's
  bool harmless = false;                           // a POST that may be repeated as a GET may
};

struct HttpReply {
  unsigned status = 0;
  std::string url;      // where the answer came from, without credentials
  HttpHeaders headers;  // names in lower case, in their order
  std::string body;     // of a refusal its beginning; of a success "" where there was a sink

  bool ok() const { return status >= 200 && status < 300; }
  const std::string* header(std::string_view name) const;  // the first of that name, in lower case; nullptr: none
};

/// A refusal in one line: "https://host/path: HTTP 404: words", with the code that its status means.
Error refusal(const HttpReply& reply);

// Asks servers by HTTP/1.1, through the proxies that http_proxy, https_proxy, all_proxy and no_proxy name. TLS is 1.2
// or later and always verified. Redirects are followed (GET and HEAD by each, the others by 307 and 308), never from
// https to http. What can be repeated is, after a growing wait of random length or what Retry-After says: GET, HEAD,
// PUT and DELETE after a lost connection and 408, 429, 500, 502, 503, 504; others after 429 and 503, which say that
// nothing was done.
//
// It blocks; connections are kept for the next call. From any thread, any number at once.
class HttpClient {
 public:
  explicit HttpClient(HttpClientOptions options = {});
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  ~HttpClient();

  /// A refusal is a reply. Errors, named by URL: usage - the request is none that can be sent; io - body_file or
  /// ca_file cannot be read; unavailable - not reached, too slow, or broken off; distrusted - its certificate;
  /// over_limit - it sends more than a limit; malformed - it does not speak HTTP; truncated - it ends early; refused -
  /// it redirects where nobody goes. And whatever the sink says.
  Result<HttpReply> send(const HttpClientRequest& request) const;

  /// As send(), but a refusal is an error: see refusal().
  Result<HttpReply> demand(const HttpClientRequest& request) const;

 private:
  class Handles;

  const HttpClientOptions options_;
  const std::unique_ptr<Handles> handles_;
};

}  // namespace initscan

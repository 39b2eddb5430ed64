#pragma once

#include "common/http/certificate.h"
#include "common/http/exchange.h"
#include "common/http/refusal.h"
#include "common/result.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace initscan {

// What a session may cost before it is ended. Every wait has an end.
struct HttpLimits {
  // At the most; one that waits, or that is slow to send, makes room for a new one. An idle one costs 80 KiB: two
  // buffers of a TLS record each way.
  std::size_t connections = 300;
  std::size_t connections_of_address = 300;  // of these: what is left is for others
  std::size_t header_bytes = 16 << 10;
  std::size_t body_bytes = 8 << 20;
  std::size_t all_small_bodies_bytes = 4 << 20;  // of all connections together, those up to kSmallBody
  std::size_t all_bodies_bytes = 12 << 20;       // the others: as it arrives; then the slowest is refused
  std::size_t all_answers_bytes = 32 << 20;      // those above kSmallAnswer, until their clients have taken them
  std::chrono::seconds handshake{10};
  std::chrono::seconds request{10};  // from its first byte to the last of the answer
  std::chrono::seconds stall{4};     // without a byte of it
  std::chrono::seconds waiting{60};  // of a handler that waits, beside what its body takes; then 503
  std::size_t blocking_jobs = 300;   // that such handlers have running or waiting for a thread; then 503
  std::chrono::seconds idle{120};    // above the API server's keep-alive of 90 s: whoever closes first loses a request
};

struct HttpServerOptions {
  std::string address = "0.0.0.0";
  std::uint16_t port = 0;        // 0: any free one
  std::string certificate_file;  // PEM: the leaf first, then its chain; "": use() brings one before run()
  std::string key_file;          // PEM
  std::string client_ca_file;    // PEM: whose certificates are believed of clients; "": none is asked for
  unsigned threads = 1;
  unsigned blocking_threads = 4;    // for HttpExchange::in_pool(); started when one is needed
  std::chrono::seconds drain{5};    // after SIGTERM: how long requests are still taken while endpoints forget us
  std::chrono::seconds finish{10};  // then: how long those under way may take
  std::chrono::milliseconds reload{10'000};  // how often the certificate's files are looked at

  // Told of each new certificate, and of each that cannot be used; the one before stays then.
  std::function<void(const Result<void>&)> on_reload = [](const Result<void>&) {};

  // Told of each client that gets no answer of the handler's. On the server's threads; it must not block.
  std::function<void(const Refusal&)> on_refusal = [](const Refusal&) {};

  // What a client is told that gets no answer of the handler's.
  std::function<HttpResponse(unsigned status, const std::string& words)> refusal = [](unsigned status,
                                                                                      const std::string& words) {
    return HttpResponse{status, "text/plain; charset=utf-8", words + '\n'};
  };
  HttpLimits limits;
};

// An HTTP/1.1 server over TLS 1.2 and 1.3. The handler is called on the server's threads; it must neither
// block nor throw.
class HttpServer {
 public:
  using Handler = std::function<HttpResponse(const HttpRequest&)>;

  // Which handler waits for a request of which the head is there; nullptr: none, and the other one gets it as a whole.
  // What it returns outlives the server.
  using WaitingHandlerFor = std::function<const WaitingHandler*(const HttpRequest& head)>;

  /// Errors: io - certificate, key or port cannot be used, named with what to do.
  static Result<std::unique_ptr<HttpServer>> open(const HttpServerOptions& options, Handler handler,
                                                  WaitingHandlerFor waiting = {});
  ~HttpServer();

  std::uint16_t port() const;

  /// Serves until SIGTERM, SIGINT or stop(): then takes requests for `drain` while telling clients to go,
  /// finishes what is under way, and returns.
  void run();

  /// Serves new connections with this certificate; those that are open keep theirs. From any thread.
  void use(Certificate certificate);

  /// Starts to drain; from any thread.
  void stop();

  /// When the certificate that is served ends.
  std::chrono::sys_seconds certificate_expiry() const { return std::chrono::sys_seconds(expiry_.load()); }

  bool draining() const { return draining_; }
  std::size_t connections() const { return connections_; }

 private:
  struct Parts;
  HttpServer(HttpServerOptions options, Handler handler, WaitingHandlerFor waiting);
  Result<void> load();
  void take(Certificate certificate);

  HttpServerOptions options_;
  Handler handler_;
  WaitingHandlerFor waiting_;
  std::atomic<bool> draining_{false};
  std::atomic<std::size_t> connections_{0};
  std::atomic<std::chrono::seconds> expiry_{};
  std::unique_ptr<Parts> parts_;
};

}  // namespace initscan

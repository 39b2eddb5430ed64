#pragma once

#include "common/http/exchange.h"
#include "server/auth/token_review.h"

#include <optional>

namespace initscan::server {

// Who may read the metrics of a cluster: they name its namespaces and say which pods stand still. As for the API
// server's own, it takes the right to `get` /metrics, by a token for the API server: the one that Prometheus has in its
// pod.
class ScrapeGuard {
 public:
  explicit ScrapeGuard(KubeConfig config) : reviewer_(std::move(config), kOfApiServer) {}

  /// nullopt: it may. 401, 403, or 503 where the API server cannot be asked. On any executor.
  boost::asio::awaitable<std::optional<HttpResponse>> refusal_of(const HttpRequest& request);

 private:
  TokenReviewer reviewer_;
};

}  // namespace initscan::server

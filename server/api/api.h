#pragma once

#include "common/http/exchange.h"
#include "server/api/health.h"
#include "server/api/kept_answers.h"
#include "server/api/large_documents.h"
#include "server/api/metrics.h"
#include "server/api/routes.h"
#include "server/api/scan.h"
#include "server/auth/authenticator.h"
#include "server/auth/client_limits.h"
#include "server/index/shared_index.h"
#include "server/store/reports.h"
#include "server/store/store.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>

namespace initscan::server {

// What the API is made of. Jobs in the pool hold it: it is there until the last one has ended.
struct ApiParts {
  std::string cluster;                          // in every key of the store
  StoreRoom room;                               // for reports
  std::optional<std::int64_t> store_max_bytes;  // how large it may become, where that is limited here
  std::shared_ptr<Store> store;
  std::shared_ptr<SharedIndex> index;
  std::shared_ptr<Authenticator> authenticator;
  std::shared_ptr<ClientLimits> limits;
  std::shared_ptr<ServerMetrics> metrics;
  std::shared_ptr<LargeDocuments> large = std::make_shared<LargeDocuments>();
  std::shared_ptr<KeptAnswers> kept = std::make_shared<KeptAnswers>();
  ServerPolicy policy;
  std::optional<std::chrono::seconds> max_age;  // of the index's newest advisory
  std::function<Readiness()> state;             // whether the server drains
  std::function<std::chrono::sys_seconds()> certificate_expiry;

  // Told of each request that was refused for who asks, or for how often; "": who asks is not known. It must not block.
  std::function<void(unsigned status, const std::string& address, const std::string& client)> on_refusal =
      [](unsigned, const std::string&, const std::string&) {};

  // Told how each look at the pod of a report went. It must not block.
  std::function<void(const Result<void>& looked)> on_pod = [](const Result<void>&) {};
};

// Answers every request: who asks, whether they may, how often, and then what they ask for.
class Api {
 public:
  explicit Api(std::shared_ptr<const ApiParts> parts);

  /// Of health alone, which nobody has to be known for; for what handler() does not take.
  HttpResponse answer(const HttpRequest& request) const;

  /// nullptr: answer() takes it.
  const WaitingHandler* handler(const HttpRequest& head) const;

 private:
  std::shared_ptr<const ApiParts> parts_;
  WaitingHandler handler_;
};

}  // namespace initscan::server

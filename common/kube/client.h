#pragma once

#include "common/kube/connection.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <nlohmann/json.hpp>

namespace initscan {

// What the API server answered. `object` is what it sent: the object asked for, or a Status that says why not.
struct KubeReply {
  unsigned status = 0;
  nlohmann::json object;

  bool ok() const { return status >= 200 && status < 300; }
};

/// A refusal in one line: "GET /api/v1/pods: 403 Forbidden: pods is forbidden: User ...". Its code follows from the
/// status: not_found (404), refused (401, 403), unavailable (429, 5xx) or failed.
Error refusal(const KubeRequest& request, const KubeReply& reply);

/// A name as one segment of a path or one value of a query: everything but letters, digits, '-', '_' and '.' is
/// percent-encoded, so that a name from outside cannot lead elsewhere.
std::string escape_segment(std::string_view name);

// How a PATCH is meant; JSON Patch (RFC 6902), JSON Merge Patch (RFC 7396), and Kubernetes' own, which merges lists
// by key and is for built-in kinds alone.
enum class PatchKind : std::uint8_t { json, merge, strategic };

// Asks the API server. Everything on one executor. What can be asked again is: with a growing wait of random
// length, after what Retry-After says.
class KubeClient {
 public:
  explicit KubeClient(KubeConfig config, KubeLimits limits = {});
  ~KubeClient();

  const KubeConfig& config() const { return config_; }
  const KubeLimits& limits() const { return limits_; }

  /// Errors: unavailable, distrusted - it could not be asked; io - not with this configuration; over_limit, malformed -
  /// its answer cannot be read. A refusal is a reply.
  boost::asio::awaitable<Result<KubeReply>> ask(KubeRequest request);

  /// As ask(), but a refusal is an error: see refusal().
  boost::asio::awaitable<Result<KubeReply>> demand(KubeRequest request);

  /// As ask(), but the answer as it came: for what is not JSON (/readyz, /metrics, a log).
  boost::asio::awaitable<Result<KubeResponse>> fetch(KubeRequest request);

  /// A PATCH; a refusal is an error. A JSON Patch is not repeated after a lost answer: it may have been applied.
  boost::asio::awaitable<Result<KubeReply>> patch(std::string path, PatchKind kind, const nlohmann::json& change);

  /// Server-side apply as field manager "initscan", taking over what others set.
  boost::asio::awaitable<Result<KubeReply>> apply(std::string path, const nlohmann::json& object);

  // One page of a list, as it came; `first` where the list starts, also when it has to start over.
  using OnPage = std::function<Result<void>(const std::string& body, bool first)>;

  /// Lists in pages of at most `limit`, each handed on before the next is asked for; one that is too large is asked for
  /// in smaller ones, down to a single object. A list that has become too old
  /// midway (410) starts over, twice at the most. Returns the resource version to watch from. `accept` may ask for
  /// less of each object.
  boost::asio::awaitable<Result<std::string>> list(std::string path, unsigned limit, OnPage on_page,
                                                   std::string accept = "application/json");

 private:
  boost::asio::awaitable<Result<KubeResponse>> exchange(const KubeRequest& request);
  boost::asio::awaitable<Result<KubeResponse>> send(const KubeRequest& request);

  const KubeConfig config_;
  const KubeLimits limits_;
  std::vector<std::unique_ptr<KubeConnection>> idle_;
};

/// Runs one coroutine to its end on this thread: for command-line tools. `longest` bounds all of it.
Result<void> run_blocking(std::function<boost::asio::awaitable<Result<void>>()> task, std::chrono::seconds longest);

}  // namespace initscan

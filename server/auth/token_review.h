#pragma once

#include "common/kube/access.h"
#include "common/net/turns.h"
#include "common/result.h"
#include "server/auth/identity.h"
#include "server/auth/remembered.h"
#include "server/pods/reporting_pod.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

namespace initscan::server {

inline constexpr std::chrono::seconds kLongestTrust{300};  // in what a review said; a deleted pod's token ends sooner
inline constexpr std::chrono::seconds kLongestDistrust{10};
inline constexpr std::size_t kMaxReviewsAtOnce = 16;
inline constexpr std::size_t kMaxReviewsOfOne = 12;  // address, of those at once
inline constexpr std::size_t kMaxReviewsWaiting = 500;
inline constexpr std::chrono::seconds kLongestWaitForReview{5};
inline constexpr std::size_t kMaxPodsAtOnce = 8;  // that are looked at: each may become some MiB while it is read
inline constexpr std::size_t kMaxPodBytes = 512 << 10;
inline constexpr std::chrono::milliseconds kLongestLook{1'000};  // at one; a gate waits for two seconds
inline constexpr std::size_t kMaxTokenBytes = 8 << 10;
inline constexpr const char* kOfApiServer = "";  // an audience: the API server's own

/// Who a service account's token is: its pod and node where the token is bound to them. It may scan, report and fetch
/// the index; what else it may do is asked of the cluster.
Identity identity_of(const TokenUser& user);

/// When a JSON Web Token ends by its own words (RFC 7519, section 4.1.4), which only a review makes worth anything;
/// nullopt: it does not say. `token` is anybody's.
std::optional<std::chrono::sys_seconds> expiry_of(std::string_view token);

// Asks the API server whose tokens are, and what their pods are, on a thread of its own.
class TokenReviewer {
 public:
  TokenReviewer(KubeConfig config, std::string audience);
  TokenReviewer(const TokenReviewer&) = delete;
  TokenReviewer& operator=(const TokenReviewer&) = delete;
  ~TokenReviewer();

  /// nullopt: it is nobody's, has expired, is of another cluster or for another audience. Those that have not been seen
  /// before are reviewed in turn, address by address: nobody's tokens do not keep others waiting for long. As
  /// Turns::take(). Errors: unavailable - the API server cannot be asked, or too many are asking.
  boost::asio::awaitable<Result<std::optional<Identity>>> identify(std::string token, std::string address);

  /// Whether it may see what was reported from one namespace. As identify(), user by user.
  boost::asio::awaitable<Result<bool>> may_read(Identity identity, std::string space);

  /// What the API server knows of the pod that a token is bound to. Errors: not_found - it is gone, or the token is of
  /// no pod; refused - pods may not be read; unavailable - not within kLongestLook.
  boost::asio::awaitable<Result<ReportingPod>> pod_of(Identity identity);

 private:
  struct Look;

  boost::asio::awaitable<Result<std::optional<Identity>>> ask(std::string token);
  boost::asio::awaitable<Result<ReportingPod>> look_within_time(Identity identity);
  boost::asio::awaitable<void> look(Identity identity, std::shared_ptr<Look> found);
  boost::asio::awaitable<Result<ReportingPod>> look_at(Identity identity);

  const KubeConfig config_;
  const std::string audience_;
  Remembered<std::optional<Identity>> identities_;  // by the token's hash; nullopt: nobody's
  Remembered<bool> rights_;                         // by user, groups and namespace
  Turns looking_{TurnLimits{kMaxPodsAtOnce, kMaxPodsAtOnce, kMaxReviewsWaiting}};
  Turns asking_{TurnLimits{kMaxReviewsAtOnce, kMaxReviewsOfOne, kMaxReviewsWaiting}};
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  KubeClient client_;
  KubeClient pods_;  // whose answers are smaller, and are not waited for as long
  std::thread thread_;
};

}  // namespace initscan::server

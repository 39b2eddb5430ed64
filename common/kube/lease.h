#pragma once

#include "common/kube/client.h"

#include <chrono>
#include <string>

namespace initscan {

// Who of several replicas does what only one may do: a Lease of coordination.k8s.io/v1. The clocks of others are
// not trusted: a lease has run out when its content has not changed for its whole duration by our own clock.
class Lease {
 public:
  Lease(KubeClient& client, std::string space, std::string name, std::string identity,
        std::chrono::seconds duration = std::chrono::seconds(15));

  /// Takes or renews it, to be called every third of its duration. Whether it is ours; an error where the API
  /// server cannot be asked: then it is ours no longer.
  boost::asio::awaitable<Result<bool>> hold();

  /// Gives it up, so that another replica need not wait.
  boost::asio::awaitable<void> release();

 private:
  boost::asio::awaitable<Result<bool>> create();
  boost::asio::awaitable<Result<bool>> update(nlohmann::json lease, const std::string& holder);

  KubeClient& client_;
  const std::string collection_;
  const std::string namespace_;
  const std::string name_;
  const std::string identity_;
  const std::chrono::seconds duration_;
  std::string seen_version_;  // of the lease as it was when...
  std::chrono::steady_clock::time_point seen_at_;
  bool ours_ = false;
};

}  // namespace initscan

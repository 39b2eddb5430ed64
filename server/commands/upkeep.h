#pragma once

#include "common/kube/config.h"
#include "server/api/metrics.h"
#include "server/auth/authenticator.h"
#include "server/index/shared_index.h"
#include "server/store/audits.h"
#include "server/store/retention.h"
#include "server/store/settled_clock.h"
#include "server/store/store.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace initscan::server {

// Runs something at once, and again and again, on a thread of its own, beside the requests. What it uses outlives it.
class Periodic {
 public:
  Periodic(std::chrono::milliseconds between, std::function<void()> work);
  Periodic(const Periodic&) = delete;
  Periodic& operator=(const Periodic&) = delete;

  /// Waits for the work under way.
  ~Periodic();

 private:
  void run();

  const std::chrono::milliseconds between_;
  const std::function<void()> work_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool is_over_ = false;  // under mutex_
  std::thread thread_;
};

/// Takes up the index where it is another one, and tells the log.
void look_after(SharedIndex& index);

/// Reads the token file where it is another one; a damaged one is told, and the one before stays.
class TokenFile {
 public:
  explicit TokenFile(std::string path) : path_(std::move(path)) {}

  /// Errors: of the file, the first time.
  Result<void> read(Authenticator& authenticator);

  void look_after(Authenticator& authenticator);

 private:
  const std::string path_;
  std::optional<std::string> text_;
};

/// Keeps of which namespaces with reports the cluster has none any more, or another one of that name; what could not be
/// found out is told.
void look_after_namespaces(Store& store, const std::string& cluster, const KubeConfig& kube);

/// Removes what is old, and counts it.
void look_after(Store& store, const Retention& retention, const AuditRetention& of_audits, SettledClock& clock,
                ServerMetrics& metrics);

}  // namespace initscan::server

#pragma once

#include "common/result.h"

#include <chrono>
#include <mutex>
#include <string>

namespace initscan::server {

// Tells the log how the store does. What fails does so for each request: the same is told once in a minute. What goes
// wrong while it is opened is told by whoever opens it. From any thread.
class StoreLog {
 public:
  void tell(const Result<void>& state);

  /// From here on it is open; what was wrong with it until then, or "".
  std::string open();

 private:
  using Clock = std::chrono::steady_clock;

  std::mutex mutex_;
  bool is_open_ = false;  // under mutex_, as all below
  std::string trouble_;   // what was told last; "": it can be reached
  Clock::time_point told_at_{};
};

}  // namespace initscan::server

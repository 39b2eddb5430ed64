#pragma once

#include "common/http/refusal.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace initscan {

// Says who is refused, for each reason at most one line in ten seconds: a flood must not fill the log. From any
// thread.
class RefusalLog {
 public:
  using Clock = std::chrono::steady_clock;

  explicit RefusalLog(std::function<void(const std::string& line)> say) : say_(std::move(say)) {}

  void take(const Refusal& refusal, Clock::time_point now);

  /// `reason` is a word of ours, `client` whoever says who it is.
  void take(std::string_view reason, const std::string& address, std::string_view client, Clock::time_point now);

 private:
  struct Last {
    Clock::time_point said;
    std::size_t unsaid = 0;  // since then
  };

  const std::function<void(const std::string& line)> say_;
  std::mutex mutex_;
  std::map<std::string, Last, std::less<>> last_;  // by reason
};

}  // namespace initscan

#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>

namespace initscan::server {

inline constexpr std::chrono::hours kLately{24};

// How old the advisories are that gates scan with: the oldest of those that scans of the last day had. A pod that has
// run for long was scanned with what was known at its start, which says nothing of now.
class AdvisoryDates {
 public:
  /// A scan that ended with advisories of this date. What a clock that goes ahead says is taken as of now; a date to
  /// come says nothing of how old they are.
  void add(std::chrono::sys_seconds date, std::chrono::sys_seconds ended, std::chrono::sys_seconds now) {
    const auto hour = std::chrono::floor<std::chrono::hours>(std::min(ended, now));
    if (hour + kLately < now || date > now) return;
    const auto [oldest, is_new] = oldest_.try_emplace(hour, date);
    if (!is_new) oldest->second = std::min(oldest->second, date);
    forget(now);
  }

  /// nullopt: no scan of the last day says.
  std::optional<std::chrono::sys_seconds> oldest(std::chrono::sys_seconds now) const {
    std::optional<std::chrono::sys_seconds> oldest;
    for (const auto& [hour, date] : oldest_) {
      if (hour + kLately >= now && (!oldest || date < *oldest)) oldest = date;
    }
    return oldest;
  }

 private:
  void forget(std::chrono::sys_seconds now) {
    while (!oldest_.empty() && oldest_.begin()->first + kLately < now) oldest_.erase(oldest_.begin());
  }

  std::map<std::chrono::sys_time<std::chrono::hours>, std::chrono::sys_seconds> oldest_;  // by the hour of the scans
};

}  // namespace initscan::server

#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace initscan::server {

inline constexpr std::size_t kMaxRemembered = 10'000;

// What was answered to a question, for as long as that holds. From any thread.
template <class Answer>
class Remembered {
 public:
  using Time = std::chrono::sys_seconds;

  std::optional<Answer> find(const std::string& question, Time now) const {
    const std::lock_guard lock(mutex_);
    const auto found = answers_.find(question);
    if (found == answers_.end() || found->second.until <= now) return std::nullopt;
    return found->second.answer;
  }

  /// Where there is no room it is not kept: it is asked again then.
  void keep(const std::string& question, Answer answer, Time until, Time now) {
    const std::lock_guard lock(mutex_);
    if (answers_.size() >= kMaxRemembered) {
      std::erase_if(answers_, [&](const auto& entry) { return entry.second.until <= now; });
    }
    if (answers_.size() < kMaxRemembered) answers_.insert_or_assign(question, Kept{std::move(answer), until});
  }

 private:
  struct Kept {
    Answer answer;
    Time until;
  };

  mutable std::mutex mutex_;
  std::map<std::string, Kept> answers_;  // under mutex_
};

}  // namespace initscan::server

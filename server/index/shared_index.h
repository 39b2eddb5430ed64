#pragma once

#include "common/result.h"
#include "server/index/open_index.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace initscan::server {

// What an index may lose from one to the next: advisories are withdrawn, and no feed loses more at once.
inline constexpr std::uint64_t kLeastPercentOfRows = 90;

/// Whether `next` may take the place of `now`. Errors: refused - it is older, or holds less, or its overlay does.
Result<void> may_replace(const OpenIndex& now, const OpenIndex& next);

// The one index of the process, from a file that others replace. Requests hold the one that they began with.
class SharedIndex {
 public:
  explicit SharedIndex(std::string path) : path_(std::move(path)) {}

  /// nullptr: there is none yet. From any thread.
  std::shared_ptr<const OpenIndex> current() const;

  enum class Change : std::uint8_t { none, taken };

  /// Looks whether the file, or the overlay beside it, is another than at the last call, and takes it where it may be
  /// taken. What could not be used is told once, and the index of before stays. One thread. Errors: of
  /// OpenIndex::open() and may_replace().
  Result<Change> look();

  /// How often a file could not be used, since the start. From any thread.
  std::uint64_t refusals() const { return refusals_; }

  /// Why there is no index that is younger than `max_age`, for people; "": there is one. From any thread.
  std::string shortcoming(std::chrono::sys_seconds now, std::optional<std::chrono::seconds> max_age) const;

  const std::string& path() const { return path_; }

 private:
  const std::string path_;
  std::string seen_;  // the stamp of the file that was looked at last
  mutable std::mutex mutex_;
  std::shared_ptr<const OpenIndex> current_;  // under mutex_
  std::atomic<std::uint64_t> refusals_{0};
};

}  // namespace initscan::server

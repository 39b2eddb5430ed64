#pragma once

#include "common/result.h"
#include "initscan/advisory/index/index.h"
#include "initscan/advisory/overlay/overlay.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initscan::server {

// An index, and the overlay beside its file, if there is one, of which every byte has been read and checked. They stand
// in memory of this process's own, so that what becomes of the files changes neither what is matched nor what is sent
// to others. Safe to use from several threads.
class OpenIndex {
 public:
  /// Errors, also of the overlay: not_found, io - the file; malformed, unsupported - what is in it; over_limit - it is
  /// too large.
  static Result<std::shared_ptr<const OpenIndex>> open(const std::string& path, std::chrono::sys_seconds now);

  OpenIndex(const OpenIndex&) = delete;
  OpenIndex& operator=(const OpenIndex&) = delete;

  const AdvisoryIndex& advisories() const { return *advisories_; }
  std::string_view bytes() const { return {memory_.get(), memory_.get_deleter().bytes}; }
  const std::string& sha256() const { return sha256_; }  // of the file
  const Overlay* overlay() const { return overlay_ ? &*overlay_ : nullptr; }

  /// The same for all that answer alike.
  std::string identity() const { return sha256_ + ' ' + overlay_sha256_; }

  /// Of the newest advisory; nullopt where no feed gives a date, or one that was in the future when the index was
  /// opened: that says nothing of its age, and would stay the newest for as long.
  std::optional<std::chrono::sys_seconds> date() const { return date_; }
  bool is_of_future() const { return is_of_future_; }
  const std::vector<AdvisoryIndex::EcosystemSummary>& ecosystems() const { return ecosystems_; }

 private:
  OpenIndex() = default;
  Result<void> read(const std::string& path);
  Result<void> check(std::chrono::sys_seconds now);
  Result<void> read_overlay(const std::string& path);

  std::unique_ptr<char, Unmap> memory_;
  std::optional<AdvisoryIndex> advisories_;  // over the memory
  std::string sha256_;
  std::string overlay_bytes_;
  std::optional<Overlay> overlay_;  // over these
  std::string overlay_sha256_;
  std::optional<std::chrono::sys_seconds> date_;
  bool is_of_future_ = false;
  std::vector<AdvisoryIndex::EcosystemSummary> ecosystems_;
};

}  // namespace initscan::server

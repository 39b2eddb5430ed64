#pragma once

#include "common/result.h"
#include "initscan/advisory/overlay/overlay_sources.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace initscan {

// Makes an overlay of sources, one of each kind. The same sources make the same bytes, in whatever order they are
// added.
class OverlayBuilder {
 public:
  /// RFC 3339: of sources that do not say when they were made.
  void set_date_of_undated(std::string date) { date_of_undated_ = std::move(date); }

  /// Reads a source: a file, which may be packed, a folder or an archive. Errors, with the path: usage - a second one
  /// of its kind; malformed - also one in which there is nothing; over_limit; io.
  Result<void> add(const OverlayFormat& format, const std::string& path);

  /// Of the sources that were added, by kind.
  struct Added {
    std::string path;
    std::string date;
    std::string model;
    std::uint64_t records = 0;
    ReasonCounts skipped;
  };
  const std::map<std::string, Added>& added() const { return added_; }

  /// The file's bytes. Errors: over_limit.
  Result<std::string> build() const;

 private:
  std::vector<ExploitationRecord> sorted_vulnerabilities() const;

  std::string date_of_undated_;
  std::map<std::string, Added> added_;
  std::vector<ExploitationRecord> vulnerabilities_;
  std::map<std::string, std::int32_t> ends_;
};

}  // namespace initscan

#pragma once

#include "initscan/advisory/feed/reason_counts.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace initscan {

// What became of a feed. A record counts as indexed where at least one of its statements is in the index:
// records == indexed + all of skipped.
struct FeedStatistics {
  std::string kind;                // "osv"
  std::string path;                // as the command line names it
  std::string date;                // of the newest record, RFC 3339; "" where none gives one
  std::set<std::string> licences;  // of its databases, as far as they are known
  std::uint64_t records = 0;
  std::uint64_t indexed = 0;
  ReasonCounts skipped_files;        // by the reason
  ReasonCounts skipped;              // records, by the reason
  std::uint64_t statements = 0;      // in the index
  ReasonCounts skipped_statements;   // by the reason
  ReasonCounts doubtful_statements;  // that are in the index, and less than clear: by the reason
};

/// As the index keeps it, in no order of the feeds'.
std::string statistics_json(const std::vector<FeedStatistics>& feeds);

}  // namespace initscan

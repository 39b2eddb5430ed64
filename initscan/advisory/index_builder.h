#pragma once

#include "common/result.h"
#include "initscan/advisory/feed.h"
#include "initscan/advisory/index_format.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace initscan {

// What became of a feed. A record counts as indexed where at least one of its statements is in the index:
// records == indexed + all of skipped.
struct FeedStatistics {
  std::string kind;  // "osv"
  std::string path;  // as the command line names it
  std::uint64_t records = 0;
  std::uint64_t indexed = 0;
  std::map<std::string, std::uint64_t> skipped;             // records, by the reason
  std::uint64_t statements = 0;                             // in the index
  std::map<std::string, std::uint64_t> skipped_statements;  // by the reason
};

/// Collects feeds and writes the index.
///
/// Feeds that speak of the same vulnerability of the same package add up: a version is affected where any of
/// them says so. The severity of a finding is the distribution's own for the package where any feed gives it,
/// otherwise the worst that any feed knows of the vulnerability.
class IndexBuilder {
 public:
  /// Reads a feed. Errors name the file, and the line where there is one; a feed that is damaged in one place
  /// is not taken in part.
  Result<void> add(const FeedFormat& format, const std::string& path);

  const std::vector<FeedStatistics>& statistics() const { return feeds_; }

  /// The file's bytes: same feeds, same bytes. Errors: over_limit.
  Result<std::string> build();

 private:
  struct Vulnerability {
    std::string id;
    std::vector<std::string> aliases;
    std::string published;
    std::string summary;
    double cvss = -1;
    Severity severity = Severity::unknown;
  };
  struct Row {
    std::uint32_t ecosystem = 0;  // these are numbers of texts_
    std::uint32_t package = 0;
    std::uint32_t introduced = 0;
    std::uint32_t fixed = 0;
    std::uint32_t last_affected = 0;
    std::uint32_t vulnerability = 0;
    Severity severity = Severity::unknown;
    bool exact = false;
  };

  void add_record(FeedRecord&& record, FeedStatistics& feed);
  std::uint64_t add_advisory(const Advisory& advisory, FeedStatistics& feed, std::string& reason);
  std::uint32_t text(std::string_view text);
  std::uint32_t vulnerability(const Advisory& advisory);
  void share_own_severities();
  void sort_rows();

  std::vector<FeedStatistics> feeds_;
  std::string data_date_;
  std::vector<std::string> texts_{""};
  std::unordered_map<std::string, std::uint32_t> text_numbers_{{"", 0}};
  std::vector<Vulnerability> vulnerabilities_;
  std::unordered_map<std::string, std::uint32_t> vulnerability_numbers_;
  std::vector<Row> rows_;
};

}  // namespace initscan

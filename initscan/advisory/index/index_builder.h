#pragma once

#include "common/result.h"
#include "initscan/advisory/feed/feed.h"
#include "initscan/advisory/feed/matched_ecosystem.h"
#include "initscan/advisory/feed/reason_counts.h"
#include "initscan/advisory/feed/vulnerability_names.h"
#include "initscan/model/advisory_lookup.h"
#include "initscan/version/version.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace initscan {

inline constexpr std::size_t kMaxStatements = 1'000'000;  // of one record: its vulnerabilities x packages x ranges

// What became of a feed. A record counts as indexed where at least one of its statements is in the index:
// records == indexed + all of skipped.
struct FeedStatistics {
  std::string kind;  // "osv"
  std::string path;  // as the command line names it
  std::uint64_t records = 0;
  std::uint64_t indexed = 0;
  ReasonCounts skipped_files;        // by the reason
  ReasonCounts skipped;              // records, by the reason
  std::uint64_t statements = 0;      // in the index
  ReasonCounts skipped_statements;   // by the reason
  ReasonCounts doubtful_statements;  // that are in the index, and less than clear: by the reason
};

/// Collects feeds and makes the index. The order in which feeds, files and records come does not matter.
///
/// - Of several records with one id the one that was modified last is the record: what an earlier one said of the
///   ecosystems that it speaks of, or all of it where it is withdrawn or speaks of none, no longer counts.
/// - Records that speak of the same vulnerability of the same package add up: a version is affected where any of them
///   says so. VulnerabilityNames says which names are the same vulnerability.
/// - An update that repairs what an earlier one of its series broke is no fix of its own where the earlier one is
///   known: who has the first has the fix.
/// - Who says a statement, of which of the packages, and what comes of it stay with each: whoever matches weighs them.
/// - The severity of a finding is the distribution's own for the package where any record gives it, otherwise the worst
///   that any record knows of the vulnerability.
class IndexBuilder {
 public:
  /// The date, RFC 3339, of records that give none: when their feeds were fetched. For feeds that are added later.
  void set_date_of_undated(std::string date) { date_of_undated_ = std::move(date); }

  /// A record that is dated later is not: what it says counts, and its date does not. For feeds that are added later.
  void set_latest(std::chrono::sys_seconds latest) { latest_ = latest; }

  /// Reads a feed. Errors name the file, and the line where there is one; a feed that is damaged in one place
  /// is not taken in part.
  Result<void> add(const FeedFormat& format, const std::string& path);

  /// The file's bytes: same feeds, same bytes.
  /// Errors: over_limit; malformed - nothing of the feeds can be matched, and why.
  Result<std::string> build();

  /// Of the feeds in the order in which they were added; complete after build().
  const std::vector<FeedStatistics>& statistics() const { return feeds_; }

 private:
  using Moment = std::pair<std::int64_t, std::string>;  // seconds since 1970, digits of the fraction

  // What one advisory says, without the vulnerability; the numbers are of texts_.
  struct Statement {
    std::uint32_t ecosystem = 0;
    std::uint32_t package = 0;
    std::uint32_t introduced = 0;
    std::uint32_t fixed = 0;
    std::uint32_t last_affected = 0;
    std::int16_t cvss_tenths = -1;
    Severity severity = Severity::unknown;
    StatementKind kind = StatementKind::range;
    std::uint32_t terms = 0;  // of terms_
  };
  // What many statements have in common; the numbers are of texts_.
  struct Terms {
    std::uint32_t feed = 0;
    std::uint32_t scope = 0;
    std::uint32_t symbols = 0;
    AdvisoryStatus status = AdvisoryStatus::affected;
    bool is_malicious = false;

    auto operator<=>(const Terms&) const = default;
  };
  struct Row : Statement {
    std::uint32_t vulnerability = 0;
    std::uint32_t record = 0;
  };
  struct Said {
    Advisory advisory;  // without what is affected
    std::vector<Statement> statements;
  };
  struct Record {
    std::size_t feed = 0;
    std::string id;
    Moment modified;
    std::string date;  // RFC 3339, to the second
    bool withdrawn = false;
    bool regression_update = false;
    std::set<std::string> families;    // of the ecosystems that it speaks of: "Debian"
    std::set<std::string> superseded;  // families that a later record is about
    bool all_superseded = false;
    std::vector<Said> said;
    std::string reason;  // why nothing of it is in the index
    std::uint64_t rows = 0;
  };
  struct Vulnerability {
    std::string id;
    std::set<std::string> aliases;
    std::string published;
    std::string summary;
    bool own_summary = false;  // from the record that is called as the vulnerability is
    double cvss = -1;
    Severity severity = Severity::unknown;
  };

  void add_record(FeedRecord&& record, std::size_t feed);
  void add_affected(const AffectedPackage& affected, Record& record, Said& said);
  void add_statements(const AffectedPackage& affected, const MatchedEcosystem& ecosystem, FeedStatistics& feed,
                      Said& said);
  std::uint32_t terms_of(const Terms& terms);
  std::tuple<const std::string&, const std::string&, const std::string&, AdvisoryStatus, bool> words_of(
      std::uint32_t terms) const;
  std::uint32_t text(std::string_view text);

  void supersede();
  void note_ecosystems();
  void learn_names();
  Result<void> make_rows();
  Result<void> make_rows_of(std::uint32_t record, const Said& said);

  // `is_only`: the advisory is of no other vulnerability.
  std::uint32_t vulnerability(const std::string& id, const Advisory& advisory, bool is_only);

  void sort_rows();
  void drop_regression_updates();
  void share_own_severities();
  void count_records();
  Error nothing_indexed() const;
  Result<std::string> write() const;

  std::vector<FeedStatistics> feeds_;
  std::vector<Record> records_;
  std::vector<std::string> texts_{""};
  std::unordered_map<std::string, std::uint32_t> text_numbers_{{"", 0}};

  std::vector<Terms> terms_;
  std::map<Terms, std::uint32_t> terms_numbers_;

  std::string date_of_undated_;
  std::chrono::sys_seconds latest_ = std::chrono::sys_seconds::max();
  std::string data_date_;
  std::map<std::string, std::string> ecosystems_;  // that records speak of: the newest date of the distribution
  VulnerabilityNames names_;
  std::vector<Vulnerability> vulnerabilities_;
  std::unordered_map<std::string, std::uint32_t> vulnerability_numbers_;
  std::vector<Row> rows_;
};

}  // namespace initscan

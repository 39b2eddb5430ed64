#pragma once

#include "common/result.h"
#include "initscan/advisory/feed/feed.h"
#include "initscan/advisory/feed/matched_ecosystem.h"
#include "initscan/advisory/feed/text_pool.h"
#include "initscan/advisory/feed/vulnerability_names.h"
#include "initscan/advisory/index/index_statistics.h"
#include "initscan/advisory/index/index_writer.h"
#include "initscan/model/advisory_lookup.h"
#include "initscan/version/version.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

inline constexpr std::size_t kMaxStatements = 1'000'000;  // of one record: its vulnerabilities x packages x ranges

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

  /// The file's bytes: same feeds, same bytes. Once.
  /// Errors: over_limit; malformed - nothing of the feeds can be matched, and why.
  Result<std::string> build();

  /// Of the feeds in the order in which they were added; complete after build().
  const std::vector<FeedStatistics>& statistics() const { return feeds_; }

 private:
  // A source package of an ecosystem.
  struct SourcePackage {
    TextNumber ecosystem = 0;
    TextNumber name = 0;
  };
  // What one advisory says, without the vulnerability.
  struct Statement {
    std::uint32_t package = 0;  // of packages_
    TextNumber introduced = 0;
    TextNumber fixed = 0;
    TextNumber last_affected = 0;
    std::uint32_t terms = 0;   // of terms_
    std::uint32_t record = 0;  // of records_
    std::int16_t cvss_tenths = -1;
    Severity severity = Severity::unknown;
    StatementKind kind = StatementKind::range;
  };
  // What many statements have in common.
  struct Terms {
    TextNumber feed = 0;
    TextNumber scope = 0;
    TextNumber symbols = 0;
    AdvisoryStatus status = AdvisoryStatus::affected;
    bool is_malicious = false;
    bool yields = false;  // not written: what is written does not

    // NOLINTNEXTLINE(modernize-use-nullptr): what clang makes of the default is no pointer
    auto operator<=>(const Terms&) const = default;
  };
  // A statement about a vulnerability. The numbers are in the order of their texts, see rank().
  struct Row {
    std::uint32_t package = 0;
    std::uint32_t vulnerability = 0;
    std::uint32_t statement = 0;
    Severity severity = Severity::unknown;
  };
  // An advisory without what is affected.
  struct Said {
    TextNumber id = 0;
    TextNumber published = 0;
    TextNumber summary = 0;
    std::uint32_t first_name = 0;  // of names_said_: aliases, then what is upstream
    std::uint32_t aliases = 0;
    std::uint32_t upstream = 0;
    std::uint32_t first_statement = 0;
    std::uint32_t statements = 0;
    std::int16_t cvss_tenths = -1;
    Severity severity = Severity::unknown;
  };
  struct Record {
    std::int64_t modified = 0;  // seconds since 1970
    TextNumber fraction = 0;    // of the second: its digits
    TextNumber id = 0;
    TextNumber date = 0;        // of one that gives none
    TextNumber families = 0;    // of the ecosystems that it speaks of, a line each: "Debian"
    TextNumber superseded = 0;  // likewise: families that a later record is about
    TextNumber reason = 0;      // why nothing of it is in the index
    std::uint32_t feed = 0;
    std::uint32_t first_said = 0;
    std::uint32_t said = 0;
    std::uint32_t rows = 0;
    bool is_dated = false;  // and not in the future
    bool withdrawn = false;
    bool regression_update = false;
    bool all_superseded = false;
  };
  struct Vulnerability {
    TextNumber id = 0;
    TextNumber published = 0;
    TextNumber summary = 0;
    bool own_summary = false;  // from the record that is called as the vulnerability is
    std::int16_t cvss_tenths = -1;
    Severity severity = Severity::unknown;
  };
  struct Alias {
    std::uint32_t vulnerability = 0;
    TextNumber name = 0;
  };

  void add_record(FeedRecord&& from, std::size_t feed);
  void add_said(const Advisory& advisory, Record& record, std::set<std::string>& families);
  void add_affected(const AffectedPackage& affected, bool is_malicious, Record& record,
                    std::set<std::string>& families);
  void add_statements(const AffectedPackage& affected, bool is_malicious, const MatchedEcosystem& ecosystem,
                      Record& record);
  std::uint32_t package_of(const std::string& ecosystem, const std::string& name);
  std::uint32_t terms_of(const Terms& terms);
  RowTerms words_of(std::uint32_t terms) const;
  std::span<const TextNumber> aliases_of(const Said& said) const;
  std::span<const TextNumber> upstream_of(const Said& said) const;

  void supersede();
  void supersede(std::span<const std::uint32_t> records);
  void note_ecosystems();
  void learn_names();
  Result<void> make_rows();
  Result<void> make_rows_of(Record& record, const Said& said);

  // `is_only`: the advisory is of no other vulnerability.
  std::uint32_t vulnerability(TextNumber id, const Said& said, bool is_only);
  void add_aliases(std::uint32_t vulnerability, const Said& said, bool is_only);
  void compact_aliases();

  void rank();
  void sort_rows();
  bool precedes(const Row& a, const Row& b) const;
  void drop_regression_updates();
  void drop_what_yields();
  void drop(const std::vector<bool>& dropped);
  void share_own_severities();
  void count_records();
  void forget_records();
  Error nothing_indexed() const;
  Result<std::string> write();
  void write_vulnerabilities(IndexWriter& writer);
  std::vector<PackedRow> packed(std::span<const Row> rows, IndexWriter& writer) const;
  bool is_too_large() const;

  std::vector<FeedStatistics> feeds_;
  TextPool texts_;     // of names: VulnerabilityNames marks them
  TextPool versions_;  // and what else statements hold; packages are marked with their numbers and one more
  std::vector<Record> records_;
  std::vector<Said> said_;
  std::vector<TextNumber> names_said_;
  std::deque<Statement> statements_;  // does not move what it holds, millions of them, when it grows
  std::vector<SourcePackage> packages_;
  std::vector<Terms> terms_;
  std::map<Terms, std::uint32_t> terms_numbers_;

  std::string date_of_undated_;
  std::chrono::sys_seconds latest_ = std::chrono::sys_seconds::max();
  std::string data_date_;
  std::map<std::string, std::string> ecosystems_;  // that records speak of: the newest date of the distribution
  std::optional<VulnerabilityNames> names_;
  std::vector<Vulnerability> vulnerabilities_;
  std::vector<std::uint32_t> vulnerability_numbers_;  // by the place of a name, and one more
  std::vector<Alias> aliases_;
  std::size_t compact_aliases_ = 0;  // of aliases_, as many as there were after they were compacted
  std::vector<Row> rows_;
  std::vector<std::uint32_t> packages_by_name_;  // a rank's package
  std::vector<std::uint32_t> vulnerabilities_by_id_;
  std::vector<std::uint32_t> numbers_in_file_;  // by rank
};

}  // namespace initscan

#pragma once

#include "common/result.h"
#include "initscan/advisory/feed/text_pool.h"
#include "initscan/advisory/index/index_format.h"
#include "initscan/advisory/index/packed_rows.h"
#include "initscan/model/advisory_lookup.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

// What many rows have in common.
struct RowTerms {
  std::string_view feed;
  std::string_view scope;    // as scope_text() writes it
  std::string_view symbols;  // separated by spaces
  AdvisoryStatus status = AdvisoryStatus::affected;
  bool is_malicious = false;

  // NOLINTNEXTLINE(modernize-use-nullptr): what clang makes of the default is no pointer
  auto operator<=>(const RowTerms&) const = default;
};

/// Makes the bytes of an index of what comes in order: the words of all summaries, all vulnerabilities, then each
/// ecosystem with its packages. The same makes the same bytes.
class IndexWriter {
 public:
  /// Of each vulnerability that will come: what many say is written once.
  void count_words(std::string_view summary);

  /// In the order of ids; they are numbered from 0.
  void add_vulnerability(const VulnerabilityDetails& details);

  /// The number of these terms. Their texts outlive the writer.
  std::uint32_t terms(const RowTerms& terms);

  /// In the order of names.
  void begin_ecosystem(std::string_view name, std::string_view data_date);

  /// Of the last ecosystem, in the order of names; rows by vulnerability.
  void add_package(std::string_view name, const std::vector<PackedRow>& rows);

  /// `statistics` is JSON. Once. Errors: over_limit.
  Result<std::string> finish(std::string_view data_date, std::string_view statistics);

 private:
  StringRef string(std::string_view text);
  void number_words();
  bool is_too_large() const;

  TextPool words_;  // with their counts, and then their numbers and one more
  std::vector<TextNumber> all_words_;
  bool are_words_numbered_ = false;
  TextPool texts_;  // of strings_, with their references
  std::string strings_;
  std::map<RowTerms, std::uint32_t> term_numbers_;

  std::vector<EcosystemRecord> ecosystems_;
  std::vector<PackageRecord> packages_;
  std::vector<TermsRecord> terms_;
  std::vector<VulnerabilityRecord> vulnerabilities_;
  std::vector<StringRef> word_references_;
  std::string rows_;
  std::string details_;
  std::uint64_t row_count_ = 0;
};

}  // namespace initscan

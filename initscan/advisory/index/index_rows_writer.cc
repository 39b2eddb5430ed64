#include "initscan/advisory/index/index_builder.h"
#include "initscan/advisory/index/packed_details.h"

#include <algorithm>

namespace initscan {

// Those that no row is about any more are left out.
void IndexBuilder::write_vulnerabilities(IndexWriter& writer) {
  std::vector<bool> is_used(vulnerabilities_by_id_.size());
  for (const Row& row : rows_) is_used[row.vulnerability] = true;
  for (std::size_t rank = 0; rank < is_used.size(); ++rank) {
    if (is_used[rank]) writer.count_words(versions_[vulnerabilities_[vulnerabilities_by_id_[rank]].summary]);
  }
  numbers_in_file_.resize(is_used.size());
  std::uint32_t next = 0;
  for (std::size_t rank = 0; rank < is_used.size(); ++rank) {
    if (!is_used[rank]) continue;
    const std::uint32_t number = vulnerabilities_by_id_[rank];
    const Vulnerability& known = vulnerabilities_[number];
    VulnerabilityDetails details{std::string(texts_[known.id]),
                                 {},
                                 std::string(versions_[known.published]),
                                 std::string(versions_[known.summary])};
    auto own = std::lower_bound(aliases_.begin(), aliases_.end(), number,
                                [](const Alias& alias, std::uint32_t wanted) { return alias.vulnerability < wanted; });
    for (; own != aliases_.end() && own->vulnerability == number; ++own)
      details.aliases.emplace_back(texts_[own->name]);
    writer.add_vulnerability(details);
    numbers_in_file_[rank] = next++;
  }
}

std::vector<PackedRow> IndexBuilder::packed(std::span<const Row> rows, IndexWriter& writer) const {
  std::vector<PackedRow> all;
  all.reserve(rows.size());
  for (const Row& row : rows) {
    const Statement& s = statements_[row.statement];
    const Vulnerability& known = vulnerabilities_[vulnerabilities_by_id_[row.vulnerability]];
    all.push_back({numbers_in_file_[row.vulnerability], writer.terms(words_of(s.terms)), versions_[s.introduced],
                   versions_[s.fixed], versions_[s.last_affected], s.kind,
                   row.severity != Severity::unknown ? row.severity : known.severity,
                   s.cvss_tenths >= 0 ? s.cvss_tenths : known.cvss_tenths});
  }
  return all;
}

// Rows are sorted by ecosystem and package; an ecosystem may have none.
Result<std::string> IndexBuilder::write() {
  IndexWriter writer;
  write_vulnerabilities(writer);
  auto row = rows_.begin();
  for (const auto& [name, data_date] : ecosystems_) {
    writer.begin_ecosystem(name, data_date);
    while (row != rows_.end()) {
      const SourcePackage& package = packages_[packages_by_name_[row->package]];
      if (versions_[package.ecosystem] != name) break;
      const auto last = std::find_if(row, rows_.end(), [&](const Row& other) { return other.package != row->package; });
      writer.add_package(versions_[package.name], packed({row, last}, writer));
      row = last;
    }
  }
  return writer.finish(data_date_, statistics_json(feeds_));
}

}  // namespace initscan

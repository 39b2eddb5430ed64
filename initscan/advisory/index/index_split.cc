#include "initscan/advisory/index/index_split.h"

#include "initscan/advisory/index/index_writer.h"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

namespace initscan {
namespace {

// The new index has the vulnerabilities that the rows name that stay.
class Split {
 public:
  Split(const AdvisoryIndex& index, const std::set<std::string>& ecosystems) : index_(index), ecosystems_(ecosystems) {}

  Result<std::string> make() {
    auto made = visit_rows([&](const AffectedRow& row) { numbers_.emplace(row.vulnerability, 0); });
    if (made) made = write_vulnerabilities();
    if (made) made = write_rows();
    if (!made) return made.error();
    const auto statistics = index_.statistics();
    if (!statistics) return statistics.error();
    return writer_.finish(data_date_, *statistics);
  }

 private:
  template <class Visit>
  Result<void> visit_rows(Visit visit) const {
    for (const std::string& ecosystem : ecosystems_) {
      auto visited = index_.for_each_package(
          ecosystem, [&](std::string_view package) { return index_.for_each(ecosystem, package, visit); });
      if (!visited) return visited;
    }
    return {};
  }

  Result<void> write_vulnerabilities() {
    for (const bool counts : {true, false}) {
      std::uint32_t next = 0;
      for (auto& [old, number] : numbers_) {
        const auto details = index_.details(old);
        if (!details) return details.error();
        if (counts) {
          writer_.count_words(details->summary);
        } else {
          writer_.add_vulnerability(*details);
          number = next++;
        }
      }
    }
    return {};
  }

  Result<void> write_rows() {
    for (const std::string& name : ecosystems_) {
      const auto ecosystem = index_.ecosystem(name);
      if (!ecosystem) return ecosystem.error();
      if (!*ecosystem) continue;
      writer_.begin_ecosystem(name, (*ecosystem)->data_date);
      data_date_ = std::max(data_date_, std::string((*ecosystem)->data_date));
      auto written = index_.for_each_package(name, [&](std::string_view package) -> Result<void> {
        std::vector<PackedRow> rows;
        auto read = index_.for_each(name, package, [&](const AffectedRow& row) { rows.push_back(packed(row)); });
        if (read) writer_.add_package(package, rows);
        return read;
      });
      if (!written) return written;
    }
    return {};
  }

  PackedRow packed(const AffectedRow& row) {
    constexpr double kTenths = 10;
    const auto tenths = static_cast<std::int16_t>(row.cvss < 0 ? -1 : row.cvss * kTenths + 0.5);
    return {numbers_.at(row.vulnerability),
            writer_.terms({row.feed, row.scope, row.symbols, row.status, row.is_malicious}),
            row.introduced,
            row.fixed,
            row.last_affected,
            row.kind,
            row.severity,
            tenths};
  }

  const AdvisoryIndex& index_;
  const std::set<std::string>& ecosystems_;
  std::map<std::uint32_t, std::uint32_t> numbers_;  // new ones by old ones
  std::string data_date_;
  IndexWriter writer_;
};

}  // namespace

Result<std::string> split_index(const AdvisoryIndex& index, const std::set<std::string>& ecosystems) {
  return Split(index, ecosystems).make();
}

}  // namespace initscan

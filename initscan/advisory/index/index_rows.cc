#include "initscan/advisory/feed/matched_ecosystem.h"
#include "initscan/advisory/index/index_builder.h"

#include <algorithm>
#include <optional>
#include <tuple>

namespace initscan {
namespace {

constexpr std::size_t kMaxAliases = 1'000;  // of one vulnerability

std::string family_of(const std::string& ecosystem) {
  return ecosystem.substr(0, ecosystem.find(':'));
}

// "DLA-9331-2": the second announcement of DLA-9331.
struct SeriesNumber {
  std::string_view series;
  std::string_view number;
};

std::optional<SeriesNumber> series_of(std::string_view id) {
  if (!id.starts_with("DSA-") && !id.starts_with("DLA-")) return std::nullopt;
  const std::size_t dash = id.rfind('-');
  const std::string_view number = id.substr(dash + 1);
  const bool is_number = !number.empty() && number.find_first_not_of("0123456789") == number.npos;
  if (dash <= std::string_view("DSA").size() || !is_number) return std::nullopt;
  return SeriesNumber{id.substr(0, dash), number};
}

bool is_earlier(std::string_view a, std::string_view b) {
  return std::tuple(a.size(), a) < std::tuple(b.size(), b);
}

template <class Row>
bool same_vulnerability(const Row& a, const Row& b) {
  return a.ecosystem == b.ecosystem && a.package == b.package && a.vulnerability == b.vulnerability;
}

// Calls `visit` with the bounds of each stretch of rows about one vulnerability of one package.
template <class Rows, class Visit>
void for_each_vulnerability(Rows& rows, const Visit& visit) {
  for (auto first = rows.begin(); first != rows.end();) {
    const auto last =
        std::find_if(first, rows.end(), [&](const auto& row) { return !same_vulnerability(row, *first); });
    visit(first, last);
    first = last;
  }
}

}  // namespace

Result<std::string> IndexBuilder::build() {
  supersede();
  note_ecosystems();
  learn_names();
  if (auto made = make_rows(); !made) return made.error();
  sort_rows();
  drop_regression_updates();
  share_own_severities();
  count_records();
  if (ecosystems_.empty()) return nothing_indexed();

  // The same statement twice: the worse severity came first and stays.
  const auto same = [](const Row& a, const Row& b) {
    const auto words = [](const Row& row) {
      return std::tuple(row.ecosystem, row.package, row.vulnerability, row.introduced, row.fixed, row.last_affected,
                        row.kind, row.terms);
    };
    return words(a) == words(b);
  };
  rows_.erase(std::unique(rows_.begin(), rows_.end(), same), rows_.end());
  return write();
}

void IndexBuilder::supersede() {
  std::unordered_map<std::string, std::vector<Record*>> by_id;
  for (Record& record : records_) {
    if (!record.id.empty()) by_id[record.id].push_back(&record);
  }
  for (auto& [id, records] : by_id) {
    if (records.size() == 1) continue;
    std::sort(records.begin(), records.end(),
              [](const Record* a, const Record* b) { return a->modified > b->modified; });
    for (std::size_t i = 1; i < records.size(); ++i) {
      for (std::size_t later = 0; later < i && records[later]->modified > records[i]->modified; ++later) {
        const Record& record = *records[later];
        records[i]->all_superseded |= record.withdrawn || record.families.empty();
        records[i]->superseded.insert(record.families.begin(), record.families.end());
      }
    }
  }
}

// Also of what is withdrawn or no longer counts: its ecosystem is one that the feeds know. How old the data is goes by
// distribution, as feeds are published: a release without news is not old.
void IndexBuilder::note_ecosystems() {
  std::map<std::string, std::string> newest;  // by family
  for (const Record& record : records_) {
    data_date_ = std::max(data_date_, record.date);
    for (const std::string& family : record.families) newest[family] = std::max(newest[family], record.date);
    for (const Said& said : record.said) {
      for (const Statement& statement : said.statements) ecosystems_[texts_[statement.ecosystem]];
    }
  }
  for (auto& [name, date] : ecosystems_) date = newest[family_of(name)];
}

void IndexBuilder::learn_names() {
  for (const Record& record : records_) {
    if (record.withdrawn || record.all_superseded) continue;
    for (const Said& said : record.said) names_.learn(said.advisory);
  }
}

Result<void> IndexBuilder::make_rows() {
  for (std::size_t i = 0; i < records_.size(); ++i) {
    if (records_[i].withdrawn) continue;
    if (records_[i].all_superseded) {
      records_[i].reason = "a later record of the same id";
      continue;
    }
    for (const Said& said : records_[i].said) {
      if (auto made = make_rows_of(static_cast<std::uint32_t>(i), said); !made) return made;
    }
  }
  return {};
}

Result<void> IndexBuilder::make_rows_of(std::uint32_t number, const Said& said) {
  if (said.statements.empty()) return {};
  const auto ids = names_.vulnerabilities_of(said.advisory.id);
  if (!ids) return ids.error();
  if (ids->size() * said.statements.size() > kMaxStatements) {
    return Error{Errc::over_limit, said.advisory.id + ": more than " + std::to_string(kMaxStatements) + " statements"};
  }
  Record& record = records_[number];
  for (const std::string& id : *ids) {
    std::optional<std::uint32_t> known;
    for (const Statement& statement : said.statements) {
      if (record.superseded.contains(family_of(texts_[statement.ecosystem]))) {
        record.reason = "a later record of the same id";
        continue;
      }
      if (!known) known = vulnerability(id, said.advisory, ids->size() == 1);
      rows_.push_back({statement, *known, number});
      ++record.rows;
    }
  }
  return {};
}

std::uint32_t IndexBuilder::vulnerability(const std::string& id, const Advisory& advisory, bool is_only) {
  const auto [place, is_new] =
      vulnerability_numbers_.try_emplace(id, static_cast<std::uint32_t>(vulnerabilities_.size()));
  if (is_new) {
    vulnerabilities_.emplace_back();
    vulnerabilities_.back().id = id;
    for (std::string& other : names_.other_cves(id)) vulnerabilities_.back().aliases.insert(std::move(other));
  }
  Vulnerability& known = vulnerabilities_[place->second];
  const auto add_alias = [&](const std::string& name) {
    if (!is_cve(name) && name != id) known.aliases.insert(name);
  };
  add_alias(advisory.id);
  std::for_each(advisory.aliases.begin(), advisory.aliases.end(), add_alias);
  if (is_only) std::for_each(advisory.upstream.begin(), advisory.upstream.end(), add_alias);
  while (known.aliases.size() > kMaxAliases) known.aliases.erase(std::prev(known.aliases.end()));

  known.severity = std::max(known.severity, advisory.severity);
  known.cvss = std::max(known.cvss, advisory.cvss);
  const bool own = advisory.id == id;
  const bool better = known.summary.empty() || own > known.own_summary ||
                      (own == known.own_summary && advisory.summary < known.summary);
  if (!advisory.summary.empty() && better) {
    known.summary = advisory.summary;
    known.own_summary = own;
  }
  // The first mention of it.
  const bool earlier = !advisory.published.empty() && (known.published.empty() || advisory.published < known.published);
  if (earlier) known.published = advisory.published;
  return place->second;
}

void IndexBuilder::sort_rows() {
  const auto key = [&](const Row& row) {
    return std::tuple_cat(std::tie(texts_[row.ecosystem], texts_[row.package], vulnerabilities_[row.vulnerability].id,
                                   texts_[row.introduced], texts_[row.fixed], texts_[row.last_affected], row.kind),
                          words_of(row.terms), std::tuple(-static_cast<int>(row.severity), -row.cvss_tenths));
  };
  std::sort(rows_.begin(), rows_.end(), [&](const Row& a, const Row& b) { return key(a) < key(b); });
}

void IndexBuilder::drop_regression_updates() {
  std::vector<bool> dropped(rows_.size());
  const auto series = [&](const Row& row) {
    const auto found = row.fixed == 0 ? std::nullopt : series_of(records_[row.record].said.front().advisory.id);
    return found.value_or(SeriesNumber{});
  };
  for_each_vulnerability(rows_, [&](auto first, auto last) {
    if (std::none_of(first, last, [&](const Row& row) { return records_[row.record].regression_update; })) return;
    std::map<std::string_view, std::string_view> earliest;  // number by series
    for (auto row = first; row != last; ++row) {
      const SeriesNumber own = series(*row);
      const auto place = earliest.emplace(own.series, own.number).first;
      if (is_earlier(own.number, place->second)) place->second = own.number;
    }
    for (auto row = first; row != last; ++row) {
      const SeriesNumber own = series(*row);
      Record& record = records_[row->record];
      if (!record.regression_update || own.series.empty() || !is_earlier(earliest[own.series], own.number)) continue;
      dropped[static_cast<std::size_t>(row - rows_.begin())] = true;
      --record.rows;
      record.reason = "an update of an earlier fix";
    }
  });
  std::vector<Row> kept;
  kept.reserve(rows_.size());
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (!dropped[i]) kept.push_back(rows_[i]);
  }
  rows_ = std::move(kept);
}

// What a distribution rates in one record holds for its statements in the others, too.
void IndexBuilder::share_own_severities() {
  for_each_vulnerability(rows_, [](auto first, auto last) {
    Severity own = Severity::unknown;
    for (auto row = first; row != last; ++row) own = std::max(own, row->severity);
    for (auto row = first; row != last; ++row) {
      if (row->severity == Severity::unknown) row->severity = own;
    }
  });
}

void IndexBuilder::count_records() {
  for (const Record& record : records_) {
    FeedStatistics& feed = feeds_[record.feed];
    feed.statements += record.rows;
    if (record.rows > 0) {
      ++feed.indexed;
    } else {
      count_reason(feed.skipped, record.reason);
    }
  }
}

Error IndexBuilder::nothing_indexed() const {
  std::uint64_t records = 0;
  ReasonCounts reasons;
  for (const FeedStatistics& feed : feeds_) {
    records += feed.records;
    for (const auto& [reason, count] : feed.skipped) count_reason(reasons, reason, count);
  }
  constexpr std::size_t kMaxNamed = 3;
  std::string text = std::to_string(records) +
                     (records == 1 ? " record, which cannot be matched" : " records, none of which can be matched");
  std::size_t named = 0;
  for (const auto& [reason, count] : reasons) {
    if (++named > kMaxNamed) break;
    text += (named == 1 ? ": " : ", ") + reason + " (" + std::to_string(count) + ')';
  }
  if (named > kMaxNamed) text += ", and other reasons";
  return {Errc::malformed, text + "; give feeds of " + names_of_matched_ecosystems()};
}

}  // namespace initscan

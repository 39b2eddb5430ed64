#include "common/text/join.h"
#include "common/text/lines.h"
#include "common/time/rfc3339.h"
#include "initscan/advisory/feed/matched_ecosystem.h"
#include "initscan/advisory/index/index_builder.h"
#include "initscan/advisory/index/packed_details.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <tuple>

#include <malloc.h>

namespace initscan {
namespace {

constexpr std::size_t kLeastAliasesToCompact = 1 << 20;

// Calls `visit` with each line of what is none or several.
template <class Visit>
void for_each_line(std::string_view lines, Visit visit) {
  while (!lines.empty()) visit(take_line(lines));
}

bool has_line(std::string_view lines, std::string_view line) {
  bool found = false;
  for_each_line(lines, [&](std::string_view one) { found |= one == line; });
  return found;
}

// Its memory, too, which clear() keeps.
template <class Container>
void give_back(Container& container) {
  Container().swap(container);
}

template <class Number>
std::vector<Number> numbers_to(std::size_t end) {
  std::vector<Number> all(end);
  std::iota(all.begin(), all.end(), Number{0});
  return all;
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
  return a.package == b.package && a.vulnerability == b.vulnerability;
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
  if (is_too_large()) return Error{Errc::over_limit, "the feeds say more than one index holds; build several"};
  names_.reset();
  rank();
  sort_rows();
  drop_what_yields();
  drop_regression_updates();
  share_own_severities();
  count_records();
  if (ecosystems_.empty()) return nothing_indexed();
  forget_records();

  // The same statement twice: the worse severity came first and stays.
  const auto same = [&](const Row& a, const Row& b) {
    const auto words = [&](const Row& row) {
      const Statement& s = statements_[row.statement];
      return std::tuple(row.package, row.vulnerability, s.introduced, s.fixed, s.last_affected, s.kind, s.terms);
    };
    return words(a) == words(b);
  };
  rows_.erase(std::unique(rows_.begin(), rows_.end(), same), rows_.end());
  return write();
}

// Rows have all that is written, and what is written takes as much room.
void IndexBuilder::forget_records() {
  give_back(records_);
  give_back(said_);
  give_back(names_said_);
  give_back(vulnerability_numbers_);
  malloc_trim(0);  // glibc keeps what is given back in pieces, and the sections of the file do not fit into those
}

bool IndexBuilder::is_too_large() const {
  constexpr std::size_t kMost = std::numeric_limits<std::uint32_t>::max();
  return texts_.is_full() || versions_.is_full() ||
         std::max({statements_.size(), rows_.size(), records_.size(), said_.size(), names_said_.size()}) > kMost;
}

void IndexBuilder::supersede() {
  std::vector<std::uint32_t> order = numbers_to<std::uint32_t>(records_.size());
  std::erase_if(order, [&](std::uint32_t record) { return records_[record].id == 0; });
  const auto key = [&](std::uint32_t record) {
    return std::tie(feeds_[records_[record].feed].kind, records_[record].id);
  };
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
  for (auto first = order.begin(); first != order.end();) {
    const auto last =
        std::find_if(first, order.end(), [&](std::uint32_t record) { return key(record) != key(*first); });
    if (last - first > 1) supersede({first, last});
    first = last;
  }
}

// Records of one id.
void IndexBuilder::supersede(std::span<const std::uint32_t> numbers) {
  std::vector<Record*> records;
  for (const std::uint32_t number : numbers) records.push_back(&records_[number]);
  const auto moment = [&](const Record* record) { return std::tuple(record->modified, versions_[record->fraction]); };
  std::sort(records.begin(), records.end(), [&](const auto* a, const auto* b) { return moment(a) > moment(b); });
  for (std::size_t i = 1; i < records.size(); ++i) {
    std::set<std::string_view> superseded;
    for (std::size_t later = 0; later < i && moment(records[later]) > moment(records[i]); ++later) {
      const Record& record = *records[later];
      records[i]->all_superseded |= record.withdrawn || record.families == 0;
      for_each_line(versions_[record.families], [&](std::string_view family) { superseded.insert(family); });
    }
    records[i]->superseded = versions_.add(join(superseded, "\n"));
  }
}

// Also of what is withdrawn or no longer counts: its ecosystem is one that the feeds know. How old the data is goes by
// distribution, as feeds are published: a release without news is not old.
void IndexBuilder::note_ecosystems() {
  std::map<std::pair<TextNumber, std::uint32_t>, std::int64_t> newest_seconds;  // by families and feed
  std::map<std::string, std::string, std::less<>> newest;
  const auto note = [&](TextNumber families, std::uint32_t feed, const std::string& date) {
    data_date_ = std::max(data_date_, date);
    feeds_[feed].date = std::max(feeds_[feed].date, date);
    for_each_line(versions_[families], [&](std::string_view family) {
      std::string& known = newest[std::string(family)];
      known = std::max(known, date);
    });
  };
  for (const Record& record : records_) {
    if (record.is_dated) {
      const auto place = newest_seconds.emplace(std::pair(record.families, record.feed), record.modified).first;
      place->second = std::max(place->second, record.modified);
    } else if (record.date != 0) {
      note(record.families, record.feed, std::string(versions_[record.date]));
    }
  }
  for (const auto& [place, seconds] : newest_seconds) {
    note(place.first, place.second, format_rfc3339(std::chrono::sys_seconds(std::chrono::seconds(seconds))));
  }
  for (const SourcePackage& package : packages_) {
    const std::string_view ecosystem = versions_[package.ecosystem];
    ecosystems_[std::string(ecosystem)] = newest[std::string(family_of(ecosystem))];
  }
}

std::span<const TextNumber> IndexBuilder::aliases_of(const Said& said) const {
  return std::span(names_said_).subspan(said.first_name, said.aliases);
}

std::span<const TextNumber> IndexBuilder::upstream_of(const Said& said) const {
  return std::span(names_said_).subspan(said.first_name + said.aliases, said.upstream);
}

void IndexBuilder::learn_names() {
  names_.emplace(texts_);
  for (const Record& record : records_) {
    if (record.withdrawn || record.all_superseded) continue;
    for (const Said& said : std::span(said_).subspan(record.first_said, record.said)) {
      names_->learn(said.id, aliases_of(said), upstream_of(said));
    }
  }
}

Result<void> IndexBuilder::make_rows() {
  vulnerability_numbers_.resize(names_->size());
  rows_.reserve(statements_.size());
  const TextNumber later = versions_.add("a later record of the same id");
  for (Record& record : records_) {
    if (record.withdrawn) continue;
    if (record.all_superseded) {
      record.reason = later;
      continue;
    }
    for (const Said& said : std::span(said_).subspan(record.first_said, record.said)) {
      if (auto made = make_rows_of(record, said); !made) return made;
    }
  }
  compact_aliases();
  return {};
}

Result<void> IndexBuilder::make_rows_of(Record& record, const Said& said) {
  if (said.statements == 0) return {};
  const auto ids = names_->vulnerabilities_of(said.id);
  if (!ids) return ids.error();
  if (ids->size() * said.statements > kMaxStatements) {
    return Error{Errc::over_limit,
                 std::string(texts_[said.id]) + ": more than " + std::to_string(kMaxStatements) + " statements"};
  }
  for (const TextNumber id : *ids) {
    std::optional<std::uint32_t> known;
    for (std::uint32_t i = 0; i < said.statements; ++i) {
      const std::uint32_t number = said.first_statement + i;
      const Statement& statement = statements_[number];
      const bool is_superseded =
          record.superseded != 0 &&
          has_line(versions_[record.superseded], family_of(versions_[packages_[statement.package].ecosystem]));
      if (is_superseded) {
        record.reason = versions_.add("a later record of the same id");
        continue;
      }
      if (!known) known = vulnerability(id, said, ids->size() == 1);
      rows_.push_back({statement.package, *known, number, statement.severity});
      ++record.rows;
    }
  }
  return {};
}

std::uint32_t IndexBuilder::vulnerability(TextNumber id, const Said& said, bool is_only) {
  std::uint32_t& number = vulnerability_numbers_[names_->place(id)];
  if (number == 0) {
    vulnerabilities_.emplace_back().id = id;
    number = static_cast<std::uint32_t>(vulnerabilities_.size());
    for (const TextNumber other : names_->other_cves(id)) aliases_.push_back({number - 1, other});
  }
  Vulnerability& known = vulnerabilities_[number - 1];
  add_aliases(number - 1, said, is_only);
  known.severity = std::max(known.severity, said.severity);
  known.cvss_tenths = std::max(known.cvss_tenths, said.cvss_tenths);
  const bool own = said.id == id;
  const bool better = known.summary == 0 || own > known.own_summary ||
                      (own == known.own_summary && versions_[said.summary] < versions_[known.summary]);
  if (said.summary != 0 && better) {
    known.summary = said.summary;
    known.own_summary = own;
  }
  // The first mention of it.
  const bool earlier =
      said.published != 0 && (known.published == 0 || versions_[said.published] < versions_[known.published]);
  if (earlier) known.published = said.published;
  return number - 1;
}

// No more than a vulnerability can have, the first: which they are does not go by the order of records.
void IndexBuilder::add_aliases(std::uint32_t vulnerability, const Said& said, bool is_only) {
  const TextNumber id = vulnerabilities_[vulnerability].id;
  std::vector<TextNumber> names;
  const auto add = [&](TextNumber name) {
    if (name != id && !is_cve(texts_[name])) names.push_back(name);
  };
  add(said.id);
  std::ranges::for_each(aliases_of(said), add);
  if (is_only) std::ranges::for_each(upstream_of(said), add);
  if (names.size() > kMaxAliases) {
    std::ranges::sort(names, [&](TextNumber a, TextNumber b) { return texts_[a] < texts_[b]; });
    names.resize(kMaxAliases);
  }
  for (const TextNumber name : names) aliases_.push_back({vulnerability, name});
  if (aliases_.size() > 2 * compact_aliases_ + kLeastAliasesToCompact) compact_aliases();
}

// Sorted by vulnerability and name, each once, and no more than a vulnerability can have.
void IndexBuilder::compact_aliases() {
  std::ranges::sort(aliases_, [&](const Alias& a, const Alias& b) {
    if (a.vulnerability != b.vulnerability) return a.vulnerability < b.vulnerability;
    return a.name != b.name && texts_[a.name] < texts_[b.name];
  });
  std::size_t kept = 0;
  std::size_t of_one = 0;
  for (const Alias& alias : aliases_) {
    const bool is_same = kept > 0 && aliases_[kept - 1].vulnerability == alias.vulnerability;
    if (is_same && aliases_[kept - 1].name == alias.name) continue;
    of_one = is_same ? of_one + 1 : 1;
    if (of_one <= kMaxAliases) aliases_[kept++] = alias;
  }
  aliases_.resize(kept);
  compact_aliases_ = kept;
}

// From here on rows name packages and vulnerabilities by their places in the order of texts.
void IndexBuilder::rank() {
  packages_by_name_ = numbers_to<std::uint32_t>(packages_.size());
  std::ranges::sort(packages_by_name_, [&](std::uint32_t a, std::uint32_t b) {
    const auto words = [&](const SourcePackage& package) {
      return std::tuple(versions_[package.ecosystem], versions_[package.name]);
    };
    return words(packages_[a]) < words(packages_[b]);
  });
  vulnerabilities_by_id_ = numbers_to<std::uint32_t>(vulnerabilities_.size());
  std::ranges::sort(vulnerabilities_by_id_, [&](std::uint32_t a, std::uint32_t b) {
    return texts_[vulnerabilities_[a].id] < texts_[vulnerabilities_[b].id];
  });
  const auto ranks_of = [](const std::vector<std::uint32_t>& order) {
    std::vector<std::uint32_t> ranks(order.size());
    for (std::size_t rank = 0; rank < order.size(); ++rank) ranks[order[rank]] = static_cast<std::uint32_t>(rank);
    return ranks;
  };
  const std::vector<std::uint32_t> packages = ranks_of(packages_by_name_);
  const std::vector<std::uint32_t> vulnerabilities = ranks_of(vulnerabilities_by_id_);
  for (Row& row : rows_) {
    row.package = packages[row.package];
    row.vulnerability = vulnerabilities[row.vulnerability];
  }
}

bool IndexBuilder::precedes(const Row& x, const Row& y) const {
  if (x.package != y.package) return x.package < y.package;
  if (x.vulnerability != y.vulnerability) return x.vulnerability < y.vulnerability;
  const Statement& a = statements_[x.statement];
  const Statement& b = statements_[y.statement];
  for (const auto version : {&Statement::introduced, &Statement::fixed, &Statement::last_affected}) {
    if (a.*version != b.*version) return versions_[a.*version] < versions_[b.*version];
  }
  if (a.kind != b.kind) return a.kind < b.kind;
  if (a.terms != b.terms) return words_of(a.terms) < words_of(b.terms);
  return std::tie(y.severity, b.cvss_tenths) < std::tie(x.severity, a.cvss_tenths);
}

void IndexBuilder::sort_rows() {
  std::sort(rows_.begin(), rows_.end(), [&](const Row& a, const Row& b) { return precedes(a, b); });
}

void IndexBuilder::drop_regression_updates() {
  const auto record_of = [&](const Row& row) -> Record& { return records_[statements_[row.statement].record]; };
  const auto series = [&](const Row& row) {
    const bool is_fix = statements_[row.statement].fixed != 0;
    return (is_fix ? series_of(texts_[said_[record_of(row).first_said].id]) : std::nullopt).value_or(SeriesNumber{});
  };
  std::vector<bool> dropped(rows_.size());
  for_each_vulnerability(rows_, [&](auto first, auto last) {
    if (std::none_of(first, last, [&](const Row& row) { return record_of(row).regression_update; })) return;
    std::map<std::string_view, std::string_view> earliest;  // number by series
    for (auto row = first; row != last; ++row) {
      const SeriesNumber own = series(*row);
      const auto place = earliest.emplace(own.series, own.number).first;
      if (is_earlier(own.number, place->second)) place->second = own.number;
    }
    for (auto row = first; row != last; ++row) {
      const SeriesNumber own = series(*row);
      Record& record = record_of(*row);
      if (!record.regression_update || own.series.empty() || !is_earlier(earliest[own.series], own.number)) continue;
      dropped[static_cast<std::size_t>(row - rows_.begin())] = true;
      --record.rows;
      record.reason = versions_.add("an update of an earlier fix");
    }
  });
  drop(dropped);
}

void IndexBuilder::drop(const std::vector<bool>& dropped) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (!dropped[i]) rows_[kept++] = rows_[i];
  }
  rows_.resize(kept);
}

void IndexBuilder::drop_what_yields() {
  if (std::none_of(terms_.begin(), terms_.end(), [](const Terms& terms) { return terms.yields; })) return;
  const auto terms_of_row = [&](const Row& row) -> const Terms& { return terms_[statements_[row.statement].terms]; };
  std::vector<bool> dropped(rows_.size());
  for_each_vulnerability(rows_, [&](auto first, auto last) {
    std::set<TextNumber> feeds;  // that say something else
    for (auto row = first; row != last; ++row) {
      if (!terms_of_row(*row).yields) feeds.insert(terms_of_row(*row).feed);
    }
    for (auto row = first; row != last; ++row) {
      const Terms& terms = terms_of_row(*row);
      if (!terms.yields || !feeds.contains(terms.feed)) continue;
      dropped[static_cast<std::size_t>(row - rows_.begin())] = true;
      Record& record = records_[statements_[row->statement].record];
      --record.rows;
      record.reason = versions_.add("only of releases for which something else is said");
    }
  });
  drop(dropped);
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
      count_reason(feed.skipped, std::string(versions_[record.reason]));
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

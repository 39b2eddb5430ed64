#include "initscan/advisory/index/index_builder.h"

#include "common/text/ascii.h"
#include "common/text/join.h"
#include "common/time/rfc3339.h"
#include "initscan/advisory/feed/feed_files.h"
#include "initscan/advisory/feed/matched_ecosystem.h"
#include "initscan/model/scope_text.h"

#include <algorithm>
#include <cmath>

namespace initscan {
namespace {

// OSV's ecosystems are words such as "npm" and "Rocky Linux". Anything else is not repeated: it would be a line
// of its own for each, and may hold what a terminal obeys.
std::string not_matched(std::string_view ecosystem) {
  constexpr std::size_t kMaxName = 32;
  const std::string_view name = ecosystem.substr(0, ecosystem.find(':'));
  const bool is_word = !name.empty() && name.size() <= kMaxName && std::all_of(name.begin(), name.end(), [](char c) {
    return is_alphanumeric(c) || c == ' ' || c == '.' || c == '-';
  });
  if (!is_word) return "an ecosystem without a proper name";
  const bool is_release = matched_ecosystem(name).has_value();
  return (is_release ? "a release of \"" : "ecosystem \"") + std::string(name) +
         (is_release ? "\" that is not known" : "\" is not matched");
}

bool is_doubtful(const VersionRange& range, const std::vector<VersionOrder>& orders) {
  const auto is_none = [&](const std::string& version) {
    return !version.empty() && version != "0" &&
           std::none_of(orders.begin(), orders.end(), [&](VersionOrder order) { return is_version(order, version); });
  };
  return is_none(range.introduced) || is_none(range.fixed) || is_none(range.last_affected);
}

// The decimals of a second, without trailing zeros: they sort as the fraction does.
std::string fraction_of(std::string_view time) {
  const std::size_t point = time.find('.');
  if (point == time.npos) return {};
  const std::size_t end = std::min(time.find_first_not_of("0123456789", point + 1), time.size());
  std::string digits(time.substr(point + 1, end - point - 1));
  while (digits.ends_with('0')) digits.pop_back();
  return digits;
}

std::int16_t tenths(double score) {
  return static_cast<std::int16_t>(score < 0 ? -1 : std::lround(score * 10));
}

// "._CVE-1.json": what macOS adds for each file that it packs.
bool is_apple_double(std::string_view path) {
  return path.substr(path.rfind('/') + 1).starts_with("._");
}

std::string_view without_byte_order_mark(std::string_view text) {
  constexpr std::string_view kMark = "\xef\xbb\xbf";
  if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
  return text;
}

}  // namespace

Result<void> IndexBuilder::add(const FeedFormat& format, const std::string& path) {
  const std::size_t number = feeds_.size();
  feeds_.emplace_back();
  feeds_.back().kind = format.kind;
  feeds_.back().path = path;
  const auto wanted = [&](std::string_view name) {
    if (!format.is_feed_file(name)) return false;
    if (!is_apple_double(name)) return true;
    count_reason(feeds_.back().skipped_files, "added by macOS to an archive, with a name in ._");
    return false;
  };
  auto read = for_each_feed_file(path, wanted, [&](std::string_view bytes) {
    return format.parse(without_byte_order_mark(bytes),
                        [&](FeedRecord&& record) { add_record(std::move(record), number); });
  });
  if (!read) return read;
  if (feeds_.back().records == 0) {
    return Error{Errc::malformed, path + ": no record of kind " + std::string(format.kind) + " in it; want " +
                                      std::string(format.wants)};
  }
  return {};
}

void IndexBuilder::add_record(FeedRecord&& from, std::size_t feed) {
  FeedStatistics& statistics = feeds_[feed];
  ++statistics.records;
  for (const std::string& skipped : from.skipped) count_reason(statistics.skipped_statements, skipped);
  for (const std::string& note : from.notes) count_reason(statistics.doubtful_statements, note);

  Record record;
  record.feed = feed;
  record.id = from.id.empty() ? "" : statistics.kind + ' ' + from.id;
  if (const auto modified = parse_rfc3339(from.modified)) {
    record.modified = {modified->time_since_epoch().count(), fraction_of(from.modified)};
    if (*modified <= latest_) {
      record.date = format_rfc3339(*modified);
    } else {
      count_reason(statistics.doubtful_statements, "of a record dated in the future, whose date does not count");
    }
  } else {
    record.date = date_of_undated_;
  }
  record.withdrawn = from.withdrawn;
  record.regression_update = from.regression_update;
  record.reason = from.skipped.empty() ? "no affected package" : from.skipped.front();
  for (Advisory& advisory : from.advisories) {
    const std::vector<AffectedPackage> all = std::exchange(advisory.affected, {});
    Said said{std::move(advisory), {}};
    for (const AffectedPackage& affected : all) add_affected(affected, record, said);
    record.said.push_back(std::move(said));
  }
  records_.push_back(std::move(record));
}

void IndexBuilder::add_affected(const AffectedPackage& affected, Record& record, Said& said) {
  FeedStatistics& feed = feeds_[record.feed];
  const auto skip = [&](const std::string& why) {
    if (record.withdrawn) return;
    count_reason(feed.skipped_statements, why);
    record.reason = why;
  };
  const auto ecosystem = matched_ecosystem(affected.ecosystem);
  if (!ecosystem) return skip(not_matched(affected.ecosystem));
  if (affected.name.empty()) return skip("no name of a package");
  record.families.insert(ecosystem->family);
  add_statements(affected, *ecosystem, feed, said);
}

void IndexBuilder::add_statements(const AffectedPackage& affected, const MatchedEcosystem& ecosystem,
                                  FeedStatistics& feed, Said& said) {
  const auto is_fix = [](const VersionRange& range) { return !range.fixed.empty(); };
  const bool knows_fix = std::any_of(affected.ranges.begin(), affected.ranges.end(), is_fix);
  const bool closes = affected.status == AdvisoryStatus::not_affected;
  const auto scope = scope_text(affected.scope);
  Statement statement;
  statement.ecosystem = text(affected.ecosystem);
  statement.package = text(normalized_name(ecosystem.type, affected.name));
  statement.severity = affected.severity;
  statement.cvss_tenths = tenths(affected.cvss);
  statement.terms = terms_of({text(feed.kind), text(scope.value_or("")), text(join(affected.symbols, " ")),
                              affected.status, said.advisory.is_malicious});
  const auto push = [&](const VersionRange& range, StatementKind kind) {
    statement.introduced = text(range.introduced == "0" ? "" : range.introduced);
    statement.fixed = text(range.fixed);
    statement.last_affected = text(range.last_affected);
    statement.kind = kind;
    said.statements.push_back(statement);
  };
  // What is not understood closes nothing, and leaves open what it says is affected.
  const auto push_unclear = [&](const std::string& words) {
    count_reason(feed.doubtful_statements, words);
    if (!closes) push({words, "", ""}, StatementKind::unclear);
  };
  if (!scope) return push_unclear("which packages it is about is not understood");
  for (const VersionRange& range : affected.ranges) {
    if (is_doubtful(range, ecosystem.orders)) count_reason(feed.doubtful_statements, "a version that cannot be parsed");
    const bool is_open = range.fixed.empty() && range.last_affected.empty();
    push(range, is_open && !knows_fix && !closes ? StatementKind::unfixed : StatementKind::range);
  }
  for (const std::string& version : affected.versions) push({version, "", ""}, StatementKind::version);
  for (const std::string& words : affected.unclear) push_unclear(words);
  const bool speaks_of_all = affected.ranges.empty() && affected.versions.empty() && affected.unclear.empty();
  if (speaks_of_all && affected.status != AdvisoryStatus::affected) {
    push({}, closes ? StatementKind::range : StatementKind::unfixed);
  }
}

std::uint32_t IndexBuilder::terms_of(const Terms& terms) {
  const auto [place, is_new] = terms_numbers_.try_emplace(terms, static_cast<std::uint32_t>(terms_.size()));
  if (is_new) terms_.push_back(terms);
  return place->second;
}

// By which they are compared: their numbers go by the order in which feeds come.
std::tuple<const std::string&, const std::string&, const std::string&, AdvisoryStatus, bool> IndexBuilder::words_of(
    std::uint32_t number) const {
  const Terms& terms = terms_[number];
  return {texts_[terms.feed], texts_[terms.scope], texts_[terms.symbols], terms.status, terms.is_malicious};
}

std::uint32_t IndexBuilder::text(std::string_view text) {
  const auto [place, is_new] = text_numbers_.try_emplace(std::string(text), static_cast<std::uint32_t>(texts_.size()));
  if (is_new) texts_.emplace_back(text);
  return place->second;
}

}  // namespace initscan

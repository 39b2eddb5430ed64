#include "initscan/advisory/index/index_builder.h"

#include "common/text/ascii.h"
#include "common/text/cut.h"
#include "common/text/join.h"
#include "common/time/rfc3339.h"
#include "initscan/advisory/feed/feed_files.h"
#include "initscan/advisory/feed/licence.h"
#include "initscan/advisory/feed/matched_ecosystem.h"
#include "initscan/advisory/index/packed_details.h"
#include "initscan/model/scope_text.h"

#include <algorithm>
#include <cmath>

namespace initscan {
namespace {

// OSV's ecosystems are words such as "npm" and "Rocky Linux". Anything else is not repeated: it would be a line
// of its own for each, and may hold what a terminal obeys.
std::string not_matched(std::string_view ecosystem) {
  constexpr std::size_t kMaxName = 32;
  const std::string_view name = family_of(ecosystem);
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
  if (const std::string_view licence = licence_of(from.id); !licence.empty()) statistics.licences.emplace(licence);
  for (const std::string& skipped : from.skipped) count_reason(statistics.skipped_statements, skipped);
  for (const std::string& note : from.notes) count_reason(statistics.doubtful_statements, note);

  Record record;
  record.feed = static_cast<std::uint32_t>(feed);
  record.id = texts_.add(from.id);
  if (const auto modified = parse_rfc3339(from.modified)) {
    record.modified = modified->time_since_epoch().count();
    record.fraction = versions_.add(fraction_of(from.modified));
    record.is_dated = *modified <= latest_;
    if (!record.is_dated) {
      count_reason(statistics.doubtful_statements, "of a record dated in the future, whose date does not count");
    }
  } else {
    record.date = versions_.add(date_of_undated_);
  }
  record.withdrawn = from.withdrawn;
  record.regression_update = from.regression_update;
  record.reason = versions_.add(from.skipped.empty() ? "no affected package" : from.skipped.front());
  record.first_said = static_cast<std::uint32_t>(said_.size());
  std::set<std::string> families;
  for (const Advisory& advisory : from.advisories) add_said(advisory, record, families);
  record.said = static_cast<std::uint32_t>(said_.size()) - record.first_said;
  record.families = versions_.add(join(families, "\n"));
  records_.push_back(record);
}

void IndexBuilder::add_said(const Advisory& advisory, Record& record, std::set<std::string>& families) {
  Said said;
  said.id = texts_.add(advisory.id);
  said.published = versions_.add(advisory.published);
  said.summary = versions_.append(cut(advisory.summary, kMaxIndexedSummaryBytes));
  said.first_name = static_cast<std::uint32_t>(names_said_.size());
  said.aliases = static_cast<std::uint32_t>(advisory.aliases.size());
  said.upstream = static_cast<std::uint32_t>(advisory.upstream.size());
  for (const std::string& alias : advisory.aliases) names_said_.push_back(texts_.add(alias));
  for (const std::string& upstream : advisory.upstream) names_said_.push_back(texts_.add(upstream));
  said.first_statement = static_cast<std::uint32_t>(statements_.size());
  said.cvss_tenths = tenths(advisory.cvss);
  said.severity = advisory.severity;
  for (const AffectedPackage& affected : advisory.affected) {
    add_affected(affected, advisory.is_malicious, record, families);
  }
  said.statements = static_cast<std::uint32_t>(statements_.size()) - said.first_statement;
  said_.push_back(said);
}

void IndexBuilder::add_affected(const AffectedPackage& affected, bool is_malicious, Record& record,
                                std::set<std::string>& families) {
  FeedStatistics& feed = feeds_[record.feed];
  const auto skip = [&](const std::string& why) {
    if (record.withdrawn) return;
    count_reason(feed.skipped_statements, why);
    record.reason = versions_.add(why);
  };
  const auto ecosystem = matched_ecosystem(affected.ecosystem);
  if (!ecosystem) return skip(not_matched(affected.ecosystem));
  if (affected.name.empty()) return skip("no name of a package");
  families.insert(ecosystem->family);
  add_statements(affected, is_malicious, *ecosystem, record);
}

void IndexBuilder::add_statements(const AffectedPackage& affected, bool is_malicious, const MatchedEcosystem& ecosystem,
                                  Record& record) {
  FeedStatistics& feed = feeds_[record.feed];
  const auto is_fix = [](const VersionRange& range) { return !range.fixed.empty(); };
  const bool knows_fix = std::any_of(affected.ranges.begin(), affected.ranges.end(), is_fix);
  const bool closes = affected.status == AdvisoryStatus::not_affected;
  const auto scope = scope_text(affected.scope);
  Statement statement;
  statement.package = package_of(ecosystem.name, normalized_name(ecosystem.type, affected.name));
  statement.record = static_cast<std::uint32_t>(records_.size());
  statement.severity = affected.severity;
  statement.cvss_tenths = tenths(affected.cvss);
  statement.terms =
      terms_of({versions_.add(feed.kind), versions_.add(scope.value_or("")), versions_.add(join(affected.symbols, " ")),
                affected.status, is_malicious, affected.yields});
  const auto push = [&](const VersionRange& range, StatementKind kind) {
    statement.introduced = versions_.add(range.introduced == "0" ? "" : range.introduced);
    statement.fixed = versions_.add(range.fixed);
    statement.last_affected = versions_.add(range.last_affected);
    statement.kind = kind;
    statements_.push_back(statement);
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

std::uint32_t IndexBuilder::package_of(const std::string& ecosystem, const std::string& name) {
  std::uint32_t& mark = versions_.mark(versions_.add(ecosystem + '\n' + name));
  if (mark == 0) {
    packages_.push_back({versions_.add(ecosystem), versions_.add(name)});
    mark = static_cast<std::uint32_t>(packages_.size());
  }
  return mark - 1;
}

std::uint32_t IndexBuilder::terms_of(const Terms& terms) {
  const auto [place, is_new] = terms_numbers_.try_emplace(terms, static_cast<std::uint32_t>(terms_.size()));
  if (is_new) terms_.push_back(terms);
  return place->second;
}

// By which they are compared: their numbers go by the order in which feeds come.
RowTerms IndexBuilder::words_of(std::uint32_t number) const {
  const Terms& terms = terms_[number];
  return {versions_[terms.feed], versions_[terms.scope], versions_[terms.symbols], terms.status, terms.is_malicious};
}

}  // namespace initscan

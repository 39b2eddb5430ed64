#include "initscan/advisory/index_builder.h"

#include "common/rfc3339.h"
#include "initscan/advisory/feed_files.h"
#include "initscan/advisory/version_order.h"
#include "initscan/version/version.h"

#include <algorithm>
#include <tuple>

namespace initscan {
namespace {

constexpr std::size_t kMaxAliases = 1'000;  // of one vulnerability
constexpr std::size_t kMaxReasons = 100;    // that are counted one by one

// Empty where every version of a range can be compared.
std::string_view objection(const VersionRange& range, PackageType order) {
  for (const std::string& version : {range.introduced, range.fixed, range.last_affected}) {
    if (!version.empty() && version != "0" && !is_version(order, version)) return kNoVersion;
  }
  return {};
}

// OSV's ecosystems are words such as "npm" and "Rocky Linux". What is none is not repeated: it would be a line
// of its own for each, and may hold what a terminal obeys.
std::string not_matched(std::string_view ecosystem) {
  constexpr std::size_t kMaxName = 32;
  const std::string_view name = ecosystem.substr(0, ecosystem.find(':'));
  const bool is_word = !name.empty() && name.size() <= kMaxName && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' || c == '.' ||
           c == '-';
  });
  return is_word ? "ecosystem \"" + std::string(name) + "\" is not matched" : "an ecosystem without a proper name";
}

void count(std::map<std::string, std::uint64_t>& reasons, const std::string& reason) {
  const bool fits = reasons.size() < kMaxReasons || reasons.contains(reason);
  ++reasons[fits ? reason : "other reasons"];
}

}  // namespace

Result<void> IndexBuilder::add(const FeedFormat& format, const std::string& path) {
  FeedStatistics feed;
  feed.kind = format.kind;
  feed.path = path;
  auto read = for_each_feed_file(
      path, [&](std::string_view name) { return format.is_feed_file(name); },
      [&](std::string_view bytes) {
        return format.parse(bytes, [&](FeedRecord&& record) { add_record(std::move(record), feed); });
      });
  if (!read) return read;
  if (feed.records == 0) {
    return Error{Errc::malformed,
                 path + ": no record of kind " + feed.kind + " in it; want " + std::string(format.wants)};
  }
  feeds_.push_back(std::move(feed));
  return {};
}

void IndexBuilder::add_record(FeedRecord&& record, FeedStatistics& feed) {
  ++feed.records;
  if (const auto modified = parse_rfc3339(record.modified))
    data_date_ = std::max(data_date_, format_rfc3339(*modified));
  std::string reason = record.skipped.empty() ? "no affected package" : record.skipped.front();
  for (const std::string& skipped : record.skipped) count(feed.skipped_statements, skipped);
  std::uint64_t added = 0;
  for (const Advisory& advisory : record.advisories) added += add_advisory(advisory, feed, reason);
  feed.statements += added;
  if (added > 0) {
    ++feed.indexed;
  } else {
    count(feed.skipped, reason);
  }
}

std::uint64_t IndexBuilder::add_advisory(const Advisory& advisory, FeedStatistics& feed, std::string& reason) {
  std::uint64_t added = 0;
  const auto skip = [&](std::string why) {
    count(feed.skipped_statements, why);
    reason = std::move(why);
  };
  for (const AffectedPackage& affected : advisory.affected) {
    const auto order = version_order_of(affected.ecosystem);
    if (!order) {
      skip(not_matched(affected.ecosystem));
      continue;
    }
    if (affected.name.empty()) {
      skip("no name of a package");
      continue;
    }
    if (affected.ranges.empty() && affected.versions.empty()) {
      skip("no range of versions");
      continue;
    }
    Row row;
    row.ecosystem = text(affected.ecosystem);
    row.package = text(affected.name);
    row.severity = affected.severity;
    const auto push = [&](const VersionRange& range, bool exact) {
      if (const std::string_view why = objection(range, *order); !why.empty()) return skip(std::string(why));
      row.introduced = text(range.introduced == "0" ? "" : range.introduced);
      row.fixed = text(range.fixed);
      row.last_affected = text(range.last_affected);
      row.exact = exact;
      row.vulnerability = vulnerability(advisory);
      rows_.push_back(row);
      ++added;
    };
    for (const VersionRange& range : affected.ranges) push(range, false);
    for (const std::string& version : affected.versions) push({version, "", ""}, true);
  }
  return added;
}

std::uint32_t IndexBuilder::text(std::string_view text) {
  const auto [place, is_new] = text_numbers_.try_emplace(std::string(text), static_cast<std::uint32_t>(texts_.size()));
  if (is_new) texts_.emplace_back(text);
  return place->second;
}

std::uint32_t IndexBuilder::vulnerability(const Advisory& advisory) {
  const auto [place, is_new] =
      vulnerability_numbers_.try_emplace(advisory.id, static_cast<std::uint32_t>(vulnerabilities_.size()));
  if (is_new) {
    vulnerabilities_.emplace_back();
    vulnerabilities_.back().id = advisory.id;
  }
  Vulnerability& known = vulnerabilities_[place->second];
  for (const std::string& alias : advisory.aliases) {
    if (known.aliases.size() == kMaxAliases) break;
    if (std::find(known.aliases.begin(), known.aliases.end(), alias) == known.aliases.end())
      known.aliases.push_back(alias);
  }
  known.severity = std::max(known.severity, advisory.severity);
  known.cvss = std::max(known.cvss, advisory.cvss);
  if (known.summary.empty()) known.summary = advisory.summary;
  // The first that anybody heard of it.
  const bool earlier = !advisory.published.empty() && (known.published.empty() || advisory.published < known.published);
  if (earlier) known.published = advisory.published;
  return place->second;
}

// What a distribution rates in one feed holds for its statements in the others, too.
void IndexBuilder::share_own_severities() {
  for (auto first = rows_.begin(); first != rows_.end();) {
    Severity own = Severity::unknown;
    auto last = first;
    for (; last != rows_.end() && last->ecosystem == first->ecosystem && last->package == first->package &&
           last->vulnerability == first->vulnerability;
         ++last) {
      own = std::max(own, last->severity);
    }
    for (; first != last; ++first) {
      if (first->severity == Severity::unknown) first->severity = own;
    }
  }
}

void IndexBuilder::sort_rows() {
  const auto key = [&](const Row& row) {
    return std::tuple<const std::string&, const std::string&, const std::string&, const std::string&,
                      const std::string&, const std::string&, bool, int>(
        texts_[row.ecosystem], texts_[row.package], vulnerabilities_[row.vulnerability].id, texts_[row.introduced],
        texts_[row.fixed], texts_[row.last_affected], row.exact, -static_cast<int>(row.severity));
  };
  std::sort(rows_.begin(), rows_.end(), [&](const Row& a, const Row& b) { return key(a) < key(b); });
  share_own_severities();
  // The same statement twice: the worse severity came first and stays.
  const auto same = [](const Row& a, const Row& b) {
    return a.ecosystem == b.ecosystem && a.package == b.package && a.vulnerability == b.vulnerability &&
           a.introduced == b.introduced && a.fixed == b.fixed && a.last_affected == b.last_affected &&
           a.exact == b.exact;
  };
  rows_.erase(std::unique(rows_.begin(), rows_.end(), same), rows_.end());
}

}  // namespace initscan

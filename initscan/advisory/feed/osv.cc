#include "common/json/element.h"
#include "common/text/ascii.h"
#include "initscan/advisory/feed/cvss.h"
#include "initscan/advisory/feed/feed.h"
#include "initscan/advisory/feed/matched_ecosystem.h"
#include "initscan/advisory/feed/osv_events.h"
#include "initscan/advisory/feed/vulnerability_names.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <utility>

#include <simdjson.h>

namespace initscan {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kMaxOsvBytes = 64 << 20;
constexpr std::size_t kMaxSummaryBytes = 300;
constexpr std::size_t kMaxComparisons = 1'000'000;  // of the listed versions of a package with its ranges

std::vector<std::string> texts_of(const dom::element& object, std::string_view key) {
  const std::vector<std::string_view> texts = texts_in(object, key);
  return {texts.begin(), texts.end()};
}

// At most kMaxSummaryBytes, and no half of a character: bytes 10xxxxxx go on with one.
std::string first_line(std::string_view text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  std::size_t length = std::min(line.size(), kMaxSummaryBytes);
  while (length > 0 && length < line.size() && (line[length] & 0xc0) == 0x80) --length;
  return std::string(line.substr(0, length));
}

// Debian's urgencies and the ratings of GHSA and others.
Severity severity_of_word(std::string_view word) {
  struct Word {
    std::string_view name;
    Severity severity;
  };
  constexpr Word kWords[] = {
      {"unimportant", Severity::negligible}, {"negligible", Severity::negligible}, {"low", Severity::low},
      {"medium", Severity::medium},          {"moderate", Severity::medium},       {"high", Severity::high},
      {"important", Severity::high},         {"critical", Severity::critical}};
  const auto same = [&](std::string_view name) {
    return word.size() == name.size() &&
           std::equal(word.begin(), word.end(), name.begin(), [](char a, char b) { return to_lower(a) == b; });
  };
  for (const Word& known : kWords) {
    if (same(known.name)) return known.severity;
  }
  return Severity::unknown;
}

// The distribution's own word on a package, in the two places where feeds put it.
Severity own_severity(const dom::element& object) {
  for (const std::string_view place : {"ecosystem_specific", "database_specific"}) {
    dom::element specific;
    if (object[place].get(specific) != simdjson::SUCCESS) continue;
    for (const std::string_view key : {"urgency", "severity"}) {
      if (const Severity severity = severity_of_word(text_in(specific, key)); severity != Severity::unknown) {
        return severity;
      }
    }
  }
  return Severity::unknown;
}

// What the vectors at an object come to.
CvssRating rating_of(const dom::element& object, FeedRecord& record) {
  CvssRating rating;
  dom::array vectors;
  if (object["severity"].get(vectors) != simdjson::SUCCESS) return rating;
  for (const dom::element vector : vectors) rating.add(text_in(vector, "score"));
  for (std::size_t i = 0; i < rating.unreadable(); ++i)
    record.notes.emplace_back("a CVSS vector that cannot be parsed");
  return rating;
}

// The word of the distribution or the database goes before what a vector comes to.
template <class Rated>
void rate(const dom::element& object, Rated& rated, FeedRecord& record) {
  rated.cvss = rating_of(object, record).score();
  rated.severity = own_severity(object);
  if (rated.severity == Severity::unknown && rated.cvss >= 0) rated.severity = severity_of_score(rated.cvss);
}

// Empty names would merge all vulnerabilities that have them into one.
std::vector<std::string> names_of(const dom::element& document, std::string_view key) {
  std::vector<std::string> names = texts_of(document, key);
  std::erase_if(names, [](const std::string& name) {
    return name.empty() || std::any_of(name.begin(), name.end(), [](char c) { return c >= '\0' && c <= ' '; });
  });
  return names;
}

// What is only related is taken for the CVEs of an announcement that gives none in any other place.
void read_names(const dom::element& document, Advisory& advisory) {
  advisory.aliases = names_of(document, "aliases");
  advisory.upstream = names_of(document, "upstream");
  if (is_cve(advisory.id) || !advisory.aliases.empty() || !advisory.upstream.empty()) return;
  for (std::string& related : names_of(document, "related")) {
    if (is_cve(related)) advisory.upstream.push_back(std::move(related));
  }
}

// The events of a range; nullopt where one is of no kind that is known, or says no version.
std::optional<std::vector<OsvEvent>> events_of(const dom::array& array) {
  std::vector<OsvEvent> events;
  for (const dom::element object : array) {
    const std::size_t before = events.size();
    for (const auto& [key, kind] :
         {std::pair("introduced", OsvEvent::Kind::introduced), std::pair("fixed", OsvEvent::Kind::fixed),
          std::pair("last_affected", OsvEvent::Kind::last_affected), std::pair("limit", OsvEvent::Kind::limit)}) {
      dom::element value;
      if (object[key].get(value) != simdjson::SUCCESS) continue;
      std::string_view version;
      if (value.get(version) != simdjson::SUCCESS || version.empty()) return std::nullopt;
      events.push_back({kind, version});
    }
    if (events.size() == before) return std::nullopt;
  }
  return events;
}

bool is_word(const OsvEvent& event) {
  return is_word_for_version(event.version) && (event.kind != OsvEvent::Kind::limit || event.version != "*");
}

// "From the first version to <not-affected>", as old records of Debian say that nothing is.
bool is_not_affected(const std::vector<OsvEvent>& events) {
  return events.size() == 2 && events[0].kind == OsvEvent::Kind::introduced &&
         events[1].kind == OsvEvent::Kind::fixed && events[1].version == "<not-affected>";
}

void read_range(const dom::element& range, const MatchedEcosystem& ecosystem, AffectedPackage& affected,
                FeedRecord& record) {
  const std::string_view type = text_in(range, "type");
  if (type == "GIT") return;  // of commits, which no package database knows
  dom::array array;
  const bool is_list = type == "ECOSYSTEM" && range["events"].get(array) == simdjson::SUCCESS;
  const auto events = is_list ? events_of(array) : std::nullopt;
  if (events && is_not_affected(*events)) {
    record.skipped.emplace_back("not affected");
    return;
  }
  if (events && std::any_of(events->begin(), events->end(), is_word)) {
    affected.unclear.emplace_back("a word takes the place of a version");
    return;
  }
  auto stretches = events ? stretches_of(*events, ecosystem.orders) : std::nullopt;
  if (!stretches) {
    affected.unclear.emplace_back("a version range that is not understood");
    return;
  }
  std::move(stretches->begin(), stretches->end(), std::back_inserter(affected.ranges));
}

// Beside ranges the list mostly repeats them, version by version. What is in either is affected, as OSV has it.
void read_list(const dom::element& object, const MatchedEcosystem& ecosystem, AffectedPackage& affected,
               FeedRecord& record) {
  std::vector<std::string> versions = texts_of(object, "versions");
  if (std::erase_if(versions, is_word_for_version) > 0)
    affected.unclear.emplace_back("a word takes the place of a version");
  const bool few = versions.size() * affected.ranges.size() <= kMaxComparisons;
  if (few) std::erase_if(versions, [&](const auto& v) { return covers(affected.ranges, v, ecosystem.orders); });
  for (const VersionRange& range : affected.ranges) {
    const bool is_listed = few && std::find(versions.begin(), versions.end(), range.fixed) != versions.end();
    if (is_listed) record.notes.emplace_back("a version that is both listed as affected and given as the fix");
  }
  affected.versions = std::move(versions);
}

// Other ecosystems are left to the reader of the result.
void read_versions(const dom::element& object, AffectedPackage& affected, FeedRecord& record) {
  const auto ecosystem = matched_ecosystem(affected.ecosystem);
  if (!ecosystem) return;
  affected.ecosystem = ecosystem->name;
  const std::size_t closed = record.skipped.size();
  dom::array ranges;
  if (object["ranges"].get(ranges) == simdjson::SUCCESS) {
    for (const dom::element range : ranges) read_range(range, *ecosystem, affected, record);
  }
  const bool is_closed = record.skipped.size() > closed;
  const bool has_range = !affected.ranges.empty();
  read_list(object, *ecosystem, affected, record);
  const bool said = has_range || is_closed || !affected.versions.empty() || !affected.unclear.empty();
  if (!said) affected.unclear.emplace_back("no versions are given");
}

AffectedPackage read_affected(const dom::element& object, FeedRecord& record) {
  AffectedPackage affected;
  dom::element package;
  if (object["package"].get(package) == simdjson::SUCCESS) {
    affected.ecosystem = text_in(package, "ecosystem");
    affected.name = text_in(package, "name");
  }
  rate(object, affected, record);
  read_versions(object, affected, record);
  return affected;
}

Result<FeedRecord> read_document(const dom::element& document) {
  Advisory advisory;
  advisory.id = text_in(document, "id");
  if (advisory.id.empty()) return Error{Errc::malformed, "an OSV document without id"};
  const std::string_view summary = text_in(document, "summary");
  FeedRecord record;
  record.id = advisory.id;
  record.modified = text_in(document, "modified");
  record.regression_update = is_regression_update(summary);
  dom::element withdrawn;
  record.withdrawn = document["withdrawn"].get(withdrawn) == simdjson::SUCCESS && !withdrawn.is_null();
  if (record.withdrawn) record.skipped.emplace_back("withdrawn");

  rate(document, advisory, record);
  read_names(document, advisory);
  advisory.published = text_in(document, "published");
  advisory.summary = first_line(summary);
  dom::array array;
  if (document["affected"].get(array) == simdjson::SUCCESS) {
    for (const dom::element object : array) advisory.affected.push_back(read_affected(object, record));
  }
  record.advisories.push_back(std::move(advisory));
  return record;
}

}  // namespace

Result<void> parse_osv(std::string_view json, const RecordSink& sink) {
  if (json.empty()) return Error{Errc::truncated, "not JSON: it is empty"};
  // One parser for each thread keeps its buffers: a feed is hundreds of thousands of small documents.
  thread_local dom::parser parser(kMaxOsvBytes);
  dom::element root;
  if (const auto error = parser.parse(json.data(), json.size()).get(root); error != simdjson::SUCCESS) {
    return Error{Errc::malformed, std::string("not JSON: ") + simdjson::error_message(error)};
  }
  const auto read = [&](const dom::element& document) -> Result<void> {
    if (!document.is_object()) return Error{Errc::malformed, "not an OSV document"};
    auto record = read_document(document);
    if (!record) return record.error();
    sink(std::move(*record));
    return {};
  };
  dom::array documents;
  if (root.get(documents) != simdjson::SUCCESS) return read(root);
  for (const dom::element document : documents) {
    if (auto done = read(document); !done) return done;
  }
  return {};
}

}  // namespace initscan

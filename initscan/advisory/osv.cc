#include "initscan/advisory/cvss.h"
#include "initscan/advisory/feed.h"
#include "initscan/advisory/identity.h"
#include "initscan/advisory/osv_events.h"
#include "initscan/advisory/version_order.h"
#include "initscan/version/version.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include <simdjson.h>

namespace initscan {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kMaxOsvBytes = 64 << 20;
constexpr std::size_t kMaxSummaryBytes = 300;

std::string_view text_of(const dom::element& object, std::string_view key) {
  std::string_view text;
  return object[key].get(text) == simdjson::SUCCESS ? text : std::string_view();
}

std::vector<std::string> texts_of(const dom::element& object, std::string_view key) {
  std::vector<std::string> texts;
  dom::array array;
  if (object[key].get(array) != simdjson::SUCCESS) return texts;
  for (const dom::element element : array) {
    std::string_view text;
    if (element.get(text) == simdjson::SUCCESS) texts.emplace_back(text);
  }
  return texts;
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
    return word.size() == name.size() && std::equal(word.begin(), word.end(), name.begin(), [](char a, char b) {
             return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b;
           });
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
      if (const Severity severity = severity_of_word(text_of(specific, key)); severity != Severity::unknown) {
        return severity;
      }
    }
  }
  return Severity::unknown;
}

// The highest base score of the vectors that are given.
double score_of(const dom::element& object) {
  double score = -1;
  dom::array vectors;
  if (object["severity"].get(vectors) != simdjson::SUCCESS) return score;
  for (const dom::element vector : vectors) {
    if (const auto own = cvss_base_score(text_of(vector, "score"))) score = std::max(score, *own);
  }
  return score;
}

// The names of a document, its own first. What is only related is taken for the CVEs of an announcement that
// gives them in no other place.
Identity identity_of(const dom::element& document, std::string_view id) {
  Identity identity;
  identity.add(id);
  for (const std::string_view key : {"aliases", "upstream"}) {
    for (const std::string& other : texts_of(document, key)) identity.add(other);
  }
  if (!identity.cves.empty()) return identity;
  for (const std::string& related : texts_of(document, "related")) {
    if (related.starts_with("CVE-")) identity.add(related);
  }
  return identity;
}

// The events of a range; nullopt where one has a version that cannot be compared.
std::optional<std::vector<OsvEvent>> events_of(const dom::array& array, PackageType order) {
  std::vector<OsvEvent> events;
  for (const dom::element object : array) {
    for (const auto& [key, kind] :
         {std::pair("introduced", OsvEvent::Kind::introduced), std::pair("fixed", OsvEvent::Kind::fixed),
          std::pair("last_affected", OsvEvent::Kind::last_affected)}) {
      const std::string_view version = text_of(object, key);
      if (version.empty()) continue;
      if (version != "0" && !is_version(order, version)) return std::nullopt;
      events.push_back({kind, version});
    }
  }
  return events;
}

// The versions of one element of "affected", in `affected`; false where there are none to compare, which has
// its reason in `skipped`. Other ecosystems are left to the reader of the result.
bool read_versions(const dom::element& object, AffectedPackage& affected, std::vector<std::string>& skipped) {
  const auto order = version_order_of(affected.ecosystem);
  if (!order) return true;
  bool comparable = true;
  dom::array ranges;
  if (object["ranges"].get(ranges) == simdjson::SUCCESS) {
    for (const dom::element range : ranges) {
      dom::array array;
      if (text_of(range, "type") != "ECOSYSTEM" || range["events"].get(array) != simdjson::SUCCESS) continue;
      auto events = events_of(array, *order);
      comparable = comparable && events;
      if (!events) {
        skipped.emplace_back(kNoVersion);
        continue;
      }
      for (VersionRange& stretch : stretches_of(std::move(*events), *order)) {
        affected.ranges.push_back(std::move(stretch));
      }
    }
  }
  // Beside ranges the list mostly repeats them, version by version.
  for (std::string& version : texts_of(object, "versions")) {
    if (!covers(affected.ranges, version, *order)) affected.versions.push_back(std::move(version));
  }
  return comparable || !affected.ranges.empty() || !affected.versions.empty();
}

Result<FeedRecord> read_document(const dom::element& document) {
  const std::string_view id = text_of(document, "id");
  if (id.empty()) return Error{Errc::malformed, "an OSV document without id"};
  FeedRecord record;
  record.modified = text_of(document, "modified");
  if (!text_of(document, "withdrawn").empty()) {
    record.skipped.emplace_back("withdrawn");
    return record;
  }

  Advisory common;
  common.cvss = score_of(document);
  common.severity = own_severity(document);
  if (common.severity == Severity::unknown && common.cvss >= 0) common.severity = severity_of_score(common.cvss);
  common.published = text_of(document, "published");
  common.summary = first_line(text_of(document, "summary"));

  dom::array array;
  if (document["affected"].get(array) == simdjson::SUCCESS) {
    for (const dom::element object : array) {
      AffectedPackage affected;
      dom::element package;
      if (object["package"].get(package) == simdjson::SUCCESS) {
        affected.ecosystem = text_of(package, "ecosystem");
        affected.name = text_of(package, "name");
      }
      affected.severity = own_severity(object);
      if (!read_versions(object, affected, record.skipped)) continue;
      common.affected.push_back(std::move(affected));
    }
  }
  auto advisories = advisories_of(identity_of(document, id), common);
  if (!advisories) return std::move(advisories).error().within(id);
  record.advisories = std::move(*advisories);
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

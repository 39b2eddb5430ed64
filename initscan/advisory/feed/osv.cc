#include "common/json/element.h"
#include "common/json/parse_dom.h"
#include "initscan/advisory/feed/cvss.h"
#include "initscan/advisory/feed/feed.h"
#include "initscan/advisory/feed/matched_ecosystem.h"
#include "initscan/advisory/feed/module_stream.h"
#include "initscan/advisory/feed/osv_versions.h"
#include "initscan/advisory/feed/severity_words.h"
#include "initscan/advisory/feed/vulnerability_names.h"
#include "initscan/advisory/feed/yaml_as_json.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include <simdjson.h>

namespace initscan {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kMaxOsvBytes = 64 << 20;

std::vector<std::string> texts_of(const dom::element& object, std::string_view key) {
  const std::vector<std::string_view> texts = texts_in(object, key);
  return {texts.begin(), texts.end()};
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

// What `severity` at an object comes to.
struct Ratings {
  CvssRating vectors;
  Severity word = Severity::unknown;  // of an entry whose type is a vendor: {"type": "Ubuntu", "score": "low"}
};

Ratings ratings_of(const dom::element& object, FeedRecord& record) {
  Ratings ratings;
  dom::array entries;
  if (object["severity"].get(entries) != simdjson::SUCCESS) return ratings;
  for (const dom::element entry : entries) {
    const std::string_view score = text_in(entry, "score");
    if (text_in(entry, "type", "CVSS").starts_with("CVSS")) {
      ratings.vectors.add(score);
    } else if (const Severity word = severity_of_word(score); word != Severity::unknown) {
      ratings.word = std::max(ratings.word, word);
    } else {
      record.notes.emplace_back("a severity in a word that is not known");
    }
  }
  for (std::size_t i = 0; i < ratings.vectors.unreadable(); ++i)
    record.notes.emplace_back("a CVSS vector that cannot be parsed");
  return ratings;
}

// The word of the distribution or the database goes before what a vector comes to.
template <class Rated>
void rate(const dom::element& object, Rated& rated, FeedRecord& record) {
  const Ratings ratings = ratings_of(object, record);
  rated.cvss = ratings.vectors.score();
  rated.severity = own_severity(object);
  if (rated.severity == Severity::unknown) rated.severity = ratings.word;
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

// Malware has records of its own, or the weakness "embedded malicious code".
// Source: github.com/ossf/malicious-packages; cwe.mitre.org, CWE-506.
bool is_malware(const dom::element& document, const Advisory& advisory) {
  const auto is_mal = [](std::string_view name) { return name.starts_with("MAL-"); };
  if (is_mal(advisory.id) || std::any_of(advisory.aliases.begin(), advisory.aliases.end(), is_mal)) return true;
  dom::element specific;
  if (document["database_specific"].get(specific) != simdjson::SUCCESS) return false;
  const std::vector<std::string_view> weaknesses = texts_in(specific, "cwe_ids");
  return std::find(weaknesses.begin(), weaknesses.end(), "CWE-506") != weaknesses.end();
}

// Go's database says which symbols of which packages of a module are vulnerable.
std::vector<std::string> symbols_of(const dom::element& entry) {
  std::vector<std::string> symbols;
  dom::array imports;
  if (entry["ecosystem_specific"]["imports"].get(imports) != simdjson::SUCCESS) return symbols;
  for (const dom::element import : imports) {
    const std::string path(text_in(import, "path"));
    const std::vector<std::string_view> names = texts_in(import, "symbols");
    if (names.empty()) symbols.push_back(path + ".*");
    for (const std::string_view name : names) symbols.push_back(path + '.' + std::string(name));
  }
  return symbols;
}

// OSV names what is paid for and what is certified before the release: "Pro", "Pro:FIPS-updates", "Pro:Realtime".
std::string flavour_word(std::string_view flavour) {
  if (flavour.empty()) return {};
  return flavour.find("FIPS") == flavour.npos ? "pro" : "fips";
}

// Of a package of a module the record says the stream in its summary alone. Without one it is open which of the
// module's streams are affected, and their versions cannot be compared with each other.
void read_stream(std::string_view summary, AffectedPackage& affected) {
  if (!has_modular_version(affected)) return;
  affected.scope.module = stream_in(summary);
  if (!affected.scope.module.empty()) return;
  affected.ranges.clear();
  affected.unclear.emplace_back("the stream of its module is not given");
}

AffectedPackage read_affected(const dom::element& object, std::string_view summary, FeedRecord& record) {
  AffectedPackage affected;
  dom::element package;
  if (object["package"].get(package) == simdjson::SUCCESS) {
    affected.ecosystem = text_in(package, "ecosystem");
    affected.name = text_in(package, "name");
  }
  rate(object, affected, record);
  affected.symbols = symbols_of(object);
  if (const auto ecosystem = matched_ecosystem(affected.ecosystem)) {  // others are left to the reader of the result
    affected.ecosystem = ecosystem->name;
    affected.scope.flavour = flavour_word(ecosystem->flavour);
    read_osv_versions(object, *ecosystem, affected, record);
    read_stream(summary, affected);
  }
  return affected;
}

// "" for the zero of Go's clock, which programs write where they know no time: as a date it would make all data stale.
std::string time_in(const dom::element& document, std::string_view key) {
  const std::string_view time = text_in(document, key);
  return std::string(time.starts_with("0001-01-01T") ? std::string_view() : time);
}

// What is no list would read as an empty one.
Result<void> check_lists(const dom::element& document) {
  for (const char* const key : {"affected", "aliases", "related", "severity", "upstream"}) {
    dom::element value;
    if (document[key].get(value) != simdjson::SUCCESS || value.is_array() || value.is_null()) continue;
    return Error{Errc::malformed, std::string(key) + ": want a list"};
  }
  return {};
}

Result<FeedRecord> read_document(const dom::element& document) {
  Advisory advisory;
  advisory.id = text_in(document, "id");
  if (advisory.id.empty()) return Error{Errc::malformed, "an OSV document without id"};
  if (auto checked = check_lists(document); !checked) return std::move(checked).error().within(advisory.id);
  const std::string_view summary = text_in(document, "summary");
  FeedRecord record;
  record.id = advisory.id;
  record.modified = time_in(document, "modified");
  record.regression_update = is_regression_update(summary);
  dom::element withdrawn;
  record.withdrawn = document["withdrawn"].get(withdrawn) == simdjson::SUCCESS && !withdrawn.is_null();
  if (record.withdrawn) record.skipped.emplace_back("withdrawn");

  rate(document, advisory, record);
  read_names(document, advisory);
  advisory.published = time_in(document, "published");
  advisory.summary = first_line(summary);
  advisory.is_malicious = is_malware(document, advisory);
  if (advisory.is_malicious) advisory.severity = Severity::critical;
  dom::array array;
  if (document["affected"].get(array) == simdjson::SUCCESS) {
    for (const dom::element object : array) advisory.affected.push_back(read_affected(object, summary, record));
  }
  record.advisories.push_back(std::move(advisory));
  return record;
}

Result<void> read_json(std::string_view json, const RecordSink& sink) {
  // One parser for each thread keeps its buffers: a feed is hundreds of thousands of small documents.
  thread_local dom::parser parser(kMaxOsvBytes);
  const auto root = parse_dom(parser, json);
  if (!root) return root.error();
  const auto read = [&](const dom::element& document) -> Result<void> {
    if (!document.is_object()) return Error{Errc::malformed, "not an OSV document"};
    auto record = read_document(document);
    if (!record) return record.error();
    sink(std::move(*record));
    return {};
  };
  dom::array documents;
  if (root->get(documents) != simdjson::SUCCESS) return read(*root);
  for (const dom::element document : documents) {
    if (auto done = read(document); !done) return done;
  }
  return {};
}

bool is_json(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != text.npos && (text[first] == '{' || text[first] == '[');
}

}  // namespace

Result<void> parse_osv(std::string_view text, const RecordSink& sink) {
  if (text.empty()) return Error{Errc::truncated, "it is empty; want an OSV document"};
  if (is_json(text)) return read_json(text, sink);
  auto documents = yaml_as_json(text);
  if (!documents) return documents.error();
  for (const std::string& document : *documents) {
    if (auto done = read_json(document, sink); !done) return done;
  }
  return {};
}

}  // namespace initscan

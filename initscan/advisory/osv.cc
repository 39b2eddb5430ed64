#include "initscan/advisory/cvss.h"
#include "initscan/advisory/feed.h"

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

std::string first_line(std::string_view text) {
  return std::string(text.substr(0, std::min(text.find('\n'), kMaxSummaryBytes)));
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

// The CVE that a document is about: its own id, or the one that its alias or upstream names. Where it names
// several they stay aliases of its own id.
std::string vulnerability_id(std::string_view id, const std::vector<std::string>& others) {
  if (id.starts_with("CVE-")) return std::string(id);
  const auto is_cve = [](const std::string& other) { return other.starts_with("CVE-"); };
  if (std::count_if(others.begin(), others.end(), is_cve) != 1) return std::string(id);
  return *std::find_if(others.begin(), others.end(), is_cve);
}

// Events come in the order of versions: each "introduced" opens a stretch that the next event closes.
Result<void> read_events(const dom::array& events, std::vector<VersionRange>& ranges) {
  std::optional<VersionRange> open;
  const auto close = [&] {
    if (open) ranges.push_back(std::move(*open));
    open.reset();
  };
  for (const dom::element event : events) {
    if (const std::string_view introduced = text_of(event, "introduced"); !introduced.empty()) {
      close();
      open = VersionRange{introduced == "0" ? "" : std::string(introduced), "", ""};
    } else if (const std::string_view fixed = text_of(event, "fixed"); !fixed.empty()) {
      if (!open) return Error{Errc::malformed, "an event \"fixed\" without one \"introduced\" before it"};
      open->fixed = fixed;
      close();
    } else if (const std::string_view last = text_of(event, "last_affected"); !last.empty()) {
      if (!open) return Error{Errc::malformed, "an event \"last_affected\" without one \"introduced\" before it"};
      open->last_affected = last;
      close();
    }
  }
  close();
  return {};
}

Result<AffectedPackage> read_affected(const dom::element& object) {
  AffectedPackage affected;
  dom::element package;
  if (object["package"].get(package) != simdjson::SUCCESS) return affected;
  affected.ecosystem = text_of(package, "ecosystem");
  affected.name = text_of(package, "name");
  affected.severity = own_severity(object);

  dom::array ranges;
  if (object["ranges"].get(ranges) == simdjson::SUCCESS) {
    for (const dom::element range : ranges) {
      dom::array events;
      if (text_of(range, "type") != "ECOSYSTEM" || range["events"].get(events) != simdjson::SUCCESS) continue;
      if (auto read = read_events(events, affected.ranges); !read) return read.error();
    }
  }
  // A list beside ranges repeats them, version by version.
  if (affected.ranges.empty()) affected.versions = texts_of(object, "versions");
  return affected;
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

  std::vector<std::string> others = texts_of(document, "aliases");
  for (std::string& upstream : texts_of(document, "upstream")) others.push_back(std::move(upstream));
  Advisory advisory;
  advisory.id = vulnerability_id(id, others);
  others.emplace_back(id);
  for (std::string& other : others) {
    const bool known = other == advisory.id ||
                       std::find(advisory.aliases.begin(), advisory.aliases.end(), other) != advisory.aliases.end();
    if (!known) advisory.aliases.push_back(std::move(other));
  }
  advisory.cvss = score_of(document);
  advisory.severity = own_severity(document);
  if (advisory.severity == Severity::unknown && advisory.cvss >= 0)
    advisory.severity = severity_of_score(advisory.cvss);
  advisory.published = text_of(document, "published");
  advisory.summary = first_line(text_of(document, "summary"));

  dom::array affected;
  if (document["affected"].get(affected) == simdjson::SUCCESS) {
    for (const dom::element object : affected) {
      auto package = read_affected(object);
      if (!package) return std::move(package).error().within(id);
      advisory.affected.push_back(std::move(*package));
    }
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

#include "audit/compare/previous.h"

#include "audit/compare/compare.h"
#include "common/rfc3339.h"

#include <simdjson.h>

namespace initscan::audit {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

Error malformed(std::string text) {
  return Error{Errc::malformed, std::move(text)};
}

// A text that must be there.
Result<std::string> text_of(const object& from, const char* key) {
  std::string_view text;
  if (from[key].get(text) != simdjson::SUCCESS) return malformed(std::string(key) + ": want a text");
  return std::string(text);
}

// A moment, or null, or nothing.
Result<std::optional<Time>> time_of(const object& from, const char* key) {
  element value;
  if (from[key].get(value) != simdjson::SUCCESS || value.is_null()) return std::optional<Time>{};
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return malformed(std::string(key) + ": want a moment");
  auto time = parse_rfc3339(text);
  if (!time) return std::move(time).error().within(key);
  return std::optional<Time>(*time);
}

class Reader {
 public:
  Result<PreviousAudit> read(const object& root) {
    auto schema = text_of(root, "schema");
    if (!schema) return schema.error();
    if (*schema != kReportSchema && *schema != kHistorySchema)
      return malformed("schema: \"" + *schema + "\" is not one of an audit");
    auto made = time_of(root, "made");
    if (!made) return made.error();
    if (!*made) return malformed("made: missing");
    audit_.made = **made;
    if (auto done = each(root, "workloads", &Reader::read_workload, true); !done) return done.error();
    if (auto done = each(root, "notRead", &Reader::read_unread, false); !done) return done.error();
    return std::move(audit_);
  }

 private:
  using Read = Result<void> (Reader::*)(const object&);

  Result<void> each(const object& from, const char* key, Read take, bool required) {
    simdjson::dom::array list;
    const auto error = from[key].get(list);
    if (error == simdjson::NO_SUCH_FIELD && !required) return {};
    if (error != simdjson::SUCCESS) return malformed(std::string(key) + ": want a list");
    std::size_t place = 0;
    for (const element entry : list) {
      object fields;
      const std::string here = std::string(key) + '[' + std::to_string(place++) + ']';
      if (entry.get(fields) != simdjson::SUCCESS) return malformed(here + ": want an object");
      if (auto done = (this->*take)(fields); !done) return std::move(done).error().within(here);
    }
    return {};
  }

  Result<void> read_workload(const object& fields) {
    for (const auto& [key, to] : {std::pair("cluster", &cluster_), std::pair("namespace", &namespace_)}) {
      auto text = text_of(fields, key);
      if (!text) return text.error();
      *to = std::move(*text);
    }
    auto kind = text_of(fields, "kind");
    if (!kind) return kind.error();
    auto name = text_of(fields, "name");
    if (!name) return name.error();
    workload_ = *kind + '/' + *name;
    return each(fields, "results", &Reader::read_result, true);
  }

  Result<void> read_result(const object& fields) {
    auto outcome = text_of(fields, "outcome");
    if (!outcome) return outcome.error();
    if (*outcome != to_string(Outcome::fail) && *outcome != to_string(Outcome::unknown))
      return malformed("outcome: want fail or unknown");
    return add(fields, *outcome == to_string(Outcome::fail));
  }

  // Was failing when it was last read.
  Result<void> read_unread(const object& fields) {
    for (const auto& [key, to] :
         {std::pair("cluster", &cluster_), std::pair("namespace", &namespace_), std::pair("workload", &workload_)}) {
      auto text = text_of(fields, key);
      if (!text) return text.error();
      *to = std::move(*text);
    }
    return add(fields, true);
  }

  Result<void> add(const object& fields, bool failed) {
    auto check = text_of(fields, "check");
    if (!check) return check.error();
    auto container = text_of(fields, "container");
    if (!container) return container.error();
    auto first_seen = time_of(fields, "firstSeen");
    if (!first_seen) return first_seen.error();
    if (audit_.results.size() >= kMaxPreviousResults) return Error{Errc::over_limit, "more than 5,000,000 results"};
    PreviousResult& kept = audit_.results[{cluster_, namespace_, workload_, std::move(*check), std::move(*container)}];
    kept.failed |= failed;
    // One that failed without a date has failed since that audit at least.
    const std::optional<Time> since = *first_seen || !failed ? *first_seen : audit_.made;
    if (since && (!kept.first_seen || *since < *kept.first_seen)) kept.first_seen = since;
    return {};
  }

  PreviousAudit audit_;
  std::string cluster_;
  std::string namespace_;
  std::string workload_;
};

}  // namespace

Result<PreviousAudit> read_previous(const std::string& json) {
  if (json.empty()) return malformed("empty");
  if (json.size() > kMaxPreviousBytes) return Error{Errc::over_limit, "larger than 512 MiB"};
  simdjson::dom::parser parser;
  element document;
  object root;
  if (parser.parse(json).get(document) != simdjson::SUCCESS) return malformed("not JSON, or only a part of it");
  if (document.get(root) != simdjson::SUCCESS) return malformed("want a JSON object");
  return Reader().read(root);
}

}  // namespace initscan::audit

#include "audit/compare/previous.h"

#include "common/json/parse_dom.h"
#include "common/names.h"
#include "common/time/rfc3339.h"

#include <simdjson.h>

namespace initscan::audit {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::string_view kWorkloads = "workloads";
constexpr std::string_view kNotRead = "notRead";

Error malformed(std::string text) {
  return Error{Errc::malformed, std::move(text)};
}

Error no_json() {
  return malformed("not JSON, or only a part of it");
}

// A text that must be there.
Result<std::string_view> text_of(const object& from, const char* key) {
  std::string_view text;
  if (from[key].get(text) != simdjson::SUCCESS) return malformed(std::string(key) + ": want text");
  return text;
}

// A moment, or null, or nothing.
Result<std::optional<Time>> time_of(const object& from, const char* key) {
  element value;
  if (from[key].get(value) != simdjson::SUCCESS || value.is_null()) return std::optional<Time>{};
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return malformed(std::string(key) + ": want a time");
  auto time = parse_rfc3339(text);
  if (!time) return std::move(time).error().within(key);
  return std::optional<Time>(*time);
}

Result<void> texts_of(const object& from, std::initializer_list<std::pair<const char*, std::string_view*>> wanted) {
  for (const auto& [key, to] : wanted) {
    auto text = text_of(from, key);
    if (!text) return text.error();
    *to = *text;
  }
  return {};
}

}  // namespace

struct PreviousReader::Reading {
  explicit Reading(Take taker)
      : take(std::move(taker)),
        splitter([this](const JsonPiece& piece) { take_piece(piece); }, {{kWorkloads, kNotRead}, kMaxPreviousBytes}) {}

  // What is wrong with the document itself says more than what is wrong in one of its lists, which come first.
  void take_piece(const JsonPiece& piece) {
    if (document || (failed && piece.item > 0)) {
      if (document) document = Result<Time>(no_json());  // more than one
      return;
    }
    const auto root = parse_dom(parser, piece.json);
    if (!root) {
      if (piece.item == 0)
        document = Result<Time>(no_json());
      else
        failed = no_json();
      return;
    }
    object fields;
    const bool is_object = root->get(fields) == simdjson::SUCCESS;
    if (piece.item == 0) {
      document = is_object ? read_document(fields) : Result<Time>(malformed("want a JSON object"));
      return;
    }
    const std::string here = std::string(piece.list) + '[' + std::to_string(piece.item - 1) + ']';
    Result<void> read = malformed("want an object");
    if (is_object) read = piece.list == kNotRead ? read_unread(fields) : read_workload(fields);
    if (!read) failed = std::move(read).error().within(here);
  }

  static Result<Time> read_document(const object& root) {
    const auto schema = text_of(root, "schema");
    if (!schema) return schema.error();
    if (*schema != names::kAuditSchema && *schema != names::kHistorySchema)
      return malformed("schema: \"" + std::string(*schema) + "\" is not that of an audit");
    const auto made = time_of(root, "made");
    if (!made) return made.error();
    if (!*made) return malformed("made: missing");
    simdjson::dom::array list;
    if (root[kWorkloads].get(list) != simdjson::SUCCESS) return malformed("workloads: want a list");
    const auto unread = root[kNotRead].get(list);
    if (unread != simdjson::SUCCESS && unread != simdjson::NO_SUCH_FIELD) return malformed("notRead: want a list");
    return **made;
  }

  Result<void> read_workload(const object& fields) {
    PreviousResult result;
    std::string_view kind;
    std::string_view name;
    auto read = texts_of(
        fields, {{"cluster", &result.cluster}, {"namespace", &result.namespace_}, {"kind", &kind}, {"name", &name}});
    if (!read) return read;
    workload.assign(kind).append("/").append(name);
    result.workload = workload;
    simdjson::dom::array list;
    if (fields["results"].get(list) != simdjson::SUCCESS) return malformed("results: want a list");
    std::size_t place = 0;
    for (const element entry : list) {
      object of;
      read = entry.get(of) == simdjson::SUCCESS ? read_result(of, result) : malformed("want an object");
      if (!read) return std::move(read).error().within("results[" + std::to_string(place) + ']');
      ++place;
    }
    return {};
  }

  Result<void> read_result(const object& fields, PreviousResult& result) {
    const auto outcome = text_of(fields, "outcome");
    if (!outcome) return outcome.error();
    if (*outcome != to_string(Outcome::fail) && *outcome != to_string(Outcome::unknown))
      return malformed("outcome: want fail or unknown");
    result.failed = *outcome == to_string(Outcome::fail);
    return add(fields, result);
  }

  // Was failing when it was last read.
  Result<void> read_unread(const object& fields) {
    PreviousResult result;
    auto read = texts_of(
        fields, {{"cluster", &result.cluster}, {"namespace", &result.namespace_}, {"workload", &result.workload}});
    if (!read) return read;
    result.failed = true;
    return add(fields, result);
  }

  Result<void> add(const object& fields, PreviousResult& result) {
    if (auto read = texts_of(fields, {{"check", &result.check}, {"container", &result.container}}); !read) return read;
    auto first_seen = time_of(fields, "firstSeen");
    if (!first_seen) return first_seen.error();
    if (++results > kMaxPreviousResults) return Error{Errc::over_limit, "more than 5,000,000 results"};
    result.first_seen = *first_seen;
    take(result);
    return {};
  }

  const Take take;
  JsonSplitter splitter;
  simdjson::dom::parser parser;
  std::string workload;
  std::size_t bytes = 0;
  std::size_t results = 0;
  std::optional<Result<Time>> document;
  std::optional<Error> failed;
};

PreviousReader::PreviousReader(Take take) : reading_(std::make_unique<Reading>(std::move(take))) {}

PreviousReader::~PreviousReader() = default;

Result<void> PreviousReader::feed(std::string_view bytes) {
  reading_->bytes += bytes.size();
  if (reading_->bytes > kMaxPreviousBytes) return Error{Errc::over_limit, "larger than 512 MiB"};
  if (!reading_->splitter.feed(bytes)) return no_json();
  return {};
}

Result<Time> PreviousReader::finish() {
  if (reading_->bytes == 0) return malformed("empty");
  if (!reading_->splitter.finish() || !reading_->document) return no_json();
  if (!*reading_->document) return *reading_->document;
  if (reading_->failed) return *reading_->failed;
  return *reading_->document;
}

Result<PreviousAudit> read_previous(std::string_view json) {
  PreviousAudit audit;
  PreviousReader reader([&](const PreviousResult& result) {
    audit.failed[{std::string(result.cluster), std::string(result.namespace_), std::string(result.workload),
                  std::string(result.check), std::string(result.container)}] |= result.failed;
  });
  if (auto fed = reader.feed(json); !fed) return fed.error();
  const auto made = reader.finish();
  if (!made) return made.error();
  audit.made = *made;
  return audit;
}

}  // namespace initscan::audit

#include "server/api/audit_body.h"

#include "common/json/element.h"
#include "common/json/writer.h"
#include "common/names.h"
#include "common/time/rfc3339.h"
#include "server/api/json_body.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include <simdjson.h>

namespace initscan::server {
namespace {

namespace dom = simdjson::dom;

// Of a key that is there twice one reader takes the first, and another the last.
Result<void> check_keys(const dom::object& object) {
  std::vector<std::string_view> seen;
  for (const auto field : object) seen.push_back(field.key);
  std::sort(seen.begin(), seen.end());
  const auto twice = std::adjacent_find(seen.begin(), seen.end());
  return twice == seen.end() ? Result<void>() : malformed("the key \"" + std::string(*twice) + "\" twice");
}

Result<void> copy_name(const dom::element& from, const char* key, JsonWriter& json) {
  std::string_view text;
  if (from[key].get(text) != simdjson::SUCCESS) return malformed(std::string(key) + ": want a text");
  if (text.size() > kMaxAuditName) {
    return Error{Errc::over_limit, std::string(key) + ": more than " + std::to_string(kMaxAuditName) + " bytes"};
  }
  json.field(key, text);
  return {};
}

template <class Object>
Result<void> copy_counts(const Object& from, std::initializer_list<const char*> keys, JsonWriter& json) {
  for (const char* const key : keys) {
    std::uint64_t count = 0;
    if (from[key].get(count) != simdjson::SUCCESS) return malformed("summary." + std::string(key) + ": want a count");
    json.field(key, count);
  }
  return {};
}

Result<void> copy_clusters(const dom::element& root, JsonWriter& json) {
  dom::array clusters;
  if (root["clusters"].get(clusters) != simdjson::SUCCESS) return malformed("want a list \"clusters\"");
  if (clusters.size() > kMaxAuditedClusters) {
    return Error{Errc::over_limit, "clusters: more than " + std::to_string(kMaxAuditedClusters)};
  }
  json.key("clusters").begin_array();
  for (const dom::element cluster : clusters) {
    if (!cluster.is_object()) return malformed("clusters: want objects");
    json.begin_object();
    if (auto copied = copy_name(cluster, "name", json); !copied) return std::move(copied).error().within("clusters");
    json.end_object();
  }
  json.end_array();
  return {};
}

Result<void> copy_sums(const dom::element& root, JsonWriter& json) {
  dom::element sums;
  if (root["summary"].get(sums) != simdjson::SUCCESS || !sums.is_object()) {
    return malformed("want an object \"summary\"");
  }
  if (auto copied = copy_counts(sums, {"pods", "containers", "gaps", "unknown", "accepted"}, json); !copied) {
    return copied;
  }
  json.key("workloads").begin_object();
  const auto workloads = sums["workloads"];
  if (auto copied = copy_counts(workloads, {"rotate-now", "make-immutable", "not-started", "unknown", "fine"}, json);
      !copied) {
    return copied;
  }
  json.end_object().key("failures").begin_object();
  const auto failures = sums["failures"];
  if (auto copied = copy_counts(failures, {"critical", "high", "medium", "low"}, json); !copied) return copied;
  json.end_object();
  return {};
}

Result<AuditBody> read(const dom::element& root) {
  AuditBody body;
  const auto made = parse_rfc3339(text_in(root, "made"));
  if (!made) return malformed("made: want a time such as 2026-11-27T00:00:00Z");
  body.made = *made;
  dom::array workloads;
  if (root["workloads"].get(workloads) != simdjson::SUCCESS) return malformed("want a list \"workloads\"");
  bool is_complete = false;
  if (root["complete"].get(is_complete) != simdjson::SUCCESS) return malformed("complete: want true or false");
  JsonWriter json;
  json.begin_object();
  if (auto copied = copy_name(root, "policy", json); !copied) return copied.error();
  json.field("complete", is_complete);
  if (auto copied = copy_clusters(root, json); !copied) return copied.error();
  if (auto copied = copy_sums(root, json); !copied) return copied.error();
  json.end_object();
  body.summary = json.take();
  return body;
}

}  // namespace

Result<AuditBody> parse_audit(std::string_view json) {
  dom::parser parser;
  const auto root = parse_body(parser, json, kMaxAuditNesting, names::kAuditSchema, "the audit");
  if (!root) return root.error();
  if (auto checked = check_keys(root->get_object().value_unsafe()); !checked) return checked.error();
  return read(*root);
}

}  // namespace initscan::server

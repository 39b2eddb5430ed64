#include "audit/report/fingerprint.h"
#include "audit/report/report_files.h"
#include "audit/report/summary.h"
#include "audit/report/words.h"
#include "common/json/writer.h"
#include "common/text/cut.h"
#include "common/text/percent.h"
#include "common/time/rfc3339.h"
#include "common/version.h"

#include <map>

namespace initscan::audit {
namespace {

// What code scanning takes of one run (GitHub: 25,000 results, and it shows the 5,000 most severe), and texts that no
// name or value of a cluster can make endless.
constexpr std::size_t kMaxSarifResults = 25'000;
constexpr std::size_t kMaxSarifText = 1'000;  // bytes of a message, value or reason
constexpr std::size_t kMaxNotifications = 1'000;
constexpr std::size_t kPieceBytes = 64 << 10;  // of what is put out at once

using Places = std::map<std::string_view, std::size_t>;  // id of a check -> its place among the rules

// GitHub sorts security-severity into critical (over 9), high (7), medium (4), low.
std::string_view security_severity(Severity severity) {
  switch (severity) {
    case Severity::critical: return "9.5";
    case Severity::high: return "8.0";
    case Severity::medium: return "5.5";
    case Severity::low: return "3.0";
    case Severity::negligible: return "1.0";
    case Severity::unknown: return "0.0";
  }
  return "0.0";
}

std::string_view level_of(Severity severity) {
  if (severity >= Severity::high) return "error";
  return severity == Severity::medium ? "warning" : "note";
}

void write_text(JsonWriter& json, std::string_view key, std::string_view text) {
  json.key(key).begin_object().field("text", cut(text, kMaxSarifText)).end_object();
}

void write_rule(JsonWriter& json, const Check& check) {
  json.begin_object().field("id", check.id);
  write_text(json, "shortDescription", check.title);
  write_text(json, "fullDescription", check.why);
  write_text(json, "help", check.remedy);
  json.key("defaultConfiguration").begin_object().field("level", level_of(check.severity)).end_object();
  json.key("properties").begin_object().field("security-severity", security_severity(check.severity));
  json.key("tags").begin_array().value("security").value(check.family).end_array();
  json.end_object().end_object();
}

// Percent-encoding of RFC 3986: a cluster's name must not act as a path.
std::string uri_segment(std::string_view text) {
  return percent_encode(text, "-.");
}

// GitHub takes no result without an artifact; the object in its cluster is what the finding is in.
void write_location(JsonWriter& json, const Workload& workload, const KeptResult& result) {
  const std::string cluster = workload.cluster.empty() ? "cluster" : workload.cluster;
  const std::string uri = uri_segment(cluster) + "/namespaces/" + uri_segment(workload.namespace_) + '/' +
                          uri_segment(workload.owner.kind) + '/' + uri_segment(workload.owner.name);
  json.key("locations").begin_array().begin_object();
  json.key("physicalLocation").begin_object().key("artifactLocation").begin_object().field("uri", uri);
  json.field("uriBaseId", "CLUSTERS").end_object().end_object();
  json.key("logicalLocations").begin_array().begin_object();
  json.field("name", result.container.empty() ? std::string_view(workload.owner.name) : result.container.view());
  json.field("fullyQualifiedName",
             place_of(workload) + (result.container.empty() ? std::string() : '/' + std::string(result.container)));
  json.field("kind", "resource").end_object().end_array().end_object().end_array();
}

void write_result(JsonWriter& json, const Workload& workload, const WorkloadResult& found, const Places& places,
                  bool compared) {
  const KeptResult& result = found.result;
  const bool failed = result.outcome == Outcome::fail;
  json.begin_object().field("ruleId", result.check->id).field("ruleIndex", places.at(result.check->id));
  json.field("kind", std::string_view(failed ? "fail" : "open"));
  json.field("level", failed ? level_of(result.check->severity) : "none");
  const std::string_view message = result.message.empty() ? result.check->title : std::string_view(result.message);
  write_text(json, "message", place_of(workload) + ": " + std::string(message));
  write_location(json, workload, result);
  json.key("partialFingerprints").begin_object().field("initscanAudit/v1", fingerprint(workload, found)).end_object();
  if (compared) json.field("baselineState", std::string_view(found.change == Change::appeared ? "new" : "unchanged"));
  if (found.is_accepted()) {
    json.key("suppressions").begin_array().begin_object().field("kind", "external");
    json.field("justification", cut(found.exception, kMaxSarifText)).end_object().end_array();
  }
  json.key("properties").begin_object().field("value", cut(result.value, kMaxSarifText));
  json.field("evidence", cut(result.evidence, kMaxSarifText));
  json.field("pods", found.pods)
      .field("action", to_string(workload.action))
      .field("team", cut(workload.team, kMaxSarifText));
  json.end_object().end_object();
}

// How bad a result is, the worst first: what counts, then what is not known, then what is accepted.
std::size_t rank_of(const WorkloadResult& found) {
  const std::size_t kind = found.is_accepted() ? 2 : found.result.outcome == Outcome::fail ? 0 : 1;
  const auto worst = static_cast<std::size_t>(Severity::critical);
  return kind * (worst + 1) + (worst - static_cast<std::size_t>(found.result.check->severity));
}

constexpr std::size_t kRanks = 3 * (static_cast<std::size_t>(Severity::critical) + 1);

std::size_t count_results(const AuditReport& report) {
  std::size_t all = 0;
  for (const Workload& workload : report.workloads) all += workload.results.size();
  return all;
}

// The worst of all workloads first, each rank in the order of the report.
void put_results(JsonWriter& json, const AuditReport& report, const Places& places, Output& out) {
  std::size_t written = 0;
  for (std::size_t rank = 0; rank < kRanks && written < kMaxSarifResults; ++rank) {
    for (const Workload& workload : report.workloads) {
      for (const WorkloadResult& found : workload.results) {
        if (rank_of(found) != rank || written == kMaxSarifResults) continue;
        ++written;
        write_result(json, workload, found, places, report.compared_with.has_value());
      }
      if (json.text().size() < kPieceBytes) continue;
      out.put(json.text());
      json.forget_text();
    }
  }
}

void write_invocation(JsonWriter& json, const AuditReport& report) {
  json.key("invocations").begin_array().begin_object();
  json.field("executionSuccessful", report.complete).field("endTimeUtc", format_rfc3339(report.made));
  json.key("toolExecutionNotifications").begin_array();
  std::size_t notified = 0;
  const auto notify = [&](std::string_view level, const std::string& text) {
    if (++notified > kMaxNotifications) return;
    json.begin_object().field("level", level);
    write_text(json, "message", text);
    json.end_object();
  };
  if (const std::size_t all = count_results(report); all > kMaxSarifResults) {
    notify("warning", grouped(all - kMaxSarifResults) + " more results, none worse than these, are in audit.json");
  }
  for (const ClusterSummary& cluster : report.clusters) {
    for (const Gap& gap : cluster.gaps) {
      notify("error", (cluster.name.empty() ? "" : cluster.name + ": ") + gap.part + ": " + gap.reason);
    }
  }
  for (const std::string& warning : report.warnings) notify("warning", warning);
  json.end_array().end_object().end_array();
}

}  // namespace

void put_sarif(const AuditReport& report, Output& out) {
  JsonWriter json;
  json.begin_object().field("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
  json.field("version", "2.1.0").key("runs").begin_array().begin_object();
  json.key("tool").begin_object().key("driver").begin_object().field("name", "initscan-audit");
  json.field("version", std::string_view(kVersion)).key("rules").begin_array();
  Places places;
  for (const Check* check : checks_of(report)) {
    places.emplace(check->id, places.size());
    write_rule(json, *check);
  }
  json.end_array().end_object().end_object();
  json.key("originalUriBaseIds").begin_object().key("CLUSTERS").begin_object();
  write_text(json, "description", "Objects in clusters, by cluster, namespace, kind and name; not files");
  json.end_object().end_object();
  write_invocation(json, report);
  json.key("results").begin_array();
  put_results(json, report, places, out);
  json.end_array().end_object().end_array().end_object();
  out.put(json.take() + '\n');
}

}  // namespace initscan::audit

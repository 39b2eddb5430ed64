#include "audit/report/report_files.h"
#include "audit/report/summary.h"
#include "audit/report/words.h"
#include "common/json/writer.h"
#include "common/names.h"
#include "common/time/rfc3339.h"

namespace initscan::audit {
namespace {

void write(JsonWriter& json, std::string_view text) {
  json.value(text);
}

template <class T>
void write(JsonWriter& json, std::string_view key, const std::vector<T>& values);

void write(JsonWriter& json, std::string_view key, const std::optional<Time>& time) {
  json.key(key);
  time ? json.value(format_rfc3339(*time)) : json.null();
}

void write(JsonWriter& json, const Summary& sum) {
  json.begin_object().field("pods", sum.pods).field("containers", sum.containers);
  json.field("skippedPods", sum.skipped_pods).field("endedPods", sum.ended_pods);
  json.field("blockedPods", sum.blocked_pods).field("detours", sum.detours).field("gaps", sum.gaps);
  json.key("workloads").begin_object();
  for (const Action action : kActionsByUrgency) json.field(to_string(action), sum.of(action));
  json.end_object().key("failures").begin_object();
  for (const Severity severity : kSeveritiesByWeight) json.field(to_string(severity), sum.of(severity));
  json.end_object().field("unknown", sum.unknown).field("accepted", sum.accepted);
  json.field("new", sum.appeared).field("passed", sum.passed).end_object();
}

void write(JsonWriter& json, const HeldDetour& held) {
  json.begin_object().field("kind", held.holder.kind).field("namespace", held.holder.namespace_);
  json.field("name", held.holder.name).key("rights").begin_array();
  for (const std::string_view right : held.detour.rights) json.value(right);
  json.end_array().field("in", held.detour.namespace_).field("binding", held.detour.binding).end_object();
}

void write(JsonWriter& json, const ClusterSummary& cluster) {
  json.begin_object().field("name", cluster.name).field("version", cluster.version).field("pods", cluster.pods);
  json.field("containers", cluster.containers).field("skippedPods", cluster.skipped_pods);
  json.field("endedPods", cluster.ended_pods).field("blockedPods", cluster.blocked_pods);
  write(json, "detours", cluster.detours);
  json.field("detoursLeftOut", cluster.detours_left_out);
  json.key("gaps").begin_array();
  for (const Gap& gap : cluster.gaps) {
    json.begin_object().field("part", gap.part).field("reason", gap.reason).end_object();
  }
  json.end_array().end_object();
}

void write(JsonWriter& json, const Exception& exception) {
  json.begin_object().field("check", exception.check).field("namespace", exception.namespace_);
  json.field("workload", exception.workload).field("container", exception.container);
  json.field("reason", exception.reason).field("expires", format_rfc3339(exception.expires));
  json.field("grantedBy", exception.granted_by).end_object();
}

void write(JsonWriter& json, const Check& check) {
  json.begin_object().field("id", check.id).field("title", check.title).field("family", check.family);
  json.field("severity", to_string(check.severity));
  json.key("references").begin_object().field("cisDocker", check.cis_docker);
  json.field("cisKubernetes", check.cis_kubernetes).field("podSecurityStandard", check.pss).field("nsa", check.nsa);
  json.field("kubescape", check.kubescape).field("trivy", check.trivy).end_object();
  json.field("why", check.why).field("remedy", check.remedy).field("unknownWhen", check.unknown_when).end_object();
}

void write(JsonWriter& json, const WorkloadContainer& container) {
  json.begin_object().field("name", container.name).field("kind", to_string(container.kind));
  json.field("image", container.image).field("imageNames", container.image_names);
  write(json, "imageIds", container.image_ids);
  json.field("running", container.running);
  write(json, "oldestStart", container.oldest_start);
  json.field("maxRestarts", container.max_restarts).key("largestWriteLayer").begin_object();
  if (container.largest_write_layer) {
    json.field("bytes", container.largest_write_layer->bytes).field("inodes", container.largest_write_layer->inodes);
  } else {
    json.field("unknown", container.largest_write_layer.why_not);
  }
  json.end_object().field("score", container.score);
  write(json, "reasons", container.reasons);
  json.end_object();
}

void write(JsonWriter& json, const WorkloadResult& found) {
  const KeptResult& result = found.result;
  json.begin_object().field("check", result.check->id).field("outcome", to_string(result.outcome));
  json.field("container", result.container).key("containerKind");
  result.container.empty() ? json.null() : json.value(to_string(result.kind));
  json.field("value", result.value).field("evidence", result.evidence).field("message", result.message);
  json.field("pods", found.pods).field("examplePod", found.example_pod).key("exception");
  found.is_accepted() ? json.value(found.exception) : json.null();
  json.field("change", to_string(found.change));
  write(json, "firstSeen", found.first_seen);
  json.end_object();
}

void write(JsonWriter& json, const Workload& workload) {
  json.begin_object().field("cluster", workload.cluster).field("namespace", workload.namespace_);
  json.field("apiVersion", workload.owner.api_version).field("kind", workload.owner.kind);
  json.field("name", workload.owner.name).field("uid", workload.owner.uid).field("team", workload.team);
  json.field("pods", workload.pods).field("blockedPods", workload.blocked_pods);
  json.field("blockedWhy", workload.blocked_why).field("exposure", to_string(workload.exposure));
  write(json, "services", workload.services);
  write(json, "budgets", workload.budgets);
  json.field("action", to_string(workload.action)).field("mutability", workload.mutability);
  json.key("urgency").number(fixed_text(workload.urgency, 2));
  write(json, "reasons", workload.reasons);
  json.key("containers").begin_array();
  for (const WorkloadContainer& container : workload.containers) write(json, container);
  json.end_array().key("results").begin_array();
  for (const WorkloadResult& result : workload.results) write(json, result);
  json.end_array().field("passed", workload.passed).field("skipped", workload.skipped);
  json.field("patch", workload.patch);
  write(json, "patchNotes", workload.patch_notes);
  json.key("wave");
  workload.wave ? json.value(*workload.wave) : json.null();
  json.field("waveReason", workload.wave_reason).end_object();
}

void write(JsonWriter& json, const RotationWave& wave) {
  json.begin_object().field("number", wave.number).key("workloads").begin_array();
  for (const std::size_t place : wave.workloads) json.value(place);
  json.end_array().end_object();
}

void write(JsonWriter& json, const FixedResult& fixed) {
  json.begin_object().field("cluster", fixed.cluster).field("namespace", fixed.namespace_);
  json.field("workload", fixed.workload).field("check", fixed.check).field("container", fixed.container);
  write(json, "firstSeen", fixed.first_seen);
  json.end_object();
}

template <class T>
void write(JsonWriter& json, std::string_view key, const std::vector<T>& values) {
  json.key(key).begin_array();
  for (const T& value : values) write(json, value);
  json.end_array();
}

// The same, piece by piece.
template <class T>
void put(JsonWriter& json, std::string_view key, const std::vector<T>& values, Output& out) {
  json.key(key).begin_array();
  for (const T& value : values) {
    write(json, value);
    out.put(json.text());
    json.forget_text();
  }
  json.end_array();
}

}  // namespace

void put_json(const AuditReport& report, Output& out) {
  JsonWriter json;
  json.begin_object().field("schema", names::kAuditSchema).field("made", format_rfc3339(report.made));
  write(json, "comparedWith", report.compared_with);
  json.field("policy", report.policy_name).field("complete", report.complete).key("summary");
  write(json, summary_of(report));
  write(json, "warnings", report.warnings);
  write(json, "clusters", report.clusters);
  write(json, "exceptions", report.exceptions);
  json.key("checks").begin_array();
  for (const Check* check : checks_of(report)) write(json, *check);
  json.end_array();
  put(json, "workloads", report.workloads, out);
  write(json, "waves", report.waves);
  put(json, "fixed", report.fixed, out);
  put(json, "gone", report.gone, out);
  put(json, "notRead", report.not_read, out);
  json.end_object();
  out.put(json.take() + '\n');
}

}  // namespace initscan::audit

// Field names: openreports.io/v1alpha1 and wgpolicyk8s.io/v1alpha2 as their CRDs have them.

#include "audit/report/openreports.h"

#include "audit/report/escape.h"
#include "audit/report/fingerprint.h"
#include "audit/report/summary.h"
#include "common/names.h"
#include "common/text/ascii.h"

#include <algorithm>

namespace initscan::audit {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kSource = "initscan-audit";

std::string brief(std::string_view text) {
  std::string shown = visible(text.substr(0, kMaxObjectTextBytes));
  return text.size() > kMaxObjectTextBytes ? shown + "..." : shown;
}

std::string_view severity_word(Severity severity) {
  switch (severity) {
    case Severity::critical: return "critical";
    case Severity::high: return "high";
    case Severity::medium: return "medium";
    case Severity::low: return "low";
    case Severity::negligible:
    case Severity::unknown: return "info";
  }
  return "info";
}

std::string_view result_word(const WorkloadResult& found) {
  if (found.is_accepted()) return "skip";
  return found.result.outcome == Outcome::unknown ? "error" : "fail";
}

Json timestamp(Time time) {
  return {{"seconds", time.time_since_epoch().count()}, {"nanos", 0}};
}

void put(Json& properties, const char* name, std::string_view text) {
  if (!text.empty()) properties[name] = brief(text);
}

// The time is that of the first audit with this result: an object that did not change is not written again.
Json result_of(const WorkloadResult& found, Time made) {
  const KeptResult& result = found.result;
  Json json{{"source", kSource},
            {"policy", kSource},
            {"rule", result.check->id},
            {"category", result.check->family},
            {"severity", severity_word(result.check->severity)},
            {"timestamp", timestamp(found.first_seen.value_or(made))},
            {"result", result_word(found)},
            {"scored", counts(found)},
            {"message", brief(result.message.empty() ? result.check->title : std::string_view(result.message))}};
  Json properties{{"pods", std::to_string(found.pods)}};
  put(properties, "container", result.container);
  put(properties, "value", result.value);
  put(properties, "evidence", result.evidence);
  put(properties, "exception", found.exception);
  put(properties, "remedy", result.check->remedy);
  json["properties"] = std::move(properties);
  return json;
}

// A name that the API server takes (RFC 1123, at most 253 characters), readable as far as the owner's own name is.
std::string object_name(const Owner& owner) {
  constexpr std::size_t kMaxReadable = 200;
  std::string readable;
  for (const char c : owner.kind + '-' + owner.name) {
    if (readable.size() < kMaxReadable) readable += is_alphanumeric(c) ? to_lower(c) : '-';
  }
  return names::kReportObjects + readable + '-' + owner_fingerprint(owner);
}

Json head_of(ReportApi api, bool in_namespace, const std::string& name) {
  const std::string kind = api == ReportApi::openreports ? "Report" : "PolicyReport";
  Json head{{"apiVersion", group_version(api)}, {"kind", in_namespace ? kind : "Cluster" + kind}};
  head["metadata"] = {
      {"name", name},
      {"labels", {{"app.kubernetes.io/managed-by", kSource}, {"app.kubernetes.io/part-of", "initscan"}}}};
  if (api == ReportApi::openreports) {
    head["source"] = kSource;
    head["configuration"] = {{"limits", {{"maxResults", kMaxObjectResults}}}};
  }
  return head;
}

ReportObject object_of(const Workload& workload, Time made, ReportApi api) {
  ReportObject made_object{workload.namespace_, object_name(workload.owner), {}};
  Json object = head_of(api, true, made_object.name);
  object["metadata"]["namespace"] = workload.namespace_;
  const Owner& owner = workload.owner;
  if (!owner.uid.empty() && !owner.api_version.empty()) {
    object["metadata"]["ownerReferences"] = {
        {{"apiVersion", owner.api_version}, {"kind", owner.kind}, {"name", owner.name}, {"uid", owner.uid}}};
  }
  Json scope{{"kind", owner.kind}, {"name", owner.name}, {"namespace", workload.namespace_}};
  if (!owner.api_version.empty()) scope["apiVersion"] = owner.api_version;
  if (!owner.uid.empty()) scope["uid"] = owner.uid;
  object["scope"] = std::move(scope);

  std::size_t fail = 0;
  std::size_t error = 0;
  std::size_t skip = workload.skipped;
  for (const WorkloadResult& found : workload.results) {
    const std::string_view word = result_word(found);
    ++(word == "fail" ? fail : word == "error" ? error : skip);
  }
  object["summary"] = {{"pass", workload.passed}, {"fail", fail}, {"warn", 0}, {"error", error}, {"skip", skip}};
  object["results"] = Json::array();
  const std::size_t shown = std::min(workload.results.size(), kMaxObjectResults);
  for (std::size_t i = 0; i < shown; ++i) object["results"].push_back(result_of(workload.results[i], made));
  if (shown < workload.results.size()) {
    object["metadata"]["annotations"][names::kResultsLeftOut] = std::to_string(workload.results.size() - shown);
  }
  made_object.object = std::move(object);
  return made_object;
}

ReportObject object_of(const ClusterSummary& cluster, Time made, ReportApi api) {
  ReportObject made_object{"", "initscan-audit", head_of(api, false, "initscan-audit")};
  const std::size_t shown = std::min(cluster.gaps.size(), kMaxObjectResults);
  made_object.object["summary"] = {{"pass", 0}, {"fail", 0}, {"warn", 0}, {"error", cluster.gaps.size()}, {"skip", 0}};
  made_object.object["results"] = Json::array();
  for (std::size_t i = 0; i < shown; ++i) {
    made_object.object["results"].push_back({{"source", kSource},
                                             {"policy", kSource},
                                             {"rule", "gap"},
                                             {"category", "coverage"},
                                             {"severity", "medium"},
                                             {"timestamp", timestamp(made)},
                                             {"result", "error"},
                                             {"scored", false},
                                             {"message", brief(cluster.gaps[i].part + ": " + cluster.gaps[i].reason)}});
  }
  return made_object;
}

// Whether owners may be missing from the report because of it.
bool hides_pods(const Gap& gap) {
  return gap.part == "pods" || gap.part == "a pod" || gap.part == "objects" || gap.part.starts_with("pod ");
}

}  // namespace

std::string_view group_version(ReportApi api) {
  return api == ReportApi::openreports ? "openreports.io/v1alpha1" : "wgpolicyk8s.io/v1alpha2";
}

std::string_view plural(ReportApi api, bool in_namespace) {
  if (api == ReportApi::openreports) return in_namespace ? "reports" : "clusterreports";
  return in_namespace ? "policyreports" : "clusterpolicyreports";
}

ReportObjects report_objects(const AuditReport& report, std::string_view cluster, ReportApi api) {
  ReportObjects made;
  std::vector<ReportObject>& objects = made.objects;
  for (const ClusterSummary& summary : report.clusters) {
    if (summary.name != cluster || summary.gaps.empty()) continue;
    objects.push_back(object_of(summary, report.made, api));
    made.complete = std::none_of(summary.gaps.begin(), summary.gaps.end(), hides_pods);
  }
  for (const Workload& workload : report.workloads) {
    if (objects.size() >= kMaxReportObjects) break;
    if (workload.cluster == cluster && !workload.results.empty())
      objects.push_back(object_of(workload, report.made, api));
  }
  return made;
}

}  // namespace initscan::audit

#include "audit/report/escape.h"
#include "audit/report/report_files.h"
#include "audit/report/summary.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace initscan::audit {
namespace {

// Series are what a Prometheus pays for. Names of pods and images are never labels, and of namespaces only so many
// are: those with the most urgent workloads. The underscore keeps the rest apart from real ones.
constexpr std::size_t kMaxNamespaces = 1000;
constexpr std::size_t kMaxExceptions = 1000;  // series of them: those of the policy first, then those of namespaces
constexpr std::string_view kOtherNamespaces = "_other";

prometheus::MetricFamily family(const char* name, const char* help) {
  return {name, help, prometheus::MetricType::Gauge, {}};
}

// A label without a value is no label to Prometheus, so one that is not known is left out.
void add(prometheus::MetricFamily& to, double value,
         std::initializer_list<std::pair<const char*, std::string>> labels) {
  prometheus::ClientMetric metric;
  for (const auto& [name, text] : labels) {
    if (!text.empty()) metric.label.push_back({name, visible(text)});
  }
  metric.gauge.value = value;
  to.metric.push_back(std::move(metric));
}

double seconds(Time time) {
  return static_cast<double>(time.time_since_epoch().count());
}

class Namespaces {
 public:
  std::string of(const Workload& workload) {
    if (known_.contains(workload.namespace_) || known_.size() < kMaxNamespaces) {
      return *known_.insert(workload.namespace_).first;
    }
    return std::string(kOtherNamespaces);
  }

 private:
  std::set<std::string> known_;
};

// By cluster, namespace, and a third word.
using Series = std::map<std::tuple<std::string, std::string, std::string>, double>;

void add(prometheus::MetricFamily& to, const Series& series, const char* third) {
  for (const auto& [key, value] : series) {
    const auto& [cluster, space, word] = key;
    add(to, value, {{"cluster", cluster}, {"namespace", space}, {third, word}});
  }
}

void add_workloads(const AuditReport& report, std::vector<prometheus::MetricFamily>& families) {
  auto containers =
      family("initscan_audit_containers",
             "Containers that fail a check and are not accepted; pods, if a check is about the whole pod.");
  auto unknown = family("initscan_audit_unknown_containers", "Containers, or pods, for which a check has no answer.");
  auto workloads = family("initscan_audit_workloads", "Owners of pods, by what to do with them.");
  auto oldest = family("initscan_audit_oldest_start_timestamp_seconds", "When the longest running container started.");
  Series failing, open, actions, starts;
  Namespaces namespaces;
  for (const Workload& workload : report.workloads) {
    const std::string space = namespaces.of(workload);
    actions[{workload.cluster, space, std::string(to_string(workload.action))}] += 1;
    for (const WorkloadResult& found : workload.results) {
      const std::tuple key{workload.cluster, space, std::string(found.result.check->id)};
      if (counts(found)) failing[key] += static_cast<double>(found.pods);
      if (found.result.outcome == Outcome::unknown && !found.is_accepted())
        open[key] += static_cast<double>(found.pods);
    }
    for (const WorkloadContainer& container : workload.containers) {
      if (!container.oldest_start) continue;
      const double start = seconds(*container.oldest_start);
      const auto [at, added] = starts.try_emplace({workload.cluster, space, ""}, start);
      if (!added) at->second = std::min(at->second, start);
    }
  }
  add(containers, failing, "check");
  add(unknown, open, "check");
  add(workloads, actions, "action");
  add(oldest, starts, "");
  for (auto* made : {&containers, &unknown, &workloads, &oldest}) families.push_back(std::move(*made));
}

void add_clusters(const AuditReport& report, std::vector<prometheus::MetricFamily>& families) {
  auto pods = family("initscan_audit_pods", "Pods that were examined.");
  auto skipped = family("initscan_audit_skipped_pods", "Pods of namespaces that the policy skips.");
  auto ended = family("initscan_audit_ended_pods", "Pods that have ended and are not judged.");
  auto blocked = family("initscan_audit_blocked_pods", "Pods that initscan's gate keeps from starting.");
  auto detours = family("initscan_audit_detours", "Bindings by which someone may get around initscan.");
  auto gaps = family("initscan_audit_gaps", "Parts of the cluster that could not be read.");
  for (const ClusterSummary& cluster : report.clusters) {
    add(pods, static_cast<double>(cluster.pods), {{"cluster", cluster.name}});
    add(skipped, static_cast<double>(cluster.skipped_pods), {{"cluster", cluster.name}});
    add(ended, static_cast<double>(cluster.ended_pods), {{"cluster", cluster.name}});
    add(blocked, static_cast<double>(cluster.blocked_pods), {{"cluster", cluster.name}});
    add(detours, static_cast<double>(cluster.detours.size() + cluster.detours_left_out), {{"cluster", cluster.name}});
    add(gaps, static_cast<double>(cluster.gaps.size()), {{"cluster", cluster.name}});
  }
  for (auto* made : {&pods, &skipped, &ended, &blocked, &detours, &gaps}) families.push_back(std::move(*made));
}

void add_summary(const AuditReport& report, std::vector<prometheus::MetricFamily>& families) {
  const Summary sum = summary_of(report);
  auto failures = family("initscan_audit_failures", "Results that fail and are not accepted, one for all replicas.");
  for (const Severity severity : kSeveritiesByWeight) {
    add(failures, static_cast<double>(sum.of(severity)), {{"severity", std::string(to_string(severity))}});
  }
  auto fresh = family("initscan_audit_new_failures", "Those of them that the previous audit did not have.");
  add(fresh, static_cast<double>(sum.appeared), {});
  auto fixed = family("initscan_audit_fixed", "Failures of the audit before that are repaired.");
  add(fixed, static_cast<double>(report.fixed.size()), {});
  auto gone = family("initscan_audit_gone", "Failures of the audit before whose workload has no pods any more.");
  add(gone, static_cast<double>(report.gone.size()), {});
  auto accepted = family("initscan_audit_accepted", "Results that an exception of the policy accepts.");
  add(accepted, static_cast<double>(sum.accepted), {});
  for (auto* made : {&failures, &fresh, &fixed, &gone, &accepted}) families.push_back(std::move(*made));
}

// Of several exceptions for the same the first to end.
void add_exceptions(const AuditReport& report, std::vector<prometheus::MetricFamily>& families) {
  auto expiry = family("initscan_audit_exception_expiry_timestamp_seconds", "When an exception of the policy ends.");
  std::map<std::pair<std::string, std::string>, Time> ends;
  for (const Exception& exception : report.exceptions) {
    if (ends.size() >= kMaxExceptions && !ends.contains({exception.namespace_, exception.check})) continue;
    const auto [at, added] = ends.try_emplace({exception.namespace_, exception.check}, exception.expires);
    if (!added) at->second = std::min(at->second, exception.expires);
  }
  for (const auto& [key, end] : ends) add(expiry, seconds(end), {{"namespace", key.first}, {"check", key.second}});
  families.push_back(std::move(expiry));
}

}  // namespace

std::string metrics_report(const AuditReport& report) {
  std::vector<prometheus::MetricFamily> families;
  auto success = family("initscan_audit_last_success_timestamp_seconds", "When an audit last finished.");
  add(success, seconds(report.made), {});
  auto complete = family("initscan_audit_complete", "1 if everything could be read and decided, else 0.");
  add(complete, report.complete ? 1 : 0, {});
  families.push_back(std::move(success));
  families.push_back(std::move(complete));
  add_clusters(report, families);
  add_summary(report, families);
  add_workloads(report, families);
  add_exceptions(report, families);
  std::erase_if(families, [](const prometheus::MetricFamily& made) { return made.metric.empty(); });
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace initscan::audit

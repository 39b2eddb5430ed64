#include "audit/compare/compare.h"

#include "audit/compare/previous.h"
#include "audit/judge/glob.h"
#include "common/json_writer.h"
#include "common/rfc3339.h"

#include <algorithm>
#include <set>
#include <string_view>

namespace initscan::audit {
namespace {

ResultKey key_of(const Workload& workload, const CheckResult& result) {
  return {workload.cluster, workload.namespace_, workload.name(), std::string(result.check->id), result.container};
}

// Whether what is absent now is absent from the cluster, too: only then it is fixed.
class Reading {
 public:
  Reading(const AuditReport& report, const AuditPolicy& policy) : policy_(policy) {
    for (const ClusterSummary& cluster : report.clusters) {
      const bool has_gap = std::any_of(cluster.gaps.begin(), cluster.gaps.end(), hides_pods);
      if (!has_gap) read_.insert(cluster.name);
    }
  }

  bool covers(const ResultKey& key) const {
    const auto& [cluster, space, workload, check, container] = key;
    const auto is_skipped = [&](const std::string& pattern) { return matches_glob(pattern, space); };
    return read_.count(cluster) > 0 &&
           std::none_of(policy_.skip_namespaces.begin(), policy_.skip_namespaces.end(), is_skipped) &&
           std::find(policy_.disabled_checks.begin(), policy_.disabled_checks.end(), check) ==
               policy_.disabled_checks.end();
  }

 private:
  const AuditPolicy& policy_;
  std::set<std::string, std::less<>> read_;
};

void mark(WorkloadResult& found, const PreviousResult* before, Time now) {
  found.change = before ? Change::still : Change::appeared;
  found.first_seen = before ? before->first_seen : std::nullopt;
  if (found.result.outcome == Outcome::fail && !found.first_seen) {
    // Not known to fail before: what nobody could answer is no failure.
    found.change = Change::appeared;
    found.first_seen = now;
  }
}

FixedResult listed(const ResultKey& key, const PreviousResult& before) {
  const auto& [cluster, space, workload, check, container] = key;
  return {cluster, space, workload, check, container, before.first_seen};
}

void write_time(JsonWriter& json, const std::optional<Time>& time) {
  json.key("firstSeen");
  time ? json.value(format_rfc3339(*time)) : json.null();
}

}  // namespace

bool hides_pods(const Gap& gap) {
  const std::string_view part = gap.part;
  return part == "pods" || part.starts_with("pods ") || part.starts_with("pod ") || part == "replicasets" ||
         part == "jobs";
}

Result<void> compare_with(AuditReport& report, const std::string& previous_json, const AuditPolicy& policy) {
  auto previous = read_previous(previous_json);
  if (!previous) return previous.error();
  report.compared_with = previous->made;
  report.fixed.clear();
  report.not_read.clear();

  std::set<ResultKey> present;
  for (Workload& workload : report.workloads) {
    for (WorkloadResult& found : workload.results) {
      ResultKey key = key_of(workload, found.result);
      const auto before = previous->results.find(key);
      mark(found, before == previous->results.end() ? nullptr : &before->second, report.made);
      present.insert(std::move(key));
    }
  }
  const Reading reading(report, policy);
  for (const auto& [key, before] : previous->results) {
    // What was never known to fail cannot be fixed.
    if (present.count(key) || !before.first_seen) continue;
    (reading.covers(key) ? report.fixed : report.not_read).push_back(listed(key, before));
  }
  if (previous->made > report.made) {
    report.warnings.push_back("the last audit says that it was made at " + format_rfc3339(previous->made) +
                              ", after this one: look at the clocks");
  }
  return {};
}

std::string history_record(const AuditReport& report) {
  JsonWriter json;
  json.begin_object().field("schema", kHistorySchema).field("made", format_rfc3339(report.made));
  json.key("workloads").begin_array();
  for (const Workload& workload : report.workloads) {
    if (workload.results.empty()) continue;
    json.begin_object().field("cluster", workload.cluster).field("namespace", workload.namespace_);
    json.field("kind", workload.owner.kind).field("name", workload.owner.name).key("results").begin_array();
    for (const WorkloadResult& found : workload.results) {
      json.begin_object().field("check", found.result.check->id).field("outcome", to_string(found.result.outcome));
      json.field("container", found.result.container);
      write_time(json, found.first_seen);
      json.end_object();
    }
    json.end_array().end_object();
  }
  json.end_array().key("notRead").begin_array();
  for (const FixedResult& unread : report.not_read) {
    json.begin_object().field("cluster", unread.cluster).field("namespace", unread.namespace_);
    json.field("workload", unread.workload).field("check", unread.check).field("container", unread.container);
    write_time(json, unread.first_seen);
    json.end_object();
  }
  json.end_array().end_object();
  return json.take() + '\n';
}

}  // namespace initscan::audit

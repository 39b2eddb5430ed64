#include "audit/compare/compare.h"

#include "audit/compare/previous.h"
#include "audit/judge/glob.h"
#include "audit/judge/text_pool.h"
#include "common/json/writer.h"
#include "common/names.h"
#include "common/time/rfc3339.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace initscan::audit {
namespace {

// Of an absent result: cluster, namespace, workload, check, container.
auto key_of(const FixedResult& result) {
  return std::tie(result.cluster, result.namespace_, result.workload, result.check, result.container);
}

// Whether what is absent now is absent from the cluster, too: only then it can be fixed.
class Reading {
 public:
  Reading(const AuditReport& report, const AuditPolicy& policy) : policy_(policy) {
    for (const ClusterSummary& cluster : report.clusters) {
      const bool has_gap = std::any_of(cluster.gaps.begin(), cluster.gaps.end(), hides_pods);
      if (!has_gap) read_.insert(cluster.name);
    }
  }

  bool covers(const FixedResult& result) const {
    const auto is_skipped = [&](const std::string& pattern) { return matches_glob(pattern, result.namespace_); };
    return read_.count(result.cluster.view()) > 0 &&
           std::none_of(policy_.skip_namespaces.begin(), policy_.skip_namespaces.end(), is_skipped) &&
           std::find(policy_.disabled_checks.begin(), policy_.disabled_checks.end(), result.check.view()) ==
               policy_.disabled_checks.end();
  }

 private:
  const AuditPolicy& policy_;
  std::set<std::string, std::less<>> read_;
};

void keep_earliest(std::optional<Time>& kept, Time time) {
  if (!kept || time < *kept) kept = time;
}

// Takes the results of the earlier audit one by one. What the report has, too, is marked there; the others are kept.
class Comparison {
 public:
  explicit Comparison(AuditReport& report) : report_(report) {
    for (Workload& workload : report.workloads) {
      workloads_[{workload.cluster, workload.namespace_, workload.name()}].push_back(&workload);
      for (WorkloadResult& found : workload.results) found.change = Change::appeared;
    }
  }

  void take(const PreviousResult& before) {
    bool is_present = false;
    for (WorkloadResult* const found : same_as(before)) {
      is_present = true;
      found->change = Change::still;
      if (before.first_seen) {
        keep_earliest(found->first_seen, *before.first_seen);
      } else if (before.failed) {
        undated_.push_back(found);
      }
    }
    // What was never known to fail cannot be fixed.
    if (is_present || (!before.failed && !before.first_seen)) return;
    if (!before.first_seen) undated_absent_.push_back(absent_.size());
    absent_.push_back({texts_.keep(before.cluster), texts_.keep(before.namespace_), texts_.keep(before.workload),
                       texts_.keep(before.check), texts_.keep(before.container), before.first_seen});
  }

  void finish(Time made, const AuditPolicy& policy) {
    report_.compared_with = made;
    for (WorkloadResult* const found : undated_) keep_earliest(found->first_seen, made);
    for (const std::size_t place : undated_absent_) absent_[place].first_seen = made;
    for (Workload& workload : report_.workloads) {
      for (WorkloadResult& found : workload.results) {
        if (found.result.outcome != Outcome::fail || found.first_seen) continue;
        // Not known to have failed before: what had no answer is not a failure.
        found.change = Change::appeared;
        found.first_seen = report_.made;
      }
    }
    list_absent(policy);
  }

  void undo() {
    for (Workload& workload : report_.workloads) {
      for (WorkloadResult& found : workload.results) {
        found.change = Change::still;
        found.first_seen.reset();
      }
    }
  }

 private:
  using Place = std::tuple<std::string, std::string, std::string>;  // cluster, namespace, workload
  using Question = std::pair<std::string_view, std::string_view>;   // check, container

  // The results of the report that answer the question; an earlier audit has those of one workload together.
  std::vector<WorkloadResult*> same_as(const PreviousResult& before) {
    const Place place{before.cluster, before.namespace_, before.workload};
    if (place != place_) {
      place_ = place;
      answers_.clear();
      const auto workloads = workloads_.find(place);
      if (workloads != workloads_.end()) {
        for (Workload* const workload : workloads->second) {
          for (WorkloadResult& found : workload->results) {
            answers_.emplace(Question{found.result.check->id, found.result.container}, &found);
          }
        }
      }
    }
    std::vector<WorkloadResult*> same;
    const auto [first, last] = answers_.equal_range(Question{before.check, before.container});
    for (auto answer = first; answer != last; ++answer) same.push_back(answer->second);
    return same;
  }

  // By key, each once, with the first time that it was seen.
  void list_absent(const AuditPolicy& policy) {
    std::sort(absent_.begin(), absent_.end(), [](const FixedResult& a, const FixedResult& b) {
      const auto key_a = key_of(a);
      const auto key_b = key_of(b);
      return key_a != key_b ? key_a < key_b : a.first_seen < b.first_seen;
    });
    const Reading reading(report_, policy);
    const FixedResult* last = nullptr;
    for (FixedResult& result : absent_) {
      if (last != nullptr && key_of(*last) == key_of(result)) continue;
      std::vector<FixedResult>& list = list_for(result, reading);
      list.push_back(std::move(result));
      last = &list.back();
    }
  }

  // A workload without pods comes back as it was: what failed there is not repaired.
  std::vector<FixedResult>& list_for(const FixedResult& result, const Reading& reading) {
    if (!reading.covers(result)) return report_.not_read;
    const auto text = [](const Text& kept) { return std::string(kept.view()); };
    const bool has_pods = workloads_.contains({text(result.cluster), text(result.namespace_), text(result.workload)});
    return has_pods ? report_.fixed : report_.gone;
  }

  AuditReport& report_;
  std::map<Place, std::vector<Workload*>> workloads_;
  Place place_;
  std::multimap<Question, WorkloadResult*> answers_;  // of place_
  std::vector<WorkloadResult*> undated_;              // that failed in the earlier audit, which does not say since when
  std::vector<FixedResult> absent_;
  std::vector<std::size_t> undated_absent_;
  TextPool texts_;
};

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

Result<void> compare_with(AuditReport& report, const EarlierAudit& earlier, const AuditPolicy& policy) {
  Comparison comparison(report);
  PreviousReader reader([&](const PreviousResult& before) { comparison.take(before); });
  const auto read = earlier([&](std::string_view bytes) { return reader.feed(bytes); });
  const Result<Time> made = read ? reader.finish() : Result<Time>(read.error());
  if (!made) {
    comparison.undo();
    return made.error();
  }
  comparison.finish(*made, policy);
  if (*made > report.made) {
    report.warnings.push_back("the previous audit says that it was made at " + format_rfc3339(*made) +
                              ", after this one: check the clocks");
  }
  return {};
}

void history_record(const AuditReport& report, const std::function<void(std::string_view)>& put) {
  JsonWriter json;
  json.begin_object().field("schema", names::kHistorySchema).field("made", format_rfc3339(report.made));
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
    put(json.text());
    json.forget_text();
  }
  json.end_array().key("notRead").begin_array();
  for (const FixedResult& unread : report.not_read) {
    json.begin_object().field("cluster", unread.cluster).field("namespace", unread.namespace_);
    json.field("workload", unread.workload).field("check", unread.check).field("container", unread.container);
    write_time(json, unread.first_seen);
    json.end_object();
  }
  json.end_array().end_object();
  put(json.take() + '\n');
}

}  // namespace initscan::audit

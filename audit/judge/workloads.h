#pragma once

#include "audit/check/evaluate.h"
#include "audit/harden/observed_writes.h"
#include "audit/judge/granted.h"
#include "audit/model/report.h"

#include <memory>
#include <vector>

namespace initscan::audit {

/// Who a pod belongs to in the end: through ReplicaSet and Job to what controls them. Where that could not be read,
/// the nearest owner that is known.
Owner owner_of(const Pod& pod, const ClusterFacts& cluster);

// Rolls the pods of one cluster up to their owners as they pass by; keeps no pod. Memory grows with the number of
// owners and of their distinct results, not with the number of pods: some 4 KiB for an owner of two containers.
class Workloads {
 public:
  /// What `context`, `observed` (nullptr: nothing was observed) and `granted` (nullptr: nothing was) point to outlives
  /// this.
  explicit Workloads(const CheckContext& context, const ObservedWrites* observed = nullptr,
                     GrantedExceptions* granted = nullptr);
  ~Workloads();

  void add(const Pod& pod, const std::vector<CheckResult>& results);

  /// Judges what has been added: scores, actions, patches, exceptions. By namespace, kind, name. Ends the object's use.
  std::vector<Workload> finish();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// The order of a report: most urgent first, then by cluster, namespace, kind, name.
void sort_by_urgency(std::vector<Workload>& workloads);

}  // namespace initscan::audit

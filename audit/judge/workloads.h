#pragma once

#include "audit/check/evaluate.h"
#include "audit/model/report.h"

#include <memory>
#include <vector>

namespace initscan::audit {

/// Who a pod belongs to in the end: through ReplicaSet and Job to what controls them. Where that could not be read,
/// the nearest owner that is known.
Owner owner_of(const Pod& pod, const ClusterFacts& cluster);

// Rolls the pods of one cluster up to their owners as they pass by; keeps no pod. Memory grows with the number of
// owners and of their distinct results, not with the number of pods.
class Workloads {
 public:
  explicit Workloads(const CheckContext& context);
  ~Workloads();

  void add(const Pod& pod, std::vector<CheckResult> results);

  /// Judges what has been added: scores, actions, patches, exceptions. Ends the object's use.
  std::vector<Workload> finish();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace initscan::audit

#pragma once

#include "audit/model/cluster.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace initscan::audit {

/// Whether labels meet every requirement of a selector; one with an unknown operator is never met.
bool selects(const LabelSelector& selector, const StringMap& labels);

// What is between others and a pod.
struct Selecting {
  Exposure exposure = Exposure::none;
  std::vector<std::string> services;  // names, sorted
  std::vector<std::string> budgets;
};

// Finds the Services and PodDisruptionBudgets that select a pod. Services are looked up by one of their labels, so
// that thousands of them in a namespace do not meet each of its pods.
class Selectors {
 public:
  /// `cluster` outlives this.
  explicit Selectors(const ClusterFacts& cluster);
  ~Selectors();

  Selecting of(const Pod& pod) const;

 private:
  struct Index;
  std::unique_ptr<Index> index_;
};

}  // namespace initscan::audit

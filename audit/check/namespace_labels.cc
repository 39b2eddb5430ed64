#include "audit/check/namespace_labels.h"

namespace initscan::audit {

Known<const StringMap*> namespace_labels(const Pod& pod, const ClusterFacts& cluster) {
  if (!cluster.namespaces) return {std::nullopt, cluster.namespaces.why_not};
  const auto found = cluster.namespaces->find(pod.namespace_);
  if (found == cluster.namespaces->end()) {
    return {std::nullopt, "namespace " + pod.namespace_ + " is not among those that were read"};
  }
  return {&found->second.labels, {}};
}

}  // namespace initscan::audit

#pragma once

#include "audit/model/cluster.h"
#include "audit/model/pod.h"

namespace initscan::audit {

/// The labels of a pod's namespace; the reason where they could not be read, or the namespace is not there, as when
/// it was deleted while the audit ran.
Known<const StringMap*> namespace_labels(const Pod& pod, const ClusterFacts& cluster);

}  // namespace initscan::audit

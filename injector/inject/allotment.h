#pragma once

#include "injector/pod/pod.h"

#include <optional>

namespace initscan::injector {

// What one of our containers asks for.
struct Allotment {
  std::int64_t cpu_request = 0;
  std::int64_t cpu_limit = 0;
  std::int64_t memory_request = 0;
  std::int64_t memory_limit = 0;
};

/// Stays inside what the pod asks for without us, so that it is scheduled, counted against quotas and given a
/// QoS class as before: the scheduler takes the larger of the largest init container and the sum of the
/// others, and what is free up to there we ask for. It also stays inside what each of the pod's containers keeps to,
/// and so inside each LimitRange that admits them: minimum, maximum, and limit by request. A Guaranteed pod stays
/// Guaranteed. Only the memory limit has a floor, below which a scan would be killed: a LimitRange whose maximum is
/// lower refuses the pod. All in thousandths. nullopt for a pod whose class is BestEffort: none of its containers asks
/// for cpu or memory, and one that did would make it Burstable, out of the quotas and off the nodes that are for such
/// pods. A quota that refuses containers that say nothing refuses this pod with or without us; a LimitRange has filled
/// in its defaults before we are asked.
std::optional<Allotment> allotment_of(const Pod& pod);

}  // namespace initscan::injector

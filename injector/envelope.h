#pragma once

#include "injector/pod.h"

namespace initscan {

// What one of our containers asks for.
struct Allotment {
  std::int64_t cpu_request = 0;
  std::int64_t cpu_limit = 0;
  std::int64_t memory_request = 0;
  std::int64_t memory_limit = 0;
};

/// Stays inside what the pod asks for without us, so that it is scheduled, counted against quotas and given a
/// QoS class as before: the scheduler takes the larger of the largest init container and the sum of the
/// others. A Guaranteed pod stays Guaranteed. Only the memory limit has a floor, below which a scan would be
/// killed. All in thousandths; always said, because quotas refuse containers that say nothing.
Allotment allotment_of(const Pod& pod);

}  // namespace initscan

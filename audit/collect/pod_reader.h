#pragma once

#include "audit/model/pod.h"
#include "common/result.h"

#include <cstddef>

#include <simdjson.h>

namespace initscan::audit {

inline constexpr std::size_t kMaxPodContainers = 1'000;    // of each of the three lists
inline constexpr std::size_t kMaxPodVolumes = 4'000;       // and mounts of a container
inline constexpr std::size_t kMaxPodEnvironment = 20'000;  // variables of a container

/// Reads one Pod object as the API server gives it. null is as good as absent; a value of another type than the API
/// has is an error, because what cannot be read must not pass for fine.
/// Errors: malformed - by the field's place: "spec.containers[1].securityContext.privileged: want true or false";
///         over_limit.
Result<Pod> read_pod(const simdjson::dom::element& object);

}  // namespace initscan::audit

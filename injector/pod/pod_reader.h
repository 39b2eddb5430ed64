#pragma once

#include "common/result.h"
#include "injector/pod/pod.h"

#include <simdjson.h>

namespace initscan::injector {

inline constexpr std::size_t kMaxJsonDepth = 128;

/// Reads a pod or a pod template. `pod` is attacker-controlled.
/// Errors: malformed - a field that is needed has another type; over_limit - kMaxContainers.
Result<Pod> read_pod(const simdjson::dom::element& pod);

/// The same from text.
Result<Pod> read_pod(std::string_view json);

}  // namespace initscan::injector

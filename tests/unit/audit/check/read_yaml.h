#pragma once

#include "audit/model/pod.h"
#include "common/result.h"

#include <string_view>

namespace initscan::audit {

/// A pod's manifest, read as the audit reads it from files.
Result<Pod> read_pod_yaml(std::string_view yaml);

}  // namespace initscan::audit

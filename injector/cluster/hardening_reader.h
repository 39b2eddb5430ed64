#pragma once

#include "common/result.h"
#include "injector/inject/hardening.h"

#include <nlohmann/json_fwd.hpp>

namespace initscan::injector {

/// Reads the section `hardening` of a ClusterScanPolicy, whose keys are those of a pod's securityContext; null is
/// none. Strict. Errors: malformed, with the key; over_limit - kMaxWritablePaths.
Result<Hardening> read_hardening(const nlohmann::json& section);

}  // namespace initscan::injector

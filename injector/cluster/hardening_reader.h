#pragma once

#include "common/config/node.h"
#include "common/result.h"
#include "injector/inject/hardening.h"

namespace initscan::injector {

/// Reads the section `hardening` of a ClusterScanPolicy, whose keys are those of a pod's securityContext; null
/// is none. Strict. Errors: malformed, with place and key; over_limit - kMaxWritablePaths.
Result<Hardening> read_hardening(const ConfigNode& section);

}  // namespace initscan::injector

#pragma once

#include "common/result.h"
#include "injector/doctor/deployed.h"
#include "injector/doctor/found.h"

namespace initscan::injector {

/// Whether collectors are kept out of images, by the injector (`said`, if there is a Deployment) and by the final-state
/// policy's parameters (if there are any), and whether the cluster can do without them.
CheckItem judge_volumes_only(const Found& deployment, const DeployedArguments& said, const Found& parameters,
                             const Result<Mode>& best);

}  // namespace initscan::injector

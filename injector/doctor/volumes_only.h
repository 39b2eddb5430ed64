#pragma once

#include "common/result.h"
#include "injector/doctor/deployed.h"
#include "injector/doctor/found.h"

namespace initscan {

/// Whether collectors are kept out of images, by the injector (`said`, where there is a Deployment) and by what the
/// final-state policy is compared with (where there is one), and whether the cluster can do without them.
CheckItem judge_volumes_only(const Found& deployment, const DeployedArguments& said, const Found& parameters,
                             const Result<Mode>& best);

}  // namespace initscan

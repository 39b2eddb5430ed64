#pragma once

#include "common/result.h"
#include "injector/doctor/found.h"
#include "injector/inject/config.h"

namespace initscan::injector {

/// Whether the API server is new enough, and which mode follows from its version, its nodes and the injector's
/// arguments. `version` is what /version says.
CheckItem judge_version(const nlohmann::json& version, const Result<Mode>& best, ModeWish wish);

}  // namespace initscan::injector

#pragma once

#include "common/result.h"
#include "injector/doctor/found.h"
#include "injector/inject/config.h"

namespace initscan {

/// Whether the API server is new enough, and what mode its version and nodes make of what the injector was told.
/// `version` is what /version says.
CheckItem judge_version(const nlohmann::json& version, const Result<Mode>& best, ModeWish wish);

}  // namespace initscan

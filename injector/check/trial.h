#pragma once

#include "injector/check/found.h"

#include <string>

namespace initscan {

/// A pod to be created with dryRun=All: small, and within Pod Security's "restricted". `image` is one that the
/// cluster's other rules are likely to take.
nlohmann::json trial_pod(const std::string& image);

/// What came back: `status` and `answer` of the API server. `parameters` is the FinalState that the final-state
/// policy reads.
CheckItem judge_trial(const std::string& space, unsigned status, const nlohmann::json& answer, const Found& parameters);

}  // namespace initscan

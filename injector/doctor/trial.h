#pragma once

#include "injector/doctor/found.h"
#include "injector/inject/config.h"

#include <string>

namespace initscan::injector {

/// The image to try: what `parameters` of the final-state policy say that pods get, or any where they do not say it.
std::string trial_image(const Found& parameters);

/// A pod to be created with dryRun=All: small, and within Pod Security's "restricted". `image` is one that the
/// cluster's other rules are likely to take.
nlohmann::json trial_pod(const std::string& image);

/// What came back: `status` and `answer` of the API server. `parameters` is what the final-state policy compares with,
/// `config` what the injector uses for the namespace. `has_injector`: what comes back is also as this version makes it;
/// a policy in its place names the same in another order.
CheckItem judge_trial(const std::string& namespace_name, unsigned status, const nlohmann::json& answer,
                      const Found& parameters, const InjectorConfig& config, bool has_injector);

}  // namespace initscan::injector

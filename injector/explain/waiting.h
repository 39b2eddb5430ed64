#pragma once

#include "injector/cluster/gate_outcome.h"

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace initscan::injector {

/// What to do where one of our containers waits; "" where its own words say all that is known.
std::string advice_on(const Wait& wait);

/// Why no node has taken a pod yet, as the scheduler says it; "" where one has.
std::string unscheduled(const nlohmann::json& pod);

}  // namespace initscan::injector

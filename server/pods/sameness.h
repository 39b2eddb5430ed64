#pragma once

#include "server/pods/own_gate.h"
#include "server/pods/pod_state.h"

#include <nlohmann/json_fwd.hpp>

namespace initscan::server {

/// Whether the containers of a pod that run are what its gate scanned: by the id of the image that the collector ran
/// in, or that the node says it mounted, beside the id of what runs. `other` where one of them runs what nobody
/// scanned; `unknown` where one of them is not told of, or in another form: the id of a manifest is none of a
/// configuration.
Sameness sameness_of(const nlohmann::json& pod, const OwnGate& gate);

}  // namespace initscan::server

#pragma once

#include "common/config/node.h"

#include <nlohmann/json_fwd.hpp>
#include <simdjson.h>

namespace initscan {

/// An object of the API server as a tree, made by whichever library has parsed it. Its places are paths. The API server
/// gives no key twice; nlohmann's tree could not tell.
/// Errors: over_limit - kMaxConfigNodes, kMaxConfigDepth.
Result<ConfigNode> config_from_json(const nlohmann::json& object);
Result<ConfigNode> config_from_json(const simdjson::dom::element& object);

}  // namespace initscan

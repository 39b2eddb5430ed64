#pragma once

#include "common/config/node.h"

#include <string_view>
#include <vector>

namespace initscan {

/// The documents of a text in YAML; JSON is YAML, too.
///
/// Kinds:  a plain scalar is null, a boolean (true, false), a number, or else text; one that is quoted or tagged is
/// text. Merged: "<<" brings the keys that a mapping does not give itself. Limits: `most_bytes`; kMaxConfigNodes and
/// kMaxConfigDepth of each document. Errors: malformed, with the place; over_limit.
Result<std::vector<ConfigNode>> config_documents(std::string_view text, std::size_t most_bytes);

/// The one document of a text. `what` names what is missing, or there twice.
Result<ConfigNode> config_from_yaml(std::string_view text, std::string_view what, std::size_t most_bytes);

}  // namespace initscan

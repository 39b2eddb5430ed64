#pragma once

#include "common/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

inline constexpr std::size_t kMaxFeedYamlDepth = 64;

/// The documents of a YAML text as JSON, for feeds whose records are written as either: every scalar but null becomes
/// text, so that a version 1.10 stays one. One pass, no tree.
/// Errors, with the line: malformed - also for anchors and aliases, which no feed has and which grow without end, and
/// for keys that are no plain text; over_limit - more than kMaxFeedYamlDepth levels.
Result<std::vector<std::string>> yaml_as_json(std::string_view yaml);

}  // namespace initscan

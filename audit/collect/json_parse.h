#pragma once

#include "common/result.h"

#include <cstddef>
#include <string_view>

#include <simdjson.h>

namespace initscan::audit {

inline constexpr std::size_t kMaxObjectDepth = 128;

/// Parses one JSON value; it lives in `parser` until its next use. Errors: malformed.
Result<simdjson::dom::element> parse_json(std::string_view json, simdjson::dom::parser& parser);

}  // namespace initscan::audit

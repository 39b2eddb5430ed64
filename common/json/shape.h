#pragma once

#include "common/result.h"

#include <cstddef>
#include <limits>
#include <string_view>

namespace initscan {

// Deeper than any object of an API server, and far from where a walk over it would run out of stack.
inline constexpr std::size_t kMaxJsonNesting = 200;

// How large a tree JSON may become, whatever its bytes: an empty object is three bytes of text and a hundred of memory.
struct JsonLimits {
  std::size_t nesting = kMaxJsonNesting;
  std::size_t values = std::numeric_limits<std::size_t>::max();  // objects and arrays, and the commas inside them
};

/// The end of a string whose first byte after its quotation mark is at `start`: the position after the closing mark.
std::size_t end_of_json_string(std::string_view json, std::size_t start);

/// Looks at brackets and strings alone; `json` need not be valid. Takes no memory.
/// Errors: over_limit - named by the limit.
Result<void> check_json_shape(std::string_view json, const JsonLimits& limits = {});

}  // namespace initscan

#pragma once

#include "common/result.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace initscan::audit {

/// Compresses (zlib's format, RFC 1950, which ends in a check sum).
std::string deflate(std::string_view bytes);

/// Errors: malformed - damaged; over_limit - it would be larger than `most`.
Result<std::string> inflate(std::string_view bytes, std::size_t most);

}  // namespace initscan::audit

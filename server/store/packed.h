#pragma once

#include "common/result.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace initscan::server {

/// Compressed as it is kept in the store: one frame of Zstandard with its length and a checksum. Errors: failed.
Result<std::string> pack(std::string_view bytes);

/// The same back. Errors: malformed - damaged; over_limit - more than `max_bytes`.
Result<std::string> unpack(std::string_view packed, std::size_t max_bytes);

}  // namespace initscan::server

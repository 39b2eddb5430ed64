#pragma once

#include "common/result.h"

#include <chrono>
#include <string>
#include <string_view>

namespace initscan {

/// Reads a moment in UTC to the second: "2026-12-31T00:00:00Z" (RFC 3339, section 5.6, with the offset Z;
/// a fraction of a second is read and dropped). Other offsets and dates without a time are refused, so
/// that nobody has to guess when a day ends.
/// Errors: malformed.
Result<std::chrono::sys_seconds> parse_rfc3339(std::string_view text);

std::string format_rfc3339(std::chrono::sys_seconds time);

}  // namespace initscan

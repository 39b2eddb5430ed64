#pragma once

#include "common/result.h"

#include <chrono>
#include <string>
#include <string_view>

namespace initscan {

/// Reads a moment to the second: "2026-12-31T00:00:00Z", or with another offset, as "2026-12-31T01:00:00+01:00"
/// (RFC 3339, section 5.6; a fraction of a second is read and dropped). Dates without a time and times without an
/// offset are refused, so that no one must guess when a day ends.
/// Errors: malformed.
Result<std::chrono::sys_seconds> parse_rfc3339(std::string_view text);

std::string format_rfc3339(std::chrono::sys_seconds time);

}  // namespace initscan

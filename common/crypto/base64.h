#pragma once

#include "common/result.h"

#include <string>
#include <string_view>

namespace initscan {

/// Base 64 with the standard alphabet and padding (RFC 4648, section 4), no line breaks.
std::string base64_encode(std::string_view bytes);

/// Errors: malformed - another character, a wrong length or wrong padding.
Result<std::string> base64_decode(std::string_view text);

}  // namespace initscan

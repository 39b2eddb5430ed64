#pragma once

#include "common/result.h"

namespace initscan {

/// What an HTTP status that is no success means for whoever asked.
/// Source: RFC 9110, section 15; RFC 6585 for 429.
constexpr Errc errc_of_status(unsigned status) {
  switch (status) {
    case 401:
    case 403: return Errc::refused;
    case 404: return Errc::not_found;
    case 408:
    case 429: return Errc::unavailable;
    default: return status >= 500 ? Errc::unavailable : Errc::failed;
  }
}

}  // namespace initscan

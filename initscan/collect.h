#pragma once

#include "common/result.h"

#include <string>

namespace initscan {

/// Opens an image (see open_image) and says what it holds, its packages and how much of it was seen, as the CycloneDX
/// document by which the gate decides. To be called in a process that is confined: `confinement` says how.
/// Errors: of open_image() alone.
Result<std::string> collect(const std::string& reference, std::string confinement);

}  // namespace initscan

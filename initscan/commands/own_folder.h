#pragma once

#include "common/result.h"

#include <string>

namespace initscan {

/// The folder of this program, where those are that belong to it. Errors: io.
Result<std::string> own_folder();

}  // namespace initscan

#pragma once

#include "common/descriptor.h"
#include "common/result.h"

#include <string>

namespace initscan {

/// Waits until no other process works in a folder of kept files, and keeps others waiting for as long as the result
/// lives; `who`, as "update", is told that it waits. The kernel opens the lock of one that has ended, however it did.
/// Errors: io.
Result<Descriptor> lock_kept_folder(const std::string& folder, const char* who);

}  // namespace initscan

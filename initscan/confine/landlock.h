#pragma once

#include "common/result.h"

#include <string>
#include <vector>

namespace initscan {

/// Leaves this process read access below `readable` and no other new access to files; no TCP, and no abstract
/// sockets or signals to others where the kernel's ABI covers them. False where the kernel has no landlock.
Result<bool> restrict_files(const std::vector<std::string>& readable);

}  // namespace initscan

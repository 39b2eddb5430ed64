#pragma once

#include "common/result.h"

namespace initscan {

/// Loads the filter of system calls. What tries to start a program, open a socket, trace another process or send it a
/// signal is killed; other calls that a scan does not need fail as if the kernel did not know them.
Result<void> restrict_system_calls();

}  // namespace initscan

#pragma once

#include "common/result.h"

#include <string>
#include <vector>

namespace initscan {

/// Gives up, for good and for every thread to come, what a scan does not need: after it the process can read
/// files below `readable` and write to descriptors that are open already. It can open nothing for writing,
/// reach no network, start no program and make no memory executable.
///
/// seccomp is always there or this fails; landlock joins where the kernel has it. Returns what was done:
/// "seccomp+landlock" or "seccomp". Under a sanitizer, which needs more, nothing is done: "none".
/// Errors: unsupported - no seccomp; io - a folder of `readable` cannot be opened.
Result<std::string> confine(const std::vector<std::string>& readable);

}  // namespace initscan

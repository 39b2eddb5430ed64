#pragma once

#include "common/result.h"

#include <string>
#include <vector>

#include <sys/types.h>

namespace initscan {

/// Starts a program, whose path is the first of `words`. It gets one descriptor of ours, at the place `there` (1: its
/// standard output), and our standard error; its standard input and output are /dev/null otherwise, and nothing else
/// is open in it. Errors (with the path): not_found, refused, io.
Result<pid_t> spawn(std::vector<std::string> words, int descriptor, int there);

}  // namespace initscan

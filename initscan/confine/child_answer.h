#pragma once

#include "common/result.h"
#include "initscan/confine/child.h"

#include <sys/types.h>

namespace initscan {

// How a child ends: with an answer in the pipe, or with words that say why there is none.
inline constexpr int kAnswers = 0;
inline constexpr int kComplains = 1;
inline constexpr int kUnfit = 2;  // it could not even say that

/// Reads what a child writes to `pipe` until it closes it and ends, and sees to it that it is gone, whatever it does.
/// Errors (without what it is about): see run_confined().
Result<ChildAnswer> answer_of(pid_t child, int pipe, const ChildLimits& limits);

}  // namespace initscan

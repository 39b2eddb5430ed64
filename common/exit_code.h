#pragma once

#include "common/result.h"

namespace initscan {

// The exit codes are a contract: init containers, CI jobs and podFailurePolicy rules are built on them.
enum class ExitCode : int {
  pass = 0,
  undecided = 1,      // could not decide; a gate that ends so keeps the pod from starting
  policy_failed = 2,  // decided, and the answer is no
  usage = 64,         // the command line is wrong (EX_USAGE of sysexits.h)
};

constexpr ExitCode exit_code_of(Errc code) {
  return code == Errc::usage ? ExitCode::usage : ExitCode::undecided;
}

}  // namespace initscan

#pragma once

#include "common/result.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace initscan {

inline constexpr std::size_t kMaxChildMemoryBytes = std::size_t{2} << 30;  // address space; what it inherits counts
inline constexpr std::size_t kMaxChildFiles = 1024;                        // open at once
inline constexpr std::size_t kMaxComplaintBytes = 4096;                    // of the words with which it gives up

// What a parent waits for.
struct ChildLimits {
  std::size_t answer_bytes;
  std::chrono::milliseconds time;  // until the child has answered and ended; of its processor time, too
};

// Work on hostile bytes, in words of whoever has it done.
struct ConfinedWork {
  std::string place;                  // what it is about, for errors: "rootfs:/images/0"
  std::vector<std::string> readable;  // files and folders that it may read, and nothing else
  std::function<Result<std::string>(const std::string& confinement)> run;  // see confine()
};

// What a child has said, in its own words, before it ended.
struct ChildAnswer {
  std::string words;
  bool is_complaint;  // it could not do the work, and they say why; at most kMaxComplaintBytes
};

/// Does the work in a child process that holds no file of ours but the pipe for its answer, is hidden as hide_memory()
/// does, limited in memory, time and files, ended with its parent, and confined before the work begins. A child that is
/// taken over can lie in its answer and do nothing else: whoever gets it trusts it as little as a stranger's.
///
/// To be called while the process has no other thread. Errors, which are never the child's words: io - it died, took
/// too long or was not started; truncated - it said nothing; over_limit - it said too much.
Result<ChildAnswer> run_confined(const ConfinedWork& work, const ChildLimits& limits);

}  // namespace initscan

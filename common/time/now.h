#pragma once

#include <chrono>

namespace initscan {

/// The one place where the clock is read for dates: verdicts, exemptions, certificates. Whatever is pure is given a
/// time.
inline std::chrono::sys_seconds current_time() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace initscan

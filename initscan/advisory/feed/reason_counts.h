#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace initscan {

// How often something happened, by the reason in words.
using ReasonCounts = std::map<std::string, std::uint64_t>;

/// Counts a reason `times`. Of many reasons the first hundred in the order of words are counted one by one and the
/// rest together, whichever come first.
void count_reason(ReasonCounts& reasons, const std::string& reason, std::uint64_t times = 1);

}  // namespace initscan

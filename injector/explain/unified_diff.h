#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace initscan::injector {

inline constexpr std::size_t kMaxDiffLines = 20'000;  // of both texts

/// What changed between two texts, in the unified format that patch(1) reads, without its two lines of file names; ""
/// where nothing did. Texts longer than kMaxDiffLines are described by their numbers of lines.
std::string unified_diff(std::string_view before, std::string_view after);

}  // namespace initscan::injector

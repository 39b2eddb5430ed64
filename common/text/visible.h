#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace initscan {

inline constexpr std::size_t kMaxVisibleBytes = 2000;  // of one value, so that none fills a screen or a log

/// Text of anybody's, safe on a terminal, in a log and in a termination message, as one line: a control character,
/// one that turns the writing direction, has no width or is not seen, and a byte that is not UTF-8 become "\u{202e}"
/// and "\x{ff}". Cut at kMaxVisibleBytes, with "...".
std::string visible(std::string_view text);

/// The same where lines stay lines; cut at `max_bytes`.
std::string visible_lines(std::string_view text, std::size_t max_bytes);

}  // namespace initscan

#pragma once

#include <string>
#include <string_view>

namespace initscan {

/// Text of an image or a feed, safe on a terminal and in a log: control characters and bytes that are not
/// UTF-8 become one '?' each, so that a package name can neither move the cursor nor add a line.
std::string printable(std::string_view text);

/// Characters of UTF-8 text: its width in a table (wide and combining ones are counted as one).
std::size_t width_of(std::string_view text);

/// "1 package", "2 packages".
std::string counted(std::size_t n, std::string_view singular, std::string_view plural);

}  // namespace initscan

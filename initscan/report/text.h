#pragma once

#include <string>
#include <string_view>

namespace initscan {

/// Characters of UTF-8 text: its width in a table (wide and combining ones are counted as one).
std::size_t width_of(std::string_view text);

/// "1 package", "2 packages".
std::string counted(std::size_t n, std::string_view singular, std::string_view plural);

}  // namespace initscan

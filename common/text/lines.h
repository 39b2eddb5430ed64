#pragma once

#include <string_view>

namespace initscan {

// The first line of `text` without its end; takes both off `text`. A last line needs no end.
inline std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 1);
  return line;
}

}  // namespace initscan

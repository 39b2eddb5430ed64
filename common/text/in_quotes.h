#pragma once

#include <string>
#include <string_view>

namespace initscan {

/// A word of a document in an error's text, cut to 200 bytes.
inline std::string in_quotes(std::string_view text) {
  return '"' + std::string(text.substr(0, 200)) + '"';
}

}  // namespace initscan

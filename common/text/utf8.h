#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace initscan {

// One character at the start of a text.
struct Utf8Character {
  std::size_t bytes = 0;   // 0: the text does not start with a well-formed sequence
  std::uint32_t code = 0;  // Unicode scalar value
};

/// Reads the first character of `text`, which is not empty. Overlong forms, surrogates and values beyond
/// U+10FFFF are not well-formed. Source: Unicode 15, table 3-7.
Utf8Character first_utf8_character(std::string_view text);

}  // namespace initscan

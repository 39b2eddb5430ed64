#pragma once

#include <charconv>
#include <iterator>
#include <string>

namespace initscan {

/// The shortest that reads as the same again, without an exponent: "0.00383".
inline std::string plain_number(double number) {
  char digits[512];  // the smallest takes 326
  return {std::begin(digits),
          std::to_chars(std::begin(digits), std::end(digits), number, std::chars_format::fixed).ptr};
}

}  // namespace initscan

#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

namespace initscan {

/// SHA-256 (FIPS 180-4).
std::array<unsigned char, 32> sha256(std::string_view bytes);

/// Lower-case.
std::string hex_digits(std::span<const unsigned char> bytes);

/// The same as 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace initscan

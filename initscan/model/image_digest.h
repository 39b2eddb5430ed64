#pragma once

#include "common/text/ascii.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace initscan {

/// Whether it is an image's digest as registries write it: "sha256:" and 64, or "sha512:" and 128 hexadecimal digits.
inline bool is_image_digest(std::string_view text) {
  const auto is_of = [&](std::string_view algorithm, std::size_t digits) {
    if (!text.starts_with(algorithm) || text.size() != algorithm.size() + digits) return false;
    const std::string_view rest = text.substr(algorithm.size());
    return std::all_of(rest.begin(), rest.end(), [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
  };
  return is_of("sha256:", 64) || is_of("sha512:", 128);
}

}  // namespace initscan

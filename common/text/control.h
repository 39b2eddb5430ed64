#pragma once

#include "common/text/ascii.h"

#include <algorithm>
#include <string_view>

namespace initscan {

inline bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_control);
}

}  // namespace initscan

#pragma once

#include <string>

namespace initscan {

/// Why what is about to replace another is a step back in time. Dates are RFC 3339, or "" where nobody knows one.
inline std::string older(const std::string& what, const std::string& next, const std::string& last) {
  const auto named = [](const std::string& date) { return date.empty() ? "an unknown date" : date; };
  return what + " is of " + named(next) + ", older than that of the one in use, " + named(last);
}

}  // namespace initscan

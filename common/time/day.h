#pragma once

#include "common/time/rfc3339.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace initscan {

/// "2026-12-31"; nullopt of what is no day.
inline std::optional<std::chrono::sys_days> parse_day(std::string_view text) {
  constexpr std::size_t kSize = std::string_view("2026-12-31").size();
  if (text.size() != kSize) return std::nullopt;
  const auto moment = parse_rfc3339(std::string(text) + "T00:00:00Z");
  if (!moment) return std::nullopt;
  return std::chrono::floor<std::chrono::days>(*moment);
}

inline std::string format_day(std::chrono::sys_days day) {
  return format_rfc3339(day).substr(0, std::string_view("2026-12-31").size());
}

}  // namespace initscan

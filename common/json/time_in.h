#pragma once

#include "common/json/parts.h"
#include "common/time/rfc3339.h"

#include <optional>

namespace initscan {

/// A member that is a moment, as parts.h reads the others: nullopt where it is missing, or something else.
inline std::optional<std::chrono::sys_seconds> time_in(const nlohmann::json& object, std::string_view key) {
  const auto time = parse_rfc3339(text_in(object, key));
  return time ? std::optional(*time) : std::nullopt;
}

}  // namespace initscan

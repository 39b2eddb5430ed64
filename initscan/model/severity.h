#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace initscan {

// Ordered: a later one is worse. `unknown` is the lowest only for sorting; policy treats it on its own.
enum class Severity : std::uint8_t { unknown, negligible, low, medium, high, critical };

constexpr std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::unknown: return "unknown";
    case Severity::negligible: return "negligible";
    case Severity::low: return "low";
    case Severity::medium: return "medium";
    case Severity::high: return "high";
    case Severity::critical: return "critical";
  }
  return "unknown";
}

constexpr std::optional<Severity> severity_from(std::string_view name) {
  for (const Severity s :
       {Severity::unknown, Severity::negligible, Severity::low, Severity::medium, Severity::high, Severity::critical}) {
    if (to_string(s) == name) return s;
  }
  return std::nullopt;
}

}  // namespace initscan

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace initscan {

// Ordered: a later one is worse. `unknown` is the lowest only for sorting; policy treats it on its own.
enum class Severity : std::uint8_t { unknown, negligible, low, medium, high, critical };

inline constexpr std::size_t kSeverities = static_cast<std::size_t>(Severity::critical) + 1;

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

// How many findings there are, by severity.
class FindingCounts {
 public:
  struct Count {
    std::size_t findings = 0;
    std::size_t fixable = 0;  // of these: a fixed version is known

    bool operator==(const Count&) const = default;
  };

  Count& operator[](Severity severity) { return counts_[static_cast<std::size_t>(severity)]; }
  const Count& operator[](Severity severity) const { return counts_[static_cast<std::size_t>(severity)]; }

  void add(Severity severity, bool is_fixable) {
    ++(*this)[severity].findings;
    if (is_fixable) ++(*this)[severity].fixable;
  }

  FindingCounts& operator+=(const FindingCounts& other) {
    for (std::size_t i = 0; i < kSeverities; ++i) {
      counts_[i].findings += other.counts_[i].findings;
      counts_[i].fixable += other.counts_[i].fixable;
    }
    return *this;
  }

  bool operator==(const FindingCounts&) const = default;

 private:
  std::array<Count, kSeverities> counts_{};
};

}  // namespace initscan

#pragma once

#include "audit/model/pod.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initscan::audit {

// Each allows less than the one before.
enum class PssLevel : std::uint8_t { privileged, baseline, restricted };

constexpr std::string_view to_string(PssLevel level) {
  switch (level) {
    case PssLevel::privileged: return "privileged";
    case PssLevel::baseline: return "baseline";
    case PssLevel::restricted: return "restricted";
  }
  return "restricted";
}

// A version of the standard: that of Kubernetes 1.`minor`. The newest that is known is v1.36, which changed nothing.
struct PssVersion {
  int minor = 36;

  auto operator<=>(const PssVersion&) const = default;
};

inline constexpr PssVersion kLatestPss{36};

struct PssControl {
  std::string_view control;  // as pod-security-admission calls it: "capabilities_restricted"
  bool passed = false;
  std::string message;  // "" where it passed

  auto operator<=>(const PssControl&) const = default;
};

/// privileged, baseline or restricted.
std::optional<PssLevel> parse_pss_level(std::string_view text);

/// "latest" or "v1.30", as the labels of namespaces have it; a later one than this program knows is the latest.
std::optional<PssVersion> parse_pss_version(std::string_view text);

/// Asks a pod every control of a level, baseline before restricted, each by name; none for privileged. Decides as
/// Kubernetes' own admission does for the pod as the API server has it: a volume without a source is an emptyDir.
/// Source: the Pod Security Standards, and pod-security-admission up to 1.36.
std::vector<PssControl> evaluate_pss(const Pod& pod, PssLevel level, PssVersion version);

}  // namespace initscan::audit

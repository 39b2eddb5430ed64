#pragma once

#include "audit/harden/known_programs.h"
#include "audit/harden/observed_writes.h"

#include <cstdint>
#include <string>
#include <vector>

namespace initscan::audit {

inline constexpr std::size_t kMaxEmptyDirs = 16;  // of one container

// An emptyDir to be mounted.
struct EmptyDir {
  std::string path;
  std::uint32_t size_mib = 0;  // the pod is evicted when it holds more
  bool in_memory = false;

  auto operator<=>(const EmptyDir&) const = default;
};

// The volumes that a container needs under a read-only root, and what is not certain about them.
struct WritePlan {
  std::vector<EmptyDir> volumes;  // by path; none at, below or above another
  std::vector<std::string> notes;
};

/// Plans for one container: from what it was seen to write where `observed` has it, else from what is known of its
/// program; /tmp always. What the container already mounts is left alone.
WritePlan plan_writes(const Container& container, const std::optional<std::vector<FileChange>>& observed);

}  // namespace initscan::audit

#pragma once

#include "audit/harden/write_plan.h"

#include <optional>
#include <string>
#include <vector>

namespace initscan::audit {

// What to set in one container. What stays as it is is absent.
struct Hardening {
  bool read_only_root = false;
  bool no_privilege_escalation = false;
  bool runtime_seccomp = false;
  std::optional<std::vector<std::string>> add_capabilities;  // with drop: [ALL]; sorted
  std::vector<EmptyDir> volumes;
  std::vector<std::string> notes;

  bool changes_anything() const {
    return read_only_root || no_privilege_escalation || runtime_seccomp || add_capabilities || !volumes.empty();
  }
};

/// What would make this container of this pod immutable.
Hardening harden(const Pod& pod, const Container& container, const std::optional<std::vector<FileChange>>& observed);

}  // namespace initscan::audit

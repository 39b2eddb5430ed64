#pragma once

#include "common/names.h"
#include "injector/pod/patch_operation.h"
#include "injector/pod/pod.h"

#include <string>
#include <vector>

namespace initscan::injector {

inline constexpr std::size_t kMaxWritablePaths = 20;

// What pods get that say nothing themselves. Everything is off by default.
struct Hardening {
  struct SeLinux {
    std::string user;
    std::string role;
    std::string type;
    std::string level;
    bool operator==(const SeLinux&) const = default;
  };
  bool seccomp = false;           // seccompProfile RuntimeDefault
  bool app_armor = false;         // an AppArmor profile: the runtime's default, or
  std::string app_armor_profile;  // one of the node's
  SeLinux se_linux;               // empty fields are left out
  bool no_privilege_escalation = false;
  bool read_only_root = false;
  std::vector<std::string> writable_paths;  // each gets an emptyDir under a read-only root

  bool operator==(const Hardening&) const = default;
};

/// Adds to `patch` (of the pod as it was read) the defaults that the pod does not say, and
/// returns the volumes that its containers then mount, by names::kWritableVolume names. Pure, and the same again on its
/// own result. What a pod or a container says stays; so does a privileged container. No escalation is forbidden where
/// CAP_SYS_ADMIN is added, because the API server refuses that, and no emptyDir goes where a container has a mount
/// at, under or above its path.
std::vector<nlohmann::json> harden(PatchOperations& patch, const Pod& pod, const Hardening& hardening);

}  // namespace initscan::injector

#pragma once

#include "audit/check/evaluate.h"
#include "audit/model/pod.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace initscan::audit {

// What applies to a container in the end, from its own securityContext, the pod's and the defaults of API and runtime.

// Who says what holds.
enum class Origin : std::uint8_t { container, annotation, pod, not_set };

constexpr std::string_view to_string(Origin origin) {
  switch (origin) {
    case Origin::container: return "container";
    case Origin::annotation: return "annotation";
    case Origin::pod: return "pod";
    case Origin::not_set: return "not set";
  }
  return "not set";
}

// A field's value and its origin; no value if nothing sets it.
template <class T>
struct Effective {
  std::optional<T> value;
  Origin origin = Origin::not_set;
};

/// What containerd and Docker give to every container; CRI-O gives some of them.
inline constexpr std::array<std::string_view, 14> kRuntimeDefaults{
    "CHOWN",  "DAC_OVERRIDE",     "FOWNER",      "FSETID", "KILL",    "SETGID",  "SETPCAP",
    "SETUID", "NET_BIND_SERVICE", "AUDIT_WRITE", "MKNOD",  "NET_RAW", "SETFCAP", "SYS_CHROOT"};

enum class Answered : std::uint8_t { no, yes, unknown };

/// Whether it is a Windows pod: by spec.os, otherwise by its node. Where neither says it, it is not.
bool is_windows(const Pod& pod, const ClusterFacts& cluster);

inline bool is_privileged(const Container& container) {
  return container.security.privileged == true;
}

/// With CAP_ or without, in upper case: runtimes take both.
std::string capability_name(std::string_view written);

/// Whether the container has a capability: what runtimes give by default, and securityContext's add and drop. ALL
/// is taken first, then single ones; dropped wins over added. Everything for a privileged one. Unknown where it
/// depends on the runtime, and that is not known.
Answered has_capability(const Container& container, std::string_view name, std::string_view runtime_version);

/// The runtime of the pod's node: containerd://2.1.4; "" where it is not known.
std::string_view runtime_of(const Pod& pod, const ClusterFacts& cluster);

Effective<std::int64_t> user_of(const Container& container, const Pod& pod);
Effective<bool> non_root_of(const Container& container, const Pod& pod);

/// The profile as it is written; AppArmor also by annotation.
Effective<Profile> seccomp_of(const Container& container, const Pod& pod);
Effective<Profile> apparmor_of(const Container& container, const Pod& pod);
Effective<SeLinuxOptions> selinux_of(const Container& container, const Pod& pod);

/// The minor version of Kubernetes on the pod's node, otherwise of its cluster: 33 of v1.33.2.
std::optional<int> minor_version_of(const Pod& pod, const ClusterFacts& cluster);

/// Whether root in the pod is another user on the node: hostUsers is false, and the node heeds it. Kubernetes does
/// so by default from 1.33 on.
Answered has_user_namespace(const Pod& pod, const ClusterFacts& cluster);

/// "sha256:..." of an image name or id that ends in "@sha256:..."; "" where it has none.
std::string_view digest_of(std::string_view image);

/// "spec.initContainers[init]".
std::string path_of(const Container& container);

/// "spec.containers[shop].securityContext.FIELD", or the pod's where it is set there.
std::string security_path(const Container& container, std::string_view field, Origin origin = Origin::container);

/// "status.initContainerStatuses[init].FIELD".
std::string status_path(const Container& container, std::string_view field);

}  // namespace initscan::audit

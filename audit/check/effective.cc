#include "audit/check/effective.h"

#include "common/text/ascii.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace initscan::audit {
namespace {

constexpr std::string_view kAppArmorAnnotation = "container.apparmor.security.beta.kubernetes.io/";
constexpr int kUserNamespacesMinor = 33;

// Source: default_capabilities of CRI-O.
constexpr std::array<std::string_view, 5> kNotInCrio{"AUDIT_WRITE", "MKNOD", "NET_RAW", "SETFCAP", "SYS_CHROOT"};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool names_capability(const std::vector<std::string>& list, std::string_view name) {
  return std::any_of(list.begin(), list.end(),
                     [name](const std::string& each) { return capability_name(each) == name; });
}

template <class T>
Effective<T> container_or_pod(const std::optional<T>& of_container, const std::optional<T>& of_pod) {
  if (of_container) return {of_container, Origin::container};
  if (of_pod) return {of_pod, Origin::pod};
  return {};
}

const Node* node_of(const Pod& pod, const ClusterFacts& cluster) {
  if (!cluster.nodes) return nullptr;
  const auto found = cluster.nodes->find(pod.node);
  return found == cluster.nodes->end() ? nullptr : &found->second;
}

// 33 of "v1.33.2"; nothing where it is not such a version.
std::optional<int> minor_of(std::string_view version) {
  constexpr std::string_view kMajor = "v1.";
  if (!version.starts_with(kMajor)) return std::nullopt;
  version.remove_prefix(kMajor.size());
  int minor = 0;
  const auto [end, ec] = std::from_chars(version.data(), version.data() + version.size(), minor);
  return ec == std::errc() ? std::optional(minor) : std::nullopt;
}

Profile apparmor_from(std::string_view annotation) {
  constexpr std::string_view kLocalhost = "localhost/";
  if (annotation == "runtime/default") return {"RuntimeDefault", {}};
  if (annotation == "unconfined") return {"Unconfined", {}};
  if (annotation.starts_with(kLocalhost)) return {"Localhost", std::string(annotation.substr(kLocalhost.size()))};
  return {std::string(annotation), {}};
}

// "initContainer", as the API's lists of containers and of their statuses begin.
std::string list_of(const Container& container) {
  switch (container.kind) {
    case ContainerKind::init:
    case ContainerKind::sidecar: return "initContainer";
    case ContainerKind::ephemeral: return "ephemeralContainer";
    case ContainerKind::regular: break;
  }
  return "container";
}

}  // namespace

bool is_windows(const Pod& pod, const ClusterFacts& cluster) {
  if (!pod.os.empty()) return pod.os == "windows";
  const Node* node = node_of(pod, cluster);
  return node && node->os == "windows";
}

std::string capability_name(std::string_view written) {
  constexpr std::string_view kPrefix = "CAP_";
  std::string name(written);
  std::transform(name.begin(), name.end(), name.begin(), to_upper);
  if (name.starts_with(kPrefix)) name.erase(0, kPrefix.size());
  return name;
}

Answered has_capability(const Container& container, std::string_view name, std::string_view runtime_version) {
  const SecurityContext& security = container.security;
  if (is_privileged(container)) return Answered::yes;
  if (names_capability(security.drop_capabilities, name)) return Answered::no;
  if (names_capability(security.add_capabilities, name)) return Answered::yes;
  if (names_capability(security.drop_capabilities, "ALL")) return Answered::no;
  if (names_capability(security.add_capabilities, "ALL")) return Answered::yes;
  if (!contains(kRuntimeDefaults, name)) return Answered::no;
  if (!contains(kNotInCrio, name)) return Answered::yes;
  if (runtime_version.starts_with("cri-o://")) return Answered::no;
  const bool is_known = runtime_version.starts_with("containerd://") || runtime_version.starts_with("docker://");
  return is_known ? Answered::yes : Answered::unknown;
}

std::string_view runtime_of(const Pod& pod, const ClusterFacts& cluster) {
  const Node* node = node_of(pod, cluster);
  return node ? std::string_view(node->runtime_version) : std::string_view();
}

Effective<std::int64_t> user_of(const Container& container, const Pod& pod) {
  return container_or_pod(container.security.run_as_user, pod.security.run_as_user);
}

Effective<bool> non_root_of(const Container& container, const Pod& pod) {
  return container_or_pod(container.security.run_as_non_root, pod.security.run_as_non_root);
}

Effective<Profile> seccomp_of(const Container& container, const Pod& pod) {
  return container_or_pod(container.security.seccomp, pod.security.seccomp);
}

Effective<Profile> apparmor_of(const Container& container, const Pod& pod) {
  if (container.security.apparmor) return {container.security.apparmor, Origin::container};
  const auto annotation = pod.annotations.find(std::string(kAppArmorAnnotation) + container.name);
  if (annotation != pod.annotations.end() && !annotation->second.empty()) {
    return {apparmor_from(annotation->second), Origin::annotation};
  }
  return container_or_pod(container.security.apparmor, pod.security.apparmor);
}

Effective<SeLinuxOptions> selinux_of(const Container& container, const Pod& pod) {
  return container_or_pod(container.security.selinux, pod.security.selinux);
}

std::optional<int> minor_version_of(const Pod& pod, const ClusterFacts& cluster) {
  const Node* node = node_of(pod, cluster);
  return minor_of(node && !node->kubelet_version.empty() ? node->kubelet_version : cluster.version);
}

Answered has_user_namespace(const Pod& pod, const ClusterFacts& cluster) {
  if (pod.host_users != false) return Answered::no;
  const auto minor = minor_version_of(pod, cluster);
  return minor && *minor >= kUserNamespacesMinor ? Answered::yes : Answered::unknown;
}

std::string_view digest_of(std::string_view image) {
  constexpr std::size_t kHexDigits = 64;
  constexpr std::string_view kMark = "@sha256:";
  const std::size_t at = image.rfind(kMark);
  if (at == image.npos || image.size() - at != kMark.size() + kHexDigits) return {};
  return image.substr(at + 1);
}

std::string path_of(const Container& container) {
  return "spec." + list_of(container) + "s[" + container.name + ']';
}

std::string status_path(const Container& container, std::string_view field) {
  return "status." + list_of(container) + "Statuses[" + container.name + "]." + std::string(field);
}

std::string security_path(const Container& container, std::string_view field, Origin origin) {
  if (origin == Origin::annotation) {
    return "metadata.annotations[" + std::string(kAppArmorAnnotation) + container.name + ']';
  }
  const std::string holder = origin == Origin::pod ? std::string("spec") : path_of(container);
  return holder + ".securityContext." + std::string(field);
}

}  // namespace initscan::audit

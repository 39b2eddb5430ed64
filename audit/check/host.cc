#include "audit/check/effective.h"
#include "audit/check/question.h"

#include <algorithm>
#include <array>
#include <filesystem>

namespace initscan::audit {
namespace {

// Below /run, which /var/run points to.
constexpr std::array<std::string_view, 8> kSockets{
    "/run/docker.sock",
    "/run/docker/containerd/containerd.sock",  // Docker's own
    "/run/containerd/containerd.sock",
    "/run/k3s/containerd/containerd.sock",
    "/run/crio/crio.sock",
    "/run/cri-dockerd.sock",
    "/run/dockershim.sock",
    "/run/podman/podman.sock",
};

Answer host_flag(bool is_set, std::string_view field, std::string_view complaint) {
  std::string path = "spec." + std::string(field);
  if (!is_set) return pass("false", std::move(path));
  return fail("true", std::move(path), std::string(complaint));
}

Answer host_network(const PodSubject& subject) {
  return host_flag(subject.pod.host_network, "hostNetwork", "it shares the node's network");
}

Answer host_pid(const PodSubject& subject) {
  return host_flag(subject.pod.host_pid, "hostPID", "it sees the node's processes");
}

Answer host_ipc(const PodSubject& subject) {
  return host_flag(subject.pod.host_ipc, "hostIPC", "it shares the node's IPC");
}

Answer host_path(const PodSubject& subject) {
  std::string paths;
  std::string evidence = "spec.volumes";
  for (const Volume& volume : subject.pod.volumes) {
    if (volume.kind != "hostPath") continue;
    if (paths.empty()) evidence = "spec.volumes[" + volume.name + "].hostPath";
    paths += (paths.empty() ? "" : ", ") + volume.host_path;
  }
  if (paths.empty()) return pass("none", std::move(evidence));
  return fail(paths, std::move(evidence), "it mounts the node's file system: " + paths);
}

// A mount of the node's file system; nullptr where it is of something else.
const Volume* host_volume(const Mount& mount, const Pod& pod) {
  const auto found = std::find_if(pod.volumes.begin(), pod.volumes.end(),
                                  [&](const Volume& volume) { return volume.name == mount.volume; });
  return found == pod.volumes.end() || found->kind != "hostPath" ? nullptr : &*found;
}

std::string mount_path(const Container& container, const Mount& mount) {
  return path_of(container) + ".volumeMounts[" + mount.path + ']';
}

Answer writable_host_path(const ContainerSubject& subject) {
  const auto& [container, pod, context] = subject;
  std::string writable;
  std::string evidence;
  for (const Mount& mount : container.mounts) {
    const Volume* volume = host_volume(mount, pod);
    if (!volume || mount.read_only) continue;
    if (writable.empty()) evidence = mount_path(container, mount) + ".readOnly";
    writable += (writable.empty() ? "" : ", ") + volume->host_path;
  }
  if (writable.empty()) return pass("none", path_of(container) + ".volumeMounts");
  return fail(writable, std::move(evidence), "it can write to the node's file system: " + writable);
}

// The mounted path on the node: no "..", no "//", no slash at the end, /var/run as /run.
std::string node_path(const Volume& volume, const Mount& mount) {
  constexpr std::string_view kVarRun = "/var/run";
  const std::filesystem::path joined = std::filesystem::path('/' + volume.host_path) / mount.sub_path;
  std::string path = joined.lexically_normal().string();
  while (path.starts_with("//")) path.erase(0, 1);
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  if (path == kVarRun || path.starts_with("/var/run/")) path.replace(0, kVarRun.size(), "/run");
  return path;
}

// Whether a socket is the path, or is below it. /var holds a link to /run, but not its files.
bool reaches_socket(std::string_view path) {
  if (path == "/") return true;
  return std::any_of(kSockets.begin(), kSockets.end(), [path](std::string_view socket) {
    return socket.starts_with(path) && (socket.size() == path.size() || socket[path.size()] == '/');
  });
}

Answer runtime_socket(const ContainerSubject& subject) {
  const auto& [container, pod, context] = subject;
  for (const Mount& mount : container.mounts) {
    const Volume* volume = host_volume(mount, pod);
    if (!volume) continue;
    const std::string path = node_path(*volume, mount);
    if (reaches_socket(path)) {
      return fail(path, mount_path(container, mount), "it reaches the container runtime's socket through " + path);
    }
  }
  for (const Mount& mount : container.mounts) {
    const Volume* volume = host_volume(mount, pod);
    // subPathExpr takes its variables when the container starts.
    if (volume && mount.sub_path.find("$(") != mount.sub_path.npos && reaches_socket(node_path(*volume, {}))) {
      return unknown(mount_path(container, mount),
                     "which path below " + volume->host_path + " it mounts is not known: it depends on variables");
    }
  }
  return pass("none", path_of(container) + ".volumeMounts");
}

// Where the kubelet and the runtime keep what they start pods from: credentials, static pods, images, and the
// volumes of other pods, with tokens and with what initscan's containers hand to each other.
constexpr std::array<std::string_view, 10> kNodeFolders{
    "/var/lib/kubelet",    "/etc/kubernetes", "/var/lib/containerd", "/run/containerd", "/var/lib/docker",
    "/var/lib/containers", "/var/lib/crio",   "/var/lib/rancher",    "/var/lib/k0s",    "/var/snap/microk8s",
};

// Of the kubelet's folder what drivers of volumes and devices are there for.
constexpr std::array<std::string_view, 4> kOfDrivers{"/var/lib/kubelet/plugins", "/var/lib/kubelet/plugins_registry",
                                                     "/var/lib/kubelet/device-plugins",
                                                     "/var/lib/kubelet/pod-resources"};

bool is_within(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && (path.size() == folder.size() || folder == "/" || path[folder.size()] == '/');
}

bool reaches_node_folder(std::string_view path) {
  const auto holds = [path](std::string_view folder) { return is_within(path, folder); };
  if (std::any_of(kOfDrivers.begin(), kOfDrivers.end(), holds)) return false;
  return std::any_of(kNodeFolders.begin(), kNodeFolders.end(),
                     [path](std::string_view folder) { return is_within(path, folder) || is_within(folder, path); });
}

Answer node_folder(const ContainerSubject& subject) {
  const auto& [container, pod, context] = subject;
  for (const Mount& mount : container.mounts) {
    const Volume* volume = host_volume(mount, pod);
    if (!volume) continue;
    const std::string path = node_path(*volume, mount);
    if (reaches_node_folder(path)) {
      return fail(path, mount_path(container, mount),
                  "it reaches what the kubelet or the runtime keeps on the node through " + path);
    }
  }
  for (const Mount& mount : container.mounts) {
    const Volume* volume = host_volume(mount, pod);
    if (volume && mount.sub_path.find("$(") != mount.sub_path.npos && reaches_node_folder(node_path(*volume, {}))) {
      return unknown(mount_path(container, mount),
                     "which path below " + volume->host_path + " it mounts is not known: it depends on variables");
    }
  }
  return pass("none", path_of(container) + ".volumeMounts");
}

Answer host_port(const ContainerSubject& subject) {
  const Container& container = subject.container;
  std::string ports;
  for (const std::int64_t port : container.host_ports) ports += (ports.empty() ? "" : ", ") + std::to_string(port);
  if (ports.empty()) return pass("none", path_of(container) + ".ports");
  return fail(ports, path_of(container) + ".ports[].hostPort", "it uses ports of the node: " + ports);
}

constexpr std::array kQuestions{
    ask_pod("host-network", host_network),
    ask_pod("host-pid", host_pid),
    ask_pod("host-ipc", host_ipc),
    ask_pod("host-path", host_path),
    ask_container("writable-host-path", writable_host_path),
    ask_container("runtime-socket", runtime_socket),
    ask_container("node-folder", node_folder),
    ask_container("host-port", host_port),
};

}  // namespace

std::span<const Question> host_questions() {
  return kQuestions;
}

}  // namespace initscan::audit

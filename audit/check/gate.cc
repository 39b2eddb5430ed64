#include "audit/check/gate.h"

#include "common/text/ascii.h"
#include "common/text/lines.h"
#include "initscan/model/gate_line.h"

#include <algorithm>
#include <array>

namespace initscan::audit {
namespace {

constexpr std::size_t kMaxRefusal = 300;  // bytes of the first line

// Handlers of runtimes that have the node unpack images, where the kubelet and the gate see them.
constexpr std::array<std::string_view, 14> kOnTheNode{"runc",   "crun",   "youki",    "runsc",
                                                      "gvisor", "nvidia", "wasmtime", "wasmedge",
                                                      "spin",   "wasmer", "slight",   "io.containerd.runc.v2",
                                                      "docker", "lunatic"};

// Parts of the names that confidential and remote guests have, which pull by themselves.
constexpr std::array<std::string_view, 8> kInTheGuest{"snp", "tdx", "sev", "se", "coco", "remote", "cc", "peerpod"};

// CSI drivers that mount the contents of images.
constexpr std::array<std::string_view, 4> kImageDrivers{"csi-image.warm-metal.tech", "csi.warm-metal.tech",
                                                        "image.csi.k8s.io", "imagepopulator.csi.k8s.io"};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool is_part_of_name(char c) {
  return is_lower(c) || is_digit(c);
}

// Whether one of the words of a name is of the list: "kata-qemu-snp" is kata, qemu, snp.
template <std::size_t N>
bool has_word(std::string_view name, const std::array<std::string_view, N>& list) {
  while (!name.empty()) {
    const auto end = std::find_if_not(name.begin(), name.end(), is_part_of_name);
    const auto size = static_cast<std::size_t>(end - name.begin());
    if (contains(list, name.substr(0, size))) return true;
    name.remove_prefix(std::min(size + 1, name.size()));
  }
  return false;
}

Answer guest_pull(const Pod& pod, const ClusterFacts& cluster) {
  std::string path = "spec.runtimeClassName";
  if (!cluster.runtime_handlers) {
    return unknown(std::move(path), "what runs its RuntimeClass " + pod.runtime_class +
                                        " is not known: " + cluster.runtime_handlers.why_not);
  }
  const auto found = cluster.runtime_handlers->find(pod.runtime_class);
  if (found == cluster.runtime_handlers->end()) {
    return unknown(std::move(path), "there is no RuntimeClass " + pod.runtime_class);
  }
  const std::string& handler = found->second;
  if (contains(kOnTheNode, handler)) return pass(handler, std::move(path));
  if (has_word(handler, kInTheGuest)) {
    return fail(handler, std::move(path),
                "its runtime " + handler + " may pull the image again inside a guest, where no gate looks");
  }
  return unknown(std::move(path), "whether its runtime " + handler + " pulls images inside a guest is not known");
}

}  // namespace

bool has_not_started(const Container& container, const Pod& pod) {
  const ContainerStatus& status = container.status;
  if (!status.known) return pod.phase == "Pending";
  return status.state == ContainerState::waiting && status.restarts == 0 && status.image_id.empty();
}

bool has_not_started(const Pod& pod) {
  return !pod.containers.empty() && std::all_of(pod.containers.begin(), pod.containers.end(),
                                                [&](const Container& c) { return has_not_started(c, pod); });
}

std::string refusal_of(const Pod& pod) {
  if (!pod.gate) return {};
  const ContainerStatus& status = pod.gate->containers.back().status;
  const bool has_passed = status.state == ContainerState::terminated && status.exit_code == 0;
  const auto code = status.exit_code ? status.exit_code : status.last_exit_code;
  if (has_passed || !code || *code == 0) return {};
  std::string_view words = words_for_people(status.message);
  const std::string_view line = take_line(words).substr(0, kMaxRefusal);
  return line.empty() ? "its gate ended with " + std::to_string(*code) : std::string(line);
}

Answer other_image_source(const PodSubject& subject) {
  const auto& [pod, context] = subject;
  if (!pod.gate) return skip("no gate of initscan is in its pod");
  for (const Volume& volume : pod.volumes) {
    if (!contains(kImageDrivers, volume.driver)) continue;
    return fail(volume.driver, "spec.volumes[" + volume.name + "].csi.driver",
                "its volume " + volume.name + " holds an image that no gate examines: " + volume.driver + " mounts it");
  }
  if (!pod.runtime_class.empty()) return guest_pull(pod, context.cluster);
  return pass("none", "spec.volumes");
}

}  // namespace initscan::audit

#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace initscan {

// How the scanner gets at an image's files; see patch.h.
enum class Mode : std::uint8_t { copy, volume };

constexpr std::string_view to_string(Mode mode) {
  return mode == Mode::copy ? "copy" : "volume";
}

// What every patch follows from, beside the pod itself: same pod, same configuration, same patch.
struct InjectorConfig {
  std::string image;        // of initscan, as the cluster pulls it
  std::string index_image;  // an image with the index at its root; "": the index inside `image` is used
  Mode mode = Mode::copy;
  std::string policy_name;
  std::string policy_json;         // canonical; travels into the pod
  bool allow_pod_opt_out = false;  // honour the pod label initscan.io/inject: disabled
  std::vector<std::string> excluded_namespaces{"kube-system", "kube-public", "kube-node-lease"};
};

}  // namespace initscan

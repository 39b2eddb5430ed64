#pragma once

#include "common/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

inline constexpr std::size_t kMaxContainers = 1000;         // of one kind in one pod
inline constexpr std::string_view kReserved = "initscan-";  // names of containers and volumes that are ours

// Requests or limits, in thousandths (parse_quantity); nullopt where they are not said.
struct Amounts {
  std::optional<std::int64_t> cpu;
  std::optional<std::int64_t> memory;
};

struct Container {
  std::string name;
  std::string image;
  std::string pull_policy;  // "" where it is not said
  bool is_sidecar = false;  // an init container with restartPolicy Always
  Amounts requests;
  Amounts limits;
  std::string json;  // the whole container where its name is reserved, otherwise ""
};

struct Volume {
  std::string name;
  std::string image;  // of an image volume, otherwise ""
  std::string pull_policy;
  std::string json;  // as in Container
};

// What of a pod its patch depends on. Everything else stays as it is, and is not looked at.
struct Pod {
  std::string name;        // or generateName
  std::string namespace_;  // "" in a template
  std::string opt_out;     // value of the label initscan.io/inject
  std::string status;      // value of the annotation initscan.io/status
  bool has_metadata = false;
  bool has_annotations = false;
  bool is_mirror = false;  // of a static pod: the kubelet made it, and nothing can change it
  bool is_windows = false;
  bool has_init_containers = false;
  bool has_volumes = false;
  Amounts requests;  // of the pod as a whole (pod-level resources)
  Amounts limits;
  std::vector<Container> init_containers;
  std::vector<Container> containers;
  std::vector<Volume> volumes;
};

}  // namespace initscan

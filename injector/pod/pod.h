#pragma once

#include "common/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initscan::injector {

inline constexpr std::size_t kMaxContainers = 1000;  // of one kind in one pod
inline constexpr std::size_t kMaxImages = 100;       // distinct ones of one pod

// Requests or limits, in thousandths (parse_quantity); nullopt where they are not said.
struct Amounts {
  std::optional<std::int64_t> cpu;
  std::optional<std::int64_t> memory;
};

// Which fields of a securityContext are said, whatever they say: a default never overrides one.
struct SecurityContext {
  bool exists = false;
  bool seccomp = false;
  bool app_armor = false;
  bool se_linux = false;
  bool privilege_escalation = false;
  bool read_only_root = false;
  bool is_privileged = false;     // what it says
  bool has_sys_admin = false;     // adds CAP_SYS_ADMIN or all capabilities
  bool has_node_profile = false;  // an AppArmor profile that someone put on the node
  std::string se_linux_type;      // "" where it is not said
  std::string se_linux_level;
};

struct Mount {
  std::string volume;
  std::string path;
};

struct Container {
  std::string name;
  std::string image;
  std::string pull_policy;  // "" where it is not said
  bool is_sidecar = false;  // an init container with restartPolicy Always
  bool has_mounts = false;  // a list, which may be empty
  std::vector<Mount> mounts;
  SecurityContext security;
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

// A field of a node's labels that a pod insists on: one of these values. Empty where it does not.
using Choices = std::vector<std::string>;

// The controller of a pod that has no name yet; all "" if none is given.
struct Owner {
  std::string api_version;
  std::string kind;
  std::string name;
  std::string uid;
};

// What of a pod its patch depends on. Everything else stays as it is, and is not looked at.
struct Pod {
  std::string name;        // or generateName
  std::string namespace_;  // "" in a template
  std::string opt_out;     // value of the label initscan.io/inject
  std::string injected;    // value of the label initscan.io/injected
  std::string status;      // value of the annotation initscan.io/status
  bool has_metadata = false;
  bool has_labels = false;
  bool has_annotations = false;
  std::size_t metadata_fields = 0;
  std::size_t labels = 0;
  std::size_t annotations = 0;
  bool is_mirror = false;              // of a static pod: the kubelet made it, and nothing can change it
  std::vector<Choices> systems;        // kubernetes.io/os: a value of each is needed
  std::vector<Choices> architectures;  // kubernetes.io/arch
  Owner owner;
  bool has_own_users = false;  // hostUsers: false
  bool has_init_containers = false;
  bool has_volumes = false;
  SecurityContext security;
  std::vector<std::string> app_armor_annotations;  // containers that the beta annotation speaks of
  Amounts requests;                                // of the pod as a whole (pod-level resources)
  Amounts limits;
  std::vector<Container> init_containers;
  std::vector<Container> containers;
  std::vector<Volume> volumes;
};

}  // namespace initscan::injector

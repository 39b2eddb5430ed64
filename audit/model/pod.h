#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initscan::audit {

using Time = std::chrono::sys_seconds;
using StringMap = std::map<std::string, std::string, std::less<>>;

// A native sidecar is an init container with restartPolicy Always: it runs as long as the pod.
enum class ContainerKind : std::uint8_t { init, sidecar, regular, ephemeral };

constexpr std::string_view to_string(ContainerKind kind) {
  switch (kind) {
    case ContainerKind::init: return "init";
    case ContainerKind::sidecar: return "sidecar";
    case ContainerKind::regular: return "regular";
    case ContainerKind::ephemeral: return "ephemeral";
  }
  return "regular";
}

// A seccomp or AppArmor profile as the object says it; `type` may be an unknown value.
struct Profile {
  std::string type;       // RuntimeDefault, Localhost, Unconfined
  std::string localhost;  // with Localhost: its name
};

struct SeLinuxOptions {
  std::string user;
  std::string role;
  std::string type;
  std::string level;
};

// Of a pod or a container. What the object does not say is absent here: what then holds is the checks' to know.
struct SecurityContext {
  std::optional<bool> privileged;
  std::optional<bool> allow_privilege_escalation;
  std::optional<bool> read_only_root;
  std::optional<bool> run_as_non_root;
  std::optional<std::int64_t> run_as_user;
  std::optional<std::int64_t> run_as_group;
  std::vector<std::string> add_capabilities;  // as written
  std::vector<std::string> drop_capabilities;
  std::optional<Profile> seccomp;
  std::optional<Profile> apparmor;
  std::optional<SeLinuxOptions> selinux;
  std::optional<bool> host_process;  // windowsOptions.hostProcess
  std::string proc_mount;            // of a container; "": Default
  std::vector<std::string> sysctls;  // of a pod: their names
};

struct Mount {
  std::string volume;
  std::string path;
  std::string sub_path;
  bool read_only = false;
  bool recursive_read_only = false;  // anything but Disabled
};

struct EnvironmentVariable {
  std::string name;
  std::string value;  // literal; never to be shown
  // secretKeyRef, configMapKeyRef, fieldRef, ...; "": literal. secretRef and configMapRef (envFrom) bring all keys of
  // an object: the name is their prefix and *.
  std::string source;
};

// Which amounts are given at all.
struct Amounts {
  bool cpu = false;
  bool memory = false;
  bool ephemeral_storage = false;
};

enum class ContainerState : std::uint8_t { none, waiting, running, terminated };

struct ContainerStatus {
  ContainerState state = ContainerState::none;
  std::optional<Time> started;  // of a running one: a restart makes a new write layer
  std::int64_t restarts = 0;
  std::string image_id;  // "example/shop@sha256:..."; "" where the kubelet has not said it yet
  std::string container_id;
  bool known = false;                          // whether the pod has a status of this container at all
  std::optional<std::int64_t> exit_code;       // of one that has ended
  std::optional<std::int64_t> last_exit_code;  // of its run before this one
  std::string message;                         // what it left when it last ended
  StringMap volume_images;                     // by volume: "example/shop@sha256:...", where the kubelet says it
};

// What a handler of a probe or of the lifecycle sends.
struct Header {
  std::string name;
  std::string value;  // never to be shown
};

struct Container {
  std::string name;
  ContainerKind kind = ContainerKind::regular;
  std::string image;
  std::string pull_policy;
  std::vector<std::string> command;
  std::vector<std::string> args;
  SecurityContext security;
  std::vector<Mount> mounts;
  std::vector<std::int64_t> ports;         // containerPort of each; what it listens on as far as the manifest says
  std::vector<std::int64_t> host_ports;    // those that are not 0
  std::vector<std::string> handler_hosts;  // httpGet.host and tcpSocket.host of probes and lifecycle, not ""
  std::vector<Header> handler_headers;     // httpGet.httpHeaders of them
  std::vector<std::string> handler_words;  // exec.command of them, one behind the other; never to be shown
  std::vector<EnvironmentVariable> environment;
  Amounts requests;
  Amounts limits;
  ContainerStatus status;
};

struct Volume {
  std::string name;
  std::string kind;       // the key of its source: emptyDir, hostPath, configMap, image, ...; "" for none
  std::string host_path;  // of hostPath
  std::string image;      // of an image volume
  std::string driver;     // of a CSI volume
};

struct OwnerReference {
  std::string kind;
  std::string name;
  std::string uid;
};

// An image as the gate was told to call it, and which bits of it were looked at.
struct ScannedImage {
  std::string reference;
  std::string image_id;  // "example/shop@sha256:..."; "" where the kubelet does not say it
};

// What initscan put into a pod.
struct Gate {
  std::vector<Container> containers;  // its own, in their order; the gate is the last of them
  std::vector<ScannedImage> scanned;
};

// What the audit looks at in one pod: init, regular and ephemeral containers in this order.
struct Pod {
  std::string name;
  std::string namespace_;
  std::string uid;
  std::optional<Time> created;
  bool is_being_deleted = false;
  StringMap labels;
  StringMap annotations;
  std::optional<OwnerReference> owner;  // the controller
  std::string node;
  std::string phase;
  std::string os;  // spec.os.name; "" where it is not said
  std::string service_account;
  std::string runtime_class;
  std::optional<bool> automount_token;
  bool host_network = false;
  bool host_pid = false;
  bool host_ipc = false;
  std::optional<bool> host_users;
  SecurityContext security;
  Amounts limits;  // of all containers together: spec.resources
  std::vector<Volume> volumes;
  std::vector<Container> containers;  // without those of `gate`
  std::optional<Gate> gate;           // where all of it is as the injector makes it
  std::string gate_problem;           // what is not, if the pod has initscan's names; "": it has none
};

}  // namespace initscan::audit

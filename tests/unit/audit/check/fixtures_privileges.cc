// mutability, privileges, user
#include "tests/unit/audit/check/fixtures.h"

namespace initscan::audit {
namespace {

constexpr Outcome P = Outcome::pass, F = Outcome::fail, U = Outcome::unknown, S = Outcome::skip;

constexpr std::string_view kUserNamespaceUnknown =
    "nothing keeps it from running as root: its image decides, and whether its node heeds hostUsers: false is not "
    "known: only from Kubernetes 1.33 on it does without a feature gate";

Arrange layer(std::uint64_t bytes) {
  return [bytes](World& world) { world.cluster.write_layers[{"shop", "shop-1", "a"}] = {bytes, 1}; };
}

}  // namespace

std::vector<Fixture> privileges_fixtures() {
  return {
      {"writable-root", P, "spec: {containers: [{name: a, securityContext: {readOnlyRootFilesystem: true}}]}", "a",
       "true", "spec.containers[a].securityContext.readOnlyRootFilesystem", ""},
      {"writable-root", F, "spec: {containers: [{name: a}]}", "a", "false (not set)",
       "spec.containers[a].securityContext.readOnlyRootFilesystem", "its root file system can be written to"},
      {"writable-root", F,
       "spec: {containers: [{name: a}], initContainers: [{name: i, securityContext: {readOnlyRootFilesystem: false}}]}",
       "i", "false", "spec.initContainers[i].securityContext.readOnlyRootFilesystem",
       "its root file system can be written to"},
      {"writable-root", F,
       "spec: {containers: [], ephemeralContainers: [{name: d, securityContext: {readOnlyRootFilesystem: null}}]}", "d",
       "false (not set)", "spec.ephemeralContainers[d].securityContext.readOnlyRootFilesystem",
       "its root file system can be written to"},
      // The pod's securityContext has no such field: what stands there changes nothing.
      {"writable-root", F, "spec: {securityContext: {readOnlyRootFilesystem: true}, containers: [{name: a}]}", "a",
       "false (not set)", "spec.containers[a].securityContext.readOnlyRootFilesystem",
       "its root file system can be written to"},
      {"writable-root", S, "spec: {os: {name: windows}, containers: [{name: a}]}", "a", "", "",
       "Windows has no such setting"},
      {"writable-root", S, "spec: {containers: [{name: a}]}", "a", "", "", "Windows has no such setting",
       node("containerd://2.1.4", "v1.36.2", "windows")},
      {"writable-root", F, "spec: {os: {name: linux}, containers: [{name: a}]}", "a", "false (not set)",
       "spec.containers[a].securityContext.readOnlyRootFilesystem", "its root file system can be written to",
       node("containerd://2.1.4", "v1.36.2", "windows")},

      {"write-layer", P, "spec: {containers: [{name: a}]}", "a", "64 MiB", "stats of node worker-1", "",
       layer(64 << 20)},
      {"write-layer", F, "spec: {containers: [{name: a}]}", "a", "65 MiB", "stats of node worker-1",
       "it has written more than 64 MiB into its own layer", layer(65 << 20)},
      {"write-layer", U,
       "{spec: {containers: [{name: a}]}, status: {containerStatuses: [{name: a, state: {running: {}}}]}}", "a", "",
       "stats of node worker-1", "the size of its write layer is not known: connection refused",
       [](World& world) { world.cluster.write_layer_gaps["worker-1"] = "connection refused"; }},
      {"write-layer", U,
       "{spec: {containers: [{name: a}]}, status: {containerStatuses: [{name: a, state: {running: {}}}]}}", "a", "",
       "stats of node worker-1", "the kubelet reported nothing about its write layer",
       [](World& world) {
         world.cluster.write_layers[{"other", "pod", "a"}] = {};
       }},
      {"write-layer", S,
       "{spec: {containers: [{name: a}]}, status: {containerStatuses: [{name: a, state: {running: {}}}]}}", "a", "", "",
       "no kubelet was asked for write layers"},
      {"write-layer", S,
       "{spec: {containers: [{name: a}]}, status: {containerStatuses: [{name: a, state: {terminated: {}}}]}}", "a", "",
       "", "it is not running",
       [](World& world) { world.cluster.write_layer_gaps["worker-1"] = "connection refused"; }},

      {"privileged", P, "spec: {containers: [{name: a}]}", "a", "false (not set)",
       "spec.containers[a].securityContext.privileged", ""},
      {"privileged", P, "spec: {containers: [{name: a, securityContext: {privileged: false}}]}", "a", "false",
       "spec.containers[a].securityContext.privileged", ""},
      {"privileged", F, "spec: {containers: [{name: a, securityContext: {privileged: true}}]}", "a", "true",
       "spec.containers[a].securityContext.privileged", "it is privileged"},

      {"host-process", P, "spec: {containers: [{name: a}]}", "a", "false (not set)",
       "spec.containers[a].securityContext.windowsOptions.hostProcess", ""},
      {"host-process", P,
       "spec: {securityContext: {windowsOptions: {hostProcess: true}},"
       " containers: [{name: a, securityContext: {windowsOptions: {hostProcess: false}}}]}",
       "a", "false", "spec.containers[a].securityContext.windowsOptions.hostProcess", ""},
      {"host-process", F, "spec: {securityContext: {windowsOptions: {hostProcess: true}}, containers: [{name: a}]}",
       "a", "true", "spec.securityContext.windowsOptions.hostProcess", "it runs as a process of the Windows host"},

      {"privilege-escalation", P, "spec: {containers: [{name: a, securityContext: {allowPrivilegeEscalation: false}}]}",
       "a", "false", "spec.containers[a].securityContext.allowPrivilegeEscalation", ""},
      {"privilege-escalation", F, "spec: {containers: [{name: a}]}", "a", "true (not set)",
       "spec.containers[a].securityContext.allowPrivilegeEscalation",
       "its processes can gain privileges by set-user-ID programs"},
      {"privilege-escalation", F,
       "spec: {containers: [{name: a, securityContext: {allowPrivilegeEscalation: false, privileged: true}}]}", "a",
       "true (privileged)", "spec.containers[a].securityContext.privileged",
       "its processes can gain privileges, because it is privileged"},
      {"privilege-escalation", F,
       "spec: {containers: [{name: a,"
       " securityContext: {allowPrivilegeEscalation: false, capabilities: {add: [CAP_SYS_ADMIN]}}}]}",
       "a", "true (SYS_ADMIN)", "spec.containers[a].securityContext.capabilities.add",
       "its processes can gain privileges, because it has SYS_ADMIN"},
      {"privilege-escalation", S, "spec: {os: {name: windows}, containers: [{name: a}]}", "a", "", "",
       "Windows has no such setting"},

      {"root-user", P,
       "spec: {securityContext: {runAsUser: 0}, containers: [{name: a, securityContext: {runAsUser: 7}}]}", "a",
       "uid 7 (container)", "spec.containers[a].securityContext.runAsUser", ""},
      {"root-user", P, "spec: {securityContext: {runAsNonRoot: true}, containers: [{name: a}]}", "a",
       "the image's user, who must not be root (pod)", "spec.securityContext.runAsNonRoot", ""},
      {"root-user", P, "spec: {hostUsers: false, containers: [{name: a, securityContext: {runAsUser: 0}}]}", "a",
       "uid 0 (container) in a user namespace of its own", "spec.hostUsers", "", node("containerd://2.1.4", "v1.33.0")},
      {"root-user", F, "spec: {containers: [{name: a}]}", "a", "the image's user",
       "spec.containers[a].securityContext.runAsNonRoot", "nothing keeps it from running as root: its image decides"},
      {"root-user", F,
       "spec: {securityContext: {runAsNonRoot: true}, containers: [{name: a, securityContext: {runAsNonRoot: false}}]}",
       "a", "the image's user", "spec.containers[a].securityContext.runAsNonRoot",
       "nothing keeps it from running as root: its image decides"},
      {"root-user", F, "spec: {securityContext: {runAsUser: 0}, containers: [{name: a}]}", "a", "uid 0 (pod)",
       "spec.securityContext.runAsUser", "it runs as root"},
      {"root-user", F, "spec: {securityContext: {runAsUser: 0, runAsNonRoot: true}, containers: [{name: a}]}", "a",
       "uid 0 (pod)", "spec.securityContext.runAsUser",
       "it asks for root and for runAsNonRoot at once, so it will not start again"},
      {"root-user", U, "spec: {hostUsers: false, containers: [{name: a}]}", "a", "", "spec.hostUsers",
       kUserNamespaceUnknown},
      {"root-user", U, "spec: {hostUsers: false, containers: [{name: a}]}", "a", "", "spec.hostUsers",
       kUserNamespaceUnknown, node("containerd://1.7.0", "v1.32.9")},
      {"root-user", S, "spec: {os: {name: windows}, containers: [{name: a}]}", "a", "", "",
       "Windows has no such setting"},
  };
}

}  // namespace initscan::audit

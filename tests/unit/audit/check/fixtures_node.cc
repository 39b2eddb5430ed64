// host, kernel, debug
#include "tests/unit/audit/check/fixtures.h"

namespace initscan::audit {
namespace {

constexpr Outcome P = Outcome::pass, F = Outcome::fail, U = Outcome::unknown, S = Outcome::skip;

constexpr std::string_view kSilent = "spec: {containers: [{name: a}]}";

}  // namespace

std::vector<Fixture> node_fixtures() {
  return {
      {"host-network", P, kSilent, "", "false", "spec.hostNetwork", ""},
      {"host-network", F, "spec: {hostNetwork: true, containers: []}", "", "true", "spec.hostNetwork",
       "it shares the node's network"},
      {"host-pid", P, kSilent, "", "false", "spec.hostPID", ""},
      {"host-pid", F, "spec: {hostPID: true, containers: []}", "", "true", "spec.hostPID",
       "it sees the node's processes"},
      {"host-ipc", P, kSilent, "", "false", "spec.hostIPC", ""},
      {"host-ipc", F, "spec: {hostIPC: true, containers: []}", "", "true", "spec.hostIPC", "it shares the node's IPC"},

      {"host-path", P, "spec: {containers: [], volumes: [{name: v, emptyDir: {}}]}", "", "none", "spec.volumes", ""},
      {"host-path", F,
       "spec: {containers: [], volumes: [{name: v, hostPath: {path: /a}}, {name: w, hostPath: {path: /b}}]}", "",
       "/a, /b", "spec.volumes[v].hostPath", "it mounts the node's file system: /a, /b"},

      {"writable-host-path", P,
       "spec: {volumes: [{name: v, hostPath: {path: /a}}, {name: e, emptyDir: {}}], containers: [{name: a,"
       " volumeMounts: [{name: v, mountPath: /m, readOnly: true}, {name: e, mountPath: /e}]}]}",
       "a", "none", "spec.containers[a].volumeMounts", ""},
      {"writable-host-path", F,
       "spec: {volumes: [{name: v, hostPath: {path: /a}}], containers: [{name: a,"
       " volumeMounts: [{name: v, mountPath: /m}]}]}",
       "a", "/a", "spec.containers[a].volumeMounts[/m].readOnly", "it can write to the node's file system: /a"},

      {"runtime-socket", P,
       "spec: {volumes: [{name: v, hostPath: {path: /var/log}}], containers: [{name: a,"
       " volumeMounts: [{name: v, mountPath: /m}]}]}",
       "a", "none", "spec.containers[a].volumeMounts", ""},
      {"runtime-socket", P,
       "spec: {volumes: [{name: v, hostPath: {path: /run}}], containers: [{name: a,"
       " volumeMounts: [{name: v, mountPath: /m, subPath: udev}]}]}",
       "a", "none", "spec.containers[a].volumeMounts", ""},
      {"runtime-socket", F,
       "spec: {volumes: [{name: v, hostPath: {path: /var/run/docker.sock}}], containers: [{name: a,"
       " volumeMounts: [{name: v, mountPath: /s, readOnly: true}]}]}",
       "a", "/run/docker.sock", "spec.containers[a].volumeMounts[/s]",
       "it reaches the container runtime's socket through /run/docker.sock"},
      {"runtime-socket", F,
       "spec: {volumes: [{name: v, hostPath: {path: /var//run/x/../}}], containers: [{name: a,"
       " volumeMounts: [{name: v, mountPath: /s}]}]}",
       "a", "/run", "spec.containers[a].volumeMounts[/s]", "it reaches the container runtime's socket through /run"},
      {"runtime-socket", F,
       "spec: {volumes: [{name: v, hostPath: {path: /}}], containers: [{name: a,"
       " volumeMounts: [{name: v, mountPath: /s, subPath: run/containerd}]}]}",
       "a", "/run/containerd", "spec.containers[a].volumeMounts[/s]",
       "it reaches the container runtime's socket through /run/containerd"},
      // What a volume could show, but no container mounts.
      {"runtime-socket", P,
       "spec: {volumes: [{name: v, hostPath: {path: /run/docker.sock}}, {name: w, hostPath: {path: /var}}],"
       " containers: [{name: a, volumeMounts: [{name: w, mountPath: /w}]}]}",
       "a", "none", "spec.containers[a].volumeMounts", ""},
      {"runtime-socket", U,
       "spec: {volumes: [{name: v, hostPath: {path: /run}}], containers: [{name: a,"
       " volumeMounts: [{name: v, mountPath: /s, subPathExpr: $(SUB)}]}]}",
       "a", "", "spec.containers[a].volumeMounts[/s]",
       "which path below /run it mounts is not known: it depends on variables"},

      {"node-folder", P,
       "spec: {volumes: [{name: v, hostPath: {path: /var/lib/kubelet/plugins/example.com}}, {name: w, hostPath: {path:"
       " /var/lib/kubeletx}}, {name: x, hostPath: {path: /var/log}}], containers: [{name: a, volumeMounts:"
       " [{name: v, mountPath: /v}, {name: w, mountPath: /w}, {name: x, mountPath: /x}]}]}",
       "a", "none", "spec.containers[a].volumeMounts", ""},
      {"node-folder", F,
       "spec: {volumes: [{name: v, hostPath: {path: /var/lib/kubelet/pods}}], containers: [{name: a,"
       " volumeMounts: [{name: v, mountPath: /s, readOnly: true}]}]}",
       "a", "/var/lib/kubelet/pods", "spec.containers[a].volumeMounts[/s]",
       "it reaches what the kubelet or the runtime keeps on the node through /var/lib/kubelet/pods"},
      {"node-folder", F,
       "spec: {volumes: [{name: v, hostPath: {path: /etc}}], containers: [{name: a,"
       " volumeMounts: [{name: v, mountPath: /s}]}]}",
       "a", "/etc", "spec.containers[a].volumeMounts[/s]",
       "it reaches what the kubelet or the runtime keeps on the node through /etc"},
      {"node-folder", F,
       "spec: {volumes: [{name: v, hostPath: {path: /var/lib/kubelet/plugins/../pki}}], containers: [{name: a,"
       " volumeMounts: [{name: v, mountPath: /s}]}]}",
       "a", "/var/lib/kubelet/pki", "spec.containers[a].volumeMounts[/s]",
       "it reaches what the kubelet or the runtime keeps on the node through /var/lib/kubelet/pki"},
      {"node-folder", U,
       "spec: {volumes: [{name: v, hostPath: {path: /var}}], containers: [{name: a,"
       " volumeMounts: [{name: v, mountPath: /s, subPathExpr: log/$(SUB)}]}]}",
       "a", "", "spec.containers[a].volumeMounts[/s]",
       "which path below /var it mounts is not known: it depends on variables"},

      {"host-port", P, "spec: {containers: [{name: a, ports: [{containerPort: 80}]}]}", "a", "none",
       "spec.containers[a].ports", ""},
      {"host-port", F, "spec: {containers: [{name: a, ports: [{containerPort: 80, hostPort: 8080}]}]}", "a", "8080",
       "spec.containers[a].ports[].hostPort", "it uses ports of the node: 8080"},

      {"proc-mount", P, kSilent, "a", "Default (not set)", "spec.containers[a].securityContext.procMount", ""},
      {"proc-mount", P, "spec: {hostUsers: false, containers: [{name: a, securityContext: {procMount: Unmasked}}]}",
       "a", "Unmasked in a user namespace of its own", "spec.containers[a].securityContext.procMount", "",
       [](World& world) { world.cluster.version = "v1.36.0"; }},
      {"proc-mount", F, "spec: {containers: [{name: a, securityContext: {procMount: Unmasked}}]}", "a", "Unmasked",
       "spec.containers[a].securityContext.procMount", "its /proc is not masked"},
      {"proc-mount", U, "spec: {containers: [{name: a, securityContext: {procMount: Half}}]}", "a", "",
       "spec.containers[a].securityContext.procMount", "the audit does not know the procMount \"Half\""},
      {"proc-mount", U, "spec: {hostUsers: false, containers: [{name: a, securityContext: {procMount: Unmasked}}]}",
       "a", "", "spec.containers[a].securityContext.procMount",
       "its /proc is not masked, and whether its node heeds hostUsers: false is not known: only from Kubernetes 1.33 "
       "on "
       "it does without a feature gate"},
      {"proc-mount", S, "spec: {os: {name: windows}, containers: [{name: a}]}", "a", "", "",
       "Windows has no such setting"},

      {"sysctls", P, "spec: {securityContext: {sysctls: [{name: net.ipv4.tcp_rmem, value: '1'}]}, containers: []}", "",
       "1 set", "spec.securityContext.sysctls", ""},
      {"sysctls", F, "spec: {securityContext: {sysctls: [{name: net.ipv4.tcp_rmem, value: '1'}]}, containers: []}", "",
       "net.ipv4.tcp_rmem", "spec.securityContext.sysctls",
       "it sets kernel parameters that are not safe: net.ipv4.tcp_rmem", node("containerd://2.1.4", "v1.31.9")},
      {"sysctls", F, "spec: {securityContext: {sysctls: [{name: kernel.msgmax, value: '1'}]}, containers: []}", "",
       "kernel.msgmax", "spec.securityContext.sysctls", "it sets kernel parameters that are not safe: kernel.msgmax"},

      {"ephemeral-container", P, kSilent, "", "none", "spec.ephemeralContainers", ""},
      {"ephemeral-container", F,
       "spec: {containers: [], ephemeralContainers: [{name: debugger-1}, {name: debugger-2}]}", "",
       "debugger-1, debugger-2", "spec.ephemeralContainers",
       "debug containers were put into it: debugger-1, debugger-2"},
  };
}

}  // namespace initscan::audit

#include "tests/unit/audit/check/fixtures.h"

namespace initscan::audit {
namespace {

constexpr Outcome P = Outcome::pass, F = Outcome::fail, U = Outcome::unknown, S = Outcome::skip;

constexpr std::string_view kAdd = "spec.containers[a].securityContext.capabilities.add";
constexpr std::string_view kDrop = "spec.containers[a].securityContext.capabilities.drop";
constexpr std::string_view kPrivilegedPath = "spec.containers[a].securityContext.privileged";
constexpr std::string_view kPrivileged = "spec: {containers: [{name: a, securityContext: {privileged: true}}]}";
constexpr std::string_view kAll = "it has every capability, because it is privileged";
constexpr std::string_view kSilent = "spec: {containers: [{name: a}]}";

}  // namespace

std::vector<Fixture> capabilities_fixtures() {
  return {
      {"sys-admin", P, kSilent, "a", "none", kAdd, ""},
      {"sys-admin", P,
       "spec: {containers: [{name: a, securityContext: {capabilities: {add: [ALL], drop: [SYS_ADMIN]}}}]}", "a", "ALL",
       kAdd, ""},
      {"sys-admin", F, "spec: {containers: [{name: a, securityContext: {capabilities: {add: [sys_admin]}}}]}", "a",
       "SYS_ADMIN", kAdd, "it has the capability SYS_ADMIN"},
      {"sys-admin", F, "spec: {containers: [{name: a, securityContext: {capabilities: {add: [ALL]}}}]}", "a", "ALL",
       kAdd, "it has the capability SYS_ADMIN"},
      {"sys-admin", F,
       "spec: {containers: [{name: a, securityContext: {capabilities: {add: [SYS_ADMIN], drop: [ALL]}}}]}", "a",
       "SYS_ADMIN", kAdd, "it has the capability SYS_ADMIN"},
      {"sys-admin", F, kPrivileged, "a", "all of them (privileged)", kPrivilegedPath, kAll},
      {"sys-admin", S, "spec: {os: {name: windows}, containers: [{name: a}]}", "a", "", "",
       "Windows has no such setting"},

      {"added-capabilities", P,
       "spec: {containers: [{name: a, securityContext: {capabilities: {add: [CHOWN, CAP_KILL]}}}]}", "a", "CHOWN, KILL",
       kAdd, ""},
      {"added-capabilities", F,
       "spec: {containers: [{name: a, securityContext: {capabilities: {add: [NET_RAW, CHOWN]}}}]}", "a",
       "CHOWN, NET_RAW", kAdd, "it adds capabilities beyond the default set: NET_RAW"},
      {"added-capabilities", F, kPrivileged, "a", "all of them (privileged)", kPrivilegedPath, kAll},

      {"net-raw", P, "spec: {containers: [{name: a, securityContext: {capabilities: {drop: [all]}}}]}", "a",
       "dropped: ALL", kDrop, ""},
      {"net-raw", P, "spec: {containers: [{name: a, securityContext: {capabilities: {drop: [NET_RAW]}}}]}", "a",
       "dropped: NET_RAW", kDrop, ""},
      {"net-raw", P, kSilent, "a", "dropped: none", kDrop, "", node("cri-o://1.34.1")},
      {"net-raw", F, kSilent, "a", "dropped: none", kDrop, "it has the capability NET_RAW", node("containerd://2.1.4")},
      {"net-raw", F, "spec: {containers: [{name: a, securityContext: {capabilities: {add: [NET_RAW], drop: [ALL]}}}]}",
       "a", "dropped: ALL", kDrop, "it has the capability NET_RAW", node("cri-o://1.34.1")},
      {"net-raw", F, kPrivileged, "a", "all of them (privileged)", kPrivilegedPath, kAll},
      {"net-raw", S, "{spec: {containers: [{name: a}]}, status: {phase: Pending}}", "a", "", "",
       "it has not started yet"},
      {"net-raw", U, kSilent, "a", "", kDrop,
       "it does not drop NET_RAW, and whether its runtime gives it by default is not known: the node's runtime could "
       "not be read"},
      {"net-raw", U, kSilent, "a", "", kDrop,
       "it does not drop NET_RAW, and whether its runtime gives it by default is not known: the runtime is frakti://1",
       node("frakti://1")},

      {"undropped-capabilities", P,
       "spec: {containers: [{name: a, securityContext: {capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}}]}", "a",
       "drops ALL, adds NET_BIND_SERVICE", kDrop, ""},
      // Every one by name is ALL by another word.
      {"undropped-capabilities", P,
       "spec: {containers: [{name: a, securityContext: {capabilities: {drop: [AUDIT_WRITE, CHOWN, DAC_OVERRIDE, FOWNER,"
       " FSETID, KILL, MKNOD, NET_BIND_SERVICE, NET_RAW, SETFCAP, SETGID, SETPCAP, SETUID, SYS_CHROOT]}}}]}",
       "a",
       "drops AUDIT_WRITE, CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, MKNOD, NET_BIND_SERVICE, NET_RAW, SETFCAP, "
       "SETGID, "
       "SETPCAP, SETUID, SYS_CHROOT, adds none",
       kDrop, ""},
      {"undropped-capabilities", F, kSilent, "a", "drops none, adds none", kDrop, "it does not drop ALL capabilities"},
      {"undropped-capabilities", F,
       "spec: {containers: [{name: a, securityContext: {capabilities: {drop: [ALL], add: [CHOWN]}}}]}", "a",
       "drops ALL, adds CHOWN", kAdd, "it adds capabilities back: CHOWN"},
      {"undropped-capabilities", F, kPrivileged, "a", "all of them (privileged)", kPrivilegedPath, kAll},
  };
}

}  // namespace initscan::audit

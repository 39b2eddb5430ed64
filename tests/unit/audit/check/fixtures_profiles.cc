#include "tests/unit/audit/check/fixtures.h"

namespace initscan::audit {
namespace {

constexpr Outcome P = Outcome::pass, F = Outcome::fail, U = Outcome::unknown, S = Outcome::skip;

constexpr std::string_view kSilent = "spec: {containers: [{name: a}]}";
constexpr std::string_view kAnnotation = "metadata.annotations[container.apparmor.security.beta.kubernetes.io/a]";

}  // namespace

std::vector<Fixture> profiles_fixtures() {
  return {
      {"seccomp", P, "spec: {securityContext: {seccompProfile: {type: RuntimeDefault}}, containers: [{name: a}]}", "a",
       "RuntimeDefault (pod)", "spec.securityContext.seccompProfile", ""},
      {"seccomp", P,
       "spec: {securityContext: {seccompProfile: {type: Unconfined}}, containers: [{name: a,"
       " securityContext: {seccompProfile: {type: Localhost, localhostProfile: p.json}}}]}",
       "a", "Localhost p.json (container)", "spec.containers[a].securityContext.seccompProfile", ""},
      {"seccomp", F, kSilent, "a", "Unconfined (not set)", "spec.containers[a].securityContext.seccompProfile",
       "no seccomp profile is requested, so its kubelet decides"},
      {"seccomp", F, "spec: {containers: [{name: a, securityContext: {seccompProfile: {type: Unconfined}}}]}", "a",
       "Unconfined (container)", "spec.containers[a].securityContext.seccompProfile", "no seccomp profile confines it"},
      {"seccomp", F,
       "spec: {securityContext: {seccompProfile: {type: RuntimeDefault}},"
       " containers: [{name: a, securityContext: {privileged: true}}]}",
       "a", "Unconfined (privileged)", "spec.containers[a].securityContext.privileged",
       "no seccomp profile confines it, because it is privileged"},
      {"seccomp", U, "spec: {containers: [{name: a, securityContext: {seccompProfile: {type: runtimeDefault}}}]}", "a",
       "", "spec.containers[a].securityContext.seccompProfile",
       "the audit does not know profiles of the type \"runtimeDefault\""},
      {"seccomp", S, "spec: {os: {name: windows}, containers: [{name: a}]}", "a", "", "",
       "Windows has no such setting"},

      {"apparmor", P, kSilent, "a", "the runtime's, where the node has AppArmor (not set)",
       "spec.containers[a].securityContext.appArmorProfile", ""},
      {"apparmor", P,
       "{metadata: {name: shop-1, annotations: {container.apparmor.security.beta.kubernetes.io/a: localhost/shop}},"
       " spec: {securityContext: {appArmorProfile: {type: Unconfined}}, containers: [{name: a}]}}",
       "a", "Localhost shop (annotation)", kAnnotation, ""},
      {"apparmor", P,
       "spec: {containers: [{name: a, securityContext: {privileged: true,"
       " appArmorProfile: {type: Localhost, localhostProfile: shop}}}]}",
       "a", "Localhost shop (container)", "spec.containers[a].securityContext.appArmorProfile", ""},
      {"apparmor", F, "spec: {securityContext: {appArmorProfile: {type: Unconfined}}, containers: [{name: a}]}", "a",
       "Unconfined (pod)", "spec.securityContext.appArmorProfile", "no AppArmor profile confines it"},
      {"apparmor", F,
       "{metadata: {name: shop-1, annotations: {container.apparmor.security.beta.kubernetes.io/a: unconfined}},"
       " spec: {containers: [{name: a}]}}",
       "a", "Unconfined (annotation)", kAnnotation, "no AppArmor profile confines it"},
      {"apparmor", F,
       "spec: {securityContext: {appArmorProfile: {type: RuntimeDefault}},"
       " containers: [{name: a, securityContext: {privileged: true}}]}",
       "a", "Unconfined (privileged)", "spec.containers[a].securityContext.privileged",
       "no AppArmor profile confines it, because it is privileged"},
      {"apparmor", U,
       "{metadata: {name: shop-1, annotations: {container.apparmor.security.beta.kubernetes.io/a: complain}},"
       " spec: {containers: [{name: a}]}}",
       "a", "", kAnnotation, "the audit does not know profiles of the type \"complain\""},

      {"selinux", P, kSilent, "a", "the runtime's (not set)", "spec.containers[a].securityContext.seLinuxOptions", ""},
      {"selinux", P,
       "spec: {securityContext: {seLinuxOptions: {type: container_t, level: 's0:c1,c2'}}, containers: [{name: a}]}",
       "a", "::container_t:s0:c1,c2", "spec.securityContext.seLinuxOptions", ""},
      {"selinux", F, "spec: {containers: [{name: a, securityContext: {seLinuxOptions: {type: spc_t}}}]}", "a",
       "::spc_t:", "spec.containers[a].securityContext.seLinuxOptions", "it runs with the SELinux type spc_t"},
      {"selinux", F, "spec: {containers: [{name: a, securityContext: {seLinuxOptions: {role: r, type: container_t}}}]}",
       "a", ":r:container_t:", "spec.containers[a].securityContext.seLinuxOptions",
       "it sets a user or role of SELinux"},
  };
}

}  // namespace initscan::audit

// runtime, pss
#include "tests/unit/audit/check/fixtures.h"

namespace initscan::audit {
namespace {

constexpr Outcome P = Outcome::pass, F = Outcome::fail, U = Outcome::unknown, S = Outcome::skip;

constexpr std::string_view kSilent = "spec: {containers: [{name: a}]}";
constexpr std::string_view kStarted = "status.containerStatuses[a].state.running.startedAt";
constexpr std::string_view kRestarts = "status.containerStatuses[a].restartCount";
constexpr std::string_view kEnforce = "metadata.labels[pod-security.kubernetes.io/enforce] of namespace shop";
constexpr std::string_view kPolicyLevel = "podSecurityStandard.level of the audit policy";
constexpr std::string_view kRestricted =
    "spec: {securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}, containers: [{name: a,"
    " securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]}";

}  // namespace

std::vector<Fixture> runtime_fixtures() {
  return {
      {"age", P,
       "{spec: {containers: [{name: a}]}, status: {containerStatuses:"
       " [{name: a, state: {running: {startedAt: '2026-10-25T12:00:00Z'}}}]}}",
       "a", "30 days", kStarted, ""},
      // A clock that is a little ahead.
      {"age", P,
       "{spec: {containers: [{name: a}]}, status: {containerStatuses:"
       " [{name: a, state: {running: {startedAt: '2026-11-24T12:04:00Z'}}}]}}",
       "a", "0 days", kStarted, ""},
      {"age", F,
       "{spec: {containers: [{name: a}]}, status: {containerStatuses:"
       " [{name: a, state: {running: {startedAt: '2026-10-25T11:59:59Z'}}}]}}",
       "a", "30 days", kStarted, "it has been running for more than 30 days"},
      {"age", F,
       "{spec: {containers: [], initContainers: [{name: a, restartPolicy: Always}]}, status: {initContainerStatuses:"
       " [{name: a, state: {running: {startedAt: '2025-11-24T12:00:00Z'}}}]}}",
       "a", "365 days", "status.initContainerStatuses[a].state.running.startedAt",
       "it has been running for more than 30 days"},
      {"age", U, kSilent, "a", "", kStarted, "the pod has no status of it"},
      {"age", U,
       "{spec: {containers: [{name: a}]}, status: {containerStatuses: [{name: a, state: {running: {startedAt: "
       "null}}}]}}",
       "a", "", kStarted, "its status does not say when it started"},
      {"age", U,
       "{spec: {containers: [{name: a}]}, status: {containerStatuses:"
       " [{name: a, state: {running: {startedAt: '2026-11-24T12:06:00Z'}}}]}}",
       "a", "", kStarted, "it started in the future: the clocks of its node and of this program differ"},
      {"age", S,
       "{spec: {containers: [{name: a}]}, status: {containerStatuses: [{name: a, restartCount: 1, state: {waiting:"
       " {reason: Error}}}]}}",
       "a", "", "", "it is not running"},
      {"age", S,
       "{spec: {containers: [{name: a}]}, status: {containerStatuses: [{name: a, state: {waiting: {reason: Error}}}]}}",
       "a", "", "", "it has not started yet"},

      {"restarts", P, "{spec: {containers: [{name: a}]}, status: {containerStatuses: [{name: a, restartCount: 10}]}}",
       "a", "10", kRestarts, ""},
      {"restarts", F, "{spec: {containers: [{name: a}]}, status: {containerStatuses: [{name: a, restartCount: 11}]}}",
       "a", "11", kRestarts, "it has restarted more than 10 times"},
      {"restarts", U, kSilent, "a", "", kRestarts, "the pod has no status of it"},

      {"pod-security-standard", P, kRestricted, "", "restricted:v1.36", kPolicyLevel, "", namespace_labels({})},
      // Whatever its namespace asks for.
      {"pod-security-standard", P, kRestricted, "", "restricted:v1.36", kEnforce, ""},
      {"pod-security-standard", P, kSilent, "", "baseline:v1.30", kEnforce, "",
       namespace_labels({{"pod-security.kubernetes.io/enforce", "baseline"},
                         {"pod-security.kubernetes.io/enforce-version", "v1.30"}})},
      // A level without a version is of the latest, whatever the policy says for namespaces without a level.
      {"pod-security-standard", P, kSilent, "", "baseline:v1.36", kEnforce, "",
       [](World& world) {
         namespace_labels({{"pod-security.kubernetes.io/enforce", "baseline"}})(world);
         world.policy.pss_version = "v1.0";
       }},
      {"pod-security-standard", P, kRestricted, "", "restricted:v1.29", kPolicyLevel, "",
       namespace_labels({{"pod-security.kubernetes.io/enforce-version", "v1.29"}})},
      {"pod-security-standard", F, "spec: {hostPID: true, containers: [{name: a}]}", "", "baseline:v1.36", kEnforce,
       "it violates baseline:v1.36, which its namespace enforces: the API server would refuse the pod today: "
       "hostNamespaces: the pod: sets hostPID",
       namespace_labels({{"pod-security.kubernetes.io/enforce", "baseline"}})},
      {"pod-security-standard", F, kSilent, "", "restricted:v1.0", kPolicyLevel,
       "it violates restricted:v1.0, which the audit policy requires, but its namespace does not: runAsNonRoot: \"a\": "
       "does not "
       "set runAsNonRoot: true",
       [](World& world) {
         namespace_labels({})(world);
         world.policy.pss_version = "v1.0";
       }},
      // Not silently another version.
      {"pod-security-standard", P, kRestricted, "", "restricted:v1.36", kEnforce, "",
       namespace_labels({{"pod-security.kubernetes.io/enforce", "restricted"},
                         {"pod-security.kubernetes.io/enforce-version", "v1.36"}})},
      {"pod-security-standard", P, kRestricted, "", "restricted:v1.36, the newest known of v1.41", kEnforce, "",
       namespace_labels({{"pod-security.kubernetes.io/enforce", "restricted"},
                         {"pod-security.kubernetes.io/enforce-version", "v1.41"}})},
      {"pod-security-standard", S, kSilent, "", "", "", "the audit policy requires only the level privileged",
       [](World& world) {
         namespace_labels({})(world);
         world.policy.pss_level = "privileged";
       }},
      // A level that nobody knows is the strictest: so does Kubernetes.
      {"pod-security-standard", F,
       "spec: {securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}, containers: [{name: a,"
       " securityContext: {capabilities: {drop: [ALL]}}}]}",
       "", "restricted:v1.36", kEnforce,
       "it violates restricted:v1.36, which its namespace enforces: the API server would refuse the pod today: "
       "allowPrivilegeEscalation: \"a\": does not set allowPrivilegeEscalation: false",
       namespace_labels({{"pod-security.kubernetes.io/enforce", "Baseline"},
                         {"pod-security.kubernetes.io/enforce-version", "1.30"}})},
      {"pod-security-standard", U, kSilent, "", "", kEnforce,
       "it does not meet the level restricted, and which level its namespace requires is not known: namespaces: 403 "
       "Forbidden"},
      {"pod-security-standard", S, kSilent, "", "", "", "its namespace allows everything: the level is privileged",
       namespace_labels({{"pod-security.kubernetes.io/enforce", "privileged"}})},
  };
}

}  // namespace initscan::audit

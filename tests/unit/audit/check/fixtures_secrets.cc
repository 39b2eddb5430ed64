// secrets, token, rights, resources
#include "tests/unit/audit/check/fixtures.h"

namespace initscan::audit {
namespace {

constexpr Outcome P = Outcome::pass, F = Outcome::fail, U = Outcome::unknown, S = Outcome::skip;

constexpr std::string_view kSilent = "spec: {containers: [{name: a}]}";
constexpr std::string_view kAutomount = "spec.automountServiceAccountToken";

Arrange account(std::string name, bool automount) {
  return [=](World& world) { world.cluster.token_automount.value = {{{"shop", name}, automount}}; };
}

// Everybody whose pod runs as shop/robot, or in shop, or at all.
Arrange detours(std::vector<std::pair<Holder, Detour>> held) {
  return [=](World& world) {
    world.cluster.detours_are_asked = true;
    world.cluster.detours.value.emplace();
    for (const auto& [holder, detour] : held) (*world.cluster.detours.value)[holder].push_back(detour);
  };
}

}  // namespace

std::vector<Fixture> secrets_fixtures() {
  return {
      {"literal-secret", P,
       "spec: {containers: [{name: a, env: [{name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: s, key: k}}},"
       " {name: DB_PASSWORD_FILE, value: /run/p}, {name: TOKEN, value: $(DB_PASSWORD)}]}]}",
       "a", "none", "spec.containers[a]", ""},
      {"literal-secret", F,
       "spec: {containers: [{name: a, env: [{name: MODE, value: fast}, {name: DB_PASSWORD, value: hunter2},"
       " {name: DB, value: 'postgres://shop:hunter2@db/shop'}]}]}",
       "a", "DB_PASSWORD (by its name), DB (a password in a URL)", "spec.containers[a].env[DB_PASSWORD].value",
       "its manifest contains secrets in clear text: DB_PASSWORD (by its name), DB (a password in a URL)"},

      // The API takes no such thing; in a file the value stands there all the same.
      {"literal-secret", F,
       "spec: {containers: [{name: a, env: [{name: TOKEN, value: x, valueFrom: {secretKeyRef: {name: s, key: k}}}]}]}",
       "a", "TOKEN (by its name)", "spec.containers[a].env[TOKEN].value",
       "its manifest contains secrets in clear text: TOKEN (by its name)"},

      {"literal-secret", P,
       "spec: {containers: [{name: a, command: [sh, -c, 'exec tool --token $(TOKEN)'], args: [--db-password, $(PW)],"
       " livenessProbe: {httpGet: {port: 80, httpHeaders: [{name: Authorization, value: 'Bearer $(T)'}]}}}]}",
       "a", "none", "spec.containers[a]", ""},
      {"literal-secret", F,
       "spec: {containers: [{name: a, command: [tool, --verbose, --api-key=k3y], args: [--db-password, hunter2]}]}",
       "a", "command[2] (an assignment to a secret's name), args[1] (by the option before it)",
       "spec.containers[a].command[2]",
       "its manifest contains secrets in clear text: command[2] (an assignment to a secret's name), args[1] (by the "
       "option "
       "before it)"},
      {"literal-secret", F,
       "spec: {containers: [{name: a, readinessProbe: {httpGet: {port: 80, httpHeaders: [{name: Authorization,"
       " value: 'Basic c2hvcDpodW50ZXIy'}]}}}]}",
       "a", "header Authorization (a password in a header)",
       "spec.containers[a]: httpHeaders of a probe or a lifecycle hook",
       "its manifest contains secrets in clear text: header Authorization (a password in a header)"},
      {"literal-secret", F,
       "spec: {containers: [{name: a, lifecycle: {preStop: {exec: {command: [curl, 'https://u:hunter2@a/stop']}}}}]}",
       "a", "exec.command (a password in a URL)", "spec.containers[a]: exec.command of a probe or a lifecycle hook",
       "its manifest contains secrets in clear text: exec.command (a password in a URL)"},

      {"secret-in-environment", P,
       "spec: {containers: [{name: a, env: [{name: A, valueFrom: {configMapKeyRef: {name: c, key: k}}}],"
       " envFrom: [{configMapRef: {name: c}}]}]}",
       "a", "none", "spec.containers[a].env", ""},
      {"secret-in-environment", F,
       "spec: {containers: [{name: a, env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}]}]}", "a", "A",
       "spec.containers[a].env[A].valueFrom.secretKeyRef", "its environment takes values from Secrets: A"},
      {"secret-in-environment", F, "spec: {containers: [{name: a, envFrom: [{prefix: S_, secretRef: {name: s}}]}]}",
       "a", "S_*", "spec.containers[a].envFrom[].secretRef", "its environment takes values from Secrets: S_*"},

      {"service-account-token", P, "spec: {automountServiceAccountToken: false, containers: []}", "", "false (pod)",
       kAutomount, ""},
      {"service-account-token", P, "spec: {automountServiceAccountToken: true, containers: []}", "", "true (pod)",
       kAutomount, ""},
      {"service-account-token", P, "spec: {serviceAccountName: robot, containers: []}", "", "false (service account)",
       "ServiceAccount/robot.automountServiceAccountToken", "", account("robot", false)},
      {"service-account-token", P, "{metadata: {name: shop-1, uid: u}, spec: {containers: [{name: a}]}}", "",
       "not mounted", kAutomount, ""},
      {"service-account-token", F,
       "{metadata: {name: shop-1, uid: u}, spec: {containers: [{name: a, volumeMounts:"
       " [{name: kube-api-access-x2x, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true}]}]}}",
       "", "mounted (not set)", kAutomount,
       "the token of service account default is mounted, although the pod did not ask for it"},
      {"service-account-token", F, "spec: {serviceAccountName: robot, containers: []}", "", "true (not set)",
       kAutomount, "the token of service account robot is mounted, although the pod did not ask for it",
       account("robot", true)},
      {"service-account-token", U, "spec: {containers: []}", "", "", kAutomount,
       "the pod does not say whether it wants a token, and its service account default could not be read: "
       "serviceaccounts: 403 Forbidden"},

      {"detour-rights", P, "spec: {serviceAccountName: robot, containers: []}", "", "none", "ServiceAccount/robot", "",
       detours({{{"ServiceAccount", "shop", "other"}, {{"nodes/proxy"}, "", "ClusterRoleBinding ops"}},
                {{"ServiceAccount", "else", "robot"}, {{"nodes/proxy"}, "", "ClusterRoleBinding ops"}}})},
      {"detour-rights", F, "spec: {serviceAccountName: robot, containers: []}", "",
       "nodes/proxy, impersonate others (ClusterRoleBinding ops); change pods/status in shop (RoleBinding status)",
       "ClusterRoleBinding ops",
       "its service account holds rights that lead around the gate: nodes/proxy, impersonate others "
       "(ClusterRoleBinding ops); change pods/status in shop (RoleBinding status)",
       detours(
           {{{"ServiceAccount", "shop", "robot"},
             {{"nodes/proxy", "impersonate others"}, "", "ClusterRoleBinding ops"}},
            {{"Group", "", "system:serviceaccounts:shop"}, {{"change pods/status"}, "shop", "RoleBinding status"}}})},
      {"detour-rights", U, "spec: {containers: []}", "", "", "ServiceAccount/default",
       "which rights its service account has is not known: roles: 403 Forbidden",
       [](World& world) {
         world.cluster.detours_are_asked = true;
         world.cluster.detours.why_not = "roles: 403 Forbidden";
       }},
      {"detour-rights", S, "spec: {containers: []}", "", "", "", "no roles and bindings were given"},

      {"no-memory-limit", P, "spec: {containers: [{name: a, resources: {limits: {memory: 1Gi}}}]}", "a",
       "set (container)", "spec.containers[a].resources.limits.memory", ""},
      {"no-memory-limit", P, "spec: {resources: {limits: {memory: 1Gi}}, containers: [{name: a}]}", "a", "set (pod)",
       "spec.resources.limits.memory", ""},
      {"no-memory-limit", F, "spec: {containers: [{name: a, resources: {requests: {memory: 1Gi}}}]}", "a", "not set",
       "spec.containers[a].resources.limits.memory", "nothing limits its memory"},
      {"no-memory-limit", S, "spec: {containers: [], ephemeralContainers: [{name: d}]}", "d", "", "",
       "ephemeral containers cannot have limits"},
      {"no-cpu-limit", P, "spec: {containers: [{name: a, resources: {limits: {cpu: 1}}}]}", "a", "set (container)",
       "spec.containers[a].resources.limits.cpu", ""},
      {"no-cpu-limit", F, kSilent, "a", "not set", "spec.containers[a].resources.limits.cpu", "nothing limits its cpu"},
      {"no-storage-limit", P, "spec: {containers: [{name: a, resources: {limits: {ephemeral-storage: 1Gi}}}]}", "a",
       "set (container)", "spec.containers[a].resources.limits.ephemeral-storage", ""},
      {"no-storage-limit", F, kSilent, "a", "not set", "spec.containers[a].resources.limits.ephemeral-storage",
       "nothing limits its ephemeral-storage"},
  };
}

}  // namespace initscan::audit

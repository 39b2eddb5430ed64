"""A control plane with what every test of pods needs: namespaces, and users of different rights."""

import pytest

from control_plane import ControlPlane, missing


def started(folder, **options):
    """A control plane with two namespaces, one of them labelled, and users with and without the right to bypass."""
    if reason := missing():
        pytest.skip(reason)
    made = ControlPlane(folder, **options)
    namespaces = {"shop": {"initscan.io/inject": "enabled"}, "plain": {}}
    made.apply(*({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": n, "labels": l}} for n, l in namespaces.items()))
    rights = [{"apiGroups": ["", "apps", "batch"], "verbs": ["*"], "resources": [
        "pods", "pods/ephemeralcontainers", "pods/status", "pods/binding", "pods/eviction", "pods/resize",
        "deployments", "replicasets", "cronjobs", "pods/exec", "pods/attach", "pods/portforward",
        "namespaces", "namespaces/finalize", "namespaces/status"]}]
    bypass = [{"apiGroups": ["initscan.io"], "resources": ["scanpolicies"], "verbs": ["bypass"]}]
    for name, rules in (("pods", rights), ("bypass", bypass)):
        made.apply({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": name}, "rules": rules})
    for user, role in (("developer", "pods"), ("breaker", "pods"), ("breaker", "bypass"), ("system:node:worker", "pods")):
        made.apply({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding",
                    "metadata": {"name": f"{user}-{role}".replace(":", "-")}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role},
                    "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": user}]})
    # Who owns a namespace, by a role of everything.
    made.apply({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "everything"},
                "rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]},
               {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "owner", "namespace": "shop"},
                "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "everything"},
                "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "owner"}]})
    return made

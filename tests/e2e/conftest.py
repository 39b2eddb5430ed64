"""The base of deploy/kustomize on a real API server, with a real injector behind its webhook."""

import pytest
import yaml

from control_plane import ControlPlane, missing
from enforcement import wait_until_enforced
from support import PROJECT, run
from webhook import Webhook

IMAGE = "example/initscan@sha256:" + "1" * 64
BASE = PROJECT / "deploy" / "kustomize" / "base"


def documents(name):
    return [d for d in yaml.safe_load_all((BASE / name).read_text()) if d]


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    if reason := missing():
        pytest.skip(reason)
    made = ControlPlane(tmp_path_factory.mktemp("cluster"))
    namespaces = {"shop": {"initscan.io/inject": "enabled"}, "plain": {}, "initscan-system": {}}
    made.apply(*({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": n, "labels": l}} for n, l in namespaces.items()))
    rights = [{"apiGroups": [""], "resources": ["pods", "pods/ephemeralcontainers"], "verbs": ["*"]}]
    bypass = [{"apiGroups": ["initscan.io"], "resources": ["scanpolicies"], "verbs": ["bypass"]}]
    for name, rules in (("pods", rights), ("bypass", bypass)):
        made.apply({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": name}, "rules": rules})
    for user, role in (("developer", "pods"), ("breaker", "pods"), ("breaker", "bypass")):
        made.apply({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding",
                    "metadata": {"name": f"{user}-{role}"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role},
                    "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": user}]})
    yield made
    made.close()


@pytest.fixture(scope="module", params=["copy", "volume"])
def installed(request, cluster, injector, tmp_path_factory):
    """The webhook and the final-state policy as deployed, but for where the webhook listens."""
    webhook = Webhook(injector, tmp_path_factory.mktemp("webhook"), "--mode", request.param, image=IMAGE)
    pod = {"kind": "Pod", "spec": {"containers": [{"name": "a", "image": "a"}]}}
    injected = run(injector, "inject", "--image", IMAGE, "-f", "-", input=yaml.safe_dump(pod), check=True)
    gate = yaml.safe_load(injected.stdout)["spec"]["initContainers"][-1]
    policy = next(a for a in gate["args"] if a.startswith("--policy-sha256=")).split("=")[1]

    configuration = documents("mutating-webhook.yaml")[0]
    configuration["webhooks"][0]["clientConfig"] = {
        "url": f"https://localhost:{webhook.port}/mutate", "caBundle": cluster.ca_bundle(webhook.certificate)}
    final_state = documents("final-state.yaml")
    final_state[0]["data"].update(image=IMAGE, images=IMAGE, policySha256=policy)
    cluster.apply(configuration, *final_state)
    webhook.mode = request.param
    webhook.policy = policy
    wait_until_enforced(cluster)
    yield webhook
    webhook.close()

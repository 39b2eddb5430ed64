"""The overlay for OpenShift: nothing of ours names a user, and the final-state policy accepts that there alone."""

import json

import pytest

from cluster_webhook import ClusterWebhook
from deployment import IMAGE, install, rendered
from enforcement import until
from test_admission import created, pod


@pytest.fixture(scope="module")
def assigned(fresh_cluster, injector, tmp_path_factory):
    specs = {o["metadata"]["name"]: o["spec"]["template"]["spec"] for o in rendered("overlays/openshift") if o["kind"] == "Deployment"}
    assert set(specs) == {"initscan-injector", "initscan-server"}
    for spec in specs.values():
        assert not {"runAsUser", "runAsGroup", "fsGroup"} & set(spec["securityContext"]) and spec["securityContext"]["runAsNonRoot"]
    assert "--assigned-user" in specs["initscan-injector"]["containers"][0]["args"]
    webhook = ClusterWebhook(injector, fresh_cluster, tmp_path_factory.mktemp("assigned"), "--mode", "copy", "--assigned-user", image=IMAGE)
    install(fresh_cluster, webhook, "overlays/openshift")
    yield fresh_cluster
    webhook.close()


def test_no_container_of_ours_names_a_user(assigned):
    ours = [c for c in created(assigned.create(pod()))["spec"]["initContainers"] if c["name"].startswith("initscan-")]
    assert len(ours) == 3
    for container in ours:
        assert not {"runAsUser", "runAsGroup"} & set(container["securityContext"]) and container["securityContext"]["runAsNonRoot"]


def test_elsewhere_such_a_pod_is_denied(assigned):
    patch = json.dumps({"data": {"assignedUser": "false"}})
    assigned.kubectl("patch", "configmap", "initscan-final-state", "-n", "initscan-system", "--type=merge", "-p", patch, check=True)

    def denies():
        done = assigned.create(pod())
        return done.returncode != 0 and "one of its containers has settings other than those that the injector gives it" in done.stderr or done.stderr or "it is admitted"

    until(denies, "it is not denied")

"""Who of an injected pod gets the service account's token, by the API server's own plugin that mounts it."""

import json

import pytest
import yaml

from admission import TOKEN_PLACE
from deployment import IMAGE
from enforcement import wait_until_without_webhook
from started_cluster import started
from support import run
from test_admission import created, denied, labelled, pod, renamed


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    made = started(tmp_path_factory.mktemp("with-tokens"), without_plugins=())
    made.apply(*({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name, "namespace": "shop"}, **fields}
                 for name, fields in {"default": {}, "quiet": {"automountServiceAccountToken": False}}.items()))
    yield made
    made.close()


def over_token(container):
    """What is mounted where the token goes."""
    return [m["name"].partition("access-")[0] for m in container.get("volumeMounts", []) if m["mountPath"] == TOKEN_PLACE]


OWN_MOUNT = {"volumes": [{"name": "mine", "emptyDir": {}}],
             "containers": [{"name": "app", "image": "example/shop:1", "volumeMounts": [{"name": "mine", "mountPath": TOKEN_PLACE}]}]}
# A pod, and what its own container has there.
PODS = {
    "says nothing": ({}, ["kube-api-"]),
    "wants it": ({"automountServiceAccountToken": True, "serviceAccountName": "quiet"}, ["kube-api-"]),
    "wants none": ({"automountServiceAccountToken": False}, []),
    "its account wants none": ({"serviceAccountName": "quiet"}, []),
    "has its own": (OWN_MOUNT, ["mine"]),
}


@pytest.mark.parametrize("name", PODS)
def test_no_collector_has_it(cluster, installed, name):
    spec, want = PODS[name]
    made = created(cluster.create(pod(**spec)))["spec"]
    assert [over_token(c) for c in made["containers"]] == [want]
    ours = [over_token(c) for c in made["initContainers"]]
    if installed.mode == "copy":
        assert ours == [["initscan-no-token"]] * 3
    else:
        assert ours in ([[]], [["kube-api-"]]), "a gate alone runs nothing of an image"


def test_one_without_the_empty_volume_is_denied(cluster, installed, injector):
    """Where the injector is not asked: the API server mounts the token into each container that has nothing there."""
    cluster.kubectl("delete", "mutatingwebhookconfiguration", "initscan", check=True)
    wait_until_without_webhook(cluster)
    done = run(injector, "inject", "--mode", installed.mode, "--image", IMAGE, "-f", "-", input=json.dumps(pod()))
    assert done.returncode == 0, done.stderr
    good = yaml.safe_load(done.stdout)
    assert all(over_token(c) for c in created(cluster.create(renamed(good)))["spec"]["containers"])
    if installed.mode == "volume":
        return
    for number in range(3):
        bad = renamed(good)
        mounts = bad["spec"]["initContainers"][number]["volumeMounts"]
        mounts.remove(next(m for m in mounts if m["name"] == "initscan-no-token"))
        denied(cluster.create(bad), "volumes or mounts are not those of the injector")
    assert created(cluster.create(labelled(renamed(bad)), user="breaker")), "the mount that is missing, and nothing else, is why"

"""A cluster in which images are only mounted: no collector runs, whoever brings it."""

import json

import pytest
import yaml

from cluster_webhook import ClusterWebhook
from deployment import IMAGE, install
from enforcement import checked, until, wait_until_without_webhook
from support import run
from test_admission import created, denied, init_names, pod, renamed


@pytest.fixture(scope="module", params=["enforce", "webhook-only"])
def installed(request, fresh_cluster, injector, tmp_path_factory):
    webhook = ClusterWebhook(injector, fresh_cluster, tmp_path_factory.mktemp("webhook"), "--volumes-only", "--mode", "auto", image=IMAGE)
    install(fresh_cluster, webhook, f"overlays/{request.param}", volumesOnly="true")
    webhook.overlay = request.param
    yield webhook
    webhook.close()
    fresh_cluster.kubectl("delete", "validatingadmissionpolicy,validatingadmissionpolicybinding,validatingwebhookconfiguration", "--all", check=True)


MOVING = [{"name": "app", "image": "example/shop:latest"}]
NEEDY = {
    "a tag that is pulled again": ({"containers": MOVING}, '"example/shop:latest" is a tag that is pulled again at each start: name it by digest'),
    "users of its own": ({"hostUsers": False}, "leave hostUsers: false out"),
}


def test_images_are_mounted(fresh_cluster, installed):
    assert init_names(created(fresh_cluster.create(pod()))) == ["initscan-gate"]


@pytest.mark.parametrize("name", NEEDY)
def test_a_pod_that_needs_a_collector_is_told_what_to_do(fresh_cluster, installed, name):
    spec, text = NEEDY[name]
    denied(fresh_cluster.create(pod(**spec)), text)


def test_a_namespace_that_asks_for_them_is_told(fresh_cluster, installed):
    annotate = ("annotate", "namespace", "shop", "--overwrite")
    fresh_cluster.kubectl(*annotate, "initscan.io/mode=copy", check=True)
    try:
        def refused():
            done = fresh_cluster.create(pod(), dry_run=True)
            return "remove the annotation initscan.io/mode" in done.stderr or done.stderr or "it is admitted"

        until(refused, "a pod is not refused")
    finally:
        fresh_cluster.kubectl(*annotate, "initscan.io/mode-", check=True)
        until(lambda: fresh_cluster.create(pod(), dry_run=True).returncode == 0, "a pod is refused")


def test_check_says_whether_the_nodes_can(fresh_cluster, installed, injector):
    node = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "old"}}
    said = {"status": {"nodeInfo": {"kubeletVersion": "v1.36.0", "containerRuntimeVersion": "containerd://1.7.0", "operatingSystem": "linux"}}}

    def line():
        return [text for text in checked(injector, fresh_cluster)[1] if "volumes-only" in text]

    assert line() == []
    fresh_cluster.apply(node)
    try:
        assert fresh_cluster.ask("PATCH", "/api/v1/nodes/old/status", said, "admin", "application/merge-patch+json").returncode == 0
        assert line() == ["error volumes-only: set, but not every node mounts images: where one does not, pods do not start"]
    finally:
        fresh_cluster.kubectl("delete", "node", "old", check=True)


def test_a_collector_that_somebody_brings_is_denied(fresh_cluster, installed, injector):
    done = run(injector, "inject", "--mode", "copy", "--image", IMAGE, "-f", "-", input=json.dumps(pod()))
    assert done.returncode == 0, done.stderr
    brought = yaml.safe_load(done.stdout)
    assert init_names(created(fresh_cluster.create(renamed(brought)))) == ["initscan-gate"], "the webhook puts it right"
    fresh_cluster.kubectl("delete", "mutatingwebhookconfiguration", "initscan", check=True)
    wait_until_without_webhook(fresh_cluster)
    text = "none runs a collector (volumesOnly)" if installed.overlay == "enforce" else "not as the injector makes it"
    denied(fresh_cluster.create(renamed(brought)), text)

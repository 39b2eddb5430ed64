"""From one image to the next: replicas of both run beside each other, and no pod is denied meanwhile."""

import json
import urllib.parse

import pytest

from cluster_webhook import ClusterWebhook
from deployment import IMAGE, install
from enforcement import until
from test_cluster import Load

NEXT = "example/initscan@sha256:" + "2" * 64
PLACE = ("initscan-final-state", "-n", "initscan-system")


def say(cluster, **data):
    """As both `kubectl apply -k` and `helm upgrade` change the ConfigMap."""
    cluster.kubectl("patch", "configmap", *PLACE, "--type=merge", "-p", json.dumps({"data": data}), check=True)


def serve(cluster, webhook, kinds=("mutatingwebhookconfiguration",)):
    for kind in kinds:
        cluster.change_hooks(kind, "url", lambda hook: f"https://localhost:{webhook.port}{urllib.parse.urlsplit(hook['clientConfig']['url']).path}")


def more_calls(load, count):
    before = load.count
    until(lambda: load.count >= before + count or load.count, "no pods are created")


@pytest.mark.parametrize("overlay", ["overlays/enforce", "overlays/webhook-only"])
def test_nothing_is_denied(fresh_cluster, injector, tmp_path_factory, overlay):
    cluster, before, after = fresh_cluster, None, None
    kinds = ["mutatingwebhookconfiguration"] + ["validatingwebhookconfiguration"] * overlay.endswith("webhook-only")
    try:
        before = ClusterWebhook(injector, cluster, tmp_path_factory.mktemp("before"), "--mode", "volume", image=IMAGE)
        install(cluster, before, overlay)
        load = Load(cluster)
        try:
            say(cluster, image=NEXT, images=NEXT)
            after = ClusterWebhook(injector, cluster, tmp_path_factory.mktemp("after"), "--mode", "volume", image=NEXT)
            until(lambda: after.is_ready() or after.said(), "the next one does not get ready")
            serve(cluster, after, kinds[:1])  # one of two replicas judges what the other made
            more_calls(load, 10)
            serve(cluster, after, kinds)
            before.close()
            until(lambda: "leading=true" in after.said() or after.said(), "the next one does not lead")
            more_calls(load, 20)
        finally:
            calls = load.end()
        assert calls > 20
        data = cluster.read("finalstate", *PLACE)["data"]
        assert data["images"] == f"{NEXT} {IMAGE}" and data["formerImages"].endswith(f"={IMAGE}")
    finally:
        for webhook in filter(None, (before, after)):
            webhook.close()
        cluster.kubectl("delete", "validatingadmissionpolicy,validatingadmissionpolicybinding,validatingwebhookconfiguration", "--all", check=True)
        cluster.kubectl("delete", "configmap,finalstate", PLACE[0], "-n", PLACE[2], check=True)


def test_an_image_that_nobody_accepts_gets_no_requests(fresh_cluster, injector, tmp_path_factory):
    webhook = ClusterWebhook(injector, fresh_cluster, tmp_path_factory.mktemp("accepted"), "--mode", "volume", image=IMAGE)
    try:
        install(fresh_cluster, webhook, "overlays/enforce")
        other = ClusterWebhook(injector, fresh_cluster, tmp_path_factory.mktemp("other"), "--mode", "volume", image="example/other:1")
        try:
            until(lambda: "not ready: the image example/other:1 is not in ConfigMap" in other.said() or other.said(), "it says nothing")
            assert not other.is_ready()
        finally:
            other.close()
    finally:
        webhook.close()

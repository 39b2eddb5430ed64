"""The base of deploy/kustomize on a real API server, with a real injector behind its webhook."""

import pytest

from cluster_webhook import ClusterWebhook
from control_plane import ControlPlane, missing
from deployment import IMAGE, install
from started_cluster import started


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    made = started(tmp_path_factory.mktemp("cluster"))
    made.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "initscan-system"}})
    yield made
    made.close()


@pytest.fixture(scope="module")
def fresh_cluster(tmp_path_factory):
    """One of a module's own, without anything of initscan."""
    made = started(tmp_path_factory.mktemp("fresh-cluster"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def bare_cluster(tmp_path_factory):
    """An API server without anything of ours in front of it."""
    if reason := missing():
        pytest.skip(reason)
    made = ControlPlane(tmp_path_factory.mktemp("bare-cluster"))
    yield made
    made.close()


@pytest.fixture(scope="module", params=["copy", "volume"])
def installed(request, cluster, injector, tmp_path_factory):
    """Everything of the base as deployed, but for where the webhook listens and who starts it."""
    webhook = ClusterWebhook(injector, cluster, tmp_path_factory.mktemp("webhook"), "--mode", request.param, image=IMAGE)
    webhook.mode = request.param
    install(cluster, webhook)
    yield webhook
    webhook.close()

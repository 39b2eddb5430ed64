"""An API server that insists on pulling every image (AlwaysPullImages), and the injector that was told so."""

import pytest

from cluster_webhook import ClusterWebhook
from deployment import IMAGE, install
from test_admission import created, pod


@pytest.fixture(scope="module", params=["copy", "volume"])
def insisting(request, cluster, injector, tmp_path_factory):
    cluster.stop_api_server()
    cluster.api_server += ["--enable-admission-plugins", "AlwaysPullImages"]
    cluster.start_api_server()
    webhook = ClusterWebhook(injector, cluster, tmp_path_factory.mktemp("always"), "--mode", request.param, "--always-pull", image=IMAGE)
    try:
        install(cluster, webhook, alwaysPull="true")
        yield webhook
    finally:
        webhook.close()
        cluster.stop_api_server()
        del cluster.api_server[-2:]
        cluster.start_api_server()


def test_everything_is_pulled_and_admitted(cluster, insisting):
    made = created(cluster.create(pod(volumes=[{"name": "m", "image": {"reference": "example/model:1"}}])))
    policies = {c["imagePullPolicy"] for c in made["spec"]["initContainers"] + made["spec"]["containers"]}
    policies |= {v["image"]["pullPolicy"] for v in made["spec"]["volumes"] if "image" in v}
    assert policies == {"Always"} and made["spec"]["initContainers"][-1]["name"] == "initscan-gate"
    mounted = [v["image"]["reference"] for v in made["spec"]["volumes"] if v["name"].startswith("initscan-image-")]
    assert not mounted, "the kubelet would pull a tag of an image volume again at each start of a container"

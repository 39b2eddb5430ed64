"""A certificate from elsewhere: the injector follows the cluster, serves the files, and may not even read Secrets."""

import json
import os

import pytest

from cluster_webhook import ClusterWebhook
from control_plane import INJECTOR
from deployment import IMAGE, NOT_HERE, apply_kinds, is_webhook, with_image
from enforcement import checked, until, wait_until_enforced
from renderer import KUSTOMIZE, documents
from test_admission import created, init_names, pod


@pytest.fixture(scope="module")
def objects(fresh_cluster, tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    to = os.path.relpath(KUSTOMIZE, folder)
    (folder / "kustomization.yaml").write_text(json.dumps({
        "apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", "resources": [f"{to}/base"],
        "components": [f"{to}/components/certificate-files"]}))
    return with_image(documents(fresh_cluster.kubectl("kustomize", folder, check=True).stdout))


def injector_of(objects):
    (deployment,) = (o for o in objects if (o["kind"], o["metadata"]["name"]) == ("Deployment", "initscan-injector"))
    return deployment


@pytest.fixture(scope="module")
def serving(fresh_cluster, injector, objects, tmp_path_factory):
    """Started with the rest of the arguments that its Deployment has."""
    cluster = fresh_cluster
    deployment = injector_of(objects)
    args = deployment["spec"]["template"]["spec"]["containers"][0]["args"]
    files = {"/certificate/tls.crt": cluster.folder / "server.pem", "/certificate/tls.key": cluster.folder / "server.key"}
    tls = [f"{a.split('=')[0]}={files[a.split('=')[1]]}" for a in args if a.startswith("--tls-")]
    assert len(tls) == 2
    apply_kinds(cluster, objects)
    cluster.apply(*(o for o in objects if not is_webhook(o) and o["kind"] not in NOT_HERE))
    webhook = ClusterWebhook(injector, cluster, tmp_path_factory.mktemp("serving"), "--mode", "auto", *tls, image=IMAGE)
    for document in filter(is_webhook, objects):
        for hook in document["webhooks"]:
            hook["clientConfig"]["caBundle"] = cluster.ca_bundle(cluster.ca)
        webhook.register(document)
    wait_until_enforced(cluster)
    yield webhook
    webhook.close()


def test_pods_are_injected_and_admitted(fresh_cluster, serving):
    assert "initscan-gate" in init_names(created(fresh_cluster.create(pod())))


def test_it_makes_no_certificate_and_leaves_the_authority_alone(fresh_cluster, serving):
    until(lambda: "leading=true" in serving.said() or serving.said(), "it does not lead")
    assert fresh_cluster.read("secret", "initscan-injector-tls", "-n", "initscan-system") is None
    bundle = fresh_cluster.ca_bundle(fresh_cluster.ca)
    assert all(h["clientConfig"]["caBundle"] == bundle for h in fresh_cluster.read("mutatingwebhookconfiguration", "initscan")["webhooks"])
    assert "level=error" not in serving.said()


def test_it_may_read_no_secret_and_change_no_webhook(fresh_cluster, serving):
    for what in (("get", "secret/initscan-injector-tls", "-n", "initscan-system"), ("create", "secrets", "-n", "initscan-system"),
                 ("patch", "mutatingwebhookconfiguration/initscan")):
        asked = fresh_cluster.kubectl("auth", "can-i", *what, "--as", INJECTOR)
        assert asked.stdout.strip() == "no", what


def test_check_finds_it_well(injector, fresh_cluster, objects, serving):
    """The Deployment says that the certificate is somebody else's. Nothing runs it here but the test, which says so."""
    deployment = injector_of(objects)
    fresh_cluster.apply(deployment)
    replicas = deployment["spec"]["replicas"]
    said = {"status": {"replicas": replicas, "readyReplicas": replicas, "availableReplicas": replicas}}
    fresh_cluster.kubectl("patch", "deployment", "initscan-injector", "-n", "initscan-system", "--subresource=status",
                          "--type=merge", "-p", json.dumps(said), check=True)
    assert checked(injector, fresh_cluster) == (0, [])

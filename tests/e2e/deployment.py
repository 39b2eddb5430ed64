"""deploy/kustomize on the API server of a test."""

from control_plane import ASSETS
from enforcement import wait_until_enforced
from renderer import KUSTOMIZE, documents
from support import run

IMAGE = "example/initscan@sha256:" + "1" * 64
NOT_HERE = ("Deployment", "Service", "PodDisruptionBudget")  # nothing runs pods here


def rendered(folder):
    done = run(ASSETS / "kubectl", "kustomize", KUSTOMIZE / folder)
    assert done.returncode == 0, done.stderr
    return documents(done.stdout)


def with_image(objects):
    for document in objects:
        if document["kind"] in ("ConfigMap", "FinalState"):
            document["data"].update(image=IMAGE, images=IMAGE)
    return objects


def apply_kinds(cluster, objects):
    """Kinds of our own come first: an object of one that is not served yet is refused."""
    kinds = [o for o in objects if o["kind"] == "CustomResourceDefinition"]
    cluster.apply(*kinds)
    for kind in kinds:
        cluster.kubectl("wait", "--for=condition=Established", f"crd/{kind['metadata']['name']}", "--timeout=30s", check=True)


def is_webhook(document):
    return document["kind"].endswith("WebhookConfiguration")


def install(cluster, webhook, folder="base"):
    objects = with_image([o for o in rendered(folder) if o["kind"] not in NOT_HERE])
    cluster.apply(*(o for o in objects if not is_webhook(o)))
    for document in filter(is_webhook, objects):
        webhook.register(document)
    wait_until_enforced(cluster)

"""deploy/kustomize on the API server of a test."""

import yaml

from control_plane import ASSETS
from enforcement import wait_until_enforced
from support import PROJECT, run

IMAGE = "example/initscan@sha256:" + "1" * 64
KUSTOMIZE = PROJECT / "deploy" / "kustomize"
NOT_HERE = ("Deployment", "Service", "PodDisruptionBudget")  # nothing runs pods here


def rendered(folder):
    done = run(ASSETS / "kubectl", "kustomize", KUSTOMIZE / folder)
    assert done.returncode == 0, done.stderr
    return [d for d in yaml.safe_load_all(done.stdout) if d]


def install(cluster, webhook, folder="base"):
    objects = [o for o in rendered(folder) if o["kind"] not in NOT_HERE]
    for document in objects:
        if document["kind"] == "ConfigMap":
            document["data"].update(image=IMAGE, images=IMAGE)
    cluster.apply(*(o for o in objects if o["kind"] != "MutatingWebhookConfiguration"))
    webhook.register(next(o for o in objects if o["kind"] == "MutatingWebhookConfiguration"))
    wait_until_enforced(cluster)

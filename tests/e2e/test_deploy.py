"""What deploy/kustomize renders is what a real API server takes."""

import json
import time

import pytest

from deployment import rendered
from test_admission import created, pod


@pytest.mark.parametrize("folder", ["base", "overlays/report-only"])
def test_everything_is_accepted(cluster, folder):
    objects = rendered(folder)
    kinds = {o["kind"] for o in objects}
    assert {"MutatingWebhookConfiguration", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "Deployment",
            "Service", "ServiceAccount", "PodDisruptionBudget", "ConfigMap", "Namespace"} <= kinds
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
    done = cluster.kubectl("apply", "--server-side", "--dry-run=server", "--force-conflicts", "-f", "-", input=text)
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stderr, done.stderr


def test_nothing_of_it_matches_the_namespaces_that_keep_a_cluster_alive(cluster):
    guarded = {"kube-system", "kube-public", "kube-node-lease", "initscan-system"}
    for document in rendered("base"):
        if document["kind"] == "MutatingWebhookConfiguration":
            selectors = [hook["namespaceSelector"] for hook in document["webhooks"]]
            assert all(hook["failurePolicy"] == "Ignore" and hook["timeoutSeconds"] <= 3 for hook in document["webhooks"])
        elif document["metadata"]["name"] == "initscan-final-state" and document["kind"].endswith("Binding"):
            selectors = [document["spec"]["matchResources"]["namespaceSelector"]]
        else:
            continue
        for selector in selectors:
            assert selector["matchLabels"] == {"initscan.io/inject": "enabled"}
            excluded = next(e for e in selector["matchExpressions"] if e["key"] == "kubernetes.io/metadata.name")
            assert excluded["operator"] == "NotIn" and set(excluded["values"]) >= guarded


def test_report_only_admits_with_a_warning(cluster):
    """With no webhook at all: what enforcing would deny is said, and not done."""
    cluster.kubectl("delete", "mutatingwebhookconfiguration", "initscan", "--ignore-not-found", check=True)
    wanted = ("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "ConfigMap")
    cluster.apply(*(o for o in rendered("overlays/report-only") if o["kind"] in wanted))
    for _ in range(50):
        done = cluster.create(pod())
        if "Warning: " in done.stderr:  # policies reach admission a moment after they are written
            break
        time.sleep(0.1)
    created(done)
    assert "Warning: " in done.stderr and "its containers must come first" in done.stderr

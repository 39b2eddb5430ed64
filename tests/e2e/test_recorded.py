"""What a real API server once asked of webhooks, done for real: the recorded pods are created, in both modes, and what else
was recorded of them happens to them."""

import copy
import json
import uuid

import pytest

from enforcement import until
from support import SHARED, shared_data
from test_admission import created, denied, init_names, pod

FOLDER = SHARED / "data" / "admission-reviews"
CREATIONS = {}
for path in sorted(FOLDER.glob("[0-9]*.json")):
    request = json.loads(path.read_bytes())["request"]
    if request["operation"] == "CREATE" and request["resource"]["resource"] == "pods" and "subResource" not in request:
        CREATIONS[path.stem] = request
LEFT_ALONE = {"13-pod-windows", "14-pod-windows-nodeselector-only", "23-pod-kube-system", "52-mirror-pod-created-by-kubelet"}


def recorded(case):
    shared_data("admission-reviews", f"{case}.json")
    request = CREATIONS[case]
    document = copy.deepcopy(request["object"])
    metadata = document["metadata"]
    metadata["namespace"] = "kube-system" if request["namespace"] == "kube-system" else "shop"
    metadata.pop("managedFields", None)
    if "name" in metadata:
        metadata["name"] = f"{metadata['name'][:40]}-{uuid.uuid4().hex[:8]}"
    return document


@pytest.mark.parametrize("case", CREATIONS or ["none"])
def test_a_recorded_pod_is_injected_and_admitted(cluster, installed, case):
    document = recorded(case)
    made = created(cluster.create(document, user="node" if case.startswith("52") else "developer"))
    if case in LEFT_ALONE:
        assert init_names(made) == init_names(document)
        return
    own = [c for c in made["spec"]["initContainers"] if c["name"].startswith("initscan-")]
    assert init_names(made) == [c["name"] for c in own] + init_names(document)
    images = [c["image"] for c in (document["spec"].get("initContainers") or []) + document["spec"]["containers"]]
    images += [v["image"]["reference"] for v in document["spec"].get("volumes") or [] if "image" in v]
    assert [a.split("=", 2)[2] for a in own[-1]["args"] if a.startswith("--image=")] == list(dict.fromkeys(images))


@pytest.fixture
def running(cluster, installed):
    return created(cluster.create(pod(terminationGracePeriodSeconds=0)))


def where(made, more=""):
    return f"/api/v1/namespaces/shop/pods/{made['metadata']['name']}{more}"


def allowed(done):
    assert done.returncode == 0, done.stderr
    assert "initscan" not in done.stderr, done.stderr


def merge(cluster, path, patch, user="developer"):
    return cluster.ask("PATCH", path, patch, user, "application/merge-patch+json")


# 15, 16, 20, 21, 35, 41 to 47 and 53 to 55 of the recorded reviews.


def test_an_image_cannot_change(cluster, running):
    denied(cluster.patch(running, {"spec": {"containers": [{"name": "app", "image": "example/other:1"}]}}), "cannot be changed")


def test_the_scanners_own_image_cannot_change(cluster, running):
    denied(cluster.patch(running, {"spec": {"initContainers": [{"name": "initscan-gate", "image": "example/other:1"}]}}), "cannot be changed")


def test_a_label_can_change(cluster, running):
    allowed(merge(cluster, where(running), {"metadata": {"labels": {"a": "b"}}}))


def test_a_server_side_apply_can_change_what_is_no_image(cluster, running):
    document = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": running["metadata"]["name"], "annotations": {"a": "b"}}}
    allowed(cluster.ask("PATCH", where(running, "?fieldManager=me"), document, content_type="application/apply-patch+yaml"))


def test_a_finalizer_can_go_while_it_ends(cluster, running):
    allowed(merge(cluster, where(running), {"metadata": {"finalizers": ["example.com/wait"]}}))
    allowed(cluster.ask("DELETE", where(running)))
    allowed(merge(cluster, where(running), {"metadata": {"finalizers": []}}))


def test_it_can_be_resized(cluster, installed):
    resources = {"requests": {"cpu": "100m"}, "limits": {"cpu": "200m"}}
    made = created(cluster.create(pod(containers=[{"name": "app", "image": "example/shop:1", "resources": resources}])))
    bigger = {"spec": {"containers": [{"name": "app", "resources": {"requests": {"cpu": "150m"}}}]}}
    allowed(cluster.patch(made, bigger, subresource="/resize"))


def test_it_can_be_bound_run_and_deleted(cluster, running):
    name = running["metadata"]["name"]
    binding = {"apiVersion": "v1", "kind": "Binding", "metadata": {"name": name}, "target": {"kind": "Node", "name": "worker"}}
    allowed(cluster.ask("POST", where(running, "/binding"), binding))
    allowed(merge(cluster, where(running, "/status"), {"status": {"phase": "Running"}}, "node"))
    allowed(cluster.ask("DELETE", where(running, "?gracePeriodSeconds=0"), user="node"))


def test_it_can_be_evicted(cluster, running):
    eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": running["metadata"]["name"], "namespace": "shop"}}
    allowed(cluster.ask("POST", where(running, "/eviction"), eviction))


def test_all_can_be_deleted_at_once(cluster, running):
    merge(cluster, where(running), {"metadata": {"labels": {"doomed": "yes"}}})
    allowed(cluster.ask("DELETE", "/api/v1/namespaces/shop/pods?labelSelector=doomed%3Dyes"))


WORKLOADS = {"Deployment": ("apps/v1", {"selector": {"matchLabels": {"a": "b"}}}), "ReplicaSet": ("apps/v1", {"selector": {"matchLabels": {"a": "b"}}}),
             "CronJob": ("batch/v1", {"schedule": "0 0 * * *"})}


@pytest.mark.parametrize("kind", WORKLOADS)
def test_a_workload_is_not_a_pod(cluster, installed, kind):
    version, spec = WORKLOADS[kind]
    template = {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "app", "image": "example/shop:1"}]}}
    if kind == "CronJob":
        spec = {**spec, "jobTemplate": {"spec": {"template": {"spec": {**template["spec"], "restartPolicy": "Never"}}}}}
    else:
        spec = {**spec, "template": template}
    document = {"apiVersion": version, "kind": kind, "metadata": {"name": f"w-{uuid.uuid4().hex[:8]}"}, "spec": spec}
    done = cluster.ask("POST", f"/apis/{version}/namespaces/shop/{kind.lower()}s", document)
    allowed(done)
    assert "initscan" not in done.stdout


def test_a_dry_run_is_answered_and_leaves_nothing(cluster, installed):
    asked = pod()
    assert "initscan-gate" in init_names(created(cluster.create(asked, dry_run=True)))
    assert cluster.ask("GET", f"/api/v1/namespaces/shop/pods/{asked['metadata']['name']}").status == 404


def test_every_pod_is_counted(cluster, installed):
    before = installed.figure('initscan_admission_requests_total{decision="patched",reason="injected"}')
    created(cluster.create(pod()))
    until(lambda: installed.figure('initscan_admission_requests_total{decision="patched",reason="injected"}') == before + 1 or "not counted", "no figure")

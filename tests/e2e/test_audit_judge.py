"""What the audit says of a real API server's objects: its patch is one that the server takes, its history stays there,
and its rotation comes out of its own plan."""

import copy
import json
import time

import pytest
import yaml

from audit_services import strategic_merge
from support import program, run

SPACE = "judged"


def moment(days_ago):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 86400 * days_ago))


def template(name, image="nginx:1.25"):
    return {"metadata": {"labels": {"app": name}},
            "spec": {"containers": [{"name": "app", "image": image, "ports": [{"containerPort": 80}],
                                     "volumeMounts": [{"name": "html", "mountPath": "/usr/share/nginx/html"}]}],
                     "volumes": [{"name": "html", "configMap": {"name": "html"}}]}}


def owner(kind, name):
    meta = {"name": name, "namespace": SPACE}
    selector = {"matchLabels": {"app": name}}
    pods = template(name)
    if kind == "CronJob":
        pods["spec"]["restartPolicy"] = "Never"
        return {"apiVersion": "batch/v1", "kind": kind, "metadata": meta,
                "spec": {"schedule": "@daily", "jobTemplate": {"spec": {"template": pods}}}}
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": meta, "spec": {"selector": selector, "template": pods}}


def running_pod(cluster, name, pods, above, started):
    """A pod as a controller makes it, with the status that a kubelet would give it."""
    reference = {"apiVersion": above["apiVersion"], "kind": above["kind"], "name": above["metadata"]["name"],
                 "uid": above["metadata"]["uid"], "controller": True}
    cluster.apply({"apiVersion": "v1", "kind": "Pod", **copy.deepcopy(pods),
                   "metadata": {**pods["metadata"], "name": name, "namespace": SPACE, "ownerReferences": [reference]}})
    status = {"phase": "Running", "containerStatuses": [
        {"name": "app", "image": "nginx:1.25", "imageID": "nginx@sha256:" + "a" * 64, "ready": True, "restartCount": 0,
         "containerID": "containerd://" + "b" * 64, "state": {"running": {"startedAt": started}}}]}
    cluster.kubectl("patch", "pod", name, "-n", SPACE, "--subresource=status", "--type=merge", "-p", json.dumps({"status": status}), check=True)


@pytest.fixture(scope="module")
def cluster(bare_cluster):
    """One of each owner, each with a pod that has run for 60 days."""
    bare_cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": SPACE, "labels": {"team": "shop"}}})
    for kind in ("Deployment", "StatefulSet", "DaemonSet", "CronJob"):
        name = kind.lower()
        bare_cluster.apply(owner(kind, name))
        above = bare_cluster.read(kind, name, "-n", SPACE)
        pods = template(name)
        if kind in ("Deployment", "CronJob"):
            middle = {"Deployment": ("apps/v1", "ReplicaSet"), "CronJob": ("batch/v1", "Job")}[kind]
            reference = {"apiVersion": above["apiVersion"], "kind": kind, "name": name, "uid": above["metadata"]["uid"], "controller": True}
            made = {"apiVersion": middle[0], "kind": middle[1],
                    "metadata": {"name": f"{name}-1", "namespace": SPACE, "ownerReferences": [reference]}}
            if kind == "Deployment":
                made["spec"] = {"selector": {"matchLabels": {"app": name}}, "template": pods}
            else:
                pods["spec"]["restartPolicy"] = "Never"
                made["spec"] = {"template": pods}
            bare_cluster.apply(made)
            above = bare_cluster.read(middle[1], f"{name}-1", "-n", SPACE)
            pods["metadata"]["labels"] = {**above["spec"]["template"]["metadata"].get("labels", {}), "app": name}
        running_pod(bare_cluster, f"{name}-1-a", pods, above, moment(60))
    yield bare_cluster
    bare_cluster.kubectl("delete", "namespace", SPACE, "--wait=false", check=True)


class Audited:
    def __init__(self, done, folder):
        assert done.returncode in (0, 1), done.stdout + done.stderr
        self.said = done.stdout
        self.report = json.loads((folder / "audit.json").read_text())
        self.workloads = {f"{w['kind']}/{w['name']}": w for w in self.report["workloads"] if w["namespace"] == SPACE}


@pytest.fixture
def audit(cluster, tmp_path):
    def run_it(*options):
        done = run(program("initscan-audit"), "run", "--kubeconfig", cluster.kubeconfig("admin"), "--report-dir", tmp_path,
                   "--format", "json", *options)
        return Audited(done, tmp_path)

    return run_it


KINDS = {"Deployment": "deployment", "StatefulSet": "statefulset", "DaemonSet": "daemonset", "CronJob": "cronjob"}


def test_pods_are_rolled_up_to_their_owners(audit):
    found = audit()
    assert sorted(found.workloads) == sorted(f"{kind}/{name}" for kind, name in KINDS.items())
    for workload in found.workloads.values():
        assert (workload["pods"], workload["team"], workload["action"]) == (1, "shop", "rotate-now")


@pytest.mark.parametrize("kind", KINDS)
def test_the_api_server_takes_the_patch(cluster, audit, kind):
    name = KINDS[kind]
    text = audit().workloads[f"{kind}/{name}"]["patch"]
    done = cluster.kubectl("patch", kind, name, "-n", SPACE, "--type=strategic", "--dry-run=server", "-o", "json", "-p", text)
    assert done.returncode == 0, done.stderr
    patched = json.loads(done.stdout)["spec"]
    plain = cluster.read(kind, name, "-n", SPACE)["spec"]
    assert patched != plain
    merged = strategic_merge(copy.deepcopy(plain), yaml.safe_load(text)["spec"])
    assert ordered(patched) == ordered(merged), "not as tests/integration merges it"


def ordered(value):
    """Lists of named things in the order of their names: the server puts new ones first."""
    if isinstance(value, dict):
        return {key: ordered(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return sorted((ordered(entry) for entry in value), key=lambda entry: json.dumps(entry, sort_keys=True))
    return value


def test_the_history_stays_in_the_cluster(cluster, audit):
    place = f"{SPACE}/audit-history"
    assert audit("--history-configmap", place).report["comparedWith"] is None
    second = audit("--history-configmap", place)
    assert second.report["comparedWith"] is not None
    results = second.workloads["Deployment/deployment"]["results"]
    assert {result["change"] for result in results} == {"still"}
    assert all(result["firstSeen"] for result in results if result["outcome"] == "fail")

    kept = cluster.read("configmap", "audit-history", "-n", SPACE)["binaryData"]
    damaged = {key: value[:40] for key, value in kept.items()}
    cluster.kubectl("patch", "configmap", "audit-history", "-n", SPACE, "--type=merge", "-p", json.dumps({"binaryData": damaged}), check=True)
    third = audit("--history-configmap", place)
    assert any("the previous audit cannot be read" in warning and "nothing is marked as new or fixed" in warning for warning in third.report["warnings"])
    assert {result["change"] for result in third.workloads["Deployment/deployment"]["results"]} == {"still"}
    # Its own record stands beside the damaged one, and is the newest.
    assert audit("--history-configmap", place).report["comparedWith"] == third.report["made"]


def test_rotation_comes_from_its_own_plan(cluster, audit):
    deployment = cluster.read("deployment", "deployment", "-n", SPACE)
    status = {"observedGeneration": deployment["metadata"]["generation"], "replicas": 1, "updatedReplicas": 1, "readyReplicas": 1,
              "availableReplicas": 1}
    cluster.kubectl("patch", "deployment", "deployment", "-n", SPACE, "--subresource=status", "--type=merge",
                    "-p", json.dumps({"status": status}), check=True)
    dry = audit("--apply-rotation", "--max-restarts", "1")
    assert f"would-restart {SPACE}/Deployment/deployment\n" in dry.said, dry.said
    assert cluster.read("deployment", "deployment", "-n", SPACE)["spec"] == deployment["spec"]
    real = audit("--apply-rotation", "--confirm-rotation", "--max-restarts", "1")
    assert f"restarted     {SPACE}/Deployment/deployment\n" in real.said, real.said
    annotations = cluster.read("deployment", "deployment", "-n", SPACE)["spec"]["template"]["metadata"]["annotations"]
    assert annotations == {"kubectl.kubernetes.io/restartedAt": real.report["made"]}

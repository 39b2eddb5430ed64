"""A pod that the scan has refused: `explain` says so for every workload, and it is released once that is no longer so."""

import json
import time
from datetime import datetime, timedelta, timezone

import pytest

from cluster_webhook import ClusterWebhook
from deployment import IMAGE, install
from enforcement import until
from renderer import KUSTOMIZE, documents
from support import run
from test_admission import gate_of
from test_cluster import create_custom, custom, renewal, wait_for_policy

LINE = "initscan/1 verdict=fail critical=1/1 high=0/0 medium=0/0 low=0/0 negligible=0/0 unknown=0/0 ms=9\n"
VERDICT = 'initscan: FAIL 1 of policy "default": CVE-2026-0001 openssl 3.0.1 -> 3.0.2 (critical)\n'
SPACE = "blocked"


@pytest.fixture(scope="module")
def releasing(cluster, injector, tmp_path_factory):
    """An injector that releases, with the rights that its component gives it and no others."""
    webhook = ClusterWebhook(injector, cluster, tmp_path_factory.mktemp("blocked"), "--mode", "volume", "--release-blocked",
                             "--release-age-seconds", "2", image=IMAGE)
    install(cluster, webhook)
    rights = documents((KUSTOMIZE / "components/release-blocked/rbac.yaml").read_text())
    cluster.apply(*rights)
    done = create_custom(cluster, custom("ClusterScanPolicy", SPACE, failOn={"severity": "low"}, namespaceExemptions={"allowed": True, "maxDays": 30}))
    assert done.returncode == 0, done.stderr
    cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {
        "name": SPACE, "labels": {"initscan.io/inject": "enabled"}, "annotations": {"initscan.io/policy": SPACE}}})
    wait_for_policy(cluster, SPACE, lambda spec: spec["failOn"]["severity"] == "low")
    yield webhook
    webhook.close()
    for document in rights:
        cluster.kubectl("delete", document["kind"], document["metadata"]["name"])


def wait_for_a_look(cluster, seconds=3):
    """Until the injector has looked at all pods as they are now, and as old as `seconds` more make them: it renews its Lease
    before each look, so the second renewal ends one that began meanwhile."""
    due = datetime.now(timezone.utc) + timedelta(seconds=seconds)
    until(lambda: datetime.fromisoformat(renewal(cluster)) > due or "not yet", "the Lease is not renewed")
    begun = renewal(cluster)
    until(lambda: renewal(cluster) != begun or "not yet", "the Lease is not renewed again")


def template(name):
    return {"metadata": {"labels": {"app": name}}, "spec": {"containers": [{"name": "app", "image": "example/shop:1"}]}}


def owner(kind, name, uid, group="apps/v1"):
    return [{"apiVersion": group, "kind": kind, "name": name, "uid": uid, "controller": True}]


def made(cluster, group, plural, document):
    done = cluster.ask("POST", f"/apis/{group}/namespaces/{SPACE}/{plural}", document, "admin")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def replica_set(cluster, name, owners=()):
    return made(cluster, "apps/v1", "replicasets", {
        "apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {"name": name, "ownerReferences": list(owners)},
        "spec": {"replicas": 0, "selector": {"matchLabels": {"app": name}}, "template": template(name)}})


def pod_of(cluster, name, owners):
    """A pod as its controller makes it; nothing but the injector and the API server has a hand in it."""
    document = {"apiVersion": "v1", "kind": "Pod", **template(name)}
    document["metadata"] = {**document["metadata"], "name": name, "namespace": SPACE, "ownerReferences": owners}
    done = cluster.ask("POST", f"/api/v1/namespaces/{SPACE}/pods", document, "admin")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def status(state, last=None, app=None):
    waiting = {"waiting": {"reason": "PodInitializing"}}
    return {"phase": "Pending", "initContainerStatuses": [
        {"name": "initscan-gate", "image": IMAGE, "imageID": "", "ready": False, "restartCount": 2, "state": state, **({"lastState": last} if last else {})}],
        "containerStatuses": [{"name": "app", "image": "example/shop:1", "imageID": "", "ready": False, "restartCount": 0, "state": app or waiting}]}


REFUSED = {"terminated": {"exitCode": 2, "reason": "Error", "message": LINE + VERDICT}}
CRASH_LOOP = {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 20s"}}


def report(cluster, name, **what):
    """The status that a kubelet writes."""
    done = cluster.ask("PATCH", f"/api/v1/namespaces/{SPACE}/pods/{name}/status", {"status": status(**what)}, "admin", "application/merge-patch+json")
    assert done.returncode == 0, done.stderr


def explained(injector, cluster, *argv, code=2):
    done = run(injector, "explain", *argv, "-n", SPACE, "--no-diff", "--kubeconfig", cluster.kubeconfig("admin"))
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def is_there(cluster, name, uid):
    done = cluster.ask("GET", f"/api/v1/namespaces/{SPACE}/pods/{name}", user="admin")
    return done.returncode == 0 and json.loads(done.stdout)["metadata"]["uid"] == uid and "deletionTimestamp" not in json.loads(done.stdout)["metadata"]


def exemption(name):
    end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))
    return {"apiVersion": "initscan.io/v1alpha1", "kind": "ScanExemption", "metadata": {"name": name, "namespace": SPACE},
            "spec": {"id": "CVE-2026-0001", "reason": "not reachable", "expiresAt": end}}


@pytest.fixture(scope="module")
def pods(cluster, releasing):
    """One blocked pod of each kind of owner, and some that must not go."""
    deployment = made(cluster, "apps/v1", "deployments", {
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"},
        "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "web"}}, "template": template("web")}})
    replicas = replica_set(cluster, "web-1", owner("Deployment", "web", deployment["metadata"]["uid"]))
    uid = replicas["metadata"]["uid"]
    made_pods = {
        "web-a": pod_of(cluster, "web-a", owner("ReplicaSet", "web-1", uid)),
        "db-0": pod_of(cluster, "db-0", owner("StatefulSet", "db", uid)),
        "log-x": pod_of(cluster, "log-x", owner("DaemonSet", "log", uid)),
        "once-x": pod_of(cluster, "once-x", owner("Job", "once", uid, "batch/v1")),
        "bare": pod_of(cluster, "bare", []),
        "runs": pod_of(cluster, "runs", owner("ReplicaSet", "web-1", uid)),
    }
    for name in made_pods:
        report(cluster, name, state=CRASH_LOOP, last=REFUSED)
    report(cluster, "runs", state={"terminated": {"exitCode": 0}}, app={"running": {}})
    return {name: p["metadata"]["uid"] for name, p in made_pods.items()}


def test_a_blocked_pod_shows_its_verdict(injector, cluster, pods):
    text = explained(injector, cluster, "bare")
    assert text.startswith(f"Pod {SPACE}/bare: blocked\n") and "it is refused: " + VERDICT.strip() in text
    assert "use a fixed image; or accept the finding with a ScanExemption" in text


@pytest.mark.parametrize("subject", ["deploy/web", "deployments.apps/web", "rs/web-1"])
def test_a_workload_shows_its_pods(injector, cluster, pods, subject):
    text = explained(injector, cluster, subject)
    assert "pods, " in text.splitlines()[0] and VERDICT.strip() in text
    if subject != "rs/web-1":
        assert text.startswith(f"Deployment {SPACE}/web: ") and f"kubectl rollout restart deployment web -n {SPACE}" in text


def test_a_workload_without_pods_says_who_refused_them(injector, cluster, releasing):
    refused = replica_set(cluster, "refused")
    message = 'pods "refused-" is forbidden: initscan: its containers are not in this pod'
    cluster.ask("PATCH", f"/apis/apps/v1/namespaces/{SPACE}/replicasets/refused/status", {"status": {"replicas": 0, "conditions": [
        {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": message}]}}, "admin", "application/merge-patch+json")
    assert refused["metadata"]["uid"]
    text = explained(injector, cluster, "rs/refused", code=0)
    assert text.startswith(f"ReplicaSet {SPACE}/refused: 0 pods") and f"a pod could not be created: {message}" in text


def test_a_pod_that_its_successor_would_be_like_stays(cluster, pods, releasing):
    wait_for_a_look(cluster)
    assert all(is_there(cluster, name, uid) for name, uid in pods.items()), releasing.said()


def test_an_exemption_releases_what_is_made_anew(injector, cluster, pods, releasing):
    """The rest stays, and is told what to do."""
    cluster.apply(exemption("accepted"))
    for name in ("web-a", "db-0", "log-x"):
        until(lambda: not is_there(cluster, name, pods[name]) or releasing.said(), f"{name} stays blocked")
    wait_for_a_look(cluster)
    assert all(is_there(cluster, name, pods[name]) for name in ("once-x", "bare", "runs")), releasing.said()
    text = explained(injector, cluster, "bare")
    assert f"its policy has changed since, but a pod keeps what it was created with: kubectl delete pod bare -n {SPACE}, and create it again" in text

    def told():
        events = json.loads(cluster.ask("GET", f"/api/v1/namespaces/{SPACE}/events", user="admin").stdout)["items"]
        said = [e for e in events if e["reason"] == "BlockedPodReleased" and e["involvedObject"]["kind"] == "ReplicaSet"]
        return said and "its policy has changed since the pod was refused" in said[0]["message"] or events

    until(told, "no event says why")


def test_accepted_means_that_the_next_pod_gets_it(cluster, pods, releasing):
    """No pod that is made after the status says so has another policy than the one made a while later."""
    for n in range(3):
        document = {**exemption(f"next-{n}"), "spec": {**exemption("x")["spec"], "id": f"CVE-2026-1{n:03}"}}
        cluster.apply(document)
        path = f"/apis/initscan.io/v1alpha1/namespaces/{SPACE}/scanexemptions/next-{n}"
        accepted = lambda: [c for c in json.loads(cluster.ask("GET", path, user="admin").stdout).get("status", {}).get("conditions", [])
                            if c["type"] == "Accepted" and c["status"] == "True"]
        until(lambda: bool(accepted()) or "not yet", "it is not accepted")
        first = gate_of(pod_of(cluster, f"first-{n}", [])["spec"])["args"]
        wait_for_a_look(cluster, seconds=0)
        assert gate_of(pod_of(cluster, f"later-{n}", [])["spec"])["args"] == first


def test_a_namespace_without_label_is_left_alone(cluster, pods, releasing):
    cluster.kubectl("label", "namespace", SPACE, "initscan.io/inject-", check=True)
    try:
        report(cluster, "first-0", state=CRASH_LOOP, last=REFUSED)
        wait_for_a_look(cluster)
        assert is_there(cluster, "bare", pods["bare"])
    finally:
        cluster.kubectl("label", "namespace", SPACE, "initscan.io/inject=enabled", check=True)


def test_explain_acts_as_whom_the_kubeconfig_names(injector, cluster, pods, tmp_path):
    config = json.loads(open(cluster.kubeconfig("admin")).read())
    config["users"][0]["user"].update({"as": "jane", "as-groups": ["visitors"], "as-user-extra": {"example.com/why": ["a test"]}})
    path = tmp_path / "config"
    path.write_text(json.dumps(config))
    done = run(injector, "explain", "bare", "-n", SPACE, "--kubeconfig", path)
    assert done.returncode == 1 and 'User "jane" cannot get resource "pods"' in done.stderr, done.stderr

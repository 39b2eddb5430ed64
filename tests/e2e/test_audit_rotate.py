"""The audit's rotation on a real API server: what kubectl rollout restart does, only where nothing forbids it."""

import json

import pytest

from support import program, run

ANNOTATION = "kubectl.kubernetes.io/restartedAt"
SPACE = "rotation"
COLLECTIONS = {"Deployment": "deployments", "StatefulSet": "statefulsets", "DaemonSet": "daemonsets"}


@pytest.fixture(scope="module")
def cluster(bare_cluster):
    bare_cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": SPACE}})
    return bare_cluster


def workload(kind, name, pods=3, **spec):
    labels = {"app": name}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "app", "image": "example/app:1"}]}}
    extra = {} if kind == "DaemonSet" else {"replicas": pods}
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name, "namespace": SPACE},
            "spec": {"selector": {"matchLabels": labels}, "template": template, **extra, **spec}}


def set_status(cluster, resource, name, status):
    """In the controllers' stead: there are none here."""
    generation = cluster.read(resource, name, "-n", SPACE)["metadata"]["generation"]
    patch = {"status": {"observedGeneration": generation, **status}}
    cluster.kubectl("patch", resource, name, "-n", SPACE, "--subresource=status", "--type=merge", "-p", json.dumps(patch), check=True)


def status_of(kind, pods, available):
    if kind == "DaemonSet":
        return {"desiredNumberScheduled": pods, "currentNumberScheduled": pods, "numberMisscheduled": 0, "numberReady": available,
                "updatedNumberScheduled": pods, "numberAvailable": available}
    return {"replicas": pods, "updatedReplicas": pods, "readyReplicas": available, "availableReplicas": available}


@pytest.fixture
def running(cluster):
    """running(kind, name): makes a workload whose pods are all available, unless `available` says otherwise."""
    made = []

    def make(kind, name, pods=3, available=None, **spec):
        cluster.apply(workload(kind, name, pods, **spec))
        made.append((COLLECTIONS[kind], name))
        set_status(cluster, COLLECTIONS[kind], name, status_of(kind, pods, pods if available is None else available))
        return cluster.read(COLLECTIONS[kind], name, "-n", SPACE)["metadata"]["uid"]

    yield make
    for resource, name in made:
        cluster.kubectl("delete", resource, name, "-n", SPACE, check=True)
    cluster.kubectl("delete", "poddisruptionbudgets", "--all", "-n", SPACE, check=True)


def budget(cluster, name, app, allowed):
    cluster.apply({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": name, "namespace": SPACE},
                   "spec": {"minAvailable": 1, "selector": {"matchExpressions": [{"key": "app", "operator": "In", "values": [app, "other"]}]}}})
    set_status(cluster, "poddisruptionbudgets", name,
               {"disruptionsAllowed": allowed, "currentHealthy": 3, "desiredHealthy": 1, "expectedPods": 3})


def rotate(cluster, *plan, user="admin", code=0):
    """Each line: namespace, workload, outcome, why."""
    done = run(program("tests/audit_rotate"), cluster.kubeconfig(user), *plan)
    assert done.returncode == code, done.stdout + done.stderr
    lines = [line.split(" ", 3) for line in done.stdout.splitlines() if line.startswith(SPACE + " ")]
    return [(workload, outcome, why) for _, workload, outcome, why in lines]


def restarted_at(cluster, kind, name):
    template = cluster.read(COLLECTIONS[kind], name, "-n", SPACE)["spec"]["template"]
    return template["metadata"].get("annotations", {}).get(ANNOTATION)


@pytest.mark.parametrize("kind", COLLECTIONS)
def test_it_is_a_dry_run_until_it_is_confirmed(cluster, running, kind):
    uid = running(kind, "web")
    before = cluster.read(COLLECTIONS[kind], "web", "-n", SPACE)
    plan = f"{SPACE}/{kind}/web/{uid}/1"
    assert rotate(cluster, plan) == [(f"{kind}/web", "would-restart", "")]
    assert cluster.read(COLLECTIONS[kind], "web", "-n", SPACE) == before

    assert rotate(cluster, "--confirm", plan) == [(f"{kind}/web", "restarted", "")]
    after = cluster.read(COLLECTIONS[kind], "web", "-n", SPACE)
    assert after["metadata"]["generation"] == before["metadata"]["generation"] + 1
    assert after["spec"]["template"]["spec"] == before["spec"]["template"]["spec"]
    assert restarted_at(cluster, kind, "web").endswith("Z")

    # Its controller has not acted on it: a second run must not pile one rollout on another.
    ((_, outcome, why),) = rotate(cluster, "--confirm", plan)
    assert (outcome, why) == ("skipped", "its controller has not seen its latest change yet")


def test_a_budget_without_room_forbids_it(cluster, running):
    uid = running("Deployment", "web")
    plan = f"{SPACE}/Deployment/web/{uid}/1"
    budget(cluster, "tight", "web", 0)
    assert rotate(cluster, "--confirm", plan) == [("Deployment/web", "skipped", "PodDisruptionBudget tight allows no disruption now")]
    assert restarted_at(cluster, "Deployment", "web") is None
    budget(cluster, "tight", "web", 1)
    assert rotate(cluster, "--confirm", plan) == [("Deployment/web", "restarted", "")]


def test_a_budget_of_others_does_not(cluster, running):
    uid = running("Deployment", "web")
    budget(cluster, "elsewhere", "database", 0)
    assert rotate(cluster, "--confirm", f"{SPACE}/Deployment/web/{uid}/1") == [("Deployment/web", "restarted", "")]


SKIPPED = {
    "paused": (("Deployment", {"paused": True}), "its rollout is paused"),
    "unavailable": (("Deployment", {"available": 2}), "2 of 3 pods are available"),
    "scaled to nothing": (("Deployment", {"pods": 0}), "it is scaled to zero"),
    "on delete": (("StatefulSet", {"updateStrategy": {"type": "OnDelete"}}), "its update strategy is OnDelete: delete its pods one by one"),
}


@pytest.mark.parametrize("name", SKIPPED)
def test_it_skips_what_it_cannot_restart(cluster, running, name):
    (kind, options), why = SKIPPED[name]
    uid = running(kind, "web", **options)
    assert rotate(cluster, "--confirm", f"{SPACE}/{kind}/web/{uid}/1") == [(f"{kind}/web", "skipped", why)]
    assert restarted_at(cluster, kind, "web") is None


def test_what_was_replaced_or_deleted_since_is_left_alone(cluster, running):
    running("Deployment", "web")
    steps = rotate(cluster, "--confirm", f"{SPACE}/Deployment/web/another-uid/1", f"{SPACE}/Deployment/gone/uid/1")
    assert steps == [("Deployment/web", "skipped", "it has been replaced by another of the same name since the audit"),
                     ("Deployment/gone", "skipped", "it is no longer there")]


def test_a_forged_name_never_becomes_a_path(cluster, running):
    running("Deployment", "web")
    ((_, outcome, why),) = rotate(cluster, "--confirm", f"{SPACE}/Deployment/web?dryRun=x/uid/1")
    assert (outcome, why) == ("skipped", "its name is not a valid Kubernetes name")


def test_one_wave_a_run_and_no_more_than_asked(cluster, running):
    uids = {name: running("Deployment", name) for name in ("a", "b", "c", "d")}
    plan = [f"{SPACE}/Deployment/{name}/{uids[name]}/{wave}" for name, wave in (("a", 1), ("b", 1), ("c", 1), ("d", 2))]
    assert [w for w, *_ in rotate(cluster, "--confirm", "--most", "2", *plan)] == ["Deployment/a", "Deployment/b"]
    # The first wave's rest, and not the second wave yet.
    steps = rotate(cluster, "--confirm", *plan)
    assert [outcome for _, outcome, _ in steps] == ["skipped", "skipped", "restarted"]
    assert restarted_at(cluster, "Deployment", "d") is None
    # Nor while the first one's pods are on their way.
    assert {outcome for _, outcome, _ in rotate(cluster, "--confirm", *plan)} == {"skipped"}
    assert restarted_at(cluster, "Deployment", "d") is None
    for name in ("a", "b", "c"):
        set_status(cluster, "deployments", name, status_of("Deployment", 3, 3))
    assert rotate(cluster, "--confirm", plan[3]) == [("Deployment/d", "restarted", "")]


def test_without_the_right_to_patch_it_says_so(cluster, running):
    uid = running("Deployment", "web")
    rules = [{"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["get"]},
             {"apiGroups": ["policy"], "resources": ["poddisruptionbudgets"], "verbs": ["list"]}]
    cluster.apply({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "look"}, "rules": rules},
                  {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "look"},
                   "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "look"},
                   "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "developer"}]})
    ((_, outcome, why),) = rotate(cluster, f"{SPACE}/Deployment/web/{uid}/1", user="developer")
    assert outcome == "failed" and "403 Forbidden" in why and "cannot patch resource" in why, why

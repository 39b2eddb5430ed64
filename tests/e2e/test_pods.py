"""Pods of every kind on a real API server, in both modes: injected, admitted, and otherwise as they were."""

import copy
import json
import uuid

import pytest

from cluster_webhook import ClusterWebhook
from deployment import IMAGE, install
from enforcement import until
from test_admission import created, denied, init_names, pod

MESHES = {
    "istio": {"initContainers": [
        {"name": "istio-init", "image": "istio/proxyv2:1.24.2", "args": ["istio-iptables", "-p", "15001", "-z", "15006", "-u", "1337"],
         "securityContext": {"capabilities": {"add": ["NET_ADMIN", "NET_RAW"], "drop": ["ALL"]}, "runAsUser": 0, "runAsNonRoot": False}}],
        "containers": [{"name": "app", "image": "example/shop:1"}, {"name": "istio-proxy", "image": "istio/proxyv2:1.24.2"}]},
    "istio with CNI and a native sidecar": {"initContainers": [
        {"name": "istio-validation", "image": "istio/proxyv2:1.24.2"},
        {"name": "istio-proxy", "image": "istio/proxyv2:1.24.2", "restartPolicy": "Always",
         "startupProbe": {"httpGet": {"path": "/healthz/ready", "port": 15021}}}]},
    "linkerd": {"initContainers": [
        {"name": "linkerd-init", "image": "cr.l5d.io/linkerd/proxy-init:v2.4.1",
         "securityContext": {"capabilities": {"add": ["NET_ADMIN", "NET_RAW"]}}},
        {"name": "linkerd-proxy", "image": "cr.l5d.io/linkerd/proxy:edge-24.11.8", "restartPolicy": "Always"}]},
}
KINDS = {
    **MESHES,
    "the node's network": {"hostNetwork": True, "hostPID": True, "containers": [
        {"name": "app", "image": "example/shop:1", "ports": [{"containerPort": 8080, "hostPort": 8080}]}]},
    "pull secrets": {"imagePullSecrets": [{"name": "registry"}]},
    "a user namespace": {"hostUsers": False, "volumes": [
        {"name": "model", "image": {"reference": "example/model:1"}}, {"name": "tmp", "emptyDir": {}}], "containers": [
        {"name": "app", "image": "example/shop:1", "volumeMounts": [{"name": "model", "mountPath": "/model"}, {"name": "tmp", "mountPath": "/tmp"}]}]},
    "resources of the pod": {"resources": {"requests": {"cpu": "100m", "memory": "100Mi"}, "limits": {"cpu": "200m", "memory": "200Mi"}}},
    "a guaranteed pod": {"containers": [
        {"name": "app", "image": "example/shop:1", "resources": {"limits": {"cpu": "100m", "memory": "128Mi"}}}]},
    "restart rules": {"restartPolicy": "Never", "initContainers": [
        {"name": "setup", "image": "example/setup:1", "restartPolicy": "Never",
         "restartPolicyRules": [{"action": "Restart", "exitCodes": {"operator": "In", "values": [3]}}]}]},
    "scheduling gates": {"schedulingGates": [{"name": "example.com/wait"}]},
    "a node by name": {"nodeName": "worker"},
    "a moving tag": {"containers": [{"name": "app", "image": "example/shop"}, {"name": "other", "image": "example/shop:latest"}]},
    "a moving image volume": {"volumes": [{"name": "model", "image": {"reference": "example/model", "pullPolicy": "Always"}}]},
    "an image that is never pulled": {"containers": [{"name": "app", "image": "example/local", "imagePullPolicy": "Never"}]},
    "a digest": {"containers": [{"name": "app", "image": "example/shop@sha256:" + "2" * 64, "imagePullPolicy": "Always"}]},
    "termination and probes": {"terminationGracePeriodSeconds": 1, "shareProcessNamespace": True, "containers": [
        {"name": "app", "image": "example/shop:1", "livenessProbe": {"exec": {"command": ["true"]}}, "stdin": True, "tty": True}]},
}


def again(cluster, made):
    """The pod as the API server has it, created once more: what another webhook's reinvocation would see."""
    twin = {"apiVersion": "v1", "kind": "Pod", "spec": copy.deepcopy(made["spec"]),
            "metadata": {"namespace": made["metadata"]["namespace"], "name": f"p-{uuid.uuid4().hex[:10]}"}}
    return created(cluster.create(twin))


def own(made):
    return [c for c in made["spec"]["initContainers"] if c["name"].startswith("initscan-")]


@pytest.mark.parametrize("name", KINDS)
def test_a_pod_of_each_kind_gets_its_scan(cluster, installed, name):
    asked = pod(**copy.deepcopy(KINDS[name]))
    made = created(cluster.create(asked))
    names = init_names(made)
    assert names[: len(own(made))] == [c["name"] for c in own(made)] and own(made)[-1]["name"] == "initscan-gate"
    assert names[len(own(made)):] == [c["name"] for c in KINDS[name].get("initContainers", [])]
    for before, after in zip(asked["spec"]["containers"], made["spec"]["containers"]):
        assert all(after[key] == value for key, value in before.items() if key not in ("imagePullPolicy", "resources", "livenessProbe", "ports"))
    twin = again(cluster, made)
    for key in ("initContainers", "containers", "volumes"):
        assert twin["spec"].get(key) == made["spec"].get(key), "the second time changes something"


def test_what_was_scanned_is_what_runs(cluster, installed):
    made = created(cluster.create(pod(**copy.deepcopy(KINDS["a moving tag"]))))
    assert [c["imagePullPolicy"] for c in made["spec"]["containers"]] == ["IfNotPresent", "IfNotPresent"]
    collectors = {c["image"]: c["imagePullPolicy"] for c in own(made) if c["name"].startswith("initscan-collect-")}
    assert collectors == {"example/shop": "Always", "example/shop:latest": "Always"}
    made = created(cluster.create(pod(**copy.deepcopy(KINDS["a moving image volume"]))))
    assert next(v for v in made["spec"]["volumes"] if v["name"] == "model")["image"]["pullPolicy"] == "IfNotPresent"
    made = created(cluster.create(pod(**copy.deepcopy(KINDS["an image that is never pulled"]))))
    assert made["spec"]["containers"][0]["imagePullPolicy"] == "Never"


def amounts(cpu, memory):
    return {"cpu": cpu, "memory": memory}


def space_with(cluster, name, *objects, **labels):
    cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": {"initscan.io/inject": "enabled", **labels}}})
    for document in objects:
        document["metadata"] = {"name": "the", "namespace": name}
    if objects:
        cluster.apply(*objects)


def wait_for_injection(cluster, probe):
    def seen():
        done = cluster.create(probe, dry_run=True)
        return done.returncode == 0 and "initscan-gate" in done.stdout or done.stderr or "it is not injected"

    until(seen, "the namespace does not work")


LIMITS = {"type": "Container", "max": amounts("500m", "512Mi"), "min": amounts("50m", "64Mi"), "default": amounts("400m", "256Mi"),
          "defaultRequest": amounts("200m", "128Mi"), "maxLimitRequestRatio": {"cpu": "2", "memory": "2"}}


def test_a_limit_range_admits_the_scanner(cluster, installed):
    space = f"limits-{installed.mode}"
    space_with(cluster, space, {"apiVersion": "v1", "kind": "LimitRange", "spec": {"limits": [LIMITS]}})
    outside = pod(space, containers=[{"name": "app", "image": "example/shop:1", "resources": {"limits": amounts("501m", "128Mi")}}])
    until(lambda: "maximum cpu usage per Container is 500m" in cluster.create(outside, dry_run=True).stderr or "it is admitted", "the LimitRange does not hold")
    wait_for_injection(cluster, pod(space))
    for containers in ([{"name": "app", "image": "example/shop:1"}],
                       [{"name": "app", "image": "example/shop:1", "resources": {"requests": amounts("50m", "64Mi"), "limits": amounts("100m", "128Mi")}}],
                       [{"name": "app", "image": "example/shop:1", "resources": {"limits": amounts("500m", "512Mi")}},
                        {"name": "log", "image": "example/log:1", "resources": {"requests": amounts("50m", "64Mi"), "limits": amounts("50m", "64Mi")}}]):
        made = created(cluster.create(pod(space, containers=containers)))
        assert own(made) and again(cluster, made)["spec"]["initContainers"] == made["spec"]["initContainers"]


def test_a_limit_range_below_what_a_scan_needs_says_so(cluster, installed):
    space = f"tiny-{installed.mode}"
    space_with(cluster, space, {"apiVersion": "v1", "kind": "LimitRange", "spec": {"limits": [{"type": "Container", "max": {"memory": "32Mi"}}]}})
    until(lambda: "maximum memory usage per Container is 32Mi, but limit is 64Mi" in cluster.create(pod(space), dry_run=True).stderr
          or cluster.create(pod(space), dry_run=True).stderr, "it does not say so")


def test_a_quota_is_not_used_by_the_scanner(cluster, installed):
    """A pod costs with us what it costs without. The controller that counts a quota is not here; admission counts, too."""
    space = f"quota-{installed.mode}"
    hard = {"requests.cpu": "300m", "requests.memory": "300Mi", "limits.cpu": "600m", "limits.memory": "600Mi", "pods": "10"}
    space_with(cluster, space, {"apiVersion": "v1", "kind": "ResourceQuota", "spec": {"hard": hard}})
    status = {"status": {"hard": hard, "used": {key: "0" for key in hard}}}
    where = f"/api/v1/namespaces/{space}/resourcequotas/the"
    assert cluster.ask("PATCH", where + "/status", status, "admin", "application/merge-patch+json").returncode == 0
    resources = {"requests": amounts("100m", "100Mi"), "limits": amounts("200m", "200Mi")}
    asked = lambda: pod(space, containers=[{"name": "app", "image": "example/shop:1", "resources": resources}])
    until(lambda: "must specify" in cluster.create(pod(space), dry_run=True).stderr or "it is admitted", "the quota does not hold")
    wait_for_injection(cluster, asked())
    for _ in range(3):
        made = created(cluster.create(asked()))
        assert own(made)
    used = json.loads(cluster.ask("GET", where, user="admin").stdout)["status"]["used"]
    assert used == {"requests.cpu": "300m", "requests.memory": "300Mi", "limits.cpu": "600m", "limits.memory": "600Mi", "pods": "3"}
    denied(cluster.create(asked()), "exceeded quota")


def test_pod_security_restricted_admits_the_scanner(cluster, installed):
    space = f"restricted-{installed.mode}"
    space_with(cluster, space, **{"pod-security.kubernetes.io/enforce": "restricted"})
    context = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}, "runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    asked = lambda **more: pod(space, containers=[{"name": "app", "image": "example/shop:1", "securityContext": {**context, **more}}])
    until(lambda: "violates PodSecurity" in cluster.create(asked(privileged=True, allowPrivilegeEscalation=True), dry_run=True).stderr
          or "it is admitted", "Pod Security does not hold")
    wait_for_injection(cluster, asked())
    made = created(cluster.create(asked()))
    assert own(made)


HARDENING = {"seccompProfile": {"type": "RuntimeDefault"}, "appArmorProfile": {"type": "RuntimeDefault"}, "seLinuxOptions": {"level": "s0:c1,c2"},
             "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "writablePaths": ["/tmp", "/var/run"]}


@pytest.fixture(scope="module")
def hardened(cluster, installed):
    space = f"hard-{installed.mode}"
    cluster.apply({"apiVersion": "initscan.io/v1alpha1", "kind": "ClusterScanPolicy", "metadata": {"name": "hard"}, "spec": {"hardening": HARDENING}})
    space_with(cluster, space)
    cluster.kubectl("annotate", "namespace", space, "initscan.io/policy=hard", "--overwrite", check=True)

    def seen():
        done = cluster.create(pod(space), dry_run=True)
        return done.returncode == 0 and "seLinuxOptions" in done.stdout or done.stderr or "it is not hardened"

    until(seen, "the policy does not reach pods")
    return space


def test_a_pod_that_says_nothing_is_hardened(cluster, hardened):
    made = created(cluster.create(pod(hardened, initContainers=[
        {"name": "setup", "image": "example/setup:1"}, {"name": "mesh", "image": "example/mesh:1", "restartPolicy": "Always"}])))
    assert {k: made["spec"]["securityContext"][k] for k in ("seccompProfile", "appArmorProfile", "seLinuxOptions")} == {
        k: HARDENING[k] for k in ("seccompProfile", "appArmorProfile", "seLinuxOptions")}
    for container in made["spec"]["containers"] + [c for c in made["spec"]["initContainers"] if c not in own(made)]:
        assert container["securityContext"] == {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True}
        assert [m["mountPath"] for m in container["volumeMounts"]] == ["/tmp", "/var/run"]
    twin = again(cluster, made)
    assert (twin["spec"]["containers"], twin["spec"]["volumes"]) == (made["spec"]["containers"], made["spec"]["volumes"])


def test_what_a_pod_says_is_not_hardened(cluster, hardened):
    said = {"seccompProfile": {"type": "Unconfined"}, "appArmorProfile": {"type": "Unconfined"}, "seLinuxOptions": {"type": "spc_t"},
            "allowPrivilegeEscalation": True, "readOnlyRootFilesystem": False}
    containers = [{"name": "app", "image": "example/shop:1", "securityContext": said},
                  {"name": "driver", "image": "example/driver:1", "securityContext": {"privileged": True}},
                  {"name": "admin", "image": "example/admin:1", "securityContext": {"capabilities": {"add": ["SYS_ADMIN"]}}},
                  {"name": "kernel", "image": "example/admin:1", "securityContext": {"capabilities": {"add": ["CAP_SYS_ADMIN"]}}}]
    made = created(cluster.create(pod(hardened, containers=containers)))
    app, driver, admin, kernel = (c["securityContext"] for c in made["spec"]["containers"])
    assert app == said and driver == {"privileged": True}
    assert all("allowPrivilegeEscalation" not in c and c["seccompProfile"] == {"type": "RuntimeDefault"} for c in (admin, kernel))


def test_an_annotation_of_old_counts_as_said(cluster, hardened):
    asked = pod(hardened, containers=[{"name": "app", "image": "example/shop:1"}, {"name": "log", "image": "example/log:1"}])
    asked["metadata"]["annotations"] = {"container.apparmor.security.beta.kubernetes.io/app": "unconfined"}
    made = created(cluster.create(asked))
    contexts = [c["securityContext"].get("appArmorProfile") for c in made["spec"]["containers"]]
    assert contexts[0] in (None, {"type": "Unconfined"}) and contexts[1] == {"type": "RuntimeDefault"}


def events_about(cluster, space, name):
    events = cluster.read("events", "-n", space)["items"]
    return [(e["involvedObject"]["kind"], e["reason"]) for e in events if e["involvedObject"]["name"] == name]


WINDOWS = {"by its os": {"os": {"name": "windows"}}, "by a node selector": {"nodeSelector": {"kubernetes.io/os": "windows"}},
           "by an affinity": {"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [
               {"matchExpressions": [{"key": "kubernetes.io/os", "operator": "In", "values": ["windows"]}]}]}}}}}


@pytest.mark.parametrize("name", WINDOWS)
def test_windows_is_left_alone_and_told(cluster, installed, name):
    made = created(cluster.create(pod(**WINDOWS[name])))
    assert init_names(made) == []
    until(lambda: events_about(cluster, "shop", made["metadata"]["name"]) == [("Pod", "InjectionSkipped")] or "no event", "nobody hears of it")


def test_a_pod_that_may_run_elsewhere_too_is_injected(cluster, installed):
    either = [{"matchExpressions": [{"key": "kubernetes.io/os", "operator": "In", "values": ["windows", "linux"]}]},
              {"matchExpressions": [{"key": "zone", "operator": "In", "values": ["a"]}]}]
    made = created(cluster.create(pod(affinity={"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": either}}})))
    assert own(made)


def test_mirror_pods_are_the_nodes(cluster, installed):
    mirror = pod(nodeName="worker")
    mirror["metadata"]["annotations"] = {"kubernetes.io/config.mirror": "x"}
    assert init_names(created(cluster.create(copy.deepcopy(mirror), user="node"))) == []
    mirror["metadata"]["name"] += "-forged"
    denied(cluster.create(mirror), "its containers are not in this pod")


@pytest.fixture
def only_amd64(cluster, installed, injector, tmp_path):
    """An injector that has images for one architecture, and the policy that knows of it."""
    webhook = ClusterWebhook(injector, cluster, tmp_path, "--mode", installed.mode, "--architecture", "amd64", image=IMAGE)
    install(cluster, webhook, architectures="amd64")
    yield
    webhook.close()
    install(cluster, installed)


def test_another_architecture_is_left_alone_and_its_owner_told(cluster, only_amd64):
    labels = {"app": "shop-7d9"}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "app", "image": "example/shop:1"}]}}
    cluster.apply({"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {"name": "shop-7d9", "namespace": "shop"},
                   "spec": {"replicas": 0, "selector": {"matchLabels": labels}, "template": template}})
    uid = cluster.read("replicaset", "shop-7d9", "-n", "shop")["metadata"]["uid"]
    foreign = pod(nodeSelector={"kubernetes.io/arch": "s390x"})
    del foreign["metadata"]["name"]
    foreign["metadata"].update(generateName="shop-7d9-", ownerReferences=[
        {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "shop-7d9", "uid": uid, "controller": True}])

    def seen():
        done = cluster.create(foreign)
        return done.returncode == 0 and init_names(json.loads(done.stdout)) == [] or done.stderr or "it is injected"

    until(seen, "it is not left alone")
    until(lambda: ("ReplicaSet", "InjectionSkipped") in events_about(cluster, "shop", "shop-7d9") or "no event", "nobody hears of it")
    made = created(cluster.create(pod(nodeSelector={"kubernetes.io/arch": "amd64"})))
    assert own(made)

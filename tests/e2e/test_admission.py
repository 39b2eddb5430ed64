"""Pods on a real API server: what the injector makes is admitted, everything else in a labelled namespace is not."""

import copy
import json
import time
import uuid

import pytest

from enforcement import wait_until_enforced, wait_until_without_webhook

TOKEN_PLACE = "/var/run/secrets/kubernetes.io/serviceaccount"


def pod(namespace="shop", **spec):
    return {
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": f"p-{uuid.uuid4().hex[:10]}", "namespace": namespace},
        "spec": {"containers": [{"name": "app", "image": "example/shop:1"}], **spec},
    }


def labelled(document):
    document["metadata"]["labels"] = {"initscan.io/inject": "disabled"}
    return document


def created(done):
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def denied(done, text):
    assert done.returncode != 0, "it was admitted"
    assert text in done.stderr, done.stderr


def init_names(made):
    return [c["name"] for c in made["spec"].get("initContainers", [])]


def test_a_pod_is_injected_and_admitted(cluster, installed):
    made = created(cluster.create(pod()))
    want = {"copy": ["initscan-install", "initscan-collect-0", "initscan-gate"], "volume": ["initscan-gate"]}
    assert init_names(made) == want[installed.mode]
    assert json.loads(made["metadata"]["annotations"]["initscan.io/status"])["mode"] == installed.mode


def test_a_pod_with_everything_is_injected_and_admitted(cluster, installed):
    made = created(cluster.create(pod(
        initContainers=[{"name": "setup", "image": "example/setup:1"},
                        {"name": "mesh", "image": "example/mesh:1", "restartPolicy": "Always"}],
        containers=[{"name": "app", "image": "example/shop:1", "resources": {"limits": {"cpu": "1", "memory": "1Gi"}}},
                    {"name": "log", "image": "example/log"}],
        volumes=[{"name": "model", "image": {"reference": "example/model:1"}}, {"name": "tmp", "emptyDir": {}}],
        hostNetwork=False)))
    assert init_names(made)[-2:] == ["setup", "mesh"]
    gate = next(c for c in made["spec"]["initContainers"] if c["name"] == "initscan-gate")
    assert len([a for a in gate["args"] if a.startswith("--image=")]) == 5


def test_another_namespace_is_left_alone(cluster, installed):
    assert init_names(created(cluster.create(pod("plain")))) == []


def test_labels_of_a_running_pod_can_change(cluster, installed):
    name = created(cluster.create(pod()))["metadata"]["name"]
    done = cluster.kubectl("label", "pod", name, "-n", "shop", "a=b", user="developer")
    assert done.returncode == 0, done.stderr


def test_the_image_of_a_running_pod_cannot_change(cluster, installed):
    name = created(cluster.create(pod()))["metadata"]["name"]
    done = cluster.patch({"metadata": {"namespace": "shop", "name": name}}, {"spec": {"containers": [{"name": "app", "image": "example/other:1"}]}})
    denied(done, "the image of a running container cannot be changed")


def debugged(cluster, made, **container):
    return cluster.patch(made, {"spec": {"ephemeralContainers": [{"name": "debug", **container}]}}, subresource="/ephemeralcontainers")


def gate_says(cluster, made, **state):
    """As the kubelet tells how the gate is."""
    name = made["metadata"]["name"]
    status = {"name": "initscan-gate", "image": "", "imageID": "", "ready": False, "restartCount": 0, "state": state}
    done = cluster.ask("PATCH", f"/api/v1/namespaces/{made['metadata']['namespace']}/pods/{name}/status",
                       {"status": {"initContainerStatuses": [status]}}, "admin", "application/merge-patch+json")
    assert done.returncode == 0, done.stderr
    return made


def passed(cluster, made):
    return gate_says(cluster, made, terminated={"exitCode": 0})


def test_an_ephemeral_container_is_not_admitted(cluster, installed):
    made = passed(cluster, created(cluster.create(pod())))
    denied(debugged(cluster, made, image="example/debug:1"), "an ephemeral container is not scanned")
    denied(debugged(cluster, made, image="example/shop:1", imagePullPolicy="Always"), "an ephemeral container is not scanned")


def test_an_ephemeral_container_of_what_was_scanned_is_admitted(cluster, installed):
    made = passed(cluster, created(cluster.create(pod())))
    assert debugged(cluster, made, image="example/shop:1").returncode == 0
    denied(debugged(cluster, made, name="more", image="example/debug:1"), "an ephemeral container is not scanned")


def test_a_forged_gate_is_replaced(cluster, installed):
    made = created(cluster.create(pod(initContainers=[{"name": "initscan-gate", "image": "example/evil:1"}])))
    assert "evil" not in json.dumps(made["spec"])


# What the final-state policy has to stop when nothing repairs it: the injector is told to look away by asking
# for the pod with the webhook gone.


@pytest.fixture(scope="module")
def injected(cluster, installed):
    """A good pod as the injector made it, without what the API server fills in, to be created again."""
    made = created(cluster.create(pod(volumes=[{"name": "data", "emptyDir": {}}])))
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"namespace": "shop"}, "spec": made["spec"]}


def written_down(cluster, name, verb):
    """What the audit log says of a bypass, once it says so."""
    for _ in range(20):
        lines = [json.loads(line) for line in (cluster.folder / "audit.log").read_text().splitlines() if name in line]
        notes = [value for line in lines if line["verb"] == verb for key, value in line.get("annotations", {}).items() if key.endswith("/bypass")]
        if notes:
            return notes[0]
        time.sleep(0.2)
    return ""


def test_who_may_bypass_changes_a_running_pod_and_it_is_written_down(cluster, installed):
    made = created(cluster.create(pod()))
    other = {"spec": {"containers": [{"name": "app", "image": "example/other:2"}]}}
    denied(cluster.patch(made, other), "the image of a running container cannot be changed")
    denied(cluster.patch(made, other, user="breaker"), "the image of a running container cannot be changed")
    labelled_now = {"metadata": {"labels": {"initscan.io/inject": "disabled"}}}
    denied(cluster.patch(made, {**labelled_now, **other}, user="breaker"), "the image of a running container cannot be changed")
    assert cluster.patch(made, labelled_now).returncode == 0
    denied(cluster.patch(made, other), "the image of a running container cannot be changed")
    done = cluster.patch(made, other, user="breaker")
    assert done.returncode == 0, done.stderr
    assert written_down(cluster, made["metadata"]["name"], "patch").startswith("breaker holds the verb bypass")


@pytest.fixture(scope="module")
def no_webhook(cluster, injected):
    done = cluster.kubectl("get", "mutatingwebhookconfiguration", "initscan", "-o", "json")
    configuration = json.loads(done.stdout)
    cluster.kubectl("delete", "mutatingwebhookconfiguration", "initscan", check=True)
    wait_until_without_webhook(cluster)
    yield
    for field in ("uid", "resourceVersion", "creationTimestamp", "generation", "managedFields"):
        configuration["metadata"].pop(field, None)
    cluster.apply(configuration)
    wait_until_enforced(cluster)


def renamed(document):
    document = copy.deepcopy(document)
    document["metadata"]["name"] = f"p-{uuid.uuid4().hex[:10]}"
    return document


def gate_of(spec):
    return next(c for c in spec["initContainers"] if c["name"] == "initscan-gate")


def test_the_good_pod_is_admitted_without_the_webhook(cluster, no_webhook, injected):
    created(cluster.create(renamed(injected)))


def test_a_plain_pod_is_denied_while_the_injector_is_down(cluster, no_webhook):
    denied(cluster.create(pod()), "its containers are not in this pod (was the injector unreachable? try again)")


def test_another_namespace_does_not_notice(cluster, no_webhook):
    created(cluster.create(pod("plain")))


def append_arg(text):
    return lambda s: gate_of(s)["args"].append(text)


def replace_arg(start, text):
    def change(spec):
        gate = gate_of(spec)
        gate["args"] = [text if a.startswith(start) else a for a in gate["args"]]

    return change


def set_field(field, value):
    return lambda s: gate_of(s).__setitem__(field, value)


def set_context(field, value):
    return lambda s: gate_of(s)["securityContext"].__setitem__(field, value)


TAMPERINGS = {
    "no gate": (lambda s: s["initContainers"].pop(), "its containers are not in this pod"),
    "not first": (lambda s: s["initContainers"].insert(0, {"name": "x", "image": "example/shop:1"}), "its containers must come first"),
    "gate twice": (lambda s: s["initContainers"].append({**gate_of(s), "name": "initscan-gate-2"}), "its containers must come first"),
    "another image": (set_field("image", "example/evil:1"), "must run"),
    "another command": (set_field("command", ["/bin/true"]), "must run"),
    "another verb": (replace_arg("gate", "version"), "arguments"),
    "no arguments": (set_field("args", []), "arguments"),
    "another policy": (replace_arg("--policy-sha256=", "--policy-sha256=" + "0" * 64), "arguments"),
    "no policy": (lambda s: gate_of(s).__setitem__("args", [a for a in gate_of(s)["args"] if "policy" not in a]), "arguments"),
    "another index": (append_arg("--db=/tmp/empty"), "arguments"),
    "another format": (append_arg("--format=json"), "arguments"),
    "another image's name": (replace_arg("--image=0=", "--image=0=example/other:1"), "arguments"),
    "an image left out": (lambda s: gate_of(s).__setitem__("args", [a for a in gate_of(s)["args"] if not a.startswith("--image=")]), "arguments"),
    "environment": (set_field("env", [{"name": "LD_PRELOAD", "value": "/x"}]), "settings"),
    "a sidecar": (set_field("restartPolicy", "Always"), "settings"),
    "another user": (set_context("runAsUser", 1234), "settings"),
    "a profile that keeps it from reading": (set_context("appArmorProfile", {"type": "Localhost", "localhostProfile": "blind"}), "settings"),
    "a label that keeps it from reading": (set_context("seLinuxOptions", {"type": "blind_t"}), "settings"),
    "no seccomp": (set_context("seccompProfile", {"type": "Unconfined"}), "settings"),
    "restart rules": (lambda s: gate_of(s).update(restartPolicy="Never", restartPolicyRules=[
        {"action": "Restart", "exitCodes": {"operator": "In", "values": [2]}}]), "settings"),
    "the same policy twice": (lambda s: gate_of(s)["args"].append(next(a for a in gate_of(s)["args"] if "--policy-sha256" in a)), "arguments"),
    "a container that mounts what is ours": (lambda s: s["containers"][0].setdefault("volumeMounts", []).append(
        {"name": next(v["name"] for v in s["volumes"] if v["name"].startswith("initscan-")), "mountPath": "/ours"}), "mounts one of its volumes"),
    "a container that has our name": (lambda s: s["containers"].append({"name": "initscan-late", "image": "example/shop:1"}), "has one of its names"),
    "a moving tag that is pulled again": (lambda s: s["containers"][0].__setitem__("imagePullPolicy", "Always"), "pulled again after the scan"),
    "another volume of ours": (lambda s: s["volumes"].append({"name": "initscan-more", "emptyDir": {}}), "volumes or mounts"),
    "a folder of a volume": (lambda s: gate_of(s)["volumeMounts"][0].__setitem__("subPath", "empty"), "volumes or mounts"),
    "a message over a package database": (set_field("terminationMessagePath", "/var/lib/dpkg/status.d/base"), "settings"),
    "a message out of the log": (set_field("terminationMessagePolicy", "FallbackToLogsOnError"), "settings"),
    "a device that is claimed": (lambda s: (s.update(resourceClaims=[{"name": "d", "resourceClaimName": "d"}]),
                                            gate_of(s).setdefault("resources", {}).update(claims=[{"name": "d"}])), "settings"),
    "a device of a plugin": (lambda s: [gate_of(s).setdefault("resources", {}).setdefault(kind, {}).update({"example.com/device": "1"})
                                        for kind in ("limits", "requests")], "settings"),
    "an open input": (set_field("stdin", True), "settings"),
    "a terminal": (lambda s: gate_of(s).update(stdin=True, tty=True), "settings"),
    "a port": (set_field("ports", [{"containerPort": 80}]), "settings"),
    "another group": (set_context("runAsGroup", 0), "settings"),
    "a pod's profile that keeps it from reading": (lambda s: s.setdefault("securityContext", {}).update(
        appArmorProfile={"type": "Localhost", "localhostProfile": "blind"}), "settings"),
    "a pod's label that keeps it from reading": (lambda s: s.setdefault("securityContext", {}).update(
        seLinuxOptions={"type": "blind_t"}), "settings"),
    "mounts of the node": (lambda s: gate_of(s)["volumeMounts"][0].__setitem__("mountPropagation", "HostToContainer"), "volumes or mounts"),
    "a writable mount": (lambda s: gate_of(s)["volumeMounts"][0].pop("readOnly"), "volumes or mounts"),
    "a writable mount where tokens go": (lambda s: gate_of(s).update(volumeMounts=[
        *(m for m in gate_of(s)["volumeMounts"] if m["mountPath"] != TOKEN_PLACE), {"name": "data", "mountPath": TOKEN_PLACE}]), "volumes or mounts"),
    "writable root": (set_context("readOnlyRootFilesystem", False), "settings"),
    "capabilities": (set_context("capabilities", {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}), "settings"),
    "working directory": (set_field("workingDir", "/tmp"), "settings"),
    "a mount over the index": (lambda s: gate_of(s)["volumeMounts"].append({"name": "data", "mountPath": "/usr/share/initscan"}), "volumes or mounts"),
    "a mount over the program": (lambda s: gate_of(s)["volumeMounts"].append({"name": "data", "mountPath": "/usr/bin"}), "volumes or mounts"),
    "another container": (lambda s: s["containers"].append({"name": "late", "image": "example/late:1"}), "is not scanned"),
    "another init container": (lambda s: s["initContainers"].append({"name": "late", "image": "example/late:1"}), "is not scanned"),
    "another image volume": (lambda s: s["volumes"].append({"name": "late", "image": {"reference": "example/late:1"}}), "is not scanned"),
    "another application image": (lambda s: s["containers"][0].__setitem__("image", "example/evil:1"), "is not scanned"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_denied(cluster, no_webhook, injected, name):
    change, text = TAMPERINGS[name]
    bad = renamed(injected)
    change(bad["spec"])
    done = cluster.create(bad)
    assert done.returncode != 0, "it was admitted"
    assert text in done.stderr, done.stderr
    assert "initscan: " in done.stderr or text == "", done.stderr


def test_a_forged_volume_is_denied(cluster, no_webhook, injected):
    bad = renamed(injected)
    for volume in bad["spec"]["volumes"]:
        if volume["name"].startswith("initscan-"):
            name = volume["name"]
            volume.clear()
            volume.update(name=name, hostPath={"path": "/evil"})
    denied(cluster.create(bad), "initscan: ")


def test_a_collector_with_another_command_is_denied(cluster, installed, no_webhook, injected):
    if installed.mode != "copy":
        pytest.skip("volume mode has no collector")
    for field, value in (("command", ["/bin/true"]), ("args", ["--root=/empty", "--output=/initscan/sbom/0/sbom.json"]),
                         ("image", "example/harmless:1")):
        bad = renamed(injected)
        bad["spec"]["initContainers"][1][field] = value
        denied(cluster.create(bad), "initscan: ")


def test_who_may_bypass_does_not_by_accident(cluster, no_webhook):
    denied(cluster.create(pod(), user="breaker"), "its containers are not in this pod (was the injector unreachable? try again)")


def test_the_label_alone_bypasses_nothing(cluster, no_webhook):
    denied(cluster.create(labelled(pod()), user="developer"), "its containers are not in this pod (was the injector unreachable? try again)")


def test_who_may_bypass_is_admitted_and_written_down(cluster, no_webhook):
    bare = labelled(pod())
    created(cluster.create(bare, user="breaker"))
    assert written_down(cluster, bare["metadata"]["name"], "create").startswith("breaker holds the verb bypass")

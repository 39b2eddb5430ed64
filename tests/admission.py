"""Admission without an API server: Kubernetes' own code judges requests by what deploy/ puts into a cluster (tests/tools/policies)."""

import copy
import json
import subprocess
import tempfile
import uuid

import yaml

from control_plane import Done
from go_tool import GoTool
from renderer import KUSTOMIZE, kustomized
from support import run

POLICIES = GoTool("policies")
IMAGE = "example/initscan@sha256:" + "1" * 64
TOKEN = "kube-api-access-x7x2k"
TOKEN_PLACE = "/var/run/secrets/kubernetes.io/serviceaccount"
PARAMETERS = ("initscan-system", "initscan-final-state")

LABEL = {"initscan.io/inject": "enabled"}
NAMESPACES = {"shop": LABEL, "dev": LABEL, "plain": {}, "reporting": {**LABEL, "initscan.io/enforcement": "report"},
              "kube-system": LABEL, "initscan-system": LABEL}

# Who asks, and what the authorizer lets them do beside that. Somebody who may do everything within one namespace has no
# right at the scope of the cluster.
BYPASS = {"verb": "bypass", "group": "initscan.io", "resource": "scanpolicies"}
USERS = {
    "developer": ([], []),
    "breaker": ([], [{**BYPASS, "namespace": "*"}]),
    "owner": ([], [{"verb": "*", "group": "*", "resource": "*", "subresource": "*", "namespace": "shop", "name": "*"}]),
    "system:node:worker": (["system:nodes"], []),
}


def namespace(name, labels):
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": {"kubernetes.io/metadata.name": name, **labels}}}


def policy_of(pod):
    """The hash of the policy that a pod brings."""
    gate = next(c for c in pod["spec"]["initContainers"] if c["name"] == "initscan-gate")
    return next(a for a in gate["args"] if a.startswith("--policy-sha256=")).partition("=")[2]


def deployed(overlay, accepted=None, **settings):
    """What the cluster has once the injector has published: `accepted` are the keys that it adds."""
    objects = [o for o in kustomized(KUSTOMIZE / "overlays" / overlay) if o["kind"] != "Namespace"]
    said = next(o for o in objects if (o["kind"] in ("ConfigMap", "FinalState")) and o["metadata"]["name"] == PARAMETERS[1])
    said["data"].update(image=IMAGE, images=IMAGE, **settings)
    if said["kind"] == "ConfigMap" and accepted is not None:
        objects.append({"apiVersion": "initscan.io/v1alpha1", "kind": "FinalState", "metadata": dict(said["metadata"]),
                        "data": {**said["data"], **accepted}})
    return objects + [namespace(name, labels) for name, labels in NAMESPACES.items()]


def as_stored(pod):
    """With what the API server's other plugins add to a new pod: above all a token in each container that mounts nothing there."""
    pod = copy.deepcopy(pod)
    pod["metadata"].update(uid=str(uuid.uuid4()), resourceVersion="7")
    spec = pod["spec"]
    if spec.get("volumes") is None:
        spec["volumes"] = []
    spec["volumes"].append({"name": TOKEN, "projected": {"sources": [
        {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
        {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}}]}})
    for container in spec.get("initContainers", []) + spec["containers"]:
        mounts = container.setdefault("volumeMounts", [])
        if isinstance(mounts, list) and all(m.get("mountPath") != TOKEN_PLACE for m in mounts):
            mounts.append({"name": TOKEN, "readOnly": True, "mountPath": TOKEN_PLACE})
    for field, value in (("serviceAccountName", "default"), ("priority", 0), ("preemptionPolicy", "PreemptLowerPriority"),
                         ("tolerations", [{"key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}])):
        spec.setdefault(field, value)
    return pod


class Admission:
    """Answers as the control plane of the tests does; what is asked changes nothing."""

    def __init__(self, objects):
        program = POLICIES.need()
        self.objects = tempfile.NamedTemporaryFile("w", suffix=".yaml")
        yaml.safe_dump_all(objects, self.objects)
        self.objects.flush()
        self.process = subprocess.Popen([program, "-objects", self.objects.name], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, **question):
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"the program ended with {self.process.wait()}"
        return json.loads(line)

    def request(self, operation, name, space, user, resource="v1/pods", **more):
        groups, allowed = USERS[user]
        who = {"name": user, "groups": [*groups, "system:authenticated"]}
        said = self.ask(operation=operation, resource=resource, namespace=space, name=name, user=who, allowed=allowed, **more)
        self.last = said
        if said["allowed"]:
            return Done(201, json.dumps(said.get("object")), said.get("warnings", []))
        return Done(403, json.dumps({"reason": said["reason"], "message": said["message"]}), said.get("warnings", []))

    def create(self, pod, user="developer", is_bare=False):
        """`is_bare`: before the other plugins of the API server had their turn."""
        metadata = pod["metadata"]
        return self.request("CREATE", metadata.get("name", ""), metadata["namespace"], user, object=pod if is_bare else as_stored(pod))

    def update(self, old, new, user="developer", subresource=""):
        metadata = old["metadata"]
        return self.request("UPDATE", metadata["name"], metadata["namespace"], user, object=new, oldObject=old, subresource=subresource)

    def connect(self, pod, kind, user="developer", **options):
        """kubectl exec, attach or port-forward: `kind` is the subresource."""
        kinds = {"exec": "PodExecOptions", "attach": "PodAttachOptions", "portforward": "PodPortForwardOptions"}
        metadata = pod["metadata"]
        return self.request("CONNECT", metadata["name"], metadata["namespace"], user, subresource=kind,
                            object={"apiVersion": "v1", "kind": kinds[kind], **options})

    def close(self):
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()
        self.objects.close()


def injected(injector, pod, mode, *options):
    done = run(injector, "inject", "--image", IMAGE, "--mode", mode, "-f", "-", *options, input=json.dumps(pod))
    assert done.returncode == 0, done.stderr
    return next(d for d in yaml.safe_load_all(done.stdout) if d)

"""Every AdmissionReview that a real API server sent is answered, and what comes out is a valid pod."""

import base64
import copy
import json
import re
import subprocess

import jsonschema
import pytest

from support import SHARED, shared_data
from webhook import Webhook

PATCHED = "patched"
EXPECTED = {
    "04-deployment-object": "not-a-pod", "09-replicaset-object": "not-a-pod", "48-deployment-update": "not-a-pod",
    "49-cronjob-object": "not-a-pod", "13-pod-windows": "windows", "14-pod-windows-nodeselector-only": "windows",
    "15-pod-ephemeralcontainers-update": "not-a-pod", "16-pod-resize-update": "not-a-pod",
    "20-pod-update-image": "not-a-creation", "21-pod-update-label": "not-a-creation",
    "23-pod-kube-system": "excluded-namespace", "35-pod-serverside-apply-update": "not-a-creation",
    "41-pod-binding": "not-a-pod", "42-pod-exec-connect": "not-a-pod", "43-pod-status-update": "not-a-pod",
    "44-pod-eviction": "not-a-pod", "45-pod-delete": "not-a-creation", "47-pod-delete-collection": "not-a-creation",
    "46-pod-update-finalizer-removal-while-terminating": "not-a-creation",
    "52-mirror-pod-created-by-kubelet": "mirror", "53-pod-status-patch-by-kubelet": "not-a-pod",
    "54-pod-binding-by-scheduler": "not-a-pod", "55-pod-delete-final-by-kubelet": "not-a-creation",
}
IMAGES = {  # how many distinct ones the pod has, where it is not one
    "02-pod-init-and-native-sidecar": None, "28-pod-multicontainer": None, "38-pod-level-resources-and-newer-fields": None,
}
FOLDER = SHARED / "data" / "admission-reviews"
CASES = sorted(p.stem for p in FOLDER.glob("[0-9]*.json")) or ["none"]


def apply(pod, patch):
    """RFC 6902's add and remove, written out here: an answer is checked by other code than made it."""
    pod = copy.deepcopy(pod)
    for operation in patch:
        *way, last = [key.replace("~1", "/").replace("~0", "~") for key in operation["path"].split("/")[1:]]
        place = pod
        for key in way:
            place = place[int(key)] if isinstance(place, list) else place[key]
        if operation["op"] == "remove":
            place.pop(int(last))
        elif isinstance(place, list):
            place.insert(len(place) if last == "-" else int(last), operation["value"])
        else:
            assert operation["op"] == "add"
            place[last] = operation["value"]
    return pod


@pytest.fixture(scope="module")
def pod_schema():
    """The API server's own schema of a pod, closed: a field that it does not know is an error."""
    raw = shared_data("api-server", "openapi-v3-api-v1.json.zst")
    document = json.loads(subprocess.run(["zstd", "-dcq", raw], capture_output=True, check=True).stdout)
    for schema in document["components"]["schemas"].values():
        if "properties" in schema:
            schema["additionalProperties"] = False
    quantity = document["components"]["schemas"].get("io.k8s.apimachinery.pkg.api.resource.Quantity")
    if quantity:
        quantity.clear()
        quantity["type"] = ["string", "number"]
    document["$ref"] = "#/components/schemas/io.k8s.api.core.v1.Pod"
    validator = jsonschema.Draft4Validator(document)
    assert list(validator.iter_errors({"spec": {"containers": [{"name": "a", "imagePullpolicy": "x"}]}}))
    return validator


@pytest.fixture(scope="module", params=["copy", "volume"])
def webhook(request, injector, tmp_path_factory):
    made = Webhook(injector, tmp_path_factory.mktemp("webhook"), "--mode", request.param)
    made.mode = request.param
    yield made
    made.close()


def answer(webhook, review):
    body = webhook.review(review)
    assert body["apiVersion"] == "admission.k8s.io/v1" and body["kind"] == "AdmissionReview"
    response = body["response"]
    assert response["uid"] == review["request"]["uid"]
    assert response["allowed"] is True
    assert ("patch" in response) == ("patchType" in response)
    if "patch" not in response:
        return None
    assert response["patchType"] == "JSONPatch"
    return json.loads(base64.b64decode(response["patch"], validate=True))


def images_of(spec):
    names = [c["image"] for c in spec.get("initContainers") or []] + [c["image"] for c in spec["containers"]]
    names += [v["image"]["reference"] for v in spec.get("volumes") or [] if "image" in v]
    return list(dict.fromkeys(names))


def pulled_anew(spec):
    containers = (spec.get("initContainers") or []) + spec["containers"]
    return {c["image"] for c in containers if c["imagePullPolicy"] == "Always" and "@" not in c["image"]}


def not_pulled_again(spec):
    spec = copy.deepcopy(spec)
    for container in (spec.get("initContainers") or []) + spec["containers"]:
        if container["image"] in pulled_anew(spec) and container["imagePullPolicy"] == "Always":
            container["imagePullPolicy"] = "IfNotPresent"
    return spec


def restricted(container):
    """Pod Security Standards, level restricted, for one container (kubernetes.io/docs: pod-security-standards)."""
    context = container["securityContext"]
    return (
        context["allowPrivilegeEscalation"] is False and context["runAsNonRoot"] is True and context["runAsUser"] != 0
        and context["capabilities"] == {"drop": ["ALL"]} and context["seccompProfile"] == {"type": "RuntimeDefault"}
        and not context.get("privileged") and "hostPort" not in json.dumps(container)
    )


def mounts_no_token(container):
    """An empty volume is where the API server would mount the service account's token."""
    return {"name": "initscan-no-token", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount", "readOnly": True} in container["volumeMounts"]


def quantity(text):
    number, factor = re.fullmatch(r"([0-9.]+)(m|Ki|Mi|Gi|k|M|G|)", str(text)).groups()
    return float(number) * {"m": 0.001, "": 1, "k": 1e3, "M": 1e6, "G": 1e9, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}[factor]


def qos_class(spec):
    """As the kubelet gives it (kubernetes.io/docs: quality of service classes), pod-level resources before containers'."""
    asks = [spec["resources"]] if spec.get("resources") else [c.get("resources") or {} for c in (spec.get("initContainers") or []) + spec["containers"]]
    asked = [{kind: {r: quantity(a[kind][r]) for r in ("cpu", "memory") if quantity(a.get(kind, {}).get(r, 0))} for kind in ("requests", "limits")} for a in asks]
    if not any(a["requests"] or a["limits"] for a in asked):
        return "BestEffort"
    is_guaranteed = all(len(a["limits"]) == 2 and {**a["limits"], **a["requests"]} == a["limits"] for a in asked)
    return "Guaranteed" if is_guaranteed else "Burstable"


def without_api_server_nulls(pod):
    """creationTimestamp: null is what API servers write, and what their schema does not allow."""
    if isinstance(pod, dict):
        return {k: without_api_server_nulls(v) for k, v in pod.items() if v is not None}
    return [without_api_server_nulls(v) for v in pod] if isinstance(pod, list) else pod


@pytest.mark.parametrize("case", CASES)
def test_a_recorded_review_gets_a_pod_of_the_api(webhook, pod_schema, case):
    review = json.loads(shared_data("admission-reviews", f"{case}.json").read_bytes())
    patch = answer(webhook, review)
    if case in EXPECTED:
        assert patch is None, EXPECTED[case]
        return
    assert patch, "a pod that is created is patched"

    before = review["request"]["object"]
    pod = apply(before, patch)
    problems = [f"{list(e.absolute_path)}: {e.message[:200]}" for e in pod_schema.iter_errors(without_api_server_nulls(pod))]
    assert not problems

    images = images_of(before["spec"])
    own = [c for c in pod["spec"]["initContainers"] if c["name"].startswith("initscan-")]
    # An image that is pulled again at each start is collected in both modes; the others are mounted in volume mode.
    collected = [i for i, image in enumerate(images) if webhook.mode == "copy" or image in pulled_anew(before["spec"])]
    mounted = {v["name"]: v["image"]["reference"] for v in pod["spec"]["volumes"] if v["name"].startswith("initscan-image-")}
    assert mounted == {f"initscan-image-{i}": image for i, image in enumerate(images) if i not in collected}
    installs = ["initscan-install"] if collected else []
    assert [c["name"] for c in own] == [*installs, *(f"initscan-collect-{i}" for i in collected), "initscan-gate"]
    assert [c["image"] for c in own[len(installs):-1]] == [images[i] for i in collected]
    beside = {"initscan-seal", "initscan-no-token"} if collected else set()
    assert {m["name"] for m in own[-1]["volumeMounts"]} == {*mounted, *(f"initscan-sbom-{i}" for i in collected)} | beside
    assert [c["name"] for c in own if "initscan-seal" in str(c["volumeMounts"])] == ([own[0]["name"], own[-1]["name"]] if collected else [])
    assert all(mounts_no_token(c) for c in own) or not collected
    assert qos_class(pod["spec"]) == qos_class(before["spec"])
    assert pod["spec"]["initContainers"][: len(own)] == own, "ours go first"
    assert [a.split("=", 2)[2] for a in own[-1]["args"] if a.startswith("--image=")] == images
    assert all(restricted(c) for c in own)

    # Everything of the pod's own is as it was, but that what the scan has pulled is not pulled again.
    want = not_pulled_again(before["spec"])
    assert pod["spec"]["initContainers"][len(own) :] == (want.get("initContainers") or [])
    own_volumes = [v for v in pod["spec"]["volumes"] if v["name"].startswith("initscan-")]
    assert [v for v in pod["spec"]["volumes"] if v not in own_volumes] == (want.get("volumes") or [])
    rest = {k: v for k, v in pod["spec"].items() if k not in ("initContainers", "volumes")}
    assert rest == {k: v for k, v in want.items() if k not in ("initContainers", "volumes")}

    # A second time changes nothing, as after reinvocation.
    again = copy.deepcopy(review)
    again["request"]["object"] = pod
    assert answer(webhook, again) is None


DENIED = {"20-pod-update-image": "cannot be changed", "15-pod-ephemeralcontainers-update": "it was never scanned"}


@pytest.mark.parametrize("case", CASES)
def test_a_recorded_review_is_judged_as_it_is_injected(webhook, case):
    """What /validate says of each recorded request: as it came, and with the patch of /mutate."""
    review = json.loads(shared_data("admission-reviews", f"{case}.json").read_bytes())
    status, body = webhook.ask("POST", "/validate?timeout=3s", json.dumps(review).encode())
    assert status == 200, body
    response = json.loads(body)["response"]
    assert response["uid"] == review["request"]["uid"] and "patch" not in response
    is_creation = case not in EXPECTED
    if is_creation or case in DENIED:
        assert response["allowed"] is False and response["status"]["code"] == 403
        assert DENIED.get(case, "its containers are not in this pod") in response["status"]["message"]
    else:
        assert response == {"uid": response["uid"], "allowed": True}
    if is_creation:
        review["request"]["object"] = apply(review["request"]["object"], answer(webhook, review))
        body = webhook.ask("POST", "/validate?timeout=3s", json.dumps(review).encode())[1]
        assert json.loads(body)["response"]["allowed"] is True, body


def test_the_figures_add_up(webhook):
    status, body = webhook.ask("GET", "/metrics")
    assert status == 200
    counts = {}
    for line in body.decode().splitlines():
        if line.startswith("initscan_admission_requests_total{"):
            counts[line.split("{")[1].split("}")[0]] = float(line.rsplit(" ", 1)[1])
    if CASES == ["none"]:
        pytest.skip("no recorded reviews (set INITSCAN_SHARED to the folder that holds data/)")
    expected = sum(1 for case in CASES if case not in EXPECTED)
    assert counts['decision="patched",reason="injected"'] == 2 * expected  # each is asked twice, above
    assert counts['decision="denied",reason="not-final"'] == expected
    others = 4  # updates, and a command in a container of the pod's own, that /validate lets pass
    assert counts['decision="allowed",reason="unchanged"'] == 2 * expected + others
    assert counts['decision="allowed",reason="windows"'] == 4
    assert counts['decision="allowed",reason="mirror"'] == 2

"""The overlay without a webhook: a policy inside the API server makes what the injector makes in volume mode."""

import copy
import json

import pytest
import yaml

from deployment import IMAGE, apply_kinds, rendered, with_image
from enforcement import checked, until
from other_webhook import OtherWebhook
from support import run
from test_admission import created, debugged, denied, gate_of, init_names, labelled, passed, pod
from test_attach import BEFORE, NO_COMMAND, admitted, connected
from test_pods import space_with
from test_tenants import NOT_YOURS, changed


@pytest.fixture(scope="module")
def without_webhook(fresh_cluster):
    cluster = fresh_cluster
    objects = with_image(rendered("overlays/mutating-policy"))
    apply_kinds(cluster, objects)
    cluster.apply(*objects)

    def both():
        done = cluster.create(pod(initContainers=[{"name": "initscan-gate", "image": "example/evil:1"}]))
        return done.returncode == 0 and "evil" not in done.stdout or done.stderr or "the forged gate stays"

    until(both, "the policies are not in force")
    return cluster


FULL = {
    "initContainers": [{"name": "setup", "image": "example/setup:1"}, {"name": "mesh", "image": "example/mesh:1", "restartPolicy": "Always"}],
    "containers": [{"name": "app", "image": "example/shop:1"}, {"name": "again", "image": "example/shop:1"},
                   {"name": "log", "image": "example/log@sha256:" + "3" * 64}],
    "volumes": [{"name": "model", "image": {"reference": "example/model:1"}}, {"name": "tmp", "emptyDir": {}}],
}
PODS = {
    "one container": {},
    "everything": FULL,
    "tags that are pulled anew": {
        "initContainers": [{"name": "setup", "image": "example/setup:latest"}],
        "containers": [{"name": "app", "image": "example/shop:1", "imagePullPolicy": "Always"}, {"name": "never", "image": "example/own:1", "imagePullPolicy": "Never"},
                       {"name": "log", "image": "example/log@sha256:" + "3" * 64, "imagePullPolicy": "Always"}],
        "volumes": [{"name": "model", "image": {"reference": "example/model", "pullPolicy": "Always"}}]},
    "users of its own": {"hostUsers": False, "containers": [{"name": "app", "image": "example/shop@sha256:" + "3" * 64}]},
    "an empty list of volumes": {"volumes": [], "initContainers": []},
    "names of ours with other contents": {
        "initContainers": [{"name": "setup", "image": "example/setup:1"}, {"name": "initscan-gate", "image": "example/evil:1"},
                           {"name": "initscan-collect-0", "image": "example/evil:2"}],
        "volumes": [{"name": "initscan-image-0", "hostPath": {"path": "/"}}, {"name": "tmp", "emptyDir": {}}]},
}


def by_name(items):
    return {item["name"]: item for item in items}


def of_ours(items):
    return [i for i in items if i["name"].startswith("initscan-")]


def significant(container):
    """Without what the API server fills in, or each of the two fits to the pod in its own way."""
    return {k: container[k] for k in ("name", "image", "args", "workingDir", "securityContext", "terminationMessagePath", "terminationMessagePolicy")}


@pytest.mark.parametrize("name", PODS)
def test_it_makes_what_the_injector_makes(without_webhook, injector, tmp_path, name):
    document = pod(**copy.deepcopy(PODS[name]))
    made = created(without_webhook.create(document))
    spec = made["spec"]
    policy = tmp_path / "policy.yaml"  # it says nothing of its own but its name, as that of the overlay
    policy.write_text("apiVersion: initscan.io/v1alpha1\nkind: ScanPolicy\nmetadata: {name: default}\n")
    done = run(injector, "inject", "--image", IMAGE, "--mode", "volume", "--policy", policy, "-f", "-", input=json.dumps(document))
    assert done.returncode == 0, done.stderr
    injected = yaml.safe_load(done.stdout)
    want = injected["spec"]
    assert made["metadata"]["labels"] == injected["metadata"]["labels"] == {"initscan.io/injected": "true"}
    assert [c["name"] for c in spec["initContainers"]] == [c["name"] for c in want["initContainers"]]
    gate, wanted = gate_of(spec), gate_of(want)
    assert sorted(gate["args"]) == sorted(wanted["args"]) and gate["args"][0] == "gate"
    assert {**significant(gate), "args": ()} == {**significant(wanted), "args": ()}
    for ours, meant in zip(of_ours(spec["initContainers"]), of_ours(want["initContainers"])):
        assert ours["volumeMounts"] == meant["volumeMounts"] and ours.get("command") == meant.get("command")
        assert ours["imagePullPolicy"] == meant["imagePullPolicy"]
    assert by_name(of_ours(spec["volumes"])) == by_name(of_ours(want["volumes"]))
    assert gate["resources"] == {} and "resources" not in wanted, "a BestEffort pod stays one"


def amounts(cpu, memory):
    return {"cpu": cpu, "memory": memory}


# What the first container asks for, what each of ours asks for then, and the pod's class.
RESOURCES = [
    ({"limits": amounts("500m", "128Mi")}, {"limits": amounts("500m", "128Mi"), "requests": amounts("500m", "128Mi")}, "Guaranteed"),
    ({"limits": amounts("500m", "32Mi")}, {"limits": amounts("500m", "64Mi"), "requests": amounts("500m", "64Mi")}, "Guaranteed"),
    ({"requests": amounts("10m", "16Mi"), "limits": amounts("1", "32Mi")},
     {"requests": amounts("10m", "16Mi"), "limits": amounts("1", "64Mi")}, "Burstable"),
    ({"requests": {"memory": "16Mi"}}, {"requests": {"memory": "16Mi"}}, "Burstable"),
    ({"requests": {"ephemeral-storage": "1Gi"}}, {}, "BestEffort"),
]


@pytest.mark.parametrize("policy", ["IfNotPresent", "Always"])
@pytest.mark.parametrize("asked, want, qos", RESOURCES)
def test_ours_ask_for_what_the_first_container_asks_for(without_webhook, asked, want, qos, policy):
    app = {"name": "app", "image": "example/shop:1", "imagePullPolicy": policy, "resources": asked}
    made = created(without_webhook.create(pod(containers=[app])))
    assert [c["resources"] for c in made["spec"]["initContainers"]] == [want] * (3 if policy == "Always" else 1)
    assert made["status"]["qosClass"] == qos


def app(name="app", **resources):
    return {"name": name, "image": f"example/{name}:1", "resources": resources}


# Pods of each class, and the effective requests that the scheduler and quotas count of each.
SHAPES = {
    "best effort": {"containers": [app()]},
    "best effort, though of disk": {"containers": [app(requests={"ephemeral-storage": "1Gi"})]},
    "burstable by requests": {"containers": [app(requests=amounts("10m", "16Mi"))]},
    "burstable by a limit": {"containers": [app(limits={"memory": "512Mi"})]},
    "burstable with both": {"containers": [app(requests=amounts("10m", "16Mi"), limits=amounts("1", "512Mi"))]},
    "burstable of two": {"containers": [app(requests=amounts("100m", "128Mi")), app("log", requests=amounts("50m", "64Mi"))]},
    "burstable by the second": {"containers": [app(), app("log", requests=amounts("100m", "64Mi"))]},
    "burstable by an init container": {"containers": [app()], "initContainers": [app("setup", requests=amounts("100m", "64Mi"))]},
    "burstable with a sidecar": {"containers": [app(requests=amounts("100m", "128Mi"))],
                                 "initContainers": [{**app("mesh", requests=amounts("20m", "32Mi")), "restartPolicy": "Always"}]},
    "guaranteed": {"containers": [app(limits=amounts("500m", "128Mi"))]},
    "guaranteed of two": {"containers": [app(limits=amounts("500m", "128Mi")), app("log", limits=amounts("1", "512Mi"))]},
    "guaranteed with an init container": {"containers": [app(limits=amounts("500m", "128Mi"))],
                                          "initContainers": [app("setup", limits=amounts("500m", "128Mi"))]},
}
UNITS = {"m": 1, "": 1000, "Mi": 1000 << 20, "Gi": 1000 << 30}


def thousandths(quantity):
    number = quantity.rstrip("mMGi")
    return int(number) * UNITS[quantity[len(number):]]


def effective_requests(spec):
    """The larger of the largest init container, beside the sidecars before it, and of the sum of what runs on."""
    def of(container, name):
        return thousandths(container.get("resources", {}).get("requests", {}).get(name, "0"))

    totals = {}
    for name in ("cpu", "memory"):
        running = largest = 0
        for container in spec.get("initContainers", []):
            largest = max(largest, running + of(container, name))
            running += of(container, name) if container.get("restartPolicy") == "Always" else 0
        totals[name] = max(largest, running + sum(of(c, name) for c in spec["containers"]))
    return totals


def by_injector(injector, document):
    done = run(injector, "inject", "--image", IMAGE, "--mode", "volume", "-f", "-", input=json.dumps(document))
    assert done.returncode == 0, done.stderr
    return yaml.safe_load(done.stdout)


@pytest.mark.parametrize("shape", SHAPES)
def test_neither_of_the_two_changes_what_a_pod_costs(without_webhook, injector, shape):
    """The policy copies the first container's resources, the injector reckons: both keep class and costs, and neither is killed."""
    def plain(document):
        return created(without_webhook.create(document, dry_run=True))

    bare = plain(pod("plain", **copy.deepcopy(SHAPES[shape])))
    made = {"the policy's": created(without_webhook.create(pod(**copy.deepcopy(SHAPES[shape])))),
            "the injector's": plain(by_injector(injector, pod("plain", **copy.deepcopy(SHAPES[shape]))))}
    assert bare["status"]["qosClass"].lower() == shape.split(" ")[0].replace("best", "besteffort")
    for whose, one in made.items():
        gate = gate_of(one["spec"])["resources"]
        assert one["status"]["qosClass"] == bare["status"]["qosClass"], whose
        assert effective_requests(one["spec"]) == effective_requests(bare["spec"]), whose
        assert thousandths(gate.get("limits", {}).get("memory", "64Mi")) >= thousandths("64Mi"), whose
        assert shape.startswith("best effort") <= (gate == {}), whose


LIMITS = {"type": "Container", "min": amounts("50m", "64Mi"), "max": amounts("500m", "256Mi"), "default": amounts("200m", "128Mi"),
          "defaultRequest": amounts("100m", "96Mi"), "maxLimitRequestRatio": {"cpu": "4"}}


@pytest.mark.parametrize("containers", [[app()], [app(requests=amounts("50m", "64Mi"), limits=amounts("200m", "64Mi"))],
                                        [app(limits=amounts("500m", "256Mi"))], [app(), app("log", limits=amounts("100m", "128Mi"))]])
def test_a_limit_range_that_admits_the_pod_admits_what_either_makes_of_it(without_webhook, injector, containers):
    for space, inject in (("ranged", "enabled"), ("ranged-plain", "disabled")):
        limits = {"apiVersion": "v1", "kind": "LimitRange", "spec": {"limits": [LIMITS]}}
        space_with(without_webhook, space, limits, **{"initscan.io/inject": inject})
    outside = pod("ranged-plain", containers=[app(limits=amounts("2", "64Mi"))])
    until(lambda: "maximum cpu usage per Container is 500m" in without_webhook.create(outside, dry_run=True).stderr or "it is admitted",
          "the LimitRange does not hold")
    # Its defaults are filled in before either is asked.
    bare = created(without_webhook.create(pod("ranged-plain", containers=containers), dry_run=True))
    filled = [{k: c[k] for k in ("name", "image", "resources")} for c in bare["spec"]["containers"]]

    def both_admit():
        made = [without_webhook.create(pod("ranged", containers=containers), dry_run=True),
                without_webhook.create(by_injector(injector, pod("ranged-plain", containers=filled)), dry_run=True)]
        errors = [done.stderr for done in made if done.returncode != 0]
        if errors:
            return errors
        specs = [json.loads(done.stdout)["spec"] for done in made]
        return all(init_names({"spec": spec}) == ["initscan-gate"] for spec in specs) or "it is not injected"

    until(both_admit, "one of them is refused")


def test_another_namespace_does_not_notice(without_webhook):
    assert init_names(created(without_webhook.create(pod("plain")))) == []


def test_a_container_that_another_webhook_adds_is_scanned(without_webhook):
    other = OtherWebhook(without_webhook)
    try:
        meshed = pod()
        meshed["metadata"] = {"generateName": "m-", "namespace": "shop", "labels": {"mesh": "yes"}}

        def seen():
            done = without_webhook.create(meshed)
            spec = json.loads(done.stdout)["spec"] if done.returncode == 0 else {"containers": []}
            is_late = "late" in [c["name"] for c in spec["containers"]]
            return is_late and any(a.endswith("=example/late:1") for a in gate_of(spec)["args"]) or done.stderr or "it is not added"

        until(seen, "it is not scanned")
    finally:
        other.close()


def test_nothing_pulls_a_tag_again_that_was_scanned(without_webhook):
    by_digest = {"name": "log", "image": "example/log@sha256:" + "3" * 64, "imagePullPolicy": "Always"}
    spec = created(without_webhook.create(pod(
        initContainers=[{"name": "setup", "image": "example/setup:latest"}],
        containers=[{"name": "app", "image": "example/shop:1", "imagePullPolicy": "Always"}, by_digest],
        volumes=[{"name": "model", "image": {"reference": "example/model", "pullPolicy": "Always"}}])))["spec"]
    assert init_names({"spec": spec}) == ["initscan-install", *(f"initscan-collect-{i}" for i in (0, 1, 3)), "initscan-gate", "setup"]
    assert [c["imagePullPolicy"] for c in spec["initContainers"]] == ["IfNotPresent", *["Always"] * 3, "IfNotPresent", "IfNotPresent"]
    assert [c["imagePullPolicy"] for c in spec["containers"]] == ["IfNotPresent", "Always"]
    assert {v["image"]["reference"]: v["image"]["pullPolicy"] for v in spec["volumes"] if "image" in v} == {
        "example/model": "IfNotPresent", by_digest["image"]: "Always"}


def test_a_pod_of_many_images_is_within_the_api_servers_budget(without_webhook):
    containers = [{"name": f"c{i}", "image": f"example/image:{i}"} for i in range(64)]
    spec = created(without_webhook.create(pod(containers=containers)))["spec"]
    assert len(of_ours(spec["volumes"])) == 64


def test_who_may_bypass_does_so_by_the_label(without_webhook):
    assert init_names(created(without_webhook.create(labelled(pod()), user="breaker"))) == []
    assert init_names(created(without_webhook.create(pod(), user="breaker"))) == ["initscan-gate"]
    assert init_names(created(without_webhook.create(labelled(pod()), user="developer"))) == ["initscan-gate"]


def test_nobody_reaches_the_gate(without_webhook):
    made = created(without_webhook.create(pod()))
    denied(connected(without_webhook, made, "exec", "initscan-gate"), NO_COMMAND)
    admitted(connected(without_webhook, made, "exec", "app"))
    denied(debugged(without_webhook, made, image="example/shop:1"), BEFORE)
    created(debugged(without_webhook, passed(without_webhook, made), image="example/shop:1"))
    denied(changed(without_webhook, "shop", {"labels": {"initscan.io/inject": None}}, "developer"), NOT_YOURS)
    assert init_names(created(without_webhook.create(labelled(pod()), user="owner"))) == ["initscan-gate"]


def test_a_profile_of_the_pod_does_not_hold_for_the_gate(without_webhook):
    profiles = {"appArmorProfile": {"type": "Localhost", "localhostProfile": "shop"}, "seLinuxOptions": {"type": "shop_t", "level": "s0:c1,c2"}}
    context = gate_of(created(without_webhook.create(pod(securityContext=profiles)))["spec"])["securityContext"]
    assert context["appArmorProfile"] == {"type": "RuntimeDefault"}
    assert context["seLinuxOptions"] == {"type": "container_t", "level": "s0:c1,c2"}


def test_what_gates_are_told_of_servers_is_said_by_hand(without_webhook):
    """The API server takes the token's volume as it is; elsewhere its own plugin says which account a pod has."""
    account = {"serviceAccountName": "default"}
    servers = ["--report-to=https://initscan.example.com", "--server-token=/initscan/token/token", "--server-ca-inline=AAAA"]

    def say(value):
        without_webhook.kubectl("patch", "finalstate", "initscan-final-state", "-n", "initscan-system", "--type=merge",
                                "-p", json.dumps({"data": {"gateServers": value}}), check=True)

    def told():
        done = without_webhook.create(pod(**account), dry_run=True)
        return [a for a in gate_of(created(done)["spec"])["args"] if a in servers] if done.returncode == 0 else done.stderr

    say("|".join(servers))
    try:
        until(lambda: told() == servers or told(), "the gate is not told")
        for document in (pod(**copy.deepcopy(FULL), **account), pod(automountServiceAccountToken=False, **account), pod(hostNetwork=True, **account)):
            spec = created(without_webhook.create(document))["spec"]
            assert by_name(spec["volumes"])["initscan-token"] == {"name": "initscan-token", "projected": {"defaultMode": 420, "sources": [
                {"serviceAccountToken": {"audience": "initscan", "expirationSeconds": 3600, "path": "token"}}]}}
            holders = [c["name"] for c in spec["initContainers"] + spec["containers"]
                       if any(m["name"] == "initscan-token" for m in c.get("volumeMounts", []))]
            assert holders == ["initscan-gate"]
    finally:
        say(None)
    until(lambda: told() == [] or told(), "the gate is still told")


def test_images_for_debugging_and_digests_are_said_by_hand(without_webhook):
    busybox = "example/busybox@sha256:" + "5" * 64
    made = passed(without_webhook, created(without_webhook.create(pod())))
    change(without_webhook, {"debug.shop": busybox, "digest.shop": "yes"})
    try:
        until(lambda: "initscan: this namespace runs images by digest only" in without_webhook.create(pod()).stderr or "admitted", "tags are admitted")
        created(debugged(without_webhook, made, image=busybox))
    finally:
        change(without_webhook, {"debug.shop": None, "digest.shop": None})
    until(lambda: without_webhook.create(pod()).returncode == 0 or "denied", "tags are denied")


def change(cluster, data):
    patch = json.dumps({"data": data})
    cluster.kubectl("patch", "finalstate", "initscan-final-state", "-n", "initscan-system", "--type=merge", "-p", patch, check=True)


def test_a_pod_stays_away_where_the_cluster_lets_its_namespace(without_webhook):
    change(without_webhook, {"opt-out.shop": "pinned"})
    try:
        def away():
            done = without_webhook.create(labelled(pod()))
            return done.returncode == 0 and init_names(json.loads(done.stdout)) == [] or done.stderr or "it is still injected"

        until(away, "it cannot stay away")
    finally:
        change(without_webhook, {"opt-out.shop": None})


def test_a_policy_that_is_not_accepted_admits_nothing(without_webhook):
    digest = without_webhook.read("finalstate", "initscan-final-state", "-n", "initscan-system")["data"]["policySha256"]
    change(without_webhook, {"policySha256": "0" * 64})
    try:
        def denies():
            done = without_webhook.create(pod())
            return done.returncode != 0 and "its policy is not an accepted one" in done.stderr or done.stderr or "it is admitted"

        until(denies, "it is not denied")
    finally:
        change(without_webhook, {"policySha256": digest})


def test_check_finds_it_well(injector, fresh_cluster, without_webhook):
    assert checked(injector, fresh_cluster) == (0, [])

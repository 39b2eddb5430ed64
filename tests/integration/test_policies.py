"""What deploy/ puts into the API server, judged by Kubernetes' own code on every machine; tests/e2e asks a real API server."""

import copy
import json

import pytest

from admission import IMAGE, NAMESPACES, TOKEN_PLACE, Admission, as_stored, deployed, injected, namespace, policy_of
from renderer import KUSTOMIZE
from test_admission import TAMPERINGS, created, denied, init_names, labelled, pod, renamed
from test_mutating_policy import PODS, RESOURCES, by_name, of_ours, significant
from test_pods import KINDS, WINDOWS

UNREACHABLE = "its containers are not in this pod (was the injector unreachable? try again)"


@pytest.fixture(scope="module")
def admissions(injector):
    """admissions(overlay, **settings): an API server with this overlay, and the default policy accepted."""
    digest = policy_of(injected(injector, pod(), "volume"))
    accepted = {f"policy.{digest}": "default", **{f"policy.{n}.{digest}": "default" for n in NAMESPACES}}
    made = {}

    def of(overlay, **settings):
        key = (overlay, *sorted(settings.items()))
        if key not in made:
            made[key] = Admission(deployed(overlay, {**accepted, **{k: v for k, v in settings.items() if v is not None}}))
        return made[key]

    yield of
    for one in made.values():
        one.close()


@pytest.fixture(scope="module")
def enforcing(admissions):
    return admissions("enforce")


@pytest.fixture(scope="module", params=["copy", "volume"])
def mode(request):
    return request.param


@pytest.fixture(scope="module")
def good(injector, mode):
    """A pod as the injector makes it."""
    return injected(injector, pod(volumes=[{"name": "data", "emptyDir": {}}]), mode)


@pytest.fixture(scope="module")
def running(good):
    return as_stored(good)


def valid(admission, done):
    """Admitted, and nothing that the API itself would refuse afterwards."""
    created(done)
    assert "invalid" not in admission.last, admission.last["invalid"]
    return json.loads(done.stdout)


OVERLAYS = sorted(p.name for p in (KUSTOMIZE / "overlays").iterdir())


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_api_server_stores_it_and_warns_of_no_expression(admissions, overlay):
    """The program reads every object strictly and validates it as the API server does; it would have ended otherwise."""
    assert not any(admissions(overlay).ask(warnings=True).values())


# What the injector makes is admitted.


@pytest.mark.parametrize("name", KINDS)
def test_a_pod_of_each_kind_is_admitted_as_it_was_injected(enforcing, injector, mode, name):
    made = injected(injector, pod(**copy.deepcopy(KINDS[name])), mode)
    valid(enforcing, enforcing.create(made))


def test_a_pod_of_openshift_has_an_assigned_user_there_alone(admissions, injector, mode):
    made = injected(injector, pod(), mode, "--assigned-user")
    for container in made["spec"]["initContainers"]:
        container["securityContext"]["runAsUser"] = 1000650000
    valid(admissions("openshift"), admissions("openshift").create(made))
    denied(admissions("enforce").create(made), "settings other than those that the injector gives it")


# What it did not make is not, nor what somebody changed in it.


def test_a_plain_pod_is_denied_in_a_labelled_namespace_alone(enforcing):
    denied(enforcing.create(pod()), UNREACHABLE)
    for space in ("plain", "kube-system", "initscan-system"):
        valid(enforcing, enforcing.create(pod(space)))


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_denied(enforcing, good, name):
    change, text = TAMPERINGS[name]
    bad = renamed(good)
    change(bad["spec"])
    done = enforcing.create(bad)
    denied(done, text)
    assert "initscan: " in done.stderr


def test_a_collector_with_another_command_is_denied(enforcing, mode, good):
    if mode == "volume":
        assert not any("collect" in n for n in init_names(good))
        return
    for field, value in (("command", ["/bin/true"]), ("args", ["--root=/empty", "--output=/initscan/sbom/0/sbom.json"]),
                         ("image", "example/harmless:1")):
        bad = renamed(good)
        bad["spec"]["initContainers"][1][field] = value
        denied(enforcing.create(bad), "initscan: ")


def test_there_is_no_token_beside_a_collector(enforcing, mode, good):
    """What an image brings to run in the collector's place would have it before there is a verdict."""
    for number, container in enumerate(good["spec"]["initContainers"]):
        bad = renamed(good)
        mounts = bad["spec"]["initContainers"][number]["volumeMounts"]
        mounts[:] = [m for m in mounts if m["name"] != "initscan-no-token"]
        done = enforcing.create(bad)  # with what the API server mounts where nothing is
        if mode == "copy":
            assert len(mounts) == len(container["volumeMounts"]) - 1
            denied(done, "volumes or mounts")
        else:
            valid(enforcing, done)
        over = renamed(good)
        over["spec"]["initContainers"][number]["volumeMounts"].append({"name": "data", "mountPath": TOKEN_PLACE, "readOnly": True})
        denied(enforcing.create(over), "volumes or mounts") if mode == "copy" else valid(enforcing, enforcing.create(over))


def test_a_namespace_that_reports_is_warned(enforcing, admissions):
    for admission, space in ((enforcing, "reporting"), (admissions("report-only"), "shop")):
        done = admission.create(pod(space))
        created(done)
        assert "initscan: " + UNREACHABLE in done.stderr
        assert "validation.policy.admission.k8s.io/validation_failure" in admission.last["annotations"]


def test_without_parameters_nothing_is_admitted(good):
    alone = Admission(deployed("enforce"))
    denied(alone.create(good), "no params found for policy binding")
    created(alone.create(pod("plain")))
    alone.close()


def test_an_image_that_is_no_longer_accepted_is_denied(admissions, good):
    denied(admissions("enforce", images="example/initscan:other").create(good), "must run an accepted image")
    created(admissions("enforce", images=f"example/initscan:other {IMAGE}").create(good))


def test_a_policy_that_is_not_accepted_is_denied(good):
    nothing = Admission(deployed("enforce", {}))
    denied(nothing.create(good), "arguments")
    nothing.close()


def test_no_collector_runs_where_images_are_only_mounted(admissions, good, mode):
    admission = admissions("enforce", volumesOnly="true")
    done = admission.create(good)
    denied(done, "none runs a collector (volumesOnly)") if mode == "copy" else valid(admission, done)


def test_the_mutating_policys_collector_is_denied_there():
    admission = Admission(deployed("mutating-policy", volumesOnly="true"))
    try:
        valid(admission, admission.create(pod(), is_bare=True))
        moving = pod(containers=[{"name": "app", "image": "example/shop:latest", "imagePullPolicy": "Always"}])
        denied(admission.create(moving, is_bare=True), "none runs a collector (volumesOnly)")
    finally:
        admission.close()


# Who may go around.


def test_a_bypass_is_rbac_and_label(enforcing):
    denied(enforcing.create(pod(), user="breaker"), UNREACHABLE)
    denied(enforcing.create(labelled(pod()), user="developer"), UNREACHABLE)
    bare = labelled(pod())
    valid(enforcing, enforcing.create(bare, user="breaker"))
    assert enforcing.last["annotations"]["initscan-bypass/bypass"].startswith("breaker holds the verb bypass")


def test_a_label_is_enough_where_the_policy_says_so(admissions):
    created(admissions("enforce", **{"opt-out.shop": "default"}).create(labelled(pod())))
    denied(admissions("enforce", **{"opt-out.shop": "default"}).create(labelled(pod("dev"))), UNREACHABLE)


def test_mirror_pods_are_the_kubelets_alone(enforcing):
    forged = pod(nodeName="worker")
    forged["metadata"]["annotations"] = {"kubernetes.io/config.mirror": "x"}
    denied(enforcing.create(forged), UNREACHABLE)
    created(enforcing.create(forged, user="system:node:worker"))


@pytest.mark.parametrize("name", WINDOWS)
def test_windows_is_left_alone(enforcing, name):
    valid(enforcing, enforcing.create(pod(**WINDOWS[name])))


def test_an_architecture_without_an_image_is_left_alone(admissions):
    some = admissions("enforce", architectures="amd64 arm64")
    created(some.create(pod(nodeSelector={"kubernetes.io/arch": "s390x"})))
    denied(some.create(pod(nodeSelector={"kubernetes.io/arch": "arm64"})), UNREACHABLE)


# Pods that run.


def changed(pod, container=0, **fields):
    new = copy.deepcopy(pod)
    new["spec"]["containers"][container].update(fields)
    return new


def test_an_image_cannot_change(enforcing, running):
    other = changed(running, image="example/other:1")
    denied(enforcing.update(running, other), "the image of a running container cannot be changed")
    denied(enforcing.update(running, other, user="owner"), "the image of a running container cannot be changed")


def test_labels_can_change(enforcing, running):
    new = copy.deepcopy(running)
    new["metadata"]["labels"] = {"a": "b"}
    valid(enforcing, enforcing.update(running, new))


# What is attached to pods that run, and what runs in them.

COMMAND_IN_OURS = "no command may run in its containers and nothing may be attached to them"


def test_no_command_runs_in_our_containers(enforcing, running):
    for name in init_names(running):
        for kind in ("exec", "attach"):
            denied(enforcing.connect(running, kind, container=name), COMMAND_IN_OURS)
            denied(enforcing.connect(running, kind, "breaker", container=name), COMMAND_IN_OURS)
    for container in ({"container": "app"}, {}):
        assert enforcing.connect(running, "exec", command=["sh"], **container).returncode == 0
        assert enforcing.connect(running, "attach", **container).returncode == 0
    assert enforcing.connect(running, "portforward", ports=[80]).returncode == 0


def test_commands_elsewhere_are_nobodys_business(admissions, running):
    for overlay in OVERLAYS:
        elsewhere = {**running, "metadata": {**running["metadata"], "namespace": "plain"}}
        assert admissions(overlay).connect(elsewhere, "exec", container="initscan-gate").returncode == 0, overlay


def test_a_namespace_that_reports_is_warned_of_a_command(enforcing, running):
    reporting = {**running, "metadata": {**running["metadata"], "namespace": "reporting"}}
    done = enforcing.connect(reporting, "exec", container="initscan-gate")
    assert done.returncode == 0 and COMMAND_IN_OURS in done.stderr


def gate_ended(pod, code):
    pod = copy.deepcopy(pod)
    state = {"terminated": {"exitCode": code}} if code is not None else {"running": {}}
    pod["status"] = {"initContainerStatuses": [{"name": n, "image": "x", "imageID": "", "ready": True, "restartCount": 0,
                                                "state": state if n == "initscan-gate" else {"terminated": {"exitCode": 0}}} for n in init_names(pod)]}
    return pod


def attached(admission, pod, user="developer", **container):
    new = copy.deepcopy(pod)
    new["spec"].setdefault("ephemeralContainers", []).append({"name": "debug", "image": "example/shop:1", **container})
    return admission.update(pod, new, user, "ephemeralcontainers")


def test_nothing_is_attached_before_the_scan_has_passed(enforcing, running):
    for code in (None, 1, 2):
        denied(attached(enforcing, gate_ended(running, code)), "before its scan has passed")
    denied(attached(enforcing, running), "before its scan has passed")
    assert attached(enforcing, gate_ended(running, 0)).returncode == 0


def test_what_is_attached_was_scanned_and_sees_nothing_of_ours(enforcing, running):
    passed = gate_ended(running, 0)
    denied(attached(enforcing, passed, image="example/debug:1"), "an ephemeral container is not scanned")
    denied(attached(enforcing, passed, imagePullPolicy="Always"), "an ephemeral container is not scanned")
    ours = next(v["name"] for v in passed["spec"]["volumes"] if v["name"].startswith("initscan-"))
    denied(attached(enforcing, passed, volumeMounts=[{"name": ours, "mountPath": "/ours"}]), "mounts one of its volumes")
    denied(attached(enforcing, passed, targetContainerName="initscan-gate"), "targets one of its containers")
    denied(attached(enforcing, passed, name="initscan-x"), "has one of its names")


def test_nothing_is_attached_to_a_pod_that_was_never_scanned(enforcing):
    old = as_stored(pod())
    denied(attached(enforcing, old), "it was never scanned")
    labelled_old = labelled(copy.deepcopy(old))
    assert attached(enforcing, labelled_old, "breaker").returncode == 0
    denied(attached(enforcing, labelled_old, "developer"), "it was never scanned")
    denied(attached(enforcing, old, "breaker"), "it was never scanned")


TOOLS = "example/tools@sha256:" + "7" * 64


def test_debug_images_are_those_of_the_namespace(admissions, running):
    admission = admissions("enforce", **{"debug.shop": TOOLS})
    passed = gate_ended(running, 0)
    assert attached(admission, passed, image=TOOLS).returncode == 0
    denied(attached(admission, gate_ended(running, 1), image=TOOLS), "before its scan has passed")
    denied(attached(admission, passed, image="example/tools:1"), "an ephemeral container is not scanned")
    elsewhere = {**passed, "metadata": {**passed["metadata"], "namespace": "dev"}}
    denied(attached(admission, elsewhere, image=TOOLS), "an ephemeral container is not scanned")
    by_tag = admissions("enforce", **{"debug.shop": "example/tools:1"})
    denied(attached(by_tag, passed, image="example/tools:1"), "an ephemeral container is not scanned")


def test_a_bypass_of_a_change_is_the_stored_pods_label_and_a_right_in_the_whole_cluster(enforcing, running):
    other = changed(running, image="example/other:1")
    denied(enforcing.update(running, other, "breaker"), "cannot be changed")
    denied(enforcing.update(running, labelled(copy.deepcopy(other)), "breaker"), "cannot be changed")
    before = labelled(copy.deepcopy(running))
    denied(enforcing.update(before, labelled(copy.deepcopy(other)), "owner"), "cannot be changed")
    assert enforcing.update(before, labelled(copy.deepcopy(other)), "breaker").returncode == 0
    assert enforcing.last["annotations"]["initscan-bypass-update/bypass"].startswith("breaker holds the verb bypass")
    denied(enforcing.create(labelled(pod()), "owner"), UNREACHABLE)


# What belongs to one namespace.


def test_a_policy_of_another_namespace_is_denied(admissions, good):
    digest = policy_of(good)
    of_dev = Admission(deployed("enforce", {f"policy.dev.{digest}": "soft", "policy." + "0" * 64: "default"}))
    try:
        denied(of_dev.create(good), "its policy is not an accepted one")
        assert of_dev.create({**good, "metadata": {**good["metadata"], "namespace": "dev"}}).returncode == 0
    finally:
        of_dev.close()
    own = Admission(deployed("enforce", {f"policy.{digest}": "default", "own.shop": "hard", "policy.shop." + "0" * 64: "hard"}))
    try:
        denied(own.create(good), "its policy is not an accepted one")
        assert own.create({**good, "metadata": {**good["metadata"], "namespace": "dev"}}).returncode == 0
    finally:
        own.close()


def test_a_namespace_can_demand_images_by_digest(admissions, injector, mode, good):
    admission = admissions("enforce", **{"digest.shop": "default"})
    denied(admission.create(good), "runs images by digest only")
    exact = injected(injector, pod(containers=[{"name": "app", "image": TOOLS}]), mode)
    assert admission.create(exact).returncode == 0


WORDS_OF_NAMESPACES = "a namespace's labels and annotations that start with initscan.io/"


@pytest.mark.parametrize("change", [{"labels": {"initscan.io/inject": "disabled"}}, {"labels": {}}, {"annotations": {"initscan.io/policy": "soft"}},
                                    {"labels": {"initscan.io/inject": "enabled", "initscan.io/enforcement": "report"}}], ids=str)
def test_namespaces_are_changed_by_those_who_may_bypass(enforcing, change):
    name = {"kubernetes.io/metadata.name": "shop"}
    before = namespace("shop", NAMESPACES["shop"])
    before["metadata"]["resourceVersion"] = "7"
    after = copy.deepcopy(before)
    after["metadata"].update(change)
    after["metadata"]["labels"].update(name)

    def update(user, to, subresource=""):
        return enforcing.request("UPDATE", "shop", "shop", user, "v1/namespaces", object=to, oldObject=before, subresource=subresource)

    for user in ("developer", "owner"):
        denied(update(user, after), WORDS_OF_NAMESPACES)
        denied(update(user, after, "status"), WORDS_OF_NAMESPACES)
    assert update("breaker", after).returncode == 0
    harmless = copy.deepcopy(before)
    harmless["metadata"]["labels"]["team"] = "a"
    assert update("developer", harmless).returncode == 0


# The policy that makes what the injector makes.


@pytest.mark.parametrize("name", PODS)
def test_the_mutating_policy_makes_what_the_injector_makes(admissions, injector, name):
    document = pod(**copy.deepcopy(PODS[name]))
    admission = admissions("mutating-policy")
    spec = valid(admission, admission.create(document, is_bare=True))["spec"]
    want = injected(injector, document, "volume")["spec"]
    assert init_names({"spec": spec}) == init_names({"spec": want})
    ours, theirs = of_ours(spec["initContainers"]), of_ours(want["initContainers"])
    for gate, wanted in zip(ours, theirs):
        assert sorted(a for a in gate["args"] if "policy" not in a) == sorted(a for a in wanted["args"] if "policy" not in a)
        assert {**significant(gate), "args": ()} == {**significant(wanted), "args": ()}
        assert gate["volumeMounts"] == wanted["volumeMounts"] and gate.get("command") == wanted.get("command")
        assert gate["imagePullPolicy"] == wanted["imagePullPolicy"]
    assert by_name(of_ours(spec["volumes"])) == by_name(of_ours(want["volumes"]))


@pytest.mark.parametrize("policy", ["IfNotPresent", "Always"])
@pytest.mark.parametrize("asked, want, qos", RESOURCES)
def test_the_mutating_policy_keeps_the_class_of_a_pod(admissions, asked, want, qos, policy):
    admission = admissions("mutating-policy")
    app = {"name": "app", "image": "example/shop:1", "imagePullPolicy": policy, "resources": asked}
    spec = valid(admission, admission.create(pod(containers=[app]), is_bare=True))["spec"]
    assert [c["resources"] for c in spec["initContainers"]] == [want] * (3 if policy == "Always" else 1)


# Which webhooks are asked.

INJECTION, OPTED_OUT, BYPASSED = "injector.initscan.io", "disabled.initscan.io", "bypass.initscan.io"


def asked(admission, pod, user="developer"):
    admission.create(pod, user)
    return admission.last.get("webhooks", [])


def test_webhooks_are_asked_of_new_pods_that_concern_them(enforcing):
    assert asked(enforcing, pod()) == [INJECTION]
    assert asked(enforcing, pod("plain")) == [] and asked(enforcing, pod("kube-system")) == []
    assert asked(enforcing, labelled(pod())) == [OPTED_OUT]
    assert asked(enforcing, labelled(pod()), "breaker") == [BYPASSED]


def test_webhooks_demand_where_there_is_no_policy(admissions, running):
    only = admissions("webhook-only")
    assert asked(only, pod()) == [INJECTION, "final-state.initscan.io"]
    assert asked(only, pod("reporting")) == [INJECTION, "final-state-report.initscan.io"]
    assert asked(only, labelled(pod()), "breaker") == [BYPASSED]
    assert [asked(only, pod(**spec)) for spec in WINDOWS.values()] == [[INJECTION]] * len(WINDOWS)
    only.update(running, changed(running, image="example/other:1"))
    assert only.last["webhooks"] == ["final-state.initscan.io"]
    new = copy.deepcopy(running)
    new["metadata"]["labels"] = {"a": "b"}
    only.update(running, new)
    assert "webhooks" not in only.last

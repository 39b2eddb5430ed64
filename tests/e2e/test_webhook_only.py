"""The overlay for clusters without ValidatingAdmissionPolicy: the injector demands the final state itself."""

import json

import pytest

from cluster_webhook import ClusterWebhook
from deployment import IMAGE, install
from enforcement import checked, until
from test_admission import created, debugged, denied, gate_says, init_names, labelled, passed, pod
from test_attach import BEFORE, NO_COMMAND, OF_OURS, admitted, connected
from test_tenants import NOT_YOURS, changed


@pytest.fixture(scope="module")
def judging(fresh_cluster, injector, tmp_path_factory):
    cluster = fresh_cluster
    webhook = ClusterWebhook(injector, cluster, tmp_path_factory.mktemp("judging"), "--mode", "auto", image=IMAGE)
    install(cluster, webhook, "overlays/webhook-only")
    yield cluster
    webhook.close()


@pytest.fixture
def without_injection(judging):
    """The injector judges, and is not asked to inject."""
    configuration = judging.read("mutatingwebhookconfiguration", "initscan")
    judging.kubectl("delete", "mutatingwebhookconfiguration", "initscan", check=True)

    def plain():
        done = judging.create(pod())
        return "its containers are not in this pod" in done.stderr or done.stderr or "it is still injected"

    until(plain, "the webhook is still asked")
    yield
    for field in ("uid", "resourceVersion", "creationTimestamp", "generation", "managedFields"):
        configuration["metadata"].pop(field, None)
    judging.apply(configuration)
    until(lambda: judging.create(pod()).returncode == 0 or "it is not", "it is not injected again")


def test_nothing_of_the_policies_is_installed(judging):
    assert judging.kubectl("get", "validatingadmissionpolicies,validatingadmissionpolicybindings", "-o", "name").stdout == ""


def test_the_injector_keeps_the_authority_of_both_configurations(judging):
    secret = judging.read("secret", "initscan-injector-tls", "-n", "initscan-system")["data"]["ca.crt"]
    for kind, entries in (("mutatingwebhookconfiguration", 3), ("validatingwebhookconfiguration", 5)):
        hooks = judging.read(kind, "initscan")["webhooks"]
        assert len(hooks) == entries and all(hook["clientConfig"]["caBundle"] == secret for hook in hooks), kind


def test_an_injected_pod_is_admitted(judging):
    assert "initscan-gate" in init_names(created(judging.create(pod())))


def test_a_pod_that_nobody_injected_is_denied(judging, without_injection):
    denied(judging.create(pod()), "initscan: its containers are not in this pod")
    denied(judging.create(pod(initContainers=[{"name": "initscan-gate", "image": "example/evil:1"}])), "initscan: this pod is not as the injector makes it")
    created(judging.create(pod("plain")))


def test_the_image_of_a_running_container_stays(judging):
    name = created(judging.create(pod()))["metadata"]["name"]
    done = judging.kubectl("set", "image", f"pod/{name}", "app=example/evil:1", "-n", "shop", user="developer")
    denied(done, "initscan: the image of a running container cannot be changed")


def test_who_may_bypass_does_so_by_the_label(judging, without_injection):
    created(judging.create(labelled(pod()), user="breaker"))
    denied(judging.create(pod(), user="breaker"), "its containers are not in this pod")
    denied(judging.create(labelled(pod()), user="developer"), "its containers are not in this pod")


def test_no_command_runs_in_our_containers(judging):
    made = created(judging.create(pod()))
    for how in ("exec", "attach"):
        denied(connected(judging, made, how, "initscan-gate"), NO_COMMAND)
        for container in ("app", None):
            admitted(connected(judging, made, how, container))


def test_nothing_is_attached_before_the_gate_has_ended_well(judging):
    made = created(judging.create(pod()))
    denied(debugged(judging, made, image="example/shop:1"), BEFORE)
    denied(debugged(judging, gate_says(judging, made, terminated={"exitCode": 2}), image="example/shop:1"), BEFORE)
    passed(judging, made)
    denied(debugged(judging, made, image="example/shop:1", targetContainerName="initscan-gate"), OF_OURS)
    denied(debugged(judging, made, image="example/debug:1"), "is not scanned; use one of debugImages")
    created(debugged(judging, made, image="example/shop:1"))


def test_a_tenant_does_not_change_what_its_namespace_says(judging):
    for subresource in ("", "/status"):
        denied(changed(judging, "shop", {"labels": {"initscan.io/inject": None}}, "developer", subresource), NOT_YOURS)
    denied(changed(judging, "shop", {"annotations": {"initscan.io/policy": "soft"}}, "owner"), NOT_YOURS)
    assert changed(judging, "shop", {"annotations": {"note": "a"}}, "developer").returncode == 0
    assert changed(judging, "shop", {"annotations": {"initscan.io/note": "a"}}, "breaker").returncode == 0


def test_a_role_of_everything_in_a_namespace_bypasses_nothing(judging, without_injection):
    denied(judging.create(labelled(pod()), user="owner"), "its containers are not in this pod")


def test_a_bypass_of_a_running_pod_needs_its_label(judging):
    made = created(judging.create(pod()))
    other = {"spec": {"containers": [{"name": "app", "image": "example/other:1"}]}}
    denied(judging.patch(made, other, user="breaker"), "initscan: the image of a running container cannot be changed")
    assert judging.patch(made, {"metadata": {"labels": {"initscan.io/inject": "disabled"}}}).returncode == 0
    denied(judging.patch(made, other), "initscan: the image of a running container cannot be changed")
    assert judging.patch(made, other, user="breaker").returncode == 0


def test_a_namespace_that_reports_is_only_told(judging, without_injection):
    judging.kubectl("label", "namespace", "shop", "initscan.io/enforcement=report", check=True)
    try:
        def warned():
            done = judging.create(pod())
            return done.returncode == 0 and "Warning: initscan: its containers are not in this pod" in done.stderr or done.stderr

        until(warned, "there is no warning")
    finally:
        judging.kubectl("label", "namespace", "shop", "initscan.io/enforcement-", check=True)


def test_without_an_injector_only_labelled_namespaces_wait(judging):
    """Pods that are there can still be labelled, and lose their finalizers: controllers and deletion go on."""
    made = created(judging.create(pod()))
    name = made["metadata"]["name"]
    before = {kind: judging.read(kind, "initscan") for kind in ("mutatingwebhookconfiguration", "validatingwebhookconfiguration")}
    for kind in before:
        judging.change_hooks(kind, "url", lambda hook: "https://localhost:1/")
    try:
        def waits():
            done = judging.create(pod())
            return done.returncode != 0 and "final-state.initscan.io" in done.stderr or done.stderr or "it is admitted"

        until(waits, "it does not fail closed")
        created(judging.create(pod("plain")))
        done = judging.kubectl("label", "pod", name, "-n", "shop", "seen=yes", user="developer")
        assert done.returncode == 0, done.stderr
        finalizers = json.dumps({"metadata": {"finalizers": ["example.com/x"]}})
        judging.kubectl("patch", "pod", name, "-n", "shop", "--type=merge", "-p", finalizers, check=True)
        judging.kubectl("patch", "pod", name, "-n", "shop", "--type=merge", "-p", json.dumps({"metadata": {"finalizers": None}}), check=True)
        done = judging.kubectl("set", "image", f"pod/{name}", "app=example/evil:1", "-n", "shop", user="developer")
        assert done.returncode != 0
        admitted(connected(judging, made, "exec", "app"))
        assert "connect.initscan.io" in connected(judging, made, "exec", "initscan-gate").stderr
        assert changed(judging, "shop", {"annotations": {"note": "b"}}, "developer").returncode == 0
        assert "namespaces.initscan.io" in changed(judging, "shop", {"labels": {"initscan.io/inject": None}}, "developer").stderr
        judging.kubectl("delete", "pod", name, "-n", "shop", "--now", check=True)
    finally:
        for kind, configuration in before.items():
            urls = {hook["name"]: hook["clientConfig"]["url"] for hook in configuration["webhooks"]}
            judging.change_hooks(kind, "url", lambda hook: urls[hook["name"]])


def test_check_finds_it_well(injector, fresh_cluster, judging):
    nothing_runs_pods_here = ["warning deployment: there is no Deployment initscan-system/initscan-injector"]
    assert checked(injector, fresh_cluster) == (0, nothing_runs_pods_here)

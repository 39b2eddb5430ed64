"""The overlay for clusters without ValidatingAdmissionPolicy: the injector demands the final state itself."""

import json

import pytest

from cluster_webhook import ClusterWebhook
from deployment import IMAGE, install
from enforcement import checked, until
from test_admission import created, denied, init_names, labelled, pod


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
    for kind, entries in (("mutatingwebhookconfiguration", 3), ("validatingwebhookconfiguration", 2)):
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
        judging.kubectl("delete", "pod", name, "-n", "shop", "--now", check=True)
    finally:
        for kind, configuration in before.items():
            urls = {hook["name"]: hook["clientConfig"]["url"] for hook in configuration["webhooks"]}
            judging.change_hooks(kind, "url", lambda hook: urls[hook["name"]])


def test_check_finds_it_well(injector, fresh_cluster, judging):
    nothing_runs_pods_here = ["warning deployment: there is no Deployment initscan-system/initscan-injector"]
    assert checked(injector, fresh_cluster) == (0, nothing_runs_pods_here)

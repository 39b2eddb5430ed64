"""What a tenant may do in a cluster that others run: its namespace's words to initscan, its roles, its choice of a policy."""

import contextlib
import json

import pytest

from enforcement import until, wait_until_enforced, wait_until_without_webhook
from test_admission import created, debugged, denied, gate_of, init_names, labelled, passed, pod, renamed
from test_cluster import custom, running, space, wait_for_policy  # noqa: F401 (fixtures)

BUSYBOX = "example/busybox@sha256:" + "5" * 64
STRACE = "example/strace@sha256:" + "6" * 64
NOT_ACCEPTED = "initscan: the gate's arguments are not those of the injector, or its policy is not an accepted one"
NOT_YOURS = "initscan: a namespace's labels and annotations that start with initscan.io/ may be changed only by those who hold the verb bypass"


@contextlib.contextmanager
def without_webhook(cluster):
    """The injector does not answer for a while."""
    configuration = cluster.read("mutatingwebhookconfiguration", "initscan")
    cluster.kubectl("delete", "mutatingwebhookconfiguration", "initscan", check=True)
    try:
        wait_until_without_webhook(cluster)
        yield
    finally:
        for field in ("uid", "resourceVersion", "creationTimestamp", "generation", "managedFields"):
            configuration["metadata"].pop(field, None)
        cluster.apply(configuration)
        wait_until_enforced(cluster)


def by_hand(space, made):
    return renamed({"apiVersion": "v1", "kind": "Pod", "metadata": {"namespace": space}, "spec": made["spec"]})


def test_a_softer_policy_that_another_namespace_chose_is_denied(cluster, running, space):
    cluster.apply(custom("ClusterScanPolicy", "soft", failOn={"severity": "critical"}, onIncomplete="warn", onNoData="warn"))
    cluster.kubectl("annotate", "namespace", space, "initscan.io/policy=soft", check=True)
    wait_for_policy(cluster, space, lambda spec: spec["onNoData"] == "warn")
    soft = created(cluster.create(pod(space)))
    with without_webhook(cluster):
        created(cluster.create(by_hand(space, soft)))
        denied(cluster.create(by_hand("shop", soft)), NOT_ACCEPTED)


def test_the_default_policy_is_denied_where_a_stricter_one_is_chosen(cluster, running, space):
    usual = created(cluster.create(pod()))
    cluster.apply(custom("ClusterScanPolicy", "severe", failOn={"severity": "low"}))
    cluster.kubectl("annotate", "namespace", space, "initscan.io/policy=severe", check=True)
    wait_for_policy(cluster, space, lambda spec: spec["failOn"]["severity"] == "low")
    digest = next(a for a in gate_of(usual["spec"])["args"] if a.startswith("--policy-sha256=")).partition("=")[2]
    # Pods that are on their way still bring it for a while; this one comes after that.
    past = {"data": {f"policy.{space}.{digest}": None}}
    cluster.kubectl("patch", "finalstate", "initscan-final-state", "-n", "initscan-system", "--type=merge", "-p", json.dumps(past), check=True)
    with without_webhook(cluster):
        created(cluster.create(by_hand("shop", usual)))
        denied(cluster.create(by_hand(space, usual)), NOT_ACCEPTED)


def test_a_role_of_everything_in_a_namespace_bypasses_nothing(cluster, running):
    made = created(cluster.create(pod(), user="owner"))
    assert "initscan-gate" in init_names(made)
    label = {"metadata": {"labels": {"initscan.io/inject": "disabled"}}}
    assert cluster.patch(made, label, user="owner").returncode == 0
    other = {"spec": {"containers": [{"name": "app", "image": "example/other:1"}]}}
    denied(cluster.patch(made, other, user="owner"), "initscan: the image of a running container cannot be changed")
    denied(debugged(cluster, made, image="example/debug:1"), "initscan: nothing can be attached to this pod before its scan has passed")
    assert "initscan-gate" in init_names(created(cluster.create(labelled(pod()), user="owner")))


def test_another_image_by_bypass_leaves_an_event(cluster, running):
    made = created(cluster.create(labelled(pod())))
    name = made["metadata"]["name"]
    assert cluster.patch(made, {"metadata": {"labels": {"a": "b"}}}, user="breaker").returncode == 0
    other = {"spec": {"containers": [{"name": "app", "image": "example/other:1"}]}}
    done = cluster.patch(made, other, user="breaker")
    assert done.returncode == 0, done.stderr

    def told():
        events = cluster.read("events", "-n", "shop", "--field-selector", f"involvedObject.name={name}")["items"]
        return [(e["reason"], e["type"]) for e in events] == [("ScanBypassed", "Warning")] or events

    until(told, "there is no event, or more than one")


def changed(cluster, space, change, user, subresource=""):
    return cluster.ask("PATCH", f"/api/v1/namespaces/{space}{subresource}", {"metadata": change}, user, "application/merge-patch+json")


WORDS = {
    "the label goes": {"labels": {"initscan.io/inject": None}},
    "the label says no": {"labels": {"initscan.io/inject": "disabled"}},
    "only reports": {"labels": {"initscan.io/enforcement": "report"}},
    "another policy": {"annotations": {"initscan.io/policy": "soft"}},
    "another mode": {"annotations": {"initscan.io/mode": "copy"}},
    "a word of the future": {"annotations": {"initscan.io/more": "x"}},
    "all labels go": {"labels": None},
}


@pytest.mark.parametrize("name", WORDS)
def test_a_tenant_does_not_change_what_its_namespace_says(cluster, running, name):
    for subresource in ("", "/status"):
        denied(changed(cluster, "shop", WORDS[name], "developer", subresource), NOT_YOURS)
    denied(changed(cluster, "shop", WORDS[name], "owner"), NOT_YOURS)


def test_nor_by_the_end_of_its_namespace(cluster, running):
    namespace = cluster.read("namespace", "shop")
    namespace["metadata"]["labels"].pop("initscan.io/inject")
    denied(cluster.ask("PUT", "/api/v1/namespaces/shop/finalize", namespace), NOT_YOURS)


def test_everything_else_of_a_namespace_changes(cluster, running):
    assert changed(cluster, "shop", {"labels": {"team": "a"}, "annotations": {"note": "b"}}, "developer").returncode == 0
    assert changed(cluster, "shop", {"labels": {"team": None}, "annotations": {"note": None}}, "developer").returncode == 0


def test_who_may_bypass_changes_what_a_namespace_says(cluster, running, space):
    assert changed(cluster, space, {"labels": {"initscan.io/enforcement": "report"}}, "breaker").returncode == 0


def test_images_for_debugging_are_attached_once_the_scan_has_passed(cluster, running, space):
    cluster.apply(custom("ClusterScanPolicy", "debug", debugImages=[BUSYBOX, STRACE]))
    cluster.kubectl("annotate", "namespace", space, "initscan.io/policy=debug", check=True)
    wait_for_policy(cluster, space, lambda spec: spec.get("debugImages") == [BUSYBOX, STRACE])
    made = created(cluster.create(pod(space)))
    denied(debugged(cluster, made, image=BUSYBOX), "initscan: nothing can be attached to this pod before its scan has passed")
    passed(cluster, made)
    created(debugged(cluster, made, image=BUSYBOX))
    denied(debugged(cluster, made, name="other", image="example/debug:1"), "use one of debugImages of the namespace's policy")
    elsewhere = passed(cluster, created(cluster.create(pod())))
    denied(debugged(cluster, elsewhere, image=BUSYBOX), "use one of debugImages of the namespace's policy")
    cluster.apply(custom("ScanPolicy", "narrow", space, debugImages=[STRACE]))
    wait_for_policy(cluster, space, lambda spec: spec.get("debugImages") == [STRACE])
    denied(debugged(cluster, made, name="again", image=BUSYBOX), "use one of debugImages of the namespace's policy")
    created(debugged(cluster, made, name="trace", image=STRACE))


def test_a_namespace_demands_digests_or_is_told_of_tags(cluster, running, space):
    by_digest = {"containers": [{"name": "app", "image": "example/shop@sha256:" + "7" * 64}]}
    cluster.apply(custom("ScanPolicy", "pinned", space, requireDigest="warn"))

    def warned():
        done = cluster.create(pod(space))
        return "Warning: initscan: example/shop:1 can move after the scan" in done.stderr and done.returncode == 0 or done.stderr or "no warning"

    until(warned, "nobody is told")
    assert cluster.create(pod(space, **by_digest)).stderr == ""
    cluster.apply(custom("ScanPolicy", "pinned", space, requireDigest="deny"))
    until(lambda: "initscan: this namespace runs images by digest only (requireDigest)" in cluster.create(pod(space)).stderr
          or "it is admitted", "it is not denied")
    created(cluster.create(pod(space, **by_digest)))

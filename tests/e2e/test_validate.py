"""The alternative for API servers without ValidatingAdmissionPolicy: a validating webhook that demands the same."""

import copy
import json

import pytest

from cluster_webhook import ClusterWebhook
from deployment import IMAGE, install
from enforcement import until
from test_admission import TAMPERINGS, created, debugged, denied, init_names, labelled, passed, pod, renamed

BINDINGS = ("initscan-final-state", "initscan-final-state-report")
SCOPE = {"matchLabels": {"initscan.io/inject": "enabled"}, "matchExpressions": [
    {"key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": ["kube-system", "kube-public", "kube-node-lease", "initscan-system"]}]}
NOT_BYPASSED = """!([request.operation == 'CREATE' ? object : oldObject].all(p, has(p.metadata.labels)
      && 'initscan.io/inject' in p.metadata.labels && p.metadata.labels['initscan.io/inject'] == 'disabled')
    && authorizer.group('initscan.io').resource('scanpolicies').check('bypass').allowed())"""


def configuration(port):
    return {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration", "metadata": {"name": "initscan"}, "webhooks": [{
        "name": "validator.initscan.io", "admissionReviewVersions": ["v1"], "sideEffects": "None", "failurePolicy": "Fail", "timeoutSeconds": 3,
        "clientConfig": {"url": f"https://localhost:{port}/validate"}, "namespaceSelector": SCOPE,
        "matchConditions": [{"name": "not-bypassed", "expression": NOT_BYPASSED}],
        "rules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE", "UPDATE"], "resources": ["pods"], "scope": "Namespaced"},
                  {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["UPDATE"], "resources": ["pods/ephemeralcontainers"], "scope": "Namespaced"}]}]}


@pytest.fixture(scope="module", params=["copy", "volume"])
def validated(request, cluster, injector, tmp_path_factory):
    """The final-state policy judges nowhere; the webhook takes its place."""
    webhook = ClusterWebhook(injector, cluster, tmp_path_factory.mktemp("validating"), "--mode", request.param, image=IMAGE)
    webhook.mode = request.param
    install(cluster, webhook)
    cluster.apply(configuration(webhook.port))
    # The policy is still there and bound, but to no namespace.
    nowhere = {"spec": {"matchResources": {"namespaceSelector": {"matchLabels": {"initscan.io/inject": "nowhere"}}}}}
    for name in BINDINGS:
        cluster.kubectl("patch", "validatingadmissionpolicybinding", name, "--type=merge", "-p", json.dumps(nowhere), check=True)
    probe = pod()
    other = {"spec": {"containers": [{"name": "app", "image": "example/other:1"}]}}

    def only_the_webhook():
        said = cluster.patch(probe, other, dry_run=True).stderr
        return 'admission webhook "validator.initscan.io" denied' in said and "ValidatingAdmissionPolicy" not in said or said or "it is admitted"

    try:
        # Its caBundle comes from the injector, a moment after the configuration.
        until(lambda: cluster.create(probe).status in (201, 409) or "no pod", "the API server does not trust the webhook")
        until(only_the_webhook, "the webhook does not judge alone")
        yield webhook
    finally:
        cluster.kubectl("delete", "validatingwebhookconfiguration", "initscan", check=True)
        webhook.close()


@pytest.fixture(scope="module")
def good(cluster, validated):
    made = created(cluster.create(pod(volumes=[{"name": "data", "emptyDir": {}}])))
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"namespace": "shop"}, "spec": made["spec"]}


@pytest.fixture(scope="module")
def unrepaired(cluster, validated, good):
    """Without the mutating webhook nothing repairs a pod before it is judged."""
    there = cluster.read("mutatingwebhookconfiguration", "initscan")
    cluster.kubectl("delete", "mutatingwebhookconfiguration", "initscan", check=True)
    until(lambda: "are not in this pod" in cluster.create(pod(), dry_run=True).stderr or "it is repaired", "the mutating webhook is still asked")
    yield
    for field in ("uid", "resourceVersion", "creationTimestamp", "generation", "managedFields"):
        there["metadata"].pop(field, None)
    cluster.apply(there)
    until(lambda: cluster.create(pod(), dry_run=True).returncode == 0 or "it is denied", "the mutating webhook is not asked")


def test_what_the_injector_made_is_admitted(cluster, validated, good):
    created(cluster.create(renamed(good)))


def test_labels_change_and_images_do_not(cluster, validated):
    made = created(cluster.create(pod()))
    assert cluster.patch(made, {"metadata": {"labels": {"a": "b"}}}).returncode == 0
    denied(cluster.patch(made, {"spec": {"containers": [{"name": "app", "image": "example/other:1"}]}}), "cannot be changed")


def test_ephemeral_containers_are_of_what_was_scanned(cluster, validated):
    made = created(cluster.create(pod()))
    denied(debugged(cluster, made, image="example/shop:1"), "nothing can be attached to this pod before its scan has passed")
    passed(cluster, made)
    denied(debugged(cluster, made, image="example/debug:1"), 'the ephemeral container "debug" is not scanned')
    assert debugged(cluster, made, image="example/shop:1").returncode == 0


def test_nothing_else_notices(cluster, validated, unrepaired):
    assert init_names(created(cluster.create(pod("plain")))) == []


def test_a_pod_without_the_scanner_is_denied(cluster, validated, unrepaired):
    denied(cluster.create(pod()), "its containers are not in this pod (was the injector unreachable? try again)")


def test_an_untouched_pod_is_admitted_without_repair(cluster, validated, unrepaired, good):
    created(cluster.create(renamed(good)))


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_denied(cluster, validated, unrepaired, good, name):
    bad = renamed(copy.deepcopy(good))
    TAMPERINGS[name][0](bad["spec"])
    denied(cluster.create(bad), "")


def test_an_annotation_bypasses_nothing(cluster, validated, unrepaired):
    forged = labelled(pod(nodeName="worker"))
    forged["metadata"]["annotations"] = {"initscan.io/status": "{}", "kubernetes.io/config.mirror": "x"}
    denied(cluster.create(forged), "its containers are not in this pod")
    del forged["metadata"]["labels"]
    created(cluster.create(forged, user="node"))


def test_a_bypass_is_rbac_and_label(cluster, validated, unrepaired):
    denied(cluster.create(pod(), user="breaker"), "its containers are not in this pod")
    created(cluster.create(labelled(pod()), user="breaker"))


def test_a_namespace_that_reports_is_warned(cluster, validated, unrepaired):
    space = f"reporting-{validated.mode}"
    cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": space, "labels": {
        "initscan.io/inject": "enabled", "initscan.io/enforcement": "report"}}})

    def warned():
        done = cluster.create(pod(space))
        return done.returncode == 0 and "Warning: initscan: its containers are not in this pod" in done.stderr or done.stderr or "no warning"

    until(warned, "nobody is warned")


def test_its_decisions_are_counted(cluster, validated, unrepaired):
    denied(cluster.create(pod()), "initscan")
    assert validated.figure('initscan_admission_requests_total{decision="denied",reason="not-final"}') > 0

"""What deploy/ renders is what a real API server takes, and its settings do what they say."""

import json

import pytest

from control_plane import missing
from deployment import apply_kinds, rendered
from enforcement import until
from renderer import KUSTOMIZE, by_name, documents, kustomized
from test_admission import pod

OVERLAYS = sorted(p.name for p in (KUSTOMIZE / "overlays").iterdir())
GUARDED = {"kube-system", "kube-public", "kube-node-lease", "initscan-system"}


def cert_managers(kind):
    """As much of cert-manager's own definition as the API server needs to take our objects."""
    anything = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    return {
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": f"{kind}s.cert-manager.io"},
        "spec": {"group": "cert-manager.io", "scope": "Namespaced", "names": {"kind": kind.capitalize(), "plural": f"{kind}s"},
                 "versions": [{"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": anything}}}}]}}


@pytest.fixture(scope="module")
def kinds(cluster):
    apply_kinds(cluster, rendered("base"))


@pytest.fixture(scope="module")
def with_cert_manager(cluster):
    cluster.apply(cert_managers("issuer"), cert_managers("certificate"))
    for kind in ("issuers", "certificates"):
        cluster.kubectl("wait", "--for=condition=Established", f"crd/{kind}.cert-manager.io", "--timeout=30s", check=True)
    yield
    cluster.kubectl("delete", "crd", "issuers.cert-manager.io", "certificates.cert-manager.io", check=True)


def accept(cluster, objects):
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
    done = cluster.kubectl("apply", "--server-side", "--dry-run=server", "--force-conflicts", "--validate=strict", "-f", "-", input=text)
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stderr, done.stderr


@pytest.mark.parametrize("name", OVERLAYS)
def test_every_overlay_is_accepted(cluster, kinds, with_cert_manager, name):
    objects = rendered(f"overlays/{name}")
    made = {o["kind"] for o in objects}
    assert {"Namespace", "FinalState" if name == "mutating-policy" else "ConfigMap"} <= made
    assert ("MutatingAdmissionPolicy" if name == "mutating-policy" else "MutatingWebhookConfiguration") in made
    assert ("ValidatingWebhookConfiguration" if name == "webhook-only" else "ValidatingAdmissionPolicy") in made
    assert ("PodDisruptionBudget" in made) == (name not in ("mutating-policy", "single-replica"))
    assert ("Deployment" in made) == (name != "mutating-policy")
    accept(cluster, objects)


def test_openshifts_certificate_is_accepted(cluster, tmp_path):
    (tmp_path / "kustomization.yaml").write_text(json.dumps({
        "apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", "resources": ["kustomize/overlays/openshift"],
        "components": ["kustomize/components/service-ca"]}))
    (tmp_path / "kustomize").symlink_to(KUSTOMIZE)
    accept(cluster, documents_of(cluster, tmp_path))


def documents_of(cluster, folder):
    done = cluster.kubectl("kustomize", folder)
    assert done.returncode == 0, done.stderr
    return documents(done.stdout)


@pytest.mark.parametrize("name", OVERLAYS)
def test_kubectl_renders_what_the_library_does(name):
    """kubectl brings a newer kustomize than the one that the chart is compared with."""
    if reason := missing():
        pytest.skip(reason)
    assert by_name(rendered(f"overlays/{name}")) == by_name(kustomized(KUSTOMIZE / "overlays" / name))


# What may keep a request from being admitted, where it goes wrong: all of it is about pods of labelled namespaces, and
# changes of the labels themselves.
FAIL_CLOSED = {"initscan-final-state", "initscan-connect", "initscan-namespaces",
               "final-state.initscan.io", "connect.initscan.io", "namespaces.initscan.io"}
OF_NAMESPACES = {"initscan-namespaces", "initscan-namespace-values", "namespaces.initscan.io"}  # they belong to no namespace


def selectors_of(document):
    name = document["metadata"]["name"]
    if document["kind"].endswith("WebhookConfiguration"):
        for hook in document["webhooks"]:
            if hook["name"] not in OF_NAMESPACES:
                yield hook["namespaceSelector"]
    elif name in OF_NAMESPACES or name.startswith("initscan-bypass"):  # those only write down
        return
    elif document["kind"].endswith("AdmissionPolicy") and name in FAIL_CLOSED:  # it can go wrong before its bindings
        yield document["spec"]["matchConstraints"]["namespaceSelector"]
    elif document["kind"].endswith("AdmissionPolicyBinding") and not name.startswith("initscan-connect"):  # its policy selects
        yield document["spec"]["matchResources"]["namespaceSelector"]


@pytest.mark.parametrize("name", OVERLAYS)
def test_nothing_matches_the_namespaces_that_keep_a_cluster_alive(name):
    selectors = [s for o in kustomized(KUSTOMIZE / "overlays" / name) for s in selectors_of(o)]
    assert all(selectors)
    assert len(selectors) >= 3
    for selector in selectors:
        assert selector["matchLabels"]["initscan.io/inject"] == "enabled"
        excluded = [e for e in selector["matchExpressions"] if e["key"] == "kubernetes.io/metadata.name"]
        assert len(excluded) == 1 and excluded[0]["operator"] == "NotIn" and set(excluded[0]["values"]) == GUARDED


@pytest.mark.parametrize("name", OVERLAYS)
def test_what_fails_closed_is_only_the_demand_for_the_final_state(name):
    for document in kustomized(KUSTOMIZE / "overlays" / name):
        if document["kind"].endswith("WebhookConfiguration"):
            for hook in document["webhooks"]:
                assert hook["failurePolicy"] == ("Fail" if hook["name"] in FAIL_CLOSED else "Ignore"), hook["name"]
                assert hook["timeoutSeconds"] <= 5
                # An injector that is down must not stop what is none of its business.
                assert hook.get("matchConditions") or hook["name"] not in FAIL_CLOSED, hook["name"]
        elif document["kind"].endswith("AdmissionPolicy"):
            name = document["metadata"]["name"]
            assert document["spec"]["failurePolicy"] == ("Fail" if name in FAIL_CLOSED else "Ignore"), name


def test_report_only_admits_with_a_warning(cluster, kinds):
    """With no webhook at all: what enforcing would deny is said, and not done."""
    cluster.kubectl("delete", "mutatingwebhookconfiguration", "initscan", "--ignore-not-found", check=True)
    wanted = ("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding")
    cluster.apply(*(o for o in rendered("overlays/report-only") if o["kind"] in wanted),
                  *(o for o in rendered("overlays/mutating-policy") if o["kind"] == "FinalState"))  # as the injector makes it

    def warns():
        done = cluster.create(pod())
        return done.returncode == 0 and "Warning: " in done.stderr and "its containers are not in this pod" in done.stderr or done.stderr

    until(warns, "there is no warning")

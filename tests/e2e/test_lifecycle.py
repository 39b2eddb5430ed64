"""Installing in any order and taking everything away again, on an API server without anything of initscan.

There is no controller here: what one would do (replica sets making pods, a deleted namespace losing its contents) the
tests do themselves, and say so.
"""

import json
import re

import pytest

from cluster_webhook import ClusterWebhook
from deployment import IMAGE, is_webhook, rendered, with_image
from enforcement import bare_pod, until, wait_until_enforced
from renderer import KUSTOMIZE, templated
from support import PROJECT
from test_admission import init_names, pod

SYSTEM = "initscan-system"
ALWAYS_OPEN = ["kube-system", "plain"]


def text_of(*objects):
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})


def apply_one(cluster, document):
    return cluster.kubectl("apply", "--server-side", "--force-conflicts", "--validate=strict", "-f", "-", input=json.dumps(document))


def injectors_pod(objects):
    """As the replica set would make it."""
    template = next(o for o in objects if o["kind"] == "Deployment")["spec"]["template"]
    metadata = {"generateName": "initscan-injector-", "namespace": SYSTEM, "labels": template["metadata"]["labels"]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]}


def assert_the_cluster_lives(cluster, objects):
    """Namespaces that asked for nothing, those that the cluster lives in, and the injector's own pods."""
    pods = [bare_pod(generateName="p-", namespace=n) for n in ALWAYS_OPEN]
    if cluster.read("namespace", SYSTEM):
        pods.append(injectors_pod(objects))
    done = cluster.kubectl("create", "--dry-run=server", "-f", "-", input=text_of(*pods))
    assert done.returncode == 0 and "Warning" not in done.stderr, done.stderr


def decides(document):
    """Whether admission may be another after it: a rule, or what one needs."""
    return document["apiVersion"].startswith("admissionregistration") or document["kind"] in ("CustomResourceDefinition", "Namespace", "ConfigMap")


def apply_in_order(cluster, objects):
    """Again and again what was refused for want of something that comes later, as GitOps tools do."""
    left = list(objects)
    for _ in range(3):
        refused = []
        for document in left:
            done = apply_one(cluster, document)
            if done.returncode != 0:
                refused.append((document, done.stderr))
            if decides(document):
                assert_the_cluster_lives(cluster, objects)
        left = [document for document, _ in refused]
        if not left:
            return
    raise AssertionError(refused[0][1])


def remove_namespace(cluster):
    """As the controllers do it for a deleted namespace: its contents, then its finalizer."""
    cluster.kubectl("delete", "namespace", SYSTEM, "--wait=false", "--ignore-not-found", check=True)
    kinds = "deployments,services,poddisruptionbudgets,networkpolicies,serviceaccounts,roles,rolebindings,secrets,configmaps,leases,pods"
    cluster.kubectl("delete", kinds, "--all", "-n", SYSTEM, "--wait=false", check=True)
    if cluster.read("crd", "finalstates.initscan.io"):
        cluster.kubectl("delete", "finalstates", "--all", "-n", SYSTEM, "--wait=false", check=True)
    if left := cluster.read("namespace", SYSTEM):
        left["spec"]["finalizers"] = []
        cluster.kubectl("replace", "--raw", f"/api/v1/namespaces/{SYSTEM}/finalize", "-f", "-", input=json.dumps(left), check=True)


def wait_until_closed(cluster):
    def closed():
        done = cluster.create(pod())
        return done.returncode != 0 and "ValidatingAdmissionPolicy 'initscan-final-state'" in done.stderr or done.stderr or "it is admitted"

    until(closed, "the final-state policy denies nothing")


def assert_nothing_is_left(cluster, *kept):
    kinds = ("validatingadmissionpolicies,validatingadmissionpolicybindings,mutatingadmissionpolicies,mutatingadmissionpolicybindings,"
             "validatingwebhookconfigurations,mutatingwebhookconfigurations,clusterroles,clusterrolebindings,customresourcedefinitions")

    # A definition goes only when the API server has deleted its objects.
    def nothing():
        left = cluster.kubectl("get", kinds, "-o", "name", check=True).stdout.split()
        return [name for name in left if "initscan" in name and name not in kept] == [] or left

    until(nothing, "something of initscan is left")


def assert_pods_start_unscanned(cluster):
    def plain():
        done = cluster.create(pod())
        return done.returncode == 0 and init_names(json.loads(done.stdout)) == [] or done.stderr or "it is still injected"

    until(plain, "pods of the labelled namespace are not created")


ORDERS = {
    "as kustomize renders it": lambda objects, folder: objects,
    "in reverse": lambda objects, folder: list(reversed(objects)),
    "as Helm installs it": lambda objects, folder: with_image(templated(folder, {"createNamespace": True})),
}


@pytest.mark.parametrize("order", ORDERS)
def test_no_order_of_installing_locks_anything_up(fresh_cluster, injector, tmp_path, order):
    cluster = fresh_cluster
    objects = with_image(rendered("overlays/enforce"))
    apply_in_order(cluster, ORDERS[order](objects, tmp_path))

    # Nothing runs yet: the webhook is not reached and fails open, the policy misses what the injector will publish.
    wait_until_closed(cluster)
    assert_the_cluster_lives(cluster, objects)

    webhook = ClusterWebhook(injector, cluster, tmp_path, "--mode", "auto", image=IMAGE)
    try:
        webhook.register(next(o for o in objects if is_webhook(o)))
        wait_until_enforced(cluster)
        # Applying it all again changes nothing of what the injector keeps.
        before = cluster.read("secret", "initscan-injector-tls", "-n", SYSTEM)["data"]
        apply_in_order(cluster, [o for o in objects if not is_webhook(o)])
        assert cluster.read("secret", "initscan-injector-tls", "-n", SYSTEM)["data"] == before
        wait_until_enforced(cluster)
    finally:
        webhook.close()

    done = cluster.kubectl("delete", "-k", KUSTOMIZE / "overlays/enforce", "--wait=false")
    assert done.returncode == 0, done.stderr
    assert_pods_start_unscanned(cluster)
    remove_namespace(cluster)
    assert_nothing_is_left(cluster)
    assert_the_cluster_lives(cluster, objects)


def test_helm_uninstalls_in_its_own_order(fresh_cluster, tmp_path):
    """What it keeps are the policies; and everything can be installed again over them."""
    cluster = fresh_cluster
    values = {"createNamespace": True}
    for _ in range(2):
        apply_in_order(cluster, templated(tmp_path, values))
        wait_until_closed(cluster)
        doomed = [o for o in templated(tmp_path, {}, "-uninstall") if o["kind"] != "CustomResourceDefinition"]
        for document in doomed:
            cluster.kubectl("delete", "-f", "-", "--wait=false", input=json.dumps(document), check=True)
            if decides(document):
                assert_the_cluster_lives(cluster, rendered("overlays/enforce"))
        assert_pods_start_unscanned(cluster)
        kinds = [f"{kind}.initscan.io" for kind in ("clusterscanpolicies", "scanpolicies", "scanexemptions", "finalstates")]
        assert_nothing_is_left(cluster, *(f"customresourcedefinition.apiextensions.k8s.io/{kind}" for kind in kinds))
    cluster.kubectl("delete", "crd", *kinds, check=True)
    remove_namespace(cluster)


def in_an_emergency():
    """The one command that the documents give to whoever has to let everything start."""
    found = {}
    for place in ("docs/operators/install.md", "deploy/helm/initscan/templates/NOTES.txt"):
        lines = re.findall(r"^ *(kubectl delete .*-l app\.kubernetes\.io/part-of=initscan)$", (PROJECT / place).read_text(), re.M)
        assert len(lines) == 1, place
        found[place] = lines[0].strip()
    assert len(set(found.values())) == 1, found
    return found["docs/operators/install.md"].split()[1:]


def test_who_deletes_the_namespace_first_is_told_and_can_let_go(fresh_cluster):
    cluster = fresh_cluster
    objects = with_image(rendered("overlays/enforce"))
    apply_in_order(cluster, objects)
    wait_until_closed(cluster)
    remove_namespace(cluster)

    # Still closed: a deleted namespace is no consent to start everything unscanned. The message names the policy.
    def closed():
        done = cluster.create(pod())
        return done.returncode != 0 and "no params found for policy binding" in done.stderr and "initscan-final-state" in done.stderr or done.stderr

    until(closed, "it is not denied for want of its ConfigMap")
    assert_the_cluster_lives(cluster, objects)

    done = cluster.kubectl(*in_an_emergency())
    assert done.returncode == 0, done.stderr
    assert_pods_start_unscanned(cluster)

    # And back.
    apply_in_order(cluster, objects)
    wait_until_closed(cluster)
    cluster.kubectl(*in_an_emergency(), check=True)
    assert_pods_start_unscanned(cluster)
    cluster.kubectl("delete", "-k", KUSTOMIZE / "overlays/enforce", "--wait=false", "--ignore-not-found", check=True)
    remove_namespace(cluster)
    assert_nothing_is_left(cluster)


def test_a_released_namespace_is_free_at_once(fresh_cluster):
    cluster = fresh_cluster
    apply_in_order(cluster, with_image(rendered("overlays/enforce")))
    wait_until_closed(cluster)
    cluster.kubectl("label", "namespace", "shop", "initscan.io/inject-", check=True)
    try:
        assert_pods_start_unscanned(cluster)
    finally:
        cluster.kubectl("label", "namespace", "shop", "initscan.io/inject=enabled", check=True)

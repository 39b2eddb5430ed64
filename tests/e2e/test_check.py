"""`check` and `explain` on a real API server, as a program of its own and through kubectl."""

import json
import threading
import time

import pytest

from cluster_webhook import ClusterWebhook
from control_plane import ASSETS, TOKENS
from deployment import IMAGE, install, rendered
from enforcement import until, wait_until_enforced, wait_until_without_webhook
from support import BIN, run
from test_admission import created, labelled, pod


@pytest.fixture(scope="module")
def running(cluster, injector, tmp_path_factory):
    webhook = ClusterWebhook(injector, cluster, tmp_path_factory.mktemp("check-webhook"), "--mode", "auto", image=IMAGE)
    install(cluster, webhook)
    for name in ("kinds", "hooks"):
        cluster.kubectl("delete", "namespace", name, "--ignore-not-found", "--wait=false")
    yield webhook
    webhook.close()


@pytest.fixture
def check(injector, cluster, running):
    def checked(*argv, user="admin"):
        done = run(injector, "check", "--kubeconfig", cluster.kubeconfig(user), "--format", "json", "--trial-namespace", "shop", *argv)
        assert done.returncode in (0, 1, 2), done.stderr
        document = json.loads(done.stdout)
        assert {"ok": 0, "undecided": 1, "wrong": 2}[document["result"]] == done.returncode
        return document["result"], {item["name"]: item for item in document["items"]}

    return checked


@pytest.fixture
def changed(cluster):
    """Changes an object for a test, and puts it back."""
    kept = []

    def change(kind, name, *how, space=None):
        where = ("-n", space) if space else ()
        kept.append((kind, name, cluster.read(kind, name, *where)))
        cluster.kubectl(*how, check=True)

    yield change
    for kind, name, document in reversed(kept):
        for field in ("uid", "resourceVersion", "creationTimestamp", "generation", "managedFields"):
            document["metadata"].pop(field, None)
        document.pop("status", None)
        done = cluster.kubectl("replace", "-f", "-", input=json.dumps(document))
        if done.returncode != 0:
            cluster.apply(document)
    wait_until_enforced(cluster)


def states(items):
    return {name: item["state"] for name, item in items.items()}


@pytest.fixture(scope="module")
def settled(injector, cluster, running):
    """Rights, leader and policies each reach the API server's caches at a time of their own, after the webhook is asked."""
    def well():
        done = run(injector, "check", "--kubeconfig", cluster.kubeconfig("admin"), "--trial-namespace", "shop")
        return done.returncode == 0 or done.stdout + done.stderr

    until(well, "it does not get well")


def test_everything_is_well(check, settled):
    result, items = check()
    want = {name: "ok" for name in ("api-server", "webhook", "ca-bundle", "certificate", "service", "leader", "own-rights", "injector-rights",
                                    "final-state", "binding", "parameters", "kinds", "namespace shop", "served", "knowledge", "dry-run pod")}
    assert [item for item in items.values() if item["state"] not in ("ok", "warning")] == []
    got = states(items)
    assert {name: got[name] for name in want} == want
    assert got["deployment"] == "warning", "nothing runs pods here, so there is none"
    assert result == "ok"
    assert items["dry-run pod"]["fact"] == "shop: it comes back injected: policy built-in, mode volume"
    assert "Kubernetes v1." in items["api-server"]["fact"] and "mode auto is volume" in items["api-server"]["fact"]


def test_it_is_one_line_for_each(injector, cluster, settled):
    done = run(injector, "check", "--kubeconfig", cluster.kubeconfig("admin"))
    lines = done.stdout.splitlines()
    assert done.returncode == 0 and len(lines) >= 17
    assert all(line.split()[0] in ("ok", "warning") for line in lines), done.stdout


def test_it_leaves_nothing_behind(check, cluster):
    before = len(cluster.read("pods", "-n", "shop")["items"])
    check()
    assert len(cluster.read("pods", "-n", "shop")["items"]) == before


def test_an_injector_that_is_gone_is_wrong(check, cluster, changed):
    changed("mutatingwebhookconfiguration", "initscan", "delete", "mutatingwebhookconfiguration", "initscan")
    wait_until_without_webhook(cluster)
    result, items = check()
    assert result == "wrong"
    assert items["webhook"]["fact"] == "there is no MutatingWebhookConfiguration initscan"
    assert items["dry-run pod"]["state"] == "error" and "was the injector unreachable?" in items["dry-run pod"]["fact"]


def test_an_injector_that_nobody_trusts_is_wrong(check, cluster, injector, running, tmp_path_factory):
    """Another authority in caBundle than that which signs: while nobody leads, nothing repairs it."""
    steal = ("patch", "lease", "initscan-injector", "-n", "initscan-system", "--type=merge", "-p")
    cluster.kubectl(*steal, json.dumps({"spec": {"holderIdentity": "somebody", "leaseDurationSeconds": 3600}}), check=True)
    until(lambda: running.figure("initscan_leader") == 0 or "it leads on", "it does not see that another leads")
    try:
        cluster.change_hooks("mutatingwebhookconfiguration", "caBundle", lambda hook: cluster.ca_bundle(cluster.ca))
        wait_until_without_webhook(cluster)
        result, items = check()
        assert result == "wrong"
        assert items["ca-bundle"]["state"] == "error" and "is not ca.crt of Secret" in items["ca-bundle"]["fact"]
        assert items["served"]["state"] == "error" and "does not trust" in items["served"]["fact"]
        assert items["dry-run pod"]["state"] == "error"
    finally:
        cluster.kubectl(*steal, json.dumps({"spec": {"holderIdentity": "", "leaseDurationSeconds": 1}}), check=True)
        wait_until_enforced(cluster)


def test_rights_that_are_missing_are_wrong(check, cluster, changed):
    role = cluster.read("clusterrole", "initscan-injector")
    rules = [r for r in role["rules"] if "nodes" not in r["resources"]]
    changed("clusterrole", "initscan-injector", "patch", "clusterrole", "initscan-injector", "--type=merge", "-p", json.dumps({"rules": rules}))
    until(lambda: cluster.kubectl("auth", "can-i", "list", "nodes", user="injector").stdout.strip() == "no" or "it still may", "its rights stay")
    result, items = check()
    assert result == "wrong"
    assert items["injector-rights"]["fact"] == "system:serviceaccount:initscan-system:initscan-injector may not list nodes"


def test_a_final_state_policy_that_is_not_in_force_is_wrong(check, changed):
    changed("validatingadmissionpolicybinding", "initscan-final-state", "delete", "validatingadmissionpolicybinding", "initscan-final-state")
    changed("validatingadmissionpolicybinding", "initscan-final-state-report", "delete", "validatingadmissionpolicybinding", "initscan-final-state-report")
    result, items = check()
    assert result == "wrong" and "has no binding" in items["binding"]["fact"]


def test_what_pods_get_stays_accepted_whatever_images_says(check, changed, cluster):
    other = "example/other@sha256:" + "2" * 64
    changed("configmap", "initscan-final-state", "patch", "configmap", "initscan-final-state", "-n", "initscan-system", "--type=merge",
            "-p", json.dumps({"data": {"images": other}}), space="initscan-system")

    def accepted():
        images = cluster.read("finalstate", "initscan-final-state", "-n", "initscan-system")["data"]["images"].split()
        return other in images and len(images) > 1 or images

    until(accepted, "the other image is not accepted beside what pods get")
    _, items = check()
    assert (items["parameters"]["state"], items["dry-run pod"]["state"]) == ("ok", "ok"), items


@pytest.mark.parametrize("labels, annotations, state, text", [
    ({"initscan.io/inject": "yes"}, {}, "warning", "means nothing"),
    ({"initscan.io/inject": "enabled"}, {"initscan.io/policy": "none"}, "error", "names \"none\""),
    ({"initscan.io/inject": "enabled"}, {"initscan.io/enforcement": "report"}, "warning", "is an annotation"),
    ({"initscan.io/inject": "enabled", "initscan.io/enforcement": "report"}, {"initscan.io/mode": "copy"}, "ok", "mode copy, reports only"),
])
def test_each_labelled_namespace_has_a_line(check, cluster, running, labels, annotations, state, text):
    cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "hooks", "labels": labels, "annotations": annotations}})
    try:
        _, items = check()
        assert items["namespace hooks"]["state"] == state and text in items["namespace hooks"]["fact"], items["namespace hooks"]
        if state == "error":
            until(lambda: "Namespace hooks: " + items["namespace hooks"]["fact"] in running.said().replace("\\", "") or running.said(), "the log does not complain")
    finally:
        clean = {key + "-" for key in (*labels,)}
        cluster.kubectl("label", "namespace", "hooks", *clean, check=True)
        if annotations:
            cluster.kubectl("annotate", "namespace", "hooks", *(key + "-" for key in annotations), check=True)


def test_what_may_not_be_read_is_unknown_and_never_ok(check):
    result, items = check(user="developer")
    assert result == "undecided"
    got = states(items)
    assert got["namespace shop"] == "unknown", "it may list namespaces, but not the policies that hold there"
    unread = ("api-server", "webhook", "ca-bundle", "certificate", "leader", "injector-rights", "final-state", "binding", "parameters", "kinds")
    rights = items["own-rights"]
    assert rights["state"] == "unknown" and not [name for name in unread if name in items], items
    assert set(unread) <= set(rights["fact"].split("; not known for that: ")[1].split(", ")), rights
    assert "may not get mutatingwebhookconfigurations.admissionregistration.k8s.io initscan" in items["own-rights"]["fact"]
    assert got["dry-run pod"] == "ok", "it may create pods in shop"


def explain(injector, cluster, name, space="shop", *argv):
    done = run(injector, "explain", name, "-n", space, "--kubeconfig", cluster.kubeconfig("admin"), *argv)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_an_injected_pod_is_explained(injector, cluster, running):
    name = created(cluster.create(pod()))["metadata"]["name"]
    lines = explain(injector, cluster, name)
    assert lines[:3] == [f"Pod shop/{name}: injected", f"  policy built-in, mode volume, image {IMAGE}",
                         "  it is as the injector would make it now"]
    assert any(line.startswith("+") and "initscan-gate" in line for line in lines)
    assert explain(injector, cluster, name, "shop", "--no-diff") == lines[:3]


def test_a_pod_of_another_namespace_is_explained(injector, cluster, running):
    name = created(cluster.create(pod("plain")))["metadata"]["name"]
    lines = explain(injector, cluster, name, "plain")
    assert lines[:2] == [f"Pod plain/{name}: not injected",
                         "  namespace plain is not labelled: kubectl label namespace plain initscan.io/inject=enabled"]
    assert "+++ as the injector would make it now" in lines


def test_a_pod_that_is_older_than_the_label_is_explained(injector, cluster, running):
    cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "kinds"}})
    name = created(cluster.create(pod("kinds")))["metadata"]["name"]
    time.sleep(1.1)  # times are in seconds
    cluster.kubectl("label", "namespace", "kinds", "initscan.io/inject=enabled", check=True)
    reason = explain(injector, cluster, name, "kinds", "--no-diff")[1]
    # With managed fields the API server says when; without, it may have been so.
    assert "before kubectl-label labelled its namespace at" in reason or "it was created before its namespace was labelled, or" in reason


def test_a_bypass_is_explained(injector, cluster, running):
    bare = labelled(pod())
    created(cluster.create(bare, user="breaker"))
    name = bare["metadata"]["name"]
    until(lambda: "event ScanBypassed: it was started without a scan" in "\n".join(explain(injector, cluster, name, "shop", "--no-diff"))
          or "no event", "the event does not come")


def test_a_pod_that_is_not_there_is_one_line(injector, cluster, running):
    done = run(injector, "explain", "..?x#y", "-n", "shop", "--kubeconfig", cluster.kubeconfig("admin"))
    assert done.returncode == 1 and done.stderr.startswith("initscan-injector: error: GET /api/v1/namespaces/shop/pods/..%3Fx%23y: "), done.stderr
    done = run(injector, "explain", "../../x", "-n", "shop", "--kubeconfig", cluster.kubeconfig("admin"))
    assert done.returncode == 64 and '".." has no pods' in done.stderr, done.stderr


@pytest.mark.parametrize("state, want", [
    ({"waiting": {"reason": "ImagePullBackOff", "message": "401 Unauthorized"}}, "error"),
    ({"running": {}}, "ok"),
])
def test_a_probe_says_whether_the_image_is_pulled(check, cluster, settled, state, want):
    """The test writes what a kubelet would; the pod does not stay."""
    pods = "/api/v1/namespaces/shop/pods"

    def probes():
        items = json.loads(cluster.ask("GET", pods, user="admin").stdout)["items"]
        return [p["metadata"]["name"] for p in items if p["metadata"]["name"].startswith("initscan-check-")]

    def play_kubelet():
        until(lambda: bool(probes()) or "no probe", "no probe is started")
        status = {"phase": "Pending", "initContainerStatuses": [
            {"name": "initscan-gate", "image": IMAGE, "imageID": "", "ready": False, "restartCount": 0, "state": state}]}
        for name in probes():
            cluster.ask("PATCH", f"{pods}/{name}/status", {"status": status}, "admin", "application/merge-patch+json")

    kubelet = threading.Thread(target=play_kubelet)
    kubelet.start()
    _, items = check("--probe")
    kubelet.join()
    assert items["probe pod"]["state"] == want, items["probe pod"]
    assert want == "ok" or "401 Unauthorized" in items["probe pod"]["fact"]
    assert probes() == []


def test_kubectl_runs_it_as_a_plugin(cluster, running):
    environment = {"PATH": f"{BIN}:/usr/bin:/bin", "HOME": str(cluster.folder), "KUBECONFIG": str(cluster.kubeconfig("admin"))}
    listed = run(ASSETS / "kubectl", "plugin", "list", env=environment)
    assert str(BIN / "kubectl-initscan") in listed.stdout, listed.stdout + listed.stderr
    done = run(ASSETS / "kubectl", "initscan", "check", "--trial-namespace", "shop", env=environment)
    assert done.returncode == 0 and "dry-run pod" in done.stdout, done.stdout + done.stderr
    done = run(ASSETS / "kubectl", "initscan", "explain", "none", "-n", "shop", env=environment)
    assert done.returncode == 1 and done.stderr.startswith("kubectl initscan: error: "), done.stderr


def test_the_client_speaks_to_a_real_api_server(cluster, running):
    """The three kinds of patch, a token's review, rights, and an answer that is no JSON."""
    def client(*argv, user="admin"):
        done = run(BIN / "tests" / "kube_client", "--kubeconfig", cluster.kubeconfig(user), *argv)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    path = "/api/v1/namespaces/plain"
    assert client("patch", "merge", path, '{"metadata":{"labels":{"a":"1"}}}')["metadata"]["labels"]["a"] == "1"
    assert client("patch", "strategic", path, '{"metadata":{"labels":{"b":"2"}}}')["metadata"]["labels"]["a"] == "1"
    assert "a" not in client("patch", "json", path, '[{"op":"remove","path":"/metadata/labels/a"}]')["metadata"]["labels"]
    assert client("fetch", "/readyz") == {"status": 200, "body": "ok"}
    assert client("can", "list", "pods", "--in", "shop", user="developer") is True
    assert client("can", "list", "secrets", "--in", "shop", user="developer") is False
    assert client("can", "list", "pods", "--in", "shop", "--as", "nobody") is False
    token = cluster.kubectl("create", "token", "initscan-injector", "-n", "initscan-system", "--audience", "initscan").stdout.strip()
    assert client("token", token, "initscan")["name"] == "system:serviceaccount:initscan-system:initscan-injector"
    assert client("token", token, "another") is None
    assert client("token", TOKENS["developer"], "initscan") is None, "a token of no audience is for nobody in particular"
    assert client("token", "nonsense", "initscan") is None

"""Who asks initscan-server, by the tokens that a real API server gives and reviews."""

import base64
import json
import sqlite3
import subprocess
import time

import pytest
import yaml

from enforcement import until
from scan_server import DIGEST, SBOM, ScanServer, make_index, report_of
from support import PROJECT, program, run
from test_audit_server import pod as running

SPACE = "shop"
RBAC = "rbac.authorization.k8s.io"
COMPONENTS = PROJECT / "deploy" / "kustomize" / "components"
DEPLOYED = [made for path in ("server-api/server-api.yaml", "audit-server/rbac.yaml") for made in yaml.safe_load_all((COMPONENTS / path).read_text())]


def bound(name, role, subject, space=None):
    """A role in one namespace, or in all."""
    metadata = {"name": name, "namespace": space} if space else {"name": name}
    return {"apiVersion": f"{RBAC}/v1", "kind": "RoleBinding" if space else "ClusterRoleBinding", "metadata": metadata,
            "roleRef": {"apiGroup": RBAC, "kind": "ClusterRole", "name": role}, "subjects": [subject]}


RIGHTS = [
    {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": SPACE}},
    *({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name, "namespace": SPACE}} for name in ("front", "reader", "owner", "audit")),
    {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "front-1", "namespace": SPACE},
     "spec": {"serviceAccountName": "front", "containers": [{"name": "shop", "image": "example.com/shop:1"}]}},
    # The server's own rights and those of readers are what deploy/ gives, and no others.
    *(made for made in DEPLOYED if made["kind"] == "ClusterRole"),
    bound("server", "initscan-server-api", {"kind": "User", "name": "auditor"}),
    bound("reader", "initscan-scan-reader", {"kind": "ServiceAccount", "name": "reader", "namespace": SPACE}),
    bound("audit", "initscan-audit-server", {"kind": "ServiceAccount", "name": "audit", "namespace": SPACE}),
    bound("owner", "initscan-scan-reader", {"kind": "ServiceAccount", "name": "owner", "namespace": SPACE}, SPACE),
    {"apiVersion": f"{RBAC}/v1", "kind": "ClusterRole", "metadata": {"name": "scraper"},
     "rules": [{"nonResourceURLs": ["/metrics"], "verbs": ["get"]}]},
    bound("scraper", "scraper", {"kind": "ServiceAccount", "name": "reader", "namespace": SPACE}),
]


@pytest.fixture(scope="module")
def cluster(bare_cluster):
    for thing in RIGHTS:
        done = bare_cluster.kubectl("create", "-f", "-", input=json.dumps(thing))
        assert done.returncode == 0, done.stderr
    return bare_cluster


@pytest.fixture(scope="module")
def server(cluster, initscan, tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    index = make_index(initscan, folder / "advisories.db")
    made = ScanServer(program("initscan-server"), folder, index, "--kubeconfig", cluster.kubeconfig("auditor"), "--cluster", "test")
    yield made
    made.close()


def token_of(cluster, account, *more, audience="initscan"):
    done = cluster.kubectl("create", "token", account, "-n", SPACE, *(("--audience", audience) if audience else ()), *more)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def pod_token(cluster, name="front-1"):
    uid = cluster.read("pod", name, "-n", SPACE)["metadata"]["uid"]
    return token_of(cluster, "front", "--bound-object-kind", "Pod", "--bound-object-name", name, "--bound-object-uid", uid), uid


def ask(server, token, method="GET", path="/v1/images", body=None):
    return server.ask(method, path, body, Authorization=f"Bearer {token}")


def test_a_report_is_of_the_pod_whose_token_it_comes_with(cluster, server):
    token, uid = pod_token(cluster)
    status, _, kept = ask(server, token, "POST", "/v1/reports", report_of())
    assert status == 201, kept
    assert kept["reporter"] == {"name": "system:serviceaccount:shop:front", "namespace": SPACE, "pod": "front-1", "podUid": uid, "node": None,
                                "workload": {"kind": "Pod", "name": "front-1"}}
    assert ask(server, token, "POST", "/v1/scan", SBOM)[0] == 200
    assert ask(server, token, "POST", "/v1/reports", {**report_of(), "namespace": "kube-system"})[0] == 400


def of_deployment(name, deployment, image="example.com/shop:1"):
    """As a Deployment's ReplicaSet and the injector make it."""
    owner = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": f"{deployment}-5d4", "uid": "u-1", "controller": True}
    return {"apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": name, "namespace": SPACE, "labels": {"pod-template-hash": "5d4"}, "ownerReferences": [owner]},
            "spec": {"serviceAccountName": "front", "containers": [{"name": "shop", "image": image}],
                     "initContainers": [{"name": "initscan-collect-0", "image": image}]}}


def tell_status(cluster, name, status):
    """As its kubelet does."""
    done = cluster.kubectl("patch", "pod", name, "-n", SPACE, "--subresource=status", "--type=merge", "-p", json.dumps({"status": status}))
    assert done.returncode == 0, done.stderr


def test_a_search_says_which_workloads_hold_a_package(cluster, server):
    for name, deployment in (("web-5d4-a", "web"), ("web-5d4-b", "web"), ("api-5d4-a", "api")):
        assert cluster.kubectl("create", "-f", "-", input=json.dumps(of_deployment(name, deployment))).returncode == 0
        token, _ = pod_token(cluster, name)
        assert ask(server, token, "POST", "/v1/reports", report_of("sha256:" + "d" * 64))[0] == 201
    reader, owner = token_of(cluster, "reader"), token_of(cluster, "owner")
    wanted = [{"kind": "Deployment", "name": "api"}, {"kind": "Deployment", "name": "web"}]
    for query in ("package=openssl", "package=openssl&below=3.1", "cve=CVE-2023-5363"):
        status, _, body = ask(server, reader, path=f"/v1/search?{query}")
        (row,) = (row for row in body["found"] if row["digest"].endswith("d" * 64))
        assert status == 200 and (row["namespace"], row["workloads"], row["moreWorkloads"]) == (SPACE, wanted, 0), row
        assert ask(server, owner, path=f"/v1/search?{query}")[0] == 403, "it may read one namespace"
        assert row in ask(server, owner, path=f"/v1/search?{query}&namespace={SPACE}")[2]["found"]
        assert ask(server, owner, path=f"/v1/search?{query}&namespace=other")[0] == 403


def test_an_image_that_is_named_by_a_tag_is_kept_under_the_digest_that_its_node_tells(cluster, server):
    assert cluster.kubectl("create", "-f", "-", input=json.dumps(of_deployment("tag-5d4-a", "tag", "example.com/shop:2"))).returncode == 0
    token, _ = pod_token(cluster, "tag-5d4-a")
    report = report_of()
    report["image"] = {"reference": "example.com/shop:2"}

    def told():
        status, _, body = ask(server, token, "POST", "/v1/reports", report)
        return status, body.get("detail", body.get("digest"))

    status, words = told()
    assert status == 503 and words.endswith("its node has not said yet of which digest it is"), words
    digest = "sha256:" + "e" * 64
    collector = {"name": "initscan-collect-0", "image": "example.com/shop:2", "imageID": "", "ready": True, "restartCount": 0,
                 "state": {"terminated": {"exitCode": 0, "reason": "Completed"}}}
    tell_status(cluster, "tag-5d4-a", {"initContainerStatuses": [collector]})
    status, words = told()
    assert status == 422 and words.endswith("its node does not say of which digest it is"), words
    tell_status(cluster, "tag-5d4-a", {"initContainerStatuses": [{**collector, "imageID": f"example.com/shop@{digest}"}]})
    assert told() == (201, digest)
    status, _, kept = ask(server, token_of(cluster, "reader"), path=f"/v1/verdicts/{digest}")
    assert status == 200 and kept["reference"] == "example.com/shop:2" and kept["asReported"] is True
    report["image"]["reference"] = "example.com/other:1"
    status, words = told()
    assert status == 422 and words.endswith("the pod scans no image of this name"), words
    report["image"]["reference"] = "example.com/shop:2"
    status, _, body = ask(server, token_of(cluster, "front"), "POST", "/v1/reports", report)
    assert status == 422 and body["detail"].endswith("only a pod's node can say of which digest it is: the token is of no pod"), body


def test_a_report_is_kept_without_what_the_cluster_does_not_say_of_its_pod(cluster, initscan, tmp_path):
    """As it is where the server's role is an older one."""
    rights = next(made for made in DEPLOYED if made["kind"] == "ClusterRole" and made["metadata"]["name"] == "initscan-server-api")
    without = {**rights, "metadata": {"name": "without-pods"}, "rules": [rule for rule in rights["rules"] if "pods" not in rule["resources"]]}
    assert without["rules"] != rights["rules"]
    for thing in (without, bound("without-pods", "without-pods", {"kind": "User", "name": "half-auditor"})):
        assert cluster.kubectl("create", "-f", "-", input=json.dumps(thing)).returncode == 0
    server = ScanServer(program("initscan-server"), tmp_path, make_index(initscan, tmp_path / "advisories.db"), "--kubeconfig",
                        cluster.kubeconfig("half-auditor"), "--cluster", "test")
    try:
        token, _ = pod_token(cluster)
        status, _, kept = ask(server, token, "POST", "/v1/reports", report_of())
        assert status == 201 and kept["reporter"]["pod"] == "front-1" and kept["reporter"]["workload"] is None
        assert server.metric("initscan_server_unread_pods_total") == 1
        assert "may not `get` them" in server.said()
        tagged = report_of()
        del tagged["image"]["digest"]
        assert ask(server, token, "POST", "/v1/reports", tagged)[0] == 422
    finally:
        server.close()


def test_reading_and_scraping_take_a_right_of_the_cluster(cluster, server):
    front, reader = token_of(cluster, "front"), token_of(cluster, "reader")
    for path in ("/v1/images", "/metrics"):
        assert ask(server, front, path=path)[0] == 403
        assert ask(server, reader, path=path)[0] == 200
    assert ask(server, reader, path=f"/v1/verdicts/{DIGEST}")[0] in (200, 404)


def test_who_may_read_one_namespace_sees_that_one(cluster, server):
    token, _ = pod_token(cluster)
    assert ask(server, token, "POST", "/v1/reports", report_of())[0] in (200, 201)
    assert server.ask("POST", "/v1/reports", report_of("sha256:" + "b" * 64), "gate")[0] == 201, "from no namespace"
    owner = token_of(cluster, "owner")
    seen = {path: ask(server, owner, path=path) for path in ("/v1/images", "/v1/images?namespace=shop", "/v1/images?namespace=other")}
    assert [answer[0] for answer in seen.values()] == [403, 200, 403]
    images = [image["digest"] for image in seen["/v1/images?namespace=shop"][2]["images"]]
    assert DIGEST in images and "sha256:" + "b" * 64 not in images
    assert ask(server, owner, path=f"/v1/images/{DIGEST}/sbom?namespace=shop")[0] == 200
    assert ask(server, owner, path=f"/v1/verdicts/sha256:{'b' * 64}?namespace=shop")[0] == 404


def test_an_audit_is_sent_and_read_by_who_has_the_whole_cluster(cluster, server, tmp_path):
    (tmp_path / "token").write_text(token_of(cluster, "audit"))
    pods = json.dumps({"apiVersion": "v1", "kind": "List", "items": [running("web-1", DIGEST)]})
    url = f"https://localhost:{server.port}"
    done = run(program("initscan-audit"), "run", "--from-file", "-", "--report-dir", tmp_path, "--db", server.index, "--server", url, "--report-to", url,
               "--server-token", tmp_path / "token", "--server-ca", server.certificate, input=pods)
    assert done.returncode == 0, done.stderr
    sent = json.loads((tmp_path / "audit.json").read_text())
    assert ask(server, token_of(cluster, "reader"), path="/v1/audits/latest")[2] == sent
    of_a_pod, _ = pod_token(cluster)
    assert ask(server, of_a_pod, "POST", "/v1/audits", sent)[0] == 403, "a pod's own token says nothing about the cluster"
    for account in ("front", "owner"):
        assert ask(server, token_of(cluster, account), path="/v1/audits/latest")[0] == 403


def gone_namespaces(server):
    with sqlite3.connect(server.store, timeout=10) as database:
        return sorted(name for name, in database.execute("SELECT namespace FROM gone_namespaces WHERE cluster = 'test'"))


def test_a_namespace_that_was_deleted_is_kept_in_mind_for_its_reports(cluster, initscan, tmp_path):
    """Also where one of the same name is there by then. A server looks when it starts."""
    server = ScanServer(program("initscan-server"), tmp_path, make_index(initscan, tmp_path / "advisories.db"), "--kubeconfig",
                        cluster.kubeconfig("auditor"), "--cluster", "test")
    try:
        for name in ("leaving", "renewed", "staying"):
            cluster.kubectl("create", "namespace", name, check=True)
            cluster.kubectl("create", "serviceaccount", "shop", "-n", name, check=True)
            token = cluster.kubectl("create", "token", "shop", "-n", name, "--audience", "initscan", check=True).stdout.strip()
            assert ask(server, token, "POST", "/v1/reports", report_of())[0] == 201
        time.sleep(1.1)  # times have whole seconds
        for name in ("leaving", "renewed"):
            cluster.kubectl("delete", "namespace", name, "--wait=false", check=True)
            nothing_left = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}, "spec": {"finalizers": []}}
            cluster.ask("PUT", f"/api/v1/namespaces/{name}/finalize", nothing_left, "admin")
        time.sleep(1.1)
        cluster.kubectl("create", "namespace", "renewed", check=True)
        server.kill()
        server.start()
        until(lambda: gone_namespaces(server) == ["leaving", "renewed"], server.said)
    finally:
        server.close()


def forged(key, **claims):
    """A token with these claims, signed with that key."""
    def part(content):
        return base64.urlsafe_b64encode(content).rstrip(b"=")

    now = int(time.time())
    claims = {"iss": "https://localhost", "aud": ["initscan"], "sub": f"system:serviceaccount:{SPACE}:reader", "iat": now - 7200, "nbf": now - 7200,
              "exp": now + 3600, **claims}
    signed = part(json.dumps({"alg": "ES256"}).encode()) + b"." + part(json.dumps(claims).encode())
    der = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=signed, capture_output=True, check=True).stdout
    numbers, rest = [], der[2:]
    while rest:
        length = rest[1]
        numbers.append(int.from_bytes(rest[2:2 + length], "big").to_bytes(32, "big"))
        rest = rest[2 + length:]
    return (signed + b"." + part(b"".join(numbers))).decode()


def test_tokens_that_are_not_for_us_are_nobodys(cluster, server, tmp_path):
    subprocess.run(["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", tmp_path / "other.key"], check=True,
                   capture_output=True)
    account = cluster.read("serviceaccount", "reader", "-n", SPACE)["metadata"]
    ours = {"kubernetes.io": {"namespace": SPACE, "serviceaccount": {"name": "reader", "uid": account["uid"]}}}
    signing = cluster.folder / "server.key"
    assert ask(server, forged(signing, **ours))[0] == 200, "what the others differ from is good"
    tokens = {"another audience": token_of(cluster, "reader", audience="other"), "the API server's audience": token_of(cluster, "reader", audience=None),
              "expired": forged(signing, **ours, exp=int(time.time()) - 60), "of another cluster": forged(tmp_path / "other.key", **ours),
              "a user's": "admin-token", "cut": token_of(cluster, "reader")[:-4], "long": "x" * 9000}
    answers = {name: ask(server, token)[0] for name, token in tokens.items()}
    assert answers == dict.fromkeys(tokens, 401)


def test_where_the_cluster_cannot_be_asked_nobody_new_is_known(cluster, server):
    known, late = token_of(cluster, "reader"), token_of(cluster, "reader", "--duration", "700s")
    assert ask(server, known)[0] == 200
    cluster.stop_api_server()
    try:
        assert ask(server, known)[0] == 200, "what a review said holds for a while"
        status, _, body = ask(server, late)
        assert status == 503 and body["detail"].startswith("the token cannot be reviewed: ")
        assert server.ask("GET", "/v1/images", token="reader")[0] == 200, "those of the file need no cluster"
    finally:
        cluster.start_api_server()

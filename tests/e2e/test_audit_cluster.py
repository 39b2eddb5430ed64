"""The audit against a real API server: with no more rights than get and list, and with less."""

import http.server
import json
import ssl
import threading

import pytest

from bench_pods import create_pods, pod
from support import program, run

RIGHTS = [
    {"apiGroups": [""], "resources": ["pods", "namespaces", "nodes", "serviceaccounts", "services"], "verbs": ["get", "list"]},
    {"apiGroups": ["apps"], "resources": ["replicasets"], "verbs": ["get", "list"]},
    {"apiGroups": ["batch"], "resources": ["jobs"], "verbs": ["get", "list"]},
    {"apiGroups": ["policy"], "resources": ["poddisruptionbudgets"], "verbs": ["get", "list"]},
    {"apiGroups": ["networking.k8s.io"], "resources": ["ingresses"], "verbs": ["get", "list"]},
    {"apiGroups": ["initscan.io"], "resources": ["scanexemptions", "clusterscanpolicies"], "verbs": ["get", "list"]},
    {"apiGroups": ["rbac.authorization.k8s.io"], "resources": ["roles", "clusterroles", "rolebindings", "clusterrolebindings"],
     "verbs": ["get", "list"]},
    {"apiGroups": ["node.k8s.io"], "resources": ["runtimeclasses"], "verbs": ["get", "list"]},
]
PODS = 620  # more than one page
OWNERS = 62


def grant(cluster, user, rules):
    cluster.apply(
        {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": f"{user}-audit"}, "rules": rules},
        {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": f"{user}-audit"},
         "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": f"{user}-audit"},
         "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": user}]})


@pytest.fixture(scope="module")
def audited(cluster):
    """Deployments of ten pods each, with their ReplicaSets; one user who may list everything, one who may list pods."""
    grant(cluster, "auditor", RIGHTS)
    grant(cluster, "half-auditor", [{"apiGroups": [""], "resources": ["pods", "namespaces"], "verbs": ["get", "list"]}])
    create_pods(cluster, PODS, OWNERS)
    running = cluster.patch(pod(OWNERS, OWNERS), {"status": pod(OWNERS, OWNERS)["status"]}, user="admin", subresource="/status")
    assert running.returncode == 0, running.stderr
    return cluster


def contexts(cluster, folder, **users):
    """A kubeconfig with a context for each user: CONTEXT=USER."""
    config = {"apiVersion": "v1", "kind": "Config", "contexts": [], "users": [], "current-context": next(iter(users)),
              "clusters": [{"name": "test", "cluster": {"server": f"https://127.0.0.1:{cluster.port}",
                                                        "certificate-authority": str(cluster.ca)}}]}
    for context, user in users.items():
        config["contexts"].append({"name": context, "context": {"cluster": "test", "user": user}})
        config["users"].append({"name": user, "user": {"token": f"{user}-token"}})
    path = folder / "kubeconfig"
    path.write_text(json.dumps(config))
    return path


def audit(folder, kubeconfig, *argv):
    done = run(program("initscan-audit"), "run", "--kubeconfig", kubeconfig, "--report-dir", folder, "--format", "json", *argv)
    assert done.stderr == "", done.stderr
    return done, json.loads((folder / "audit.json").read_text())


def gaps_of(report, cluster=0):
    return {gap["part"]: gap["reason"] for gap in report["clusters"][cluster]["gaps"]}


def of_test(report):
    return [w for w in report["workloads"] if w["namespace"].startswith("team-")]


def test_everything_by_get_and_list_alone(audited, tmp_path):
    done, report = audit(tmp_path, contexts(audited, tmp_path, one="auditor"))
    assert done.returncode == 0, done.stdout
    assert gaps_of(report) == {}
    assert report["clusters"][0]["version"].startswith("v1.")
    workloads = of_test(report)
    assert {w["kind"] for w in workloads} == {"Deployment"}
    assert len(workloads) == OWNERS
    assert sum(w["pods"] for w in workloads) == PODS

    events = [json.loads(line) for line in (audited.folder / "audit.log").read_text().splitlines()]
    asked = [e for e in events if e["user"]["username"] == "auditor" and e["stage"] == "ResponseComplete"]
    assert {e["verb"] for e in asked} <= {"get", "list"}
    lists = [e["requestURI"] for e in asked if e["verb"] == "list"]
    assert all("limit=500" in uri for uri in lists)
    assert sum(uri.startswith("/api/v1/pods?") for uri in lists) == 2
    assert len(asked) <= 20, "requests are bounded"


def test_a_403_is_unknown_and_never_fine(audited, tmp_path):
    done, report = audit(tmp_path, contexts(audited, tmp_path, one="half-auditor"))
    assert done.returncode == 1, done.stdout
    gaps = gaps_of(report)
    assert set(gaps) == {"nodes", "replicasets", "jobs", "serviceaccounts", "poddisruptionbudgets", "services", "ingresses",
                         "scanexemptions", "clusterscanpolicies", "runtimeclasses", "roles", "clusterroles", "rolebindings",
                         "clusterrolebindings"}
    assert gaps["nodes"].startswith("GET /api/v1/nodes: 403 Forbidden: nodes is forbidden: User \"half-auditor\"")
    assert not report["complete"]
    assert "Could not be read (14)" in done.stdout
    # the pods are there, at their nearest owner
    workloads = of_test(report)
    assert sum(w["pods"] for w in workloads) == PODS
    assert {w["kind"] for w in workloads} == {"ReplicaSet"}
    token = [r for w in workloads for r in w["results"] if r["check"] == "service-account-token"]
    assert {r["outcome"] for r in token} <= {"unknown", "fail"}


def test_who_may_get_around_is_told_and_the_clusters_own_components_are_not(audited, tmp_path):
    group = "rbac.authorization.k8s.io"
    star = {"apiVersion": f"{group}/v1", "kind": "Role", "metadata": {"name": "owner", "namespace": "default"},
            "rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]}
    binding = {"apiVersion": f"{group}/v1", "kind": "RoleBinding", "metadata": {"name": "owner", "namespace": "default"},
               "roleRef": {"apiGroup": group, "kind": "Role", "name": "owner"},
               "subjects": [{"apiGroup": group, "kind": "User", "name": "tenant"}]}
    audited.apply(star, binding)
    grant(audited, "node-agent", [{"apiGroups": [""], "resources": ["nodes/proxy"], "verbs": ["get"]}])
    done, report = audit(tmp_path, contexts(audited, tmp_path, one="auditor"))
    held = {d["name"]: (d["rights"], d["in"], d["binding"]) for d in report["clusters"][0]["detours"]}
    assert held["node-agent"] == (["nodes/proxy"], "", "ClusterRoleBinding node-agent-audit")
    assert held["tenant"] == (["change pods/status"], "default", "RoleBinding owner"), "a namespace's * is no right to bypass"
    assert "auditor" not in held and not any(name.startswith("system:") for name in held)
    assert "User node-agent: nodes/proxy (ClusterRoleBinding node-agent-audit)" in done.stdout


def test_nobody_may_list_pods(audited, tmp_path):
    done, report = audit(tmp_path, contexts(audited, tmp_path, one="developer"))
    assert done.returncode == 1
    refused = gaps_of(report)
    assert "403 Forbidden" in refused["nodes"]
    done, report = audit(tmp_path, contexts(audited, tmp_path, one="nobody"))
    assert done.returncode == 1
    assert "401 Unauthorized" in gaps_of(report)["pods"]
    assert report["workloads"] == []


def test_several_contexts_are_audited_apart(audited, tmp_path):
    config = contexts(audited, tmp_path, one="auditor", two="half-auditor")
    done, report = audit(tmp_path, config, "--context", "one", "--context", "two")
    assert done.returncode == 1, "the second has gaps"
    assert [c["name"] for c in report["clusters"]] == ["one", "two"]
    assert gaps_of(report, 0) == {} and "nodes" in gaps_of(report, 1)
    for name in ("one", "two"):
        assert sum(w["pods"] for w in of_test(report) if w["cluster"] == name) == PODS
    done = run(program("initscan-audit"), "run", "--kubeconfig", config, "--context", "none", "--report-dir", tmp_path)
    assert (done.returncode, done.stderr) == (1, f'initscan-audit: error: {config}: contexts: no "none"\n')


class Kubelet:
    """Answers /stats/summary over TLS as a kubelet does, to whom its token allows."""

    def __init__(self, certificate, key, pods):
        body = json.dumps({"node": {}, "pods": pods}).encode()
        asked = self.asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                asked.append(self.headers["Authorization"])
                found = self.path == "/stats/summary"
                self.send_response(200 if found else 404)
                self.send_header("Content-Length", str(len(body) if found else 0))
                self.end_headers()
                self.wfile.write(body if found else b"")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def node(cluster, name, port):
    cluster.apply({"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}})
    status = {"status": {"addresses": [{"type": "InternalIP", "address": "127.0.0.1"}],
                         "daemonEndpoints": {"kubeletEndpoint": {"Port": port}}}}
    patched = cluster.kubectl("patch", "node", name, "--subresource=status", "--type=merge", "-p", json.dumps(status))
    assert patched.returncode == 0, patched.stderr


@pytest.fixture
def kubelets(audited, tmp_path):
    """Three nodes: one whose certificate the cluster's authority signed, one that signed its own, one that is dead."""
    written = [{"podRef": {"name": pod(0, OWNERS)["metadata"]["name"], "namespace": "team-0", "uid": "u"},
                "containers": [{"name": "app", "rootfs": {"usedBytes": 900 << 20, "inodesUsed": 12}}]}]
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=worker-1",
        "-keyout", tmp_path / "own.key", "-out", tmp_path / "own.pem", check=True)
    good = Kubelet(audited.folder / "server.pem", audited.folder / "server.key", written)
    own = Kubelet(tmp_path / "own.pem", tmp_path / "own.key", [])
    node(audited, "worker-0", good.port)
    node(audited, "worker-1", own.port)
    node(audited, "worker-2", 1)
    yield good, own
    for kubelet in (good, own):
        kubelet.close()
    audited.kubectl("delete", "node", "worker-0", "worker-1", "worker-2", check=True)


def test_write_layers_are_asked_of_each_node_where_wanted(audited, kubelets, tmp_path):
    good, own = kubelets
    config = contexts(audited, tmp_path, one="auditor")
    done, report = audit(tmp_path, config)
    assert good.asked == [], "nobody asked for write layers"

    done, report = audit(tmp_path, config, "--write-layers")
    assert done.returncode == 1
    gaps = gaps_of(report)
    assert set(gaps) == {"write layers of node worker-1", "write layers of node worker-2"}
    assert "certificate verify failed" in gaps["write layers of node worker-1"]
    assert gaps["write layers of node worker-2"] == "https://127.0.0.1:1: cannot connect: Connection refused"
    assert good.asked == ["Bearer auditor-token"]
    assert own.asked == [], "the token goes to nobody whose certificate is not the cluster's"
    first = next(w for w in report["workloads"] if w["name"] == "app-0")
    told = {(r["container"], r["outcome"]): r["message"] for r in first["results"] if r["check"] == "write-layer"}
    assert ("app", "fail") in told
    assert "certificate verify failed" in told["proxy", "unknown"], "running on a node whose kubelet could not be asked"

    done, report = audit(tmp_path, config, "--write-layers", "--kubelet-insecure-tls")
    assert set(gaps_of(report)) == {"write layers of node worker-2"}
    assert own.asked == ["Bearer auditor-token"]

"""A real etcd and kube-apiserver on loopback, started for a test session and ended with it."""

import base64
import http.client
import json
import os
import pathlib
import re
import shlex
import socket
import ssl
import subprocess
import threading
import time

from support import run

ASSETS = pathlib.Path(os.environ.get("KUBEBUILDER_ASSETS", "/usr/local/kubebuilder/bin"))
TOKENS = {"admin": "admin-token", "developer": "developer-token", "breaker": "breaker-token", "injector": "injector-token",
          "node": "node-token", "owner": "owner-token", "auditor": "auditor-token", "half-auditor": "half-auditor-token"}
# As a token of the injector's service account would say it.
INJECTOR = "system:serviceaccount:initscan-system:initscan-injector"


def missing():
    """Why there is no control plane here; None where there is one."""
    absent = [name for name in ("etcd", "kube-apiserver", "kubectl") if not (ASSETS / name).exists()]
    return f"no {', '.join(absent)} in {ASSETS} (set KUBEBUILDER_ASSETS)" if absent else None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Done:
    """What kubectl would make of an answer: nothing of a test depends on which of the two asked."""

    def __init__(self, status, body, warnings):
        self.status = status
        self.returncode = 0 if status < 300 else 1
        self.stdout = body if status < 300 else ""
        self.stderr = "".join(f"Warning: {w}\n" for w in warnings)
        if status >= 300:
            said = json.loads(body) if body.startswith("{") else {"message": body}
            self.stderr += f"Error from server ({said.get('reason', status)}): {said.get('message', '')}\n"


class ControlPlane:
    def __init__(self, folder, without_plugins=("ServiceAccount",), feature_gates=""):
        """`without_plugins`: admission plugins that do not run. That for service accounts wants one in each namespace, which
        nobody makes here by itself. `feature_gates`: as the flag has them."""
        self.folder = folder
        self.disabled_plugins = ",".join(without_plugins)
        self.feature_gates = [f"--feature-gates={feature_gates}"] if feature_gates else []
        self.local = threading.local()
        self.processes = []
        self._certificate("server")
        self.ca = folder / "server.pem"
        self._start_etcd()
        self._start_api_server()

    def _certificate(self, name):
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
            "-keyout", self.folder / f"{name}.key", "-out", self.folder / f"{name}.pem", check=True)

    def _start(self, name, *argv):
        log = open(self.folder / f"{name}.log", "w")
        self.processes.append(subprocess.Popen([str(ASSETS / name), *map(str, argv)], stdout=log, stderr=log))

    def _start_etcd(self):
        client, peer = free_port(), free_port()
        self.etcd = f"http://127.0.0.1:{client}"
        self._start("etcd", "--data-dir", self.folder / "etcd", "--listen-client-urls", self.etcd,
                    "--advertise-client-urls", self.etcd, "--listen-peer-urls", f"http://127.0.0.1:{peer}",
                    "--unsafe-no-fsync")

    def _start_api_server(self):
        tokens = self.folder / "tokens.csv"
        groups = {"admin": "system:masters", "developer": "developers", "breaker": "breakers", "node": "system:nodes", "owner": "owners",
                  "injector": "system:serviceaccounts,system:serviceaccounts:initscan-system", "auditor": "auditors",
                  "half-auditor": "auditors"}
        names = {"injector": INJECTOR, "node": "system:node:worker"}
        tokens.write_text("".join(f'{TOKENS[u]},{names.get(u, u)},{u},"{groups[u]}"\n' for u in TOKENS))
        self.port = free_port()
        self.api_server = [
            "kube-apiserver", "--etcd-servers", self.etcd, "--bind-address", "127.0.0.1", "--secure-port", self.port,
            "--tls-cert-file", self.folder / "server.pem", "--tls-private-key-file", self.folder / "server.key",
            "--service-account-issuer", "https://localhost", "--service-account-key-file", self.folder / "server.pem",
            "--service-account-signing-key-file", self.folder / "server.key", "--token-auth-file", tokens,
            "--authorization-mode", "RBAC", "--service-cluster-ip-range", "10.0.0.0/24",
            f"--disable-admission-plugins={self.disabled_plugins}", *self.feature_gates, "--allow-privileged",
            "--audit-policy-file", self._audit_policy(), "--audit-log-path", self.folder / "audit.log",
            "--advertise-address", "127.0.0.1", "--endpoint-reconciler-type", "none"]
        self.start_api_server()

    def stop_api_server(self):
        """As when its machine is lost: nothing is said to those who watch."""
        process = self.processes.pop()
        process.kill()
        process.wait(30)

    def start_api_server(self):
        self._start(*self.api_server)
        for _ in range(240):
            if self.kubectl("get", "--raw", "/readyz").returncode == 0:
                return
            assert self.processes[-1].poll() is None, (self.folder / "kube-apiserver.log").read_text()[-2000:]
            time.sleep(0.25)
        raise AssertionError("kube-apiserver does not get ready")

    def _audit_policy(self):
        path = self.folder / "audit.yaml"
        path.write_text("apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Metadata}]\n")
        return path

    def kubectl_command(self, *argv, user="admin"):
        """A shell's words."""
        return shlex.join(map(str, [ASSETS / "kubectl", "--server", f"https://127.0.0.1:{self.port}",
                                    "--certificate-authority", self.ca, "--token", TOKENS[user], *argv]))

    def kubectl(self, *argv, user="admin", **options):
        return run(ASSETS / "kubectl", "--server", f"https://127.0.0.1:{self.port}", "--certificate-authority", self.ca,
                   "--token", TOKENS[user], *argv, env={"HOME": str(self.folder), "PATH": "/usr/bin:/bin"}, **options)

    def kubeconfig(self, user):
        path = self.folder / f"{user}.kubeconfig"
        path.write_text(json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "test",
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": user}}],
            "clusters": [{"name": "test", "cluster": {"server": f"https://127.0.0.1:{self.port}", "certificate-authority": str(self.ca)}}],
            "users": [{"name": user, "user": {"token": TOKENS[user]}}]}))
        return path

    def read(self, *what):
        """An object as the API server has it; None where there is none."""
        done = self.kubectl("get", *what, "-o", "json")
        return json.loads(done.stdout) if done.returncode == 0 else None

    def apply(self, *documents):
        text = json.dumps({"apiVersion": "v1", "kind": "List", "items": documents})
        done = self.kubectl("apply", "--server-side", "--force-conflicts", "-f", "-", input=text)
        assert done.returncode == 0, done.stderr

    def _connection(self):
        connection = getattr(self.local, "connection", None)
        if connection is None or connection.port != self.port:
            context = ssl.create_default_context(cafile=self.ca)
            connection = self.local.connection = http.client.HTTPSConnection("localhost", self.port, context=context, timeout=30)
        return connection

    def ask(self, method, path, body=None, user="developer", content_type="application/json"):
        """Asks the API server as kubectl does, without starting a program for it."""
        headers = {"Authorization": f"Bearer {TOKENS[user]}", "Content-Type": content_type, "Accept": "application/json"}
        text = None if body is None else json.dumps(body)
        for attempt in range(2):
            connection = self._connection()
            try:
                connection.request(method, path, text, headers)
                answer = connection.getresponse()
                warnings = re.findall(r'299 \S+ "((?:[^"\\]|\\.)*)"', ", ".join(answer.headers.get_all("Warning") or []))
                return Done(answer.status, answer.read().decode(), [w.replace('\\"', '"') for w in warnings])
            except (http.client.HTTPException, OSError):  # a connection that the API server has closed meanwhile
                connection.close()
                self.local.connection = None
                if attempt:
                    raise

    def create(self, pod, user="developer", dry_run=False):
        space = pod["metadata"]["namespace"]
        return self.ask("POST", f"/api/v1/namespaces/{space}/pods" + ("?dryRun=All" if dry_run else ""), pod, user)

    def patch(self, pod, patch, user="developer", subresource="", dry_run=False):
        """A strategic merge patch of a pod that is there, as kubectl set image and kubectl debug send it."""
        where = f"/api/v1/namespaces/{pod['metadata']['namespace']}/pods/{pod['metadata']['name']}{subresource}"
        return self.ask("PATCH", where + ("?dryRun=All" if dry_run else ""), patch, user, "application/strategic-merge-patch+json")

    def change_hooks(self, kind, field, value_of):
        """Another value of `field` in the clientConfig of each entry of initscan's configuration; value_of(hook) says which."""
        hooks = self.read(kind, "initscan")["webhooks"]
        patch = [{"op": "replace", "path": f"/webhooks/{i}/clientConfig/{field}", "value": value_of(hook)} for i, hook in enumerate(hooks)]
        self.kubectl("patch", kind, "initscan", "--type=json", "-p", json.dumps(patch), check=True)

    def ca_bundle(self, path):
        return base64.b64encode(path.read_bytes()).decode()

    def close(self):
        """The API server would wait a minute for its watches; nothing of it is needed any more."""
        for process in reversed(self.processes):
            process.kill()
            process.wait(30)

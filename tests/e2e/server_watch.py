"""`initscan-server watch` beside a control plane, with the rights that it asks for and no others."""

import pathlib
import re
import signal
import ssl
import subprocess
import time
import urllib.request

import yaml

from control_plane import TOKENS
from support import PROJECT, program, run

SYSTEM = "initscan-system"


def deployed(kind):
    """What deploy/ gives the server of one kind, without the binding to its service account."""
    objects = yaml.safe_load_all((PROJECT / "deploy" / "kustomize" / "base" / "server.yaml").read_text())
    return next(made for made in objects if made["kind"] == kind)


def grant(cluster, user="auditor"):
    """The rights that deploy/ gives the server, to a user."""
    rbac = "rbac.authorization.k8s.io"
    if cluster.read("namespace", SYSTEM) is None:
        cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": SYSTEM}})
    for kind in ("ClusterRole", "Role"):
        role, binding = deployed(kind), deployed(kind + "Binding")
        binding["subjects"] = [{"apiGroup": rbac, "kind": "User", "name": user}]
        cluster.apply(role, binding)


class ServerWatch:
    def __init__(self, cluster, folder, *options, kubeconfig=None, store=None):
        self.folder, self.certificate = folder, folder / "watch.pem"
        if not self.certificate.exists():
            run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", folder / "watch.key", "-out", self.certificate, check=True)
        self.log = folder / f"watch-{time.monotonic_ns()}.log"
        argv = [program("initscan-server"), "watch", "--store", store or folder / "store.db", "--listen", "127.0.0.1:0", "--kubeconfig",
                kubeconfig or cluster.kubeconfig("auditor"), "--tls-cert", self.certificate, "--tls-key", folder / "watch.key", *options]
        self.process = subprocess.Popen([str(word) for word in argv], stderr=open(self.log, "w"))
        self.port = self._port()

    def _port(self):
        for _ in range(200):
            if found := re.search(r"listening .*port=(\d+)", self.log.read_text()):
                return int(found[1])
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.05)
        raise AssertionError("it does not listen")

    def get(self, path, token=TOKENS["admin"]):
        trust = ssl.create_default_context(cafile=self.certificate)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        request = urllib.request.Request(f"https://localhost:{self.port}{path}", headers=headers)
        with urllib.request.urlopen(request, context=trust, timeout=30) as answer:
            return answer.read().decode()

    @staticmethod
    def now():
        """As a kubelet writes times."""
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())

    def is_ready(self):
        try:
            return self.get("/readyz") == "ok\n"
        except OSError:
            return False

    def figure(self, name):
        """Of one series; None where there is none."""
        found = re.search(rf"^{re.escape(name)} (\S+)$", self.get("/metrics"), re.MULTILINE)
        return float(found[1]) if found else None

    def rss_mib(self, what="VmRSS"):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{what}:\s+(\d+)", status)[1]) / 1024

    def kill(self):
        self.process.kill()
        self.process.wait(30)

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)

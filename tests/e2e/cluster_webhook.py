"""The injector as deployed: it follows the cluster with the rights of its own service account."""

import base64
import re
import signal
import ssl
import subprocess
import time
import urllib.request


class ClusterWebhook:
    def __init__(self, injector, cluster, folder, *options, image):
        self.folder = folder
        if "--tick-milliseconds" not in options:
            options = (*options, "--tick-milliseconds", "200")
        self.argv = [injector, "serve", "--image", image, "--listen", "127.0.0.1:0", "--kubeconfig", cluster.kubeconfig("injector"),
                     "--tls-name", "localhost", "--drain-seconds", "1", *options]
        self.cluster = cluster
        self.log = open(folder / "injector.log", "a+")
        self.process = subprocess.Popen([str(a) for a in self.argv], stderr=self.log)
        self.port = self._port()

    def _port(self):
        for _ in range(200):
            found = re.search(r"listening .*port=(\d+)", self.said())
            if found:
                return int(found[1])
            assert self.process.poll() is None, self.said()
            time.sleep(0.05)
        raise AssertionError("the injector does not listen")

    def said(self):
        return (self.folder / "injector.log").read_text()

    def register(self, rendered):
        """The webhook configuration of the deployment, but for where the webhook listens."""
        for hook in rendered["webhooks"]:
            path = hook["clientConfig"].pop("service")["path"]
            hook["clientConfig"]["url"] = f"https://localhost:{self.port}{path}"
        self.cluster.apply(rendered)

    def _trust(self):
        secret = self.cluster.read("secret", "initscan-injector-tls", "-n", "initscan-system")
        return ssl.create_default_context(cadata=base64.b64decode(secret["data"]["ca.crt"]).decode())

    def _read(self, trust):
        with urllib.request.urlopen(f"https://localhost:{self.port}/metrics", context=trust, timeout=10) as answer:
            return answer.read().decode()

    def is_ready(self):
        """As the kubelet sees it, who does not look at the certificate."""
        try:
            with urllib.request.urlopen(f"https://localhost:{self.port}/readyz", context=ssl._create_unverified_context(), timeout=10) as answer:
                return answer.status == 200
        except OSError:
            return False

    def reader(self):
        """Reads the metrics, also while the API server is away: what is trusted is asked for now."""
        trust = self._trust()
        return lambda: self._read(trust)

    def metrics(self):
        return self.reader()()

    def figure(self, name):
        return float(re.search(rf"^{re.escape(name)} (\S+)$", self.metrics(), re.M)[1])

    def rss_mib(self):
        return int(re.search(r"VmRSS:\s+(\d+)", open(f"/proc/{self.process.pid}/status").read())[1]) / 1024

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)
        self.log.close()

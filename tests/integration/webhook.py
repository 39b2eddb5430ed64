"""The injector as the API server meets it: a real server over TLS on loopback."""

import http.client
import json
import re
import signal
import ssl
import subprocess
import time

from support import run


class Webhook:
    def __init__(self, injector, folder, *options, image="example/initscan@sha256:" + "1" * 64):
        self.certificate, key = folder / "cert.pem", folder / "key.pem"
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
            "-keyout", key, "-out", self.certificate, check=True)
        self.log = open(folder / "log", "w+")
        argv = [injector, "serve", "--image", image, "--listen", "127.0.0.1:0", "--tls-cert", self.certificate,
                "--tls-key", key, "--drain-seconds", "1", *options]
        self.process = subprocess.Popen([str(a) for a in argv], stderr=self.log)
        self.port = self._port()
        self.context = ssl.create_default_context(cafile=self.certificate)

    def _port(self):
        for _ in range(200):
            self.log.seek(0)
            found = re.search(r"listening .*port=(\d+)", self.log.read())
            if found:
                return int(found[1])
            assert self.process.poll() is None, "the injector ended"
            time.sleep(0.05)
        raise AssertionError("the injector does not listen")

    def connection(self, timeout=10):
        return http.client.HTTPSConnection("localhost", self.port, context=self.context, timeout=timeout)

    def ask(self, method, path, body=None, connection=None):
        connection = connection or self.connection()
        connection.request(method, path, body=body, headers={"Content-Type": "application/json"} if body else {})
        answer = connection.getresponse()
        return answer.status, answer.read()

    def mutate(self, body, connection=None):
        return self.ask("POST", "/mutate?timeout=10s", body, connection)

    def review(self, request):
        status, body = self.mutate(json.dumps(request).encode())
        assert status == 200, body
        return json.loads(body)

    def rss_mib(self):
        status = open(f"/proc/{self.process.pid}/status").read()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def close(self):
        if self.process.poll() is None:
            self.terminate()
            self.process.wait(30)
        self.log.close()

"""initscan-server as its clients meet it: a real server over TLS on loopback, with an index of examples."""

import hashlib
import http.client
import json
import re
import signal
import ssl
import subprocess
import time

import jsonschema
import yaml

from support import PROJECT, run

TOKENS = {"ci": "scan", "gate": "scan,report,index", "reader": "read", "prometheus": "metrics", "mirror": "index", "auditor": "audit"}
SBOM = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
    {"type": "operating-system", "name": "debian", "version": "12"},
    {"type": "library", "name": "libssl3", "version": "3.0.9-1",
     "purl": "pkg:deb/debian/libssl3@3.0.9-1?arch=amd64&distro=debian-12&upstream=openssl"}]}
DIGEST = "sha256:" + "a" * 64


def make_index(initscan, path, *feeds):
    """An index of the project's examples, or of the feeds that are named."""
    done = run(initscan, "db", "build", *(word for feed in feeds or (f"osv:{PROJECT}/deploy/examples/advisories",) for word in ("--from", feed)),
               "-o", path)
    assert done.returncode == 0, done.stderr
    return path


def make_certificate(folder):
    certificate, key = folder / "cert.pem", folder / "key.pem"
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
        "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate, check=True)
    return certificate, key


def write_tokens(path, tokens=None):
    lines = [f"{name} {scopes} {hashlib.sha256(f'secret-{name}'.encode()).hexdigest()}\n" for name, scopes in (tokens or TOKENS).items()]
    path.write_text("# who may ask\n" + "".join(lines))
    return path


def verdict_of(severity="critical", outcome="fail", fixed="3.0.11"):
    return {"schema": "initscan.io/verdict/v1", "verdict": outcome, "policy": {"name": "p", "sha256": "c" * 64},
            "advisories": {"date": "2026-11-01T00:00:00Z"},
            "images": [{"findings": [{"id": "CVE-1", "severity": severity, "fixed": fixed}] if severity else []}]}


def report_of(digest=DIGEST, sbom=SBOM, **verdict):
    report = {"schema": "initscan.io/report/v1", "image": {"digest": digest, "reference": "registry.example.com/shop:1"},
              "verdict": verdict_of(**verdict)}
    return report if sbom is None else {**report, "sbom": json.dumps(sbom)}


class Contract:
    """docs/schemas/server.openapi.yaml: what each path answers."""

    FILE = PROJECT / "docs" / "schemas" / "server.openapi.yaml"

    def __init__(self):
        self.document = yaml.safe_load(self.FILE.read_text())
        self.store = {name: json.loads((self.FILE.parent / name).read_text()) for name in ("verdict.schema.json", "audit.schema.json")}
        self.store |= {schema["$id"]: schema for schema in list(self.store.values()) if "$id" in schema}

    def resolved(self, node):
        while "$ref" in node and node["$ref"].startswith("#/"):
            found = self.document
            for part in node["$ref"][2:].split("/"):
                found = found[part]
            node = found
        return node

    def path_of(self, target):
        # One that is written out goes before one with a part that varies.
        for path in sorted(self.document["paths"], key=lambda path: "{" in path):
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), target.split("?")[0]):
                return path
        return None

    def hold(self, method, target, status, headers, content):
        """That the answer is one that the document has. What is no path of it is a problem."""
        operations = self.document["paths"].get(self.path_of(target), {})
        operation = operations.get(method.lower().replace("head", "get"), {"responses": {"default": {"$ref": "#/components/responses/problem"}}})
        response = self.resolved(operation["responses"].get(str(status)) or operation["responses"]["default"])
        assert status >= 400 or str(status) in operation["responses"], f"{method} {target} answers {status}"
        for name, header in response.get("headers", {}).items():
            header = self.resolved(header)
            jsonschema.validate(headers[name], header["schema"])
        kinds = response.get("content", {})
        kind = headers.get("Content-Type", "").split(";")[0]
        assert kind in kinds or not kinds, f"{method} {target} answers with {kind}"
        schema = kinds.get(kind, {}).get("schema")
        if schema and method != "HEAD":
            resolver = jsonschema.RefResolver("", self.document, store=self.store)
            jsonschema.Draft202012Validator(schema, resolver=resolver).validate(content)


class ScanServer:
    contract = Contract()

    def __init__(self, program, folder, index, *options, store=None):
        self.folder, self.index = folder, index
        self.store = store or folder / "store.db"
        self.certificate, self.key = folder / "cert.pem", folder / "key.pem"
        if not self.certificate.exists():
            make_certificate(folder)
        self.tokens = folder / "tokens"
        if not self.tokens.exists():
            write_tokens(self.tokens)
        stores = [] if "--store-url" in options else ["--store", self.store]
        self.argv = [program, "serve", *stores, "--index", index, "--token-file", self.tokens, "--listen", "127.0.0.1:0",
                     "--tls-cert", self.certificate, "--tls-key", self.key, "--drain-seconds", "0", "--poll-seconds", "1", *options]
        self.context = ssl.create_default_context(cafile=self.certificate)
        self.start()

    def start(self):
        self.log = open(self.folder / "server.log", "w+")
        self.process = subprocess.Popen([str(a) for a in self.argv], stderr=self.log)
        self.port = int(self.wait_for_line(r"listening .*port=(\d+)")[1])

    def wait_for_line(self, pattern, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.log.seek(0)
            found = re.search(pattern, self.log.read())
            if found:
                return found
            assert self.process.poll() is None, (self.log.seek(0), self.log.read())
            time.sleep(0.05)
        raise AssertionError(f"no line {pattern}")

    def said(self):
        self.log.seek(0)
        return self.log.read()

    def connection(self, timeout=30):
        return http.client.HTTPSConnection("localhost", self.port, context=self.context, timeout=timeout)

    def ask(self, method, path, body=None, token=None, connection=None, **headers):
        """Status, headers and body; JSON is read."""
        own = connection or self.connection()
        if token:
            headers["Authorization"] = f"Bearer secret-{token}"
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        own.request(method, path, body=json.dumps(body) if isinstance(body, dict) else body, headers=headers)
        answer = own.getresponse()
        content = answer.read()
        if "json" in answer.getheader("Content-Type", "") and method != "HEAD" and content:
            content = json.loads(content)
        if connection is None:
            own.close()
        self.contract.hold(method, path, answer.status, answer.headers, content)
        return answer.status, answer.headers, content

    def metric(self, line):
        """The value of a series, as it is written."""
        status, _, text = self.ask("GET", "/metrics", token="prometheus")
        assert status == 200, text
        found = re.search(rf"^{re.escape(line)} (\S+)$", text.decode(), re.MULTILINE)
        return float(found[1]) if found else None

    def rss_mib(self):
        status = open(f"/proc/{self.process.pid}/status").read()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            assert self.process.wait(30) == 0
        self.log.close()

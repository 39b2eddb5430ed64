"""The audit and a real initscan-server: SBOMs that were reported, reports that are kept, and what is not known without them."""

import json

import pytest

from scan_server import SBOM, ScanServer, make_certificate, make_index, report_of, write_tokens
from support import program, run

IMAGE = "sha256:" + "a" * 64
OTHER = "sha256:" + "b" * 64
TOKENS = {"gate": "report", "auditor": "read,audit", "reader": "read", "nobody": "scan", "prometheus": "metrics"}


@pytest.fixture(scope="module")
def index(initscan, tmp_path_factory):
    return make_index(initscan, tmp_path_factory.mktemp("index") / "advisories.db")


@pytest.fixture(scope="module")
def server(index, tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    write_tokens(folder / "tokens", TOKENS)
    made = ScanServer(program("initscan-server"), folder, index)
    seen = {"filesSeen": "1", "unreadable": "0", "otherMounts": "0", "unsupported": "0", "truncated": "false"}
    sbom = {**SBOM, "metadata": {"properties": [{"name": f"initscan:coverage:{name}", "value": value} for name, value in seen.items()]}}
    assert made.ask("POST", "/v1/reports", report_of(IMAGE, sbom), "gate")[0] == 201
    yield made
    made.close()


def pod(name, digest):
    running = {"name": "web", "image": "example/web:1", "imageID": f"example/web@{digest}", "ready": True, "restartCount": 0, "started": True,
               "state": {"running": {"startedAt": "2023-01-01T00:00:00Z"}}}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "shop", "creationTimestamp": "2023-01-01T00:00:00Z"},
            "spec": {"nodeName": "one", "containers": [{"name": "web", "image": "example/web:1"}]},
            "status": {"phase": "Running", "containerStatuses": [running]}}


class Audit:
    def __init__(self, server, index, folder):
        self.server, self.index, self.folder = server, index, folder

    def run(self, *argv, token="auditor", url=None, ca=None, pods=(pod("web-1", IMAGE),)):
        (self.folder / "token").write_text(f"secret-{token}\n")
        text = json.dumps({"apiVersion": "v1", "kind": "List", "items": list(pods)})
        argv = [word.format(url=url or f"https://localhost:{self.server.port}") for word in argv]
        return run(program("initscan-audit"), "run", "--from-file", "-", "--report-dir", self.folder / "reports", *argv,
                   "--server-token", self.folder / "token", "--server-ca", ca or self.server.certificate, input=text)

    def with_sboms(self, **more):
        return self.run("--db", str(self.index), "--server", "{url}", **more)

    def report(self):
        return json.loads((self.folder / "reports" / "audit.json").read_text())

    def answers(self):
        """Of each workload, what is said of new vulnerabilities; None: nothing is wrong."""
        return {w["name"]: next((r["outcome"] for r in w["results"] if r["check"] == "new-advisories"), None) for w in self.report()["workloads"]}

    def gaps(self):
        return [f"{gap['part']}: {gap['reason']}" for cluster in self.report()["clusters"] for gap in cluster["gaps"]]


@pytest.fixture
def audit(server, index, tmp_path):
    return Audit(server, index, tmp_path)


def test_the_sboms_of_the_server_are_as_those_of_a_folder(audit, index, tmp_path):
    done = audit.with_sboms(pods=[pod("web-1", IMAGE), pod("other-1", OTHER)])
    assert (done.returncode, done.stderr) == (0, "")
    assert audit.answers() == {"web-1": "fail", "other-1": "unknown"}
    assert audit.gaps() == [], "that an image was not reported is no fault of the server"
    from_server = audit.report()
    (tmp_path / "sboms").mkdir()
    (tmp_path / "sboms" / f"{IMAGE.replace(':', '-')}.json").write_text(json.dumps(audit.server.ask("GET", f"/v1/images/{IMAGE}/sbom", token="reader")[2]))
    done = audit.run("--db", str(index), "--sboms", str(tmp_path / "sboms"), pods=[pod("web-1", IMAGE)])
    assert done.returncode == 0, done.stderr

    def said(report):
        return [r["message"] for w in report["workloads"] for r in w["results"] if r["check"] == "new-advisories" and r["outcome"] == "fail"]

    assert said(audit.report()) == said(from_server) != []


def closed_port():
    import socket
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.mark.parametrize("trouble", ["nobody listens", "a token that may not read", "a token of nobody", "another authority", "another server"])
def test_a_server_that_does_not_answer_leaves_the_audit_incomplete(audit, tmp_path, trouble):
    url, token, ca = None, "auditor", None
    if trouble == "nobody listens":
        url = f"https://localhost:{closed_port()}"
    elif trouble == "a token that may not read":
        token = "nobody"
    elif trouble == "a token of nobody":
        token = "unknown"
    elif trouble == "another authority":
        (tmp_path / "other").mkdir()
        ca = make_certificate(tmp_path / "other")[0]
    else:
        url = f"https://localhost:{audit.server.port}/elsewhere"
    done = audit.with_sboms(url=url, token=token, ca=ca, pods=[pod("web-1", IMAGE), pod("other-1", OTHER)])
    assert done.returncode == 1, "could not decide"
    assert audit.answers() == {"web-1": "unknown", "other-1": "unknown"}
    assert len(audit.gaps()) == 1 and audit.gaps()[0].startswith("SBOMs of images: https://localhost:"), audit.gaps()
    assert audit.report()["complete"] is False
    assert "secret-" not in done.stdout + done.stderr + (tmp_path / "reports" / "audit.json").read_text()


def test_the_report_is_kept_by_the_server(audit):
    done = audit.run("--report-to", "{url}")
    assert (done.returncode, done.stderr) == (0, "")
    status, _, kept = audit.server.ask("GET", "/v1/audits/latest", token="reader")
    assert status == 200 and kept == audit.report()
    _, _, page = audit.server.ask("GET", "/v1/audits?limit=1", token="reader")
    newest = page["audits"][0]
    assert newest["reporter"] == "auditor" and newest["summary"]["pods"] == 1 and newest["summary"]["complete"] == kept["complete"]


def test_a_report_that_cannot_be_sent_is_told(audit):
    done = audit.run("--report-to", "{url}", token="reader")
    assert done.returncode == 1 and done.stderr.startswith("initscan-audit: error: https://localhost:")
    assert "/v1/audits: HTTP 403" in done.stderr and done.stderr.count("\n") == 1
    assert audit.report()["workloads"], "the files have it"


def test_that_a_report_cannot_be_sent_hides_no_failure(audit):
    done = audit.run("--report-to", "{url}", "--fail-on", "low", url=f"https://localhost:{closed_port()}")
    assert done.returncode == 2 and "error: https://localhost:" in done.stderr


def test_a_report_that_is_too_large_is_not_sent_in_part(audit):
    before = audit.server.ask("GET", "/v1/audits/latest", token="reader")[2]
    many = [pod(f"web-{n}", IMAGE) | {"metadata": {"name": f"web-{n}", "namespace": f"shop-{n}"}} for n in range(4000)]
    done = audit.run("--report-to", "{url}", pods=many)
    assert done.returncode == 1 and "takes no report of more than 16 MiB; the files have it" in done.stderr
    assert audit.server.ask("GET", "/v1/audits/latest", token="reader")[2] == before

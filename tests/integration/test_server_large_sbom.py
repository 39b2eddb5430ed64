"""An SBOM of 13 MiB, as a scanner writes that of an image with everything in it, on each of its ways through the server."""

import gzip
import hashlib
import itertools
import json

import pytest

from scan_server import DIGEST, SBOM, ScanServer, report_of
from support import run
from test_server import is_problem, packed

MIB = 1 << 20
MAX_RSS = 192  # MiB: of the server while it reads one, with the index


def component(number):
    """With the licences, properties and identifiers that other tools write beside a name and a version."""
    kind, purl = (("deb", f"pkg:deb/debian/lib{number}@1.{number}-1?arch=amd64&distro=debian-12"),
                  ("java-archive", f"pkg:maven/org.example.group{number % 97}/artifact-{number}@2.{number % 31}.{number % 7}"),
                  ("npm", f"pkg:npm/%40scope{number % 53}/module-{number}@3.{number % 19}.0"))[number % 3]
    name = purl.split("/")[-1].split("@")[0]
    version = purl.split("@")[-1].split("?")[0]
    places = [f"/usr/share/application/{number % 11}/lib/{name}/{part}" for part in ("package.json", "META-INF/MANIFEST.MF")]
    return {"bom-ref": f"{purl}&package-id={hashlib.sha256(purl.encode()).hexdigest()[:16]}", "type": "library", "name": name, "version": version,
            "licenses": [{"license": {"id": "Apache-2.0"}}, {"license": {"name": "public-domain", "url": "https://example.com/licence"}}],
            "cpe": f"cpe:2.3:a:{name}:{name}:{version}:*:*:*:*:*:*:*", "purl": purl,
            "externalReferences": [{"type": "distribution", "url": f"https://example.com/{name}", "hashes": [
                {"alg": "SHA-256", "content": hashlib.sha256(name.encode()).hexdigest()}]}],
            "properties": [{"name": "syft:package:foundBy", "value": f"{kind}-cataloger"}, {"name": "syft:package:type", "value": kind},
                           *({"name": f"syft:location:{i}:path", "value": place} for i, place in enumerate(places)),
                           {"name": "syft:location:0:layerID", "value": "sha256:" + hashlib.sha256(str(number % 40).encode()).hexdigest()},
                           {"name": "syft:metadata:size", "value": str(number)}]}


def sbom_of(size):
    """A text of about this many bytes, but not more; how many packages it lists."""
    parts = (json.dumps(each) for each in itertools.chain(SBOM["components"], map(component, itertools.count())))
    total, kept = 0, []
    for part in parts:
        if total + len(part) + 2 > size - 200:
            break
        total += len(part) + 2
        kept.append(part)
    text = '{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [' + ", ".join(kept) + "]}"
    assert size - 4096 < len(text) <= size
    return text, len(kept) - 1


@pytest.fixture(scope="module")
def large():
    return sbom_of(13 * MIB)


@pytest.fixture
def server(server_program, index, tmp_path):
    made = ScanServer(server_program, tmp_path, index)
    yield made
    made.close()


def peak_mib(server):
    """The most that it ever had."""
    for line in open(f"/proc/{server.process.pid}/status"):
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("no VmHWM")


def test_it_is_scanned_as_it_is_and_packed(server, large):
    text, packages = large
    answers = [server.ask("POST", "/v1/scan", text.encode(), "ci"), server.ask("POST", "/v1/scan", gzip.compress(text.encode()), "ci", Content_Encoding="gzip"),
               server.ask("POST", "/v1/scan", packed("zstd", text.encode()), "ci", Content_Encoding="zstd")]
    for status, _, body in answers:
        (image,) = body["images"]
        assert status == 200 and body["verdict"] == "fail", body["verdict"]
        assert {finding["package"]["name"] for finding in image["findings"]} == {"libssl3"}
    assert answers[0][2]["images"] == answers[1][2]["images"] == answers[2][2]["images"]
    _, _, match = server.ask("POST", "/v1/match", text.encode(), "ci")
    assert match["packages"] == packages


@pytest.mark.plain_build
def test_its_memory_is_bounded_and_it_comes_back_as_it_was(server, large):
    text, _ = large
    for n in range(3):
        assert server.ask("POST", "/v1/reports", report_of("sha256:" + f"{n}" * 64) | {"sbom": text}, "gate")[0] == 201
        assert server.ask("POST", "/v1/scan?image=" + str(n), text.encode(), "ci")[0] == 200
        connection = server.connection()
        connection.request("GET", f"/v1/images/sha256:{str(n) * 64}/sbom", headers={"Authorization": "Bearer secret-reader"})
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, text.encode()), "to the last byte"
        connection.close()
        assert server.ask("GET", f"/v1/images/sha256:{str(n) * 64}/findings", token="reader")[0] == 200
    assert peak_mib(server) < MAX_RSS, f"{peak_mib(server):.0f} MiB"
    assert server.ask("GET", "/v1/search?package=artifact-1", token="reader")[2]["found"][0]["package"]["type"] == "maven"
    assert server.metric("initscan_store_bytes") < 32 * MIB


def test_its_etag_is_its_hash_and_spares_it(server, large):
    text, _ = large
    assert server.ask("POST", "/v1/reports", report_of() | {"sbom": text}, "gate")[0] == 201
    path, tag = f"/v1/images/{DIGEST}/sbom", f'"sha256:{hashlib.sha256(text.encode()).hexdigest()}"'
    status, headers, _ = server.ask("GET", path, token="reader")
    assert (status, headers["ETag"]) == (200, tag)
    status, headers, body = server.ask("GET", path, token="reader", If_None_Match=tag)
    assert (status, headers["ETag"], body) == (304, tag, b"")


def test_a_gate_reports_it(server, large, initscan, index, tmp_path):
    text, _ = large
    for name, content in (("sbom.json", text), ("token", "secret-gate")):
        (tmp_path / name).write_text(content)
    done = run(initscan, "gate", "--sbom", f"0={tmp_path / 'sbom.json'}", "--image", f"0=example/shop@{DIGEST}", "--db", index, "--termination-log", tmp_path / "log",
               "--report-to", f"https://localhost:{server.port}", "--server-ca", server.certificate, "--server-token", tmp_path / "token", "--report-seconds", "30")
    assert done.returncode in (1, 2) and "not reported" not in done.stderr, done.stderr
    assert server.ask("GET", f"/v1/verdicts/{DIGEST}", token="reader")[2]["sbomSha256"] == hashlib.sha256(text.encode()).hexdigest()


def beyond():
    text, _ = sbom_of(16 * MIB)
    return (text + " " * (16 * MIB - len(text) + 1)).encode()


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_beyond_the_limit_it_is_told_which_one(server, encoding):
    """By what it becomes, although what is sent is small."""
    answer = server.ask("POST", "/v1/scan", packed(encoding, beyond()), "ci", Content_Encoding=encoding)
    assert is_problem(answer, 413) and "16777216 bytes" in answer[2]["detail"], answer[2]
    assert server.ask("POST", "/v1/scan", SBOM, "ci")[0] == 200


@pytest.mark.parametrize("waits", [True, False])
def test_beyond_the_limit_whoever_sends_it_is_told_while_it_is_sent(server, tmp_path, waits):
    """Also who does not ask first whether it may come."""
    (tmp_path / "sbom.json").write_bytes(beyond())
    done = run("curl", "--silent", "--show-error", "--cacert", server.certificate, "-H", "Authorization: Bearer secret-ci", *([] if waits else ["-H", "Expect:"]),
               "--data-binary", f"@{tmp_path / 'sbom.json'}", f"https://localhost:{server.port}/v1/scan")
    assert done.returncode == 0 and json.loads(done.stdout)["detail"] == "a body of more than 16777216 bytes", done.stderr

"""initscan-server over TLS: what it answers to whom, and that it loses nothing it has acknowledged."""

import gzip
import itertools
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import threading
import time

import jsonschema
import pytest

from postgresql_server import PostgresqlServer, is_installed
from scan_server import Contract, DIGEST, SBOM, TOKENS, ScanServer, make_index, report_of, write_tokens
from store_load import Writers, fill, hold_to_account
from support import PROJECT, need_root_for, run

WRITES = int(os.environ.get("INITSCAN_STORE_WRITES", "800"))  # while things are killed
VERDICT = json.loads((PROJECT / "docs" / "schemas" / "verdict.schema.json").read_text())

IDLE_CLIENTS = 60


@pytest.fixture(scope="module")
def postgresql():
    if not is_installed():
        pytest.skip("no PostgreSQL 15 (./dev setup installs it)")
    server = PostgresqlServer(settings=["fsync=off"]).start()
    yield server
    server.stop()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def new_store(request):
    """new_store(): where a server keeps things, of each kind; None is a file beside it."""
    if request.param == "sqlite":
        return lambda: None
    server = request.getfixturevalue("postgresql")
    numbers = itertools.count()
    return lambda: server.new_database(f"store{next(numbers)}")


@pytest.fixture(scope="module")
def shared(server_program, index, new_store, tmp_path_factory):
    made = ScanServer(server_program, tmp_path_factory.mktemp("server"), index, "--max-age-hours", "87600", store=new_store())
    yield made
    made.close()


@pytest.fixture
def own(server_program, index, tmp_path):
    """own(options): a server of this test's own, with a copy of the index."""
    made = []

    def start(*options, store=None):
        copy = tmp_path / "advisories.db"
        if not copy.exists():
            shutil.copy(index, copy)
        made.append(ScanServer(server_program, tmp_path, copy, *options, store=store))
        return made[-1]

    yield start
    for server in made:
        server.close()


@pytest.fixture
def own_of_each(own, new_store):
    """own_of_each(options): the same, with each kind of store."""
    return lambda *options: own(*options, store=new_store())


def is_problem(answer, status):
    got, headers, body = answer
    return got == status and headers["Content-Type"] == "application/problem+json" and body["status"] == status and body["title"] and body["detail"]


# Who may.

@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_for_everybody(shared, path):
    status, _, body = shared.ask("GET", path)
    assert (status, body) == (200, b"ok\n")


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer secret-nobody"}, {"Authorization": "Basic c2VjcmV0LWNp"}, {"Authorization": "Bearer "},
                                     {"Authorization": "Bearer secret-ci secret-gate"}], ids=["none", "unknown", "basic", "empty", "two"])
def test_without_a_known_token_nobody_gets_an_answer(shared, headers):
    for method, path in (("GET", "/v1/images"), ("POST", "/v1/scan"), ("GET", "/metrics"), ("GET", "/v1/index")):
        answer = shared.ask(method, path, b"{}" if method == "POST" else None, **headers)
        assert is_problem(answer, 401) and answer[1]["WWW-Authenticate"] == "Bearer", (path, answer)


@pytest.mark.parametrize("token, method, path", [("ci", "POST", "/v1/reports"), ("ci", "GET", "/v1/images"), ("reader", "POST", "/v1/scan"),
                                                 ("reader", "GET", "/v1/index"), ("mirror", "GET", "/metrics"), ("prometheus", "GET", f"/v1/verdicts/{DIGEST}")])
def test_a_token_is_for_its_scopes_alone(shared, token, method, path):
    answer = shared.ask(method, path, b"{}" if method == "POST" else None, token)
    assert is_problem(answer, 403) and "it needs the scope" in answer[2]["detail"]


def test_a_client_that_asks_too_often_waits(own):
    server = own("--client-requests", "5")
    answers = [server.ask("GET", "/v1/images", token="reader") for _ in range(40)]
    refused = [a for a in answers if a[0] == 429]
    assert refused and is_problem(refused[0], 429) and refused[0][1]["Retry-After"] == "1"
    assert server.ask("GET", "/metrics", token="prometheus")[0] == 200, "another client is not slowed"


def test_tokens_are_read_again_and_a_damaged_file_changes_nothing(own):
    server = own()
    assert server.ask("GET", "/v1/images", token="late")[0] == 401
    write_tokens(server.tokens, {"late": "read", "prometheus": "metrics"})
    server.wait_for_line("tokens read count=2")
    assert server.ask("GET", "/v1/images", token="late")[0] == 200
    assert server.ask("GET", "/v1/images", token="reader")[0] == 401
    server.tokens.write_text("late read nothing\n")
    server.wait_for_line("tokens not read, those before stay: .*: 1: want the token's SHA-256")
    assert server.ask("GET", "/v1/images", token="late")[0] == 200


# Scans.

def sbom_verdict(initscan, index, folder, sbom):
    path = folder / "sbom.json"
    path.write_text(json.dumps(sbom))
    done = run(initscan, "gate", "--sbom", f"0={path}", "--image", "0=shop", "--db", index, "--format", "json")
    return json.loads(done.stdout)


def test_a_scan_says_what_the_program_says(shared, initscan, index, tmp_path):
    status, headers, got = shared.ask("POST", "/v1/scan?image=shop", SBOM, "ci")
    assert status == 200 and headers["Content-Type"] == "application/json"
    jsonschema.validate(got, VERDICT)
    want = sbom_verdict(initscan, index, tmp_path, SBOM)
    assert got["images"][0]["findings"], "the example has findings"
    for verdict in (got, want):
        del verdict["evaluatedAt"]
    assert got == want


def packed(name, text):
    if name == "gzip":
        return gzip.compress(text, mtime=0)
    return subprocess.run(["zstd", "-c"], input=text, capture_output=True, check=True).stdout


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_a_packed_body_is_the_same(shared, encoding):
    _, _, plain = shared.ask("POST", "/v1/scan", SBOM, "ci")
    status, _, got = shared.ask("POST", "/v1/scan", packed(encoding, json.dumps(SBOM).encode()), "ci", Content_Encoding=encoding)
    assert status == 200 and got["images"] == plain["images"]


def test_the_pods_of_one_workload_are_answered_alike(own):
    server = own()
    repeated = "initscan_server_repeated_matches_total"
    first = server.ask("POST", "/v1/scan?image=shop", SBOM, "ci")
    assert first[0] == 200 and server.metric(repeated) == 0
    again = server.ask("POST", "/v1/scan?image=shop", SBOM, "ci")
    assert again[0] == 200 and again[2] == first[2] and again[1]["Content-Type"] == first[1]["Content-Type"]
    assert server.metric(repeated) == 1 and server.metric(f'initscan_server_matches_total{{verdict="{first[2]["verdict"]}"}}') == 2
    for target in ("/v1/scan?image=other", "/v1/match"):
        assert server.ask("POST", target, SBOM, "ci")[0] == 200
    assert server.metric(repeated) == 1, "another image and another question have answers of their own"


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_a_body_that_bursts_is_refused(shared, encoding):
    before = shared.rss_mib()
    answer = shared.ask("POST", "/v1/scan", packed(encoding, b" " * (200 << 20)), "ci", Content_Encoding=encoding)
    assert is_problem(answer, 413) and "when it is unpacked" in answer[2]["detail"]
    assert shared.rss_mib() - before < 64


@pytest.mark.parametrize("encoding, body, status, words", [
    ("br", b"x", 415, "want a body in gzip, in zstd or as it is"),
    ("gzip", b"x" * 20, 400, "the body's gzip stream is damaged"),
    ("gzip", gzip.compress(b"{}", mtime=0)[:-5], 400, "the body ends within its gzip stream"),
    ("gzip", gzip.compress(b"{}", mtime=0) + b"x", 400, "something follows the body's gzip stream"),
    ("zstd", b"x" * 20, 400, "the body's zstd stream is damaged"),
    ("identity", b"{", 400, "the SBOM: "),
    ("identity", b"{}", 400, "the SBOM: "),
    ("identity", b'{"bomFormat":"CycloneDX","specVersion":"2.0"}', 422, "the SBOM: ")])
def test_what_is_no_sbom_is_a_problem(shared, encoding, body, status, words):
    answer = shared.ask("POST", "/v1/scan", body, "ci", Content_Encoding=encoding)
    assert is_problem(answer, status) and answer[2]["detail"].startswith(words), answer[2]


def test_a_body_that_is_too_large_is_refused_before_it_comes(shared):
    answer = shared.ask("POST", "/v1/scan", None, "ci", Content_Length=str(17 << 20))
    assert answer[0] == 413


@pytest.mark.plain_build
def test_large_documents_at_once_do_not_fill_the_memory(own):
    server = own()
    many = [{"type": "library", "name": f"p{n}", "version": "1", "purl": f"pkg:deb/debian/p{n}@1?distro=debian-12"} for n in range(60_000)]
    body = packed("zstd", json.dumps({**SBOM, "components": [SBOM["components"][0], *many]}).encode())
    statuses = []

    def ask():
        for _ in range(3):
            statuses.append(server.ask("POST", "/v1/scan", body, "ci", Content_Encoding="zstd")[0])

    asking = [threading.Thread(target=ask) for _ in range(8)]
    for thread in asking:
        thread.start()
    peak = 0
    while any(thread.is_alive() for thread in asking):
        peak = max(peak, server.rss_mib())
        time.sleep(0.02)
    assert set(statuses) == {200}, "they wait for their turn"
    assert peak < 192, f"{peak:.0f} MiB"
    assert server.ask("POST", "/v1/scan", SBOM, "ci")[0] == 200


@pytest.mark.plain_build
def test_answers_that_nobody_takes_do_not_fill_the_memory(own):
    server = own("--client-requests", "1000")
    many = [{**SBOM["components"][1], "name": f"p{n}", "purl": f"pkg:deb/debian/p{n}@3.0.9-1?distro=debian-12&upstream=openssl"} for n in range(4000)]
    body = packed("zstd", json.dumps({**SBOM, "components": [SBOM["components"][0], *many]}).encode())
    whole = server.ask("POST", "/v1/scan", body, "ci", Content_Encoding="zstd")
    assert whole[0] == 200 and len(json.dumps(whole[2])) > 1 << 20
    matches = f'initscan_server_matches_total{{verdict="{whole[2]["verdict"]}"}}'
    before, idle, peak = server.rss_mib(), [], 0
    try:
        for n in range(IDLE_CLIENTS):
            raw = socket.socket()
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            raw.connect(("127.0.0.1", server.port))
            idle.append(server.context.wrap_socket(raw, server_hostname="localhost"))
            idle[-1].sendall(f"POST /v1/scan?image=app{n} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer secret-ci\r\nContent-Encoding: zstd\r\n"
                             f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
            end = time.monotonic() + 30
            while server.metric(matches) < 2 + n:
                assert time.monotonic() < end, server.said()[-300:]
            peak = max(peak, server.rss_mib())
        assert peak < before + 64, f"{before:.0f} MiB before, {peak:.0f} MiB with {IDLE_CLIENTS} answers of {len(json.dumps(whole[2])) >> 10} KiB"
    finally:
        for connection in idle:
            connection.close()
    assert server.ask("POST", "/v1/scan", SBOM, "ci")[0] == 200


@pytest.mark.parametrize("path, status", [("/", 400), ("/v2/scan", 404), ("/v1/scan/more", 404), ("/v1//scan", 400), ("/v1/images/../scan", 400),
                                          ("/v1/images/%2e%2e/sbom", 400), ("/v1/images/%zz/sbom", 400), ("/v1/images/sha256:1/sbom", 400),
                                          ("/v1/images/%00/sbom", 400), ("/v1/images?limit=0", 400), ("/v1/images?limit=501", 400), ("/v1/images?limit=1&limit=2", 400),
                                          ("/v1/images?after=%ff", 400), ("/v1/images?limit=ten", 400), ("/v1/images?Namespace=shop", 400), (f"/v1/verdicts/{DIGEST}?limit=1", 400), (f"/v1/images/{DIGEST}/history?before=-1", 400)])
def test_a_path_or_a_query_that_is_none_is_a_problem(shared, path, status):
    assert is_problem(shared.ask("GET", path, token="reader"), status)


def test_what_is_refused_before_a_route_is_a_problem_too(shared):
    assert is_problem(shared.ask("GET", "/v1/images?after=" + "a" * 20_000, token="reader"), 431)
    asking = shared.connection()
    asking.putrequest("POST", "/v1/scan")
    for name, value in (("Authorization", "Bearer secret-ci"), ("Content-Encoding", "gzip"), ("Content-Encoding", "gzip"), ("Content-Length", "2")):
        asking.putheader(name, value)
    asking.endheaders(b"{}")
    answer = asking.getresponse()
    assert answer.status == 400 and json.loads(answer.read())["detail"] == "want one Content-Encoding"


def test_another_method_is_told_which(shared):
    answer = shared.ask("PUT", "/v1/reports", b"{}", "gate")
    assert is_problem(answer, 405) and answer[1]["Allow"] == "POST"
    assert shared.ask("DELETE", "/v1/images", token="reader")[1]["Allow"] == "GET, HEAD"


# Reports.

def test_what_was_reported_comes_back(own_of_each):
    server = own_of_each("--cluster", "one")
    status, _, kept = server.ask("POST", "/v1/reports", report_of(), "gate")
    assert status == 201 and kept["asReported"] is True
    assert kept["reporter"] == {"name": "gate", "namespace": None, "pod": None, "podUid": None, "node": None, "workload": None}
    assert kept["findings"]["critical"] == {"total": 1, "fixable": 1} and kept["findings"]["high"] == {"total": 0, "fixable": 0}
    assert server.ask("POST", "/v1/reports", report_of(), "gate")[0] == 200, "the same again is no second one"
    assert server.ask("POST", "/v1/reports", report_of(severity=None, outcome="pass"), "gate")[0] == 201

    status, _, verdict = server.ask("GET", f"/v1/verdicts/{DIGEST}", token="reader")
    assert status == 200 and verdict["verdict"] == "pass" and verdict["digest"] == DIGEST
    _, _, history = server.ask("GET", f"/v1/images/{DIGEST}/history?limit=1", token="reader")
    assert [r["verdict"] for r in history["reports"]] == ["pass"] and history["next"]
    _, _, rest = server.ask("GET", f"/v1/images/{DIGEST}/history?before={history['next']}", token="reader")
    assert [r["verdict"] for r in rest["reports"]] == ["fail"] and rest["next"] is None

    status, headers, sbom = server.ask("GET", f"/v1/images/{DIGEST}/sbom", token="reader")
    assert status == 200 and sbom == SBOM
    assert server.ask("GET", f"/v1/images/{DIGEST}/sbom", token="reader", If_None_Match=headers["ETag"])[0] == 304
    _, _, findings = server.ask("GET", f"/v1/images/{DIGEST}/findings", token="reader")
    jsonschema.validate(findings, VERDICT)
    assert findings["images"][0]["image"] == DIGEST and findings["images"][0]["findings"]
    assert server.metric('initscan_store_rows{kind="reports"}') == 2
    assert server.metric('initscan_store_rows{kind="sboms"}') == 1
    assert [server.metric(f'initscan_server_reports_total{{verdict="{verdict}"}}') for verdict in ("fail", "pass", "undecided")] == [1, 1, 0]


def test_images_come_in_pages(own_of_each):
    server = own_of_each()
    digests = sorted("sha256:" + f"{n:02x}" * 32 for n in range(7))
    for digest in digests:
        assert server.ask("POST", "/v1/reports", report_of(digest, None), "gate")[0] == 201
    seen, after = [], ""
    while True:
        _, _, page = server.ask("GET", f"/v1/images?limit=3{after}", token="reader")
        seen += [image["digest"] for image in page["images"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert seen == digests
    for path in (f"/v1/verdicts/{DIGEST}", f"/v1/images/{DIGEST}/sbom", f"/v1/images/{DIGEST}/history", f"/v1/images/{digests[0]}/sbom"):
        assert is_problem(server.ask("GET", path, token="reader"), 404), path


def test_a_package_is_found_in_the_images_that_hold_it(own_of_each):
    server = own_of_each()
    older = json.loads(json.dumps(SBOM).replace("3.0.9-1", "3.0.2-1"))
    odd = json.loads(json.dumps(SBOM).replace("3.0.9-1", "3.0-"))
    for letter, sbom in (("a", SBOM), ("b", older), ("c", odd)):
        assert server.ask("POST", "/v1/reports", report_of("sha256:" + letter * 64, sbom), "gate")[0] == 201

    def found(query):
        status, _, body = server.ask("GET", f"/v1/search?{query}", token="reader")
        assert status == 200, body
        return [(row["digest"][7], row["package"]["version"], row.get("below")) for row in body["found"]]

    everything = [("a", "3.0.9-1", None), ("b", "3.0.2-1", None), ("c", "3.0-", None)]
    assert found("package=libssl3") == found("package=openssl") == everything
    assert found("package=openssl&below=3.0.9-1") == [("b", "3.0.2-1", True), ("c", "3.0-", None)], "who cannot tell hides nothing"
    assert found("package=zlib") == []
    pages, after = [], ""
    while after is not None:
        _, _, body = server.ask("GET", f"/v1/search?package=openssl&limit=2{after}", token="reader")
        pages.append([row["digest"][7] for row in body["found"]])
        after = f"&after={body['next']}" if body["next"] else None
    assert pages == [["a", "b"], ["c"]]

    def not_searched():
        return server.ask("GET", "/v1/search?package=zlib", token="reader")[2]["notSearched"]

    before = not_searched()
    other = {"type": "library", "name": "zoo", "version": "1", "purl": "pkg:cran/zoo@1"}
    for letter, sbom in (("d", {**SBOM, "components": [*SBOM["components"], other]}), ("e", None)):
        assert server.ask("POST", "/v1/reports", report_of("sha256:" + letter * 64, sbom), "gate")[0] == 201
    assert not_searched() - before == 2, "what is not read is nowhere in the answers, and no SBOM says nothing"


def test_a_package_is_found_without_the_name_of_whose_it_is(own_of_each):
    """Outside of a cluster no workload is known."""
    server = own_of_each()
    sbom = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
        {"type": "library", "group": "org.apache.logging.log4j", "name": "log4j-core", "version": version,
         "purl": f"pkg:maven/org.apache.logging.log4j/log4j-core@{version}"} for version in ("2.14.1", "2.17.0")]}
    assert server.ask("POST", "/v1/reports", report_of(sbom=sbom), "gate")[0] == 201
    for name in ("log4j-core", "org.apache.logging.log4j:log4j-core"):
        (row,) = server.ask("GET", f"/v1/search?package={name}&below=2.17", token="reader")[2]["found"]
        assert (row["package"]["version"], row["below"], row["workloads"], row["moreWorkloads"]) == ("2.14.1", True, [], 0), row


@pytest.mark.parametrize("query, status, words", [
    ("", 400, "the query: want package=NAME or cve=ID"), ("package=a&cve=CVE-1", 400, "the query: want package=NAME or cve=ID"),
    ("package=", 400, "the query: want package=NAME"), ("cve=", 400, "the query: want cve=ID"), ("cve=" + "x" * 129, 400, "the query: want cve=ID"),
    ("cve=CVE-2023-5363&limit=0", 400, "the query's limit"),
    ("cve=CVE-2023-9999", 404, "the index knows no CVE-2023-9999: nobody can tell which images have it")])
def test_a_search_that_cannot_be_answered_is_a_problem(shared, query, status, words):
    answer = shared.ask("GET", f"/v1/search?{query}", token="reader")
    assert is_problem(answer, status) and answer[2]["detail"].startswith(words), answer[2]


def collected(sbom):
    """As the collector says of it that it saw everything."""
    seen = {"filesSeen": "1", "unreadable": "0", "otherMounts": "0", "unsupported": "0", "truncated": "false"}
    return {**sbom, "metadata": {"properties": [{"name": f"initscan:coverage:{name}", "value": value} for name, value in seen.items()]}}


def test_a_vulnerability_is_found_in_the_images_that_have_it(own_of_each):
    server = own_of_each()
    repaired = json.loads(json.dumps(SBOM).replace("3.0.9-1", "3.0.17-1~deb12u3"))
    odd = json.loads(json.dumps(SBOM).replace("3.0.9-1", "3.0-"))
    for letter, sbom in (("a", collected(SBOM)), ("b", collected(repaired)), ("c", collected(odd)), ("d", None)):
        assert server.ask("POST", "/v1/reports", report_of("sha256:" + letter * 64, sbom), "gate")[0] == 201

    def found(query):
        status, _, body = server.ask("GET", f"/v1/search?{query}", token="reader")
        assert status == 200, body
        return body

    body = found("cve=cve-2023-5363")
    assert [(row["digest"][7], row["affected"]) for row in body["found"]] == [("a", True), ("c", None), ("d", None)], body
    assert body["found"][0]["packages"] == [{"type": "deb", "name": "libssl3", "version": "3.0.9-1", "source": "openssl",
                                             "severity": "high", "fixed": "3.0.11-1~deb12u2"}]
    assert body["found"][0]["why"] is None and body["found"][0]["namespace"] is None
    assert "CVE-2023-5363" in body["found"][1]["why"] and body["found"][2]["why"] == "no SBOM of it has been reported"
    assert body["advisoriesDate"] and body["next"] is None

    pages, after = [], ""
    while after is not None:
        page = found(f"cve=CVE-2023-5363&limit=1{after}")
        pages.append([row["digest"][7] for row in page["found"]])
        after = f"&after={page['next']}" if page["next"] else None
    assert pages == [["a"], [], ["c"], ["d"]], "each page looks at so many images, and shows those that matter"


def test_a_body_cannot_say_who_sends_it(shared):
    for forged in ({"namespace": "kube-system"}, {"pod": "other"}, {"reporter": "admin"}):
        answer = shared.ask("POST", "/v1/reports", {**report_of(), **forged}, "gate")
        assert is_problem(answer, 400) and "is known in a report" in answer[2]["detail"]


@pytest.mark.parametrize("change, status, words", [
    ({"schema": "other"}, 422, "schema: want"),
    ({"image": {"digest": "latest"}}, 400, "image.digest: want"),
    ({"image": {"digest": DIGEST, "reference": "x" * 513}}, 413, "image.reference: more than 512 bytes"),
    ({"verdict": {}}, 422, "verdict.schema: want"),
    ({"verdict": {**report_of()["verdict"], "verdict": "clean"}}, 400, "verdict.verdict: want"),
    ({"verdict": {**report_of()["verdict"], "images": []}}, 400, "verdict.images: want one image"),
    ({"verdict": {**report_of()["verdict"], "policy": {"sha256": "x"}}}, 400, "verdict.policy.sha256: want"),
    ({"verdict": {**report_of()["verdict"], "advisories": {"date": "yesterday"}}}, 400, "verdict.advisories.date: want"),
    ({"sbom": SBOM}, 400, "sbom: want the document as one text"),
    ({"sbom": "{}"}, 400, "sbom: ")])
def test_a_report_that_is_none_is_a_problem(shared, change, status, words):
    answer = shared.ask("POST", "/v1/reports", {**report_of(), **change}, "gate")
    assert is_problem(answer, status) and answer[2]["detail"].startswith(words), answer[2]


# Audits.

SUMS = {"pods": 12, "containers": 20, "skippedPods": 0, "gaps": 1, "unknown": 2, "accepted": 3, "new": 0, "passed": 5,
        "workloads": {"rotate-now": 1, "make-immutable": 2, "not-started": 0, "unknown": 0, "fine": 3},
        "failures": {"critical": 0, "high": 2, "medium": 1, "low": 4, "negligible": 0, "unknown": 0}}


def audit_of(made="2026-11-27T03:17:00Z", **more):
    return {"schema": "initscan.io/audit/v1", "made": made, "comparedWith": None, "policy": "nightly", "complete": False, "summary": SUMS,
            "warnings": [], "clusters": [], "exceptions": [], "checks": [], "workloads": [], "waves": [], "fixed": [], "notRead": [], **more}


def test_an_audit_that_was_sent_comes_back_as_it_was(own_of_each):
    server = own_of_each("--cluster", "one", "--keep-audits", "2")
    assert is_problem(server.ask("GET", "/v1/audits/latest", token="reader"), 404)
    assert server.metric("initscan_server_audit_timestamp_seconds") == 0
    ids = []
    for day in (26, 27):
        status, _, kept = server.ask("POST", "/v1/audits", audit_of(f"2026-11-{day}T03:17:00Z"), "auditor")
        assert status == 201 and kept["reporter"] == "auditor", kept
        ids.append(kept["id"])
    assert server.ask("POST", "/v1/audits", audit_of(), "auditor")[0] == 200, "the same again is no second one"
    assert kept["summary"] == {"policy": "nightly", "complete": False, "clusters": [], **{key: SUMS[key] for key in ("pods", "containers", "gaps", "unknown", "accepted")},
                               "workloads": SUMS["workloads"], "failures": {key: SUMS["failures"][key] for key in ("critical", "high", "medium", "low")}}

    _, _, page = server.ask("GET", "/v1/audits?limit=1", token="reader")
    assert [audit["made"] for audit in page["audits"]] == ["2026-11-27T03:17:00Z"] and page["next"] == ids[1]
    _, _, rest = server.ask("GET", f"/v1/audits?before={page['next']}", token="reader")
    assert [audit["id"] for audit in rest["audits"]] == ids[:1] and rest["next"] is None
    status, headers, latest = server.ask("GET", "/v1/audits/latest", token="reader")
    assert status == 200 and latest == audit_of()
    assert server.ask("GET", f"/v1/audits/{ids[1]}", token="reader", If_None_Match=headers["ETag"])[0] == 304
    assert server.ask("GET", f"/v1/audits/{ids[0]}", token="reader")[2]["made"] == "2026-11-26T03:17:00Z"
    assert server.metric('initscan_store_rows{kind="audits"}') == 2
    assert server.metric("initscan_server_audit_timestamp_seconds") == 1795749420


@pytest.mark.parametrize("token, method, path", [("gate", "POST", "/v1/audits"), ("reader", "POST", "/v1/audits"), ("auditor", "GET", "/v1/audits"),
                                                 ("auditor", "GET", "/v1/audits/latest"), ("gate", "GET", "/v1/audits/1")])
def test_audits_are_for_who_may(shared, token, method, path):
    answer = shared.ask(method, path, audit_of() if method == "POST" else None, token)
    assert is_problem(answer, 403) and "namespace" not in answer[2]["detail"], "of a part of the cluster there is none"


@pytest.mark.parametrize("method, path, body, status, words", [
    ("POST", "/v1/audits", b"", 400, "not JSON: there is nothing"), ("POST", "/v1/audits", b"{}", 422, "schema: want"),
    ("POST", "/v1/audits", audit_of(summary={}), 400, "summary.pods: want a count"),
    ("GET", "/v1/audits/0", None, 400, "want an audit's id"), ("GET", "/v1/audits/newest", None, 400, "want an audit's id"),
    ("GET", "/v1/audits/9", None, 404, "there is no audit of this id"), ("GET", "/v1/audits?before=x", None, 400, "the query's before"),
    ("GET", "/v1/audits?namespace=shop", None, 400, "an audit is of the whole cluster")])
def test_what_is_no_audit_is_a_problem(shared, method, path, body, status, words):
    answer = shared.ask(method, path, body, "auditor" if method == "POST" else "reader")
    assert is_problem(answer, status) and answer[2]["detail"].startswith(words), answer[2]


# What was acknowledged is there.

def test_nothing_acknowledged_is_lost_when_the_server_is_killed(own):
    server = own("--client-requests", "100000")
    writers = Writers(server)
    try:
        for life in range(3):
            writers.wait_for(WRITES // 4)
            server.kill()
            server.start()
        writers.wait_for(WRITES // 4)
    finally:
        writers.stop()
    hold_to_account(server, writers.acknowledged)


def test_a_backup_of_a_running_server_is_restored(own, tmp_path):
    server = own()
    assert server.ask("POST", "/v1/reports", report_of(), "gate")[0] == 201
    with sqlite3.connect(server.store) as live, sqlite3.connect(tmp_path / "backup.db") as copy:
        live.backup(copy)
    later = "sha256:" + "b" * 64
    assert server.ask("POST", "/v1/reports", report_of(later), "gate")[0] == 201
    server.kill()
    for path in (server.store, *server.store.parent.glob("store.db-*")):
        path.unlink()
    (tmp_path / "backup.db").rename(server.store)
    server.start()
    assert server.ask("GET", f"/v1/images/{DIGEST}/sbom", token="reader")[2] == SBOM
    assert server.ask("GET", f"/v1/verdicts/{later}", token="reader")[0] == 404


def test_a_full_store_refuses_and_keeps_what_it_has(own):
    server = own("--store-max-mib", "1", "--store-share-mib", "2", "--client-requests", "10000")
    statuses = []
    for n in range(200):
        noise = os.urandom(16 << 10).hex()
        status, _, body = server.ask("POST", "/v1/reports", report_of("sha256:" + f"{n:08x}" * 8, {**SBOM, "serialNumber": noise}), "gate")
        statuses.append(status)
        if status != 201:
            break
    assert statuses[-1] == 507 and "more than they would leave for others" in body["detail"], body
    assert len(statuses) > 10
    assert server.metric("initscan_server_refused_reports_total") == 1
    assert server.metric('initscan_store_rows{kind="reports"}') == len(statuses) - 1
    assert server.metric("initscan_store_bytes") <= server.metric("initscan_store_max_bytes") == 1 << 20


def test_damage_that_is_found_later_is_told_and_ends_readiness(own):
    server = own("--client-requests", "10000")
    digests = ["sha256:" + f"{n:08x}" * 8 for n in range(20)]
    for digest in digests:
        # More than SQLite remembers of a file.
        assert server.ask("POST", "/v1/reports", report_of(digest, {**SBOM, "serialNumber": os.urandom(200_000).hex()}), "gate")[0] == 201
    server.close()
    server.start()
    assert server.ask("GET", "/readyz")[0] == 200
    with open(server.store, "r+b") as file:
        for place in range(2 << 12, server.store.stat().st_size, 1 << 12):
            file.seek(place)
            file.write(b"\xff" * (1 << 12))
    answers = [server.ask("GET", f"/v1/images/{digest}/sbom", token="reader") for digest in digests]
    damaged = [answer for answer in answers if answer[0] != 200]
    server.wait_for_line("level=error store: .*malformed")
    assert damaged and all(is_problem(answer, 500) and str(server.store) not in answer[2]["detail"] for answer in damaged)
    answer = server.ask("GET", "/readyz")
    assert is_problem(answer, 503) and "the store is damaged" in answer[2]["detail"]
    server.kill()


def test_nobody_fills_the_store_alone(own):
    server = own("--store-max-mib", "4", "--client-requests", "10000")
    write_tokens(server.tokens, {**TOKENS, "other": "report"})
    server.wait_for_line("tokens read count=7")
    for n in range(200):
        noise = {**SBOM, "serialNumber": os.urandom(16 << 10).hex()}
        status, _, body = server.ask("POST", "/v1/reports", report_of("sha256:" + f"{n:08x}" * 8, noise), "gate")
        if status != 201:
            break
    assert status == 507 and body["detail"].startswith("the reports of gate would take more than their share of the store"), body
    assert 20 < n < 80
    assert server.ask("POST", "/v1/reports", report_of(), "other")[0] == 201


def heavy_sbom(number):
    """Of 150 packages that no other one has, with texts that cannot be packed."""
    names = [os.urandom(12).hex() for _ in range(150)]
    return {**SBOM, "serialNumber": os.urandom(4 << 10).hex(), "components": [
        SBOM["components"][0], *({"type": "library", "name": name, "version": f"1.{number}", "purl": f"pkg:deb/debian/{name}@1.{number}"} for name in names)]}


def test_however_many_fill_it_the_store_has_room_for_whoever_comes_last(own_of_each):
    """And what was acknowledged is there."""
    clients = [f"client{n}" for n in range(8)]
    server = own_of_each("--store-max-mib", "32", "--client-requests", "10000")
    write_tokens(server.tokens, {**TOKENS, **dict.fromkeys(clients, "report")})
    server.wait_for_line("tokens read count=14")
    kept = []
    for client in clients:
        before = len(kept)
        for n in range(200):
            digest = "sha256:" + os.urandom(32).hex()
            status, _, body = server.ask("POST", "/v1/reports", report_of(digest, heavy_sbom(n)), client)
            if status != 201:
                break
            kept.append(digest)
        assert status == 507 and body["detail"].startswith(f"the reports of {client} would take "), body
        assert len(kept) > before, f"{client} came too late"
        assert server.metric("initscan_store_reports_bytes") <= server.metric("initscan_store_reports_max_bytes") == 24 << 20
    if server.store.__class__ is not str:  # a file
        assert server.metric("initscan_store_bytes") < server.metric("initscan_store_max_bytes") * 0.95
    assert server.metric("initscan_server_refused_reports_total") == len(clients)
    assert server.metric('initscan_store_rows{kind="reports"}') == len(kept)
    for digest in kept:
        assert server.ask("GET", f"/v1/images/{digest}/sbom", token="reader")[0] == 200


ONLY_ITS_FOLDER = ('mount --make-rprivate / && mount -t tmpfs -o ro none /var/tmp && mount --bind /tmp /tmp && mount -o remount,ro,bind /tmp'
                   ' && mount --bind "$0" "$0" && mount -o remount,rw,bind "$0" && cd /tmp && exec "$@"')


def test_the_folder_of_its_store_is_all_that_it_writes_to(server_program, index, tmp_path):
    """As in a container whose root is read-only: also where there is more to sort than is kept in memory."""
    need_root_for("a mount namespace of its own")
    assert str(tmp_path).startswith("/tmp/"), tmp_path
    server = ScanServer(server_program, tmp_path, index)
    server.close()
    many = 40_000
    with sqlite3.connect(server.store) as database:
        database.execute("INSERT INTO images VALUES ('default', ?, 1, 1)", (DIGEST,))
        columns = {name: 0 for _, name, *_ in database.execute("PRAGMA table_info(reports)")}
        columns |= {"cluster": "default", "digest": DIGEST, "verdict": "pass", "sbom_sha256": None, "received_at": int(time.time()),
                    **dict.fromkeys(("reference", "pod", "node", "reporter", "data_date", "policy_sha256", "workload"), "x" * 60), "workload_kind": "Deployment"}
        rows = ({**columns, "id": n + 1, "namespace": f"{n // 2:060}", "pod_uid": f"{n}", "verdict_sha256": f"{n:064}"} for n in range(many))
        database.executemany(f"INSERT INTO reports VALUES ({', '.join(f':{name}' for name in columns)})", rows)
    database.close()
    server.argv = ["unshare", "--mount", "sh", "-c", ONLY_ITS_FOLDER, tmp_path, *server.argv, "--keep-reports", "1"]
    server.start()
    end = time.monotonic() + 60
    while server.metric('initscan_store_rows{kind="reports"}') != many // 2:
        assert time.monotonic() < end and "store: " not in server.said(), server.said()
        time.sleep(0.2)
    assert server.ask("GET", "/v1/search?cve=CVE-2023-5363", token="reader")[0] == 200
    assert "level=error" not in server.said()
    server.close()


def test_many_packages_are_not_kept_for_little(own):
    server = own()
    sbom = {**SBOM, "components": [SBOM["components"][0], *({"type": "library", "name": f"a{n}", "purl": f"pkg:deb/debian/a{n}@1"} for n in range(50_001))]}
    status, _, body = server.ask("POST", "/v1/reports", report_of(sbom=sbom), "gate")
    assert status == 413 and body["detail"] == "sbom: more than 50000 packages", body


def test_a_full_disk_refuses_and_comes_back(own, tmp_path):
    need_root_for("a file system of its own")
    disk = tmp_path / "disk"
    disk.mkdir()
    run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk, check=True)
    try:
        server = own("--client-requests", "100000", store=disk / "store.db")
        writers = Writers(server)
        writers.wait_for(WRITES // 10)
        filler = disk / "filler"
        fill(filler)
        end = time.monotonic() + 30
        while not any("507" in why for _, why in writers.failures):
            assert time.monotonic() < end, writers.failures[-3:]
            time.sleep(0.05)
        hold_to_account(server, set(writers.acknowledged), every=100)
        assert server.metric("initscan_store_up") == 1
        filler.unlink()
        writers.wait_for(WRITES // 10)
        fill(filler)
        time.sleep(0.2)
        server.kill()
        filler.unlink()
        server.start()
        writers.wait_for(WRITES // 10)
        writers.stop()
        assert {why.split(" ")[0] for _, why in writers.failures if why[0].isdigit()} == {"507"}, writers.failures[:5]
        assert any("nothing of this write was kept: free space" in why for _, why in writers.failures)
        hold_to_account(server, writers.acknowledged)
        server.close()
    finally:
        run("umount", "-l", disk)


# The index.

def test_the_index_comes_whole_and_once(shared, index):
    status, headers, body = shared.ask("GET", "/v1/index", token="mirror")
    assert status == 200 and body == index.read_bytes()
    assert shared.ask("GET", "/v1/index", token="mirror", If_None_Match=f'"other", {headers["ETag"]}')[0] == 304
    status, head, body = shared.ask("HEAD", "/v1/index", token="mirror")
    assert (status, body, head["Content-Length"]) == (200, b"", str(index.stat().st_size))


def osv(folder, *records):
    folder.mkdir(exist_ok=True)
    for name, modified in records:
        (folder / f"{name}.json").write_text(json.dumps({
            "id": name, "modified": modified, "published": modified, "affected": [{
                "package": {"ecosystem": "Debian:12", "name": "openssl"},
                "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99"}]}]}]}))
    return f"osv:{folder}"


@pytest.fixture
def made(initscan, tmp_path):
    """made(name, records): an index of a few statements."""
    return lambda name, *records: make_index(initscan, tmp_path / name, osv(tmp_path / f"{name}.feed", *records))


MANY = [(f"CVE-2026-{n:04d}", "2026-01-01T00:00:00Z") for n in range(20)]


def test_a_new_index_is_taken_up_and_a_worse_one_is_not(server_program, made, tmp_path):
    place = tmp_path / "index.db"
    os.rename(made("first", *MANY), place)
    server = ScanServer(server_program, tmp_path, place)

    def findings():
        _, _, verdict = server.ask("POST", "/v1/scan", SBOM, "ci")
        return {f["id"] for f in verdict["images"][0]["findings"]}

    def refused(words, count):
        server.wait_for_line(f"index not taken, the one before stays: {place}: {words}")
        assert server.metric("initscan_index_refused_files") == count
        assert "CVE-2026-9999" in findings()

    try:
        assert "CVE-2026-9999" not in findings()
        os.rename(made("second", *MANY, ("CVE-2026-9999", "2026-02-01T00:00:00Z")), place)
        server.wait_for_line("index taken sha256=.* date=2026-02-01T00:00:00Z")
        assert "CVE-2026-9999" in findings()
        assert server.metric("initscan_advisory_data_timestamp_seconds") == 1769904000
        os.rename(made("older", *MANY), place)
        refused("older than the index in use", 1)
        os.rename(made("emptier", *MANY[:5], ("CVE-2026-9998", "2026-03-01T00:00:00Z")), place)
        refused("emptier than the index in use", 2)
        (tmp_path / "broken").write_bytes(place.read_bytes()[:-100])
        os.rename(tmp_path / "broken", place)
        refused("damaged", 3)
        place.unlink()
        refused("cannot open", 4)
        assert server.ask("GET", "/readyz")[0] == 200
    finally:
        server.close()


def test_requests_go_on_while_the_index_is_replaced(server_program, made, tmp_path):
    place = tmp_path / "index.db"
    records = list(MANY)
    os.rename(made("first", *records), place)
    server = ScanServer(server_program, tmp_path, place, "--client-requests", "100000")
    stop, statuses = threading.Event(), []

    def ask():
        connection = server.connection()
        while not stop.is_set():
            statuses.append(server.ask("POST", "/v1/scan", SBOM, "ci", connection)[0])

    asking = [threading.Thread(target=ask) for _ in range(3)]
    try:
        for thread in asking:
            thread.start()
        for n in range(3):
            records.append((f"CVE-2026-8{n:03d}", f"2026-0{n + 2}-01T00:00:00Z"))
            os.rename(made(f"next{n}", *records), place)
            server.wait_for_line(f"index taken sha256=.* date=2026-0{n + 2}-01")
    finally:
        stop.set()
        for thread in asking:
            thread.join()
        server.close()
    assert len(statuses) > 100 and set(statuses) == {200}


def test_it_is_ready_with_a_young_index_alone(server_program, made, tmp_path):
    place = tmp_path / "index.db"
    server = ScanServer(server_program, tmp_path, place, "--max-age-hours", "24")
    try:
        answer = server.ask("GET", "/readyz")
        assert is_problem(answer, 503) and answer[2]["detail"] == "there is no index of advisories yet that can be read; the log says why"
        assert server.ask("GET", "/healthz")[0] == 200
        assert is_problem(server.ask("POST", "/v1/scan", SBOM, "ci"), 503)
        os.rename(made("old", *MANY), place)
        server.wait_for_line("index taken")
        answer = server.ask("GET", "/readyz")
        assert is_problem(answer, 503) and answer[2]["detail"].startswith("the index of advisories is too old: 2026-01-01")
        os.rename(made("young", *MANY, ("CVE-2026-9999", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))), place)
        server.wait_for_line("index taken.*\n.*index taken")
        assert server.ask("GET", "/readyz")[0] == 200
    finally:
        server.close()


# The document.

def test_the_document_has_each_route_and_no_other():
    text = (PROJECT / "server" / "api" / "routes.cc").read_text()
    routes = {(method.lower(), path) for method, path in re.findall(r'"(GET|POST)", "(/[^"]+)"', text)}
    open_to_all = {("get", "/healthz"), ("get", "/readyz")}
    paths = Contract().document["paths"]
    assert routes | open_to_all == {(method, path) for path, methods in paths.items() for method in methods}
    assert {path for path, methods in paths.items() for method in methods.values() if method.get("security") == []} == {"/healthz", "/readyz"}


# Starting.

@pytest.mark.parametrize("options, words", [
    ([], "want --token-file or --token-review: without, nobody may ask anything"),
    (["--token-file", "/none"], "/none: cannot open: No such file or directory"),
    (["--token-file", "TOKENS", "--policy", "/none"], "/none: cannot open: No such file or directory"),
    (["--token-file", "TOKENS", "--listen", "nowhere"], '--listen: want ADDRESS:PORT, got "nowhere"')])
def test_what_cannot_start_says_why(server_program, index, tmp_path, options, words):
    tokens = write_tokens(tmp_path / "tokens")
    done = run(server_program, "serve", "--store", tmp_path / "store.db", "--index", index, "--tls-cert", "none", "--tls-key", "none",
               *(str(tokens) if word == "TOKENS" else word for word in options))
    assert done.returncode in (1, 64) and done.stderr.splitlines()[-1] == f"initscan-server: error: {words}"


def test_a_damaged_store_is_told_at_the_start(server_program, index, tmp_path):
    (tmp_path / "store.db").write_bytes(b"x" * 5000)
    done = run(server_program, "serve", "--store", tmp_path / "store.db", "--index", index, "--tls-cert", "none", "--tls-key", "none",
               "--token-file", write_tokens(tmp_path / "tokens"))
    assert done.returncode == 1 and "file is not a database; put a backup in its place" in done.stderr

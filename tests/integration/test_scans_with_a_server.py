"""Scans whose server matches, or is told: the same verdict as by an index here, and never a clean pass by silence."""

import datetime
import json
import re
import time

import pytest

from odd_servers import OddServer, a_flood, answer, drops, silence
from scan_server import DIGEST, SBOM, ScanServer, make_certificate, make_index
from support import BIN, PROJECT, gate_message, program, run

NAMED = f"registry.example.com/shop@{DIGEST}"
SOUND = {**SBOM, "components": [SBOM["components"][0], {
    "type": "library", "name": "libssl3", "version": "3.0.99-1",
    "purl": "pkg:deb/debian/libssl3@3.0.99-1?arch=amd64&distro=debian-12&upstream=openssl"}]}
FREE_PORT = "https://localhost:1"  # where nobody listens


def advisories_of(folder, age):
    """The project's examples, as if they had been written so many days ago."""
    folder.mkdir()
    day = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=age)).strftime("%Y-%m-%dT00:00:00Z")
    for path in (PROJECT / "deploy" / "examples" / "advisories").glob("*.json"):
        (folder / path.name).write_text(json.dumps({**json.loads(path.read_text()), "modified": day}))
    return f"osv:{folder}"


@pytest.fixture(scope="module")
def index(initscan, tmp_path_factory):
    folder = tmp_path_factory.mktemp("index")
    return make_index(initscan, folder / "advisories.db", advisories_of(folder / "feed", 0))


@pytest.fixture(scope="module")
def old_index(initscan, tmp_path_factory):
    folder = tmp_path_factory.mktemp("old-index")
    return make_index(initscan, folder / "advisories.db", advisories_of(folder / "feed", 30))


@pytest.fixture(scope="module")
def server(index, tmp_path_factory):
    made = ScanServer(program("initscan-server"), tmp_path_factory.mktemp("server"), index)
    yield made
    made.close()


@pytest.fixture(scope="module")
def old_server(old_index, tmp_path_factory):
    made = ScanServer(program("initscan-server"), tmp_path_factory.mktemp("old-server"), old_index)
    yield made
    made.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("odd"))


@pytest.fixture
def odd(certificate):
    """odd(reply): a server that answers in this way."""
    made = []

    def start(reply):
        made.append(OddServer(*certificate, reply))
        return made[-1]

    yield start
    for one in made:
        one.close()


@pytest.fixture
def sboms(tmp_path):
    for name, document in (("bad", SBOM), ("sound", SOUND)):
        (tmp_path / f"{name}.json").write_text(json.dumps(document))
    return lambda name: tmp_path / f"{name}.json"


@pytest.fixture
def policy(tmp_path):
    """policy(spec): a file with it. SBOMs of others do not say what their writers saw."""
    def write(spec=""):
        path = tmp_path / "policy.yaml"
        path.write_text(f"apiVersion: initscan.io/v1alpha1\nkind: ScanPolicy\nmetadata: {{name: p}}\nspec: {{onUnreadable: warn, {spec}}}\n")
        return path
    return write


@pytest.fixture
def token(tmp_path):
    path = tmp_path / "token"
    path.write_text("secret-gate\n")
    return path


@pytest.fixture
def asking(token):
    """asking(server): the options with which a scan asks it."""
    return lambda server: ["--server", f"https://localhost:{server.port}", "--server-ca", server.certificate, "--server-token", token]


@pytest.fixture
def gate(initscan, tmp_path, sboms):
    """gate(sbom, option...): the gate over an SBOM: how it ended, what it says to programs, and to people."""
    def decide(sbom, *options, image=NAMED):
        log = tmp_path / "termination-log"
        log.write_text("")
        start = time.monotonic()
        done = run(initscan, "gate", "--sbom", f"0={sboms(sbom)}", "--image", f"0={image}", "--termination-log", log, *options)
        done.seconds = time.monotonic() - start
        done.line, done.words = gate_message(log.read_text()) if log.stat().st_size else ({}, "")
        return done
    return decide


def verdict(done):
    """The JSON of a verdict, without what two runs never share."""
    document = json.loads(done.stdout)
    del document["evaluatedAt"]
    return document


@pytest.mark.parametrize("name, code", [("bad", 2), ("sound", 0)])
def test_a_server_matches_as_the_index_here_does(initscan, server, index, sboms, policy, asking, name, code):
    options = ["--policy", policy(), "--format", "json"]
    here = run(initscan, "sbom", sboms(name), "--db", index, *options)
    there = run(initscan, "sbom", sboms(name), "--db", "/nowhere", *options, *asking(server))
    assert (here.returncode, there.returncode) == (code, code), there.stderr
    assert verdict(there) == verdict(here)


def test_a_server_knows_what_is_exploited_as_the_overlay_here_does(initscan, index, sboms, policy, token, asking, tmp_path):
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    (tmp_path / "kev.json").write_text(json.dumps({"dateReleased": now, "vulnerabilities": [{"cveID": "CVE-2023-5363", "dateAdded": "2024-05-06"}]}))
    (tmp_path / "epss.csv").write_text(f"#score_date:{now}\ncve,epss,percentile\nCVE-2023-5363,0.25,0.75\n")
    (tmp_path / "eol.json").write_text(json.dumps({"generated_at": now, "result": {"name": "debian", "releases": [{"name": "12", "eolFrom": "2025-01-01"}]}}))
    place = tmp_path / "advisories.db"
    place.write_bytes(index.read_bytes())
    overlay = tmp_path / "advisories.db.overlay"
    run(initscan, "db", "overlay", "--from", f"kev:{tmp_path}/kev.json", "--from", f"epss:{tmp_path}/epss.csv",
        "--from", f"end-of-life:{tmp_path}/eol.json", "-o", overlay, check=True)
    there = ScanServer(program("initscan-server"), tmp_path, place)
    try:
        for spec in ("", "onKnownExploited: warn", "onKnownExploited: allow, failOn: {epss: 0.25}", "onEndOfLife: deny"):
            options = ["--policy", policy(spec), "--format", "json"]
            here = run(initscan, "sbom", sboms("bad"), "--db", place, *options)
            asked = run(initscan, "sbom", sboms("bad"), "--db", "/nowhere", *options, *asking(there))
            assert verdict(asked) == verdict(here), asked.stderr
            (exploited,) = [f for f in verdict(asked)["images"][0]["findings"] if "knownExploited" in f]
            assert (exploited["id"], exploited["epss"]) == ("CVE-2023-5363", {"score": 0.25, "percentile": 0.75})
            assert "end-of-life" in asked.stdout
        status, _, body = there.ask("POST", "/v1/match", body=SBOM, token="ci")
        assert status == 200 and body["overlay"]["kev"] == now and body["supportEnd"] == "2025-01-01"
    finally:
        there.close()


def test_a_server_matches_a_real_image_as_the_index_here_does(initscan, minbase_root, advisories, tmp_path, policy, token, asking):
    index = make_index(initscan, tmp_path / "advisories.db", f"osv:{advisories('osv-debian12-changelogs')}")
    there = ScanServer(program("initscan-server"), tmp_path, index)
    try:
        for spec in ("onStaleData: allow", "onStaleData: allow, ignore: [{package: libc6, reason: r, expiresAt: 2999-01-01T00:00:00Z}]"):
            options = ["--policy", policy(spec), "--format", "json"]
            by_index = run(initscan, "rootfs", minbase_root, "--db", index, *options)
            by_server = run(initscan, "rootfs", minbase_root, *options, *asking(there))
            assert by_server.returncode == by_index.returncode, by_server.stderr
            assert verdict(by_server) == verdict(by_index)
            assert verdict(by_server)["images"][0]["findingsTotal"] > 10
    finally:
        there.close()


def test_an_sbom_can_come_from_standard_input(initscan, server, index, policy, asking):
    for document, code in ((SBOM, 2), (SOUND, 0)):
        for options in (["--db", index], asking(server)):
            done = run(initscan, "sbom", "-", *options, "--policy", policy(), input=json.dumps(document))
            assert done.returncode == code, done.stdout + done.stderr
    assert run(initscan, "sbom", "-", "--db", index, input="").returncode == 1


def test_the_policy_here_judges(initscan, server, sboms, policy, asking):
    mild = policy("ignore: [{package: openssl, reason: not reachable, expiresAt: 2999-01-01T00:00:00Z}]")
    assert run(initscan, "sbom", sboms("bad"), *asking(server), "--policy", mild).returncode == 0


# What is in the place of the server, which reason the verdict gives, and words of it. Of two clocks that wait for an answer, the
# courier's and the scanner's, either may be first on a busy machine.
LATE = "timed out|no answer within"
ODD = {
    "nobody": (None, "server-unreachable", "connect"),
    "no handshake": (lambda odd: odd(None), "server-unreachable", LATE),
    "silence": (lambda odd: odd(silence), "server-unreachable", LATE),
    "drops": (lambda odd: odd(drops), "server-unreachable", LATE),
    "a closed door": (lambda odd: odd(lambda connection: connection.close()), "server-unreachable", ""),
    "an error": (lambda odd: odd(answer("500 Oh", "what a day")), "server-refused", "HTTP 500: what a day"),
    "a busy one": (lambda odd: odd(answer("503 Busy", "later", Retry_After="600")), "server-refused", "HTTP 503: later"),
    "a page": (lambda odd: odd(answer("200 OK", "<html>welcome</html>")), "server-answer", "not JSON"),
    "nothing": (lambda odd: odd(answer("200 OK")), "server-answer", "there is nothing"),
    "another document": (lambda odd: odd(answer("200 OK", '{"schema": "initscan.io/verdict/v1", "verdict": "pass"}')), "server-answer", "schema"),
    "a flood": (lambda odd: odd(a_flood), "server-answer", "more than"),
    "no HTTP": (lambda odd: odd(lambda connection: connection.sendall(b"SSH-2.0-x\r\n\r\n")), "server-answer", ""),
}


@pytest.mark.parametrize("case", ODD)
def test_without_a_sensible_answer_nothing_is_clean(gate, odd, certificate, policy, token, case):
    start, reason, words = ODD[case]
    url = start(odd).url if start else FREE_PORT
    ask = ["--server", url, "--server-ca", certificate[0], "--server-token", token, "--server-seconds", "2"]
    denied = gate("sound", *ask)
    assert denied.returncode == 1 and denied.seconds < 4, denied.seconds
    assert denied.line["verdict"] == "undecided" and denied.line["reason"] == reason, denied.words
    assert re.search(words, denied.words) and f"[{reason}]" in denied.words and f"explains {reason}" in denied.words, denied.words

    allowed = gate("sound", *ask, "--policy", policy("onUnavailable: allow"))
    assert allowed.returncode == 0 and allowed.seconds < 4
    assert allowed.line["verdict"] == "pass" and allowed.line["reason"] == reason
    assert f"[{reason}]" in allowed.words and f"[{reason}]" in allowed.stdout


@pytest.mark.parametrize("name, code", [("bad", 2), ("sound", 0)])
def test_the_index_here_can_take_its_place(gate, index, policy, token, name, code):
    ask = ["--server", FREE_PORT, "--server-token", token, "--policy", policy("onUnavailable: local")]
    replaced = gate(name, *ask, "--db", index)
    assert replaced.returncode == code, replaced.stdout
    assert "reason" not in replaced.line and "[server-replaced]" in replaced.words
    lost = gate(name, *ask, "--db", "/nowhere/advisories.db")
    assert lost.returncode == 1 and lost.line["reason"] == "server-unreachable", "there is none"
    assert "nor can the local index be asked: /nowhere/advisories.db" in lost.words


def test_old_advisories_are_no_pass(gate, old_server, index, policy, asking):
    ask = asking(old_server)
    assert gate("sound", *ask, "--policy", policy("staleAfterDays: 31")).returncode == 0
    denied = gate("sound", *ask)
    assert denied.returncode == 1 and denied.line["reason"] == "server-stale", denied.words
    failed = gate("bad", *ask)
    assert failed.returncode == 2 and failed.line["critical"] == "1/1", "what they know is true"
    allowed = gate("sound", *ask, "--policy", policy("onUnavailable: allow"))
    assert allowed.returncode == 0 and allowed.line["reason"] == "server-stale"
    local = gate("sound", *ask, "--policy", policy("onUnavailable: local"), "--db", index)
    assert local.returncode == 0 and "reason" not in local.line and "[server-replaced]" in local.words
    indifferent = gate("sound", *ask, "--policy", policy("onStaleData: allow"))
    assert indifferent.returncode == 0 and "reason" not in indifferent.line


def test_a_certificate_of_somebody_else_is_never_trusted(gate, server, certificate, token):
    ask = ["--server", f"https://localhost:{server.port}", "--server-token", token]
    for trust in (["--server-ca", certificate[0]], []):
        refused = gate("sound", *ask, *trust)
        assert refused.returncode == 1 and refused.line["reason"] == "server-unreachable"
        assert "certificate" in refused.words, refused.words
    missing = gate("sound", *ask, "--server-ca", "/nowhere/ca.pem")
    assert missing.returncode == 1 and missing.line["reason"] == "server-unreachable"


def words_of(*certificates):
    return ",".join("".join(path.read_text().split("-----")[2].split()) for path in certificates)


def test_whom_to_trust_can_be_said_itself(gate, server, certificate, index, token):
    for more, trust, code in ((["--report-to"], [server.certificate], 2), (["--report-to"], [certificate[0], server.certificate], 2),
                              (["--server", f"https://localhost:{server.port}", "--report-to"], [server.certificate], 2),
                              (["--server"], [certificate[0]], 1)):
        done = gate("bad", "--db", index, *more, f"https://localhost:{server.port}", "--server-token", token, "--server-ca-inline", words_of(*trust))
        assert done.returncode == code, done.stderr
        assert ("among the certificates that were given" in done.words) == (code == 1) and (done.stderr == "" or code == 1), done.words
    nonsense = gate("sound", "--server", f"https://localhost:{server.port}", "--server-token", token, "--server-ca-inline", "AAAA")
    assert nonsense.returncode == 1 and nonsense.line["reason"] == "server-unreachable"


def test_a_token_that_is_not_known_is_told(gate, server, asking, token, tmp_path):
    for text, words in (("secret-nobody", "HTTP 401"), ("secret-reader", "HTTP 403")):
        token.write_text(text)
        refused = gate("sound", *asking(server))
        assert refused.returncode == 1 and refused.line["reason"] == "server-refused"
        assert words in refused.words
    token.write_text("\n")
    assert "there is no token in it" in gate("sound", *asking(server)).words
    token.unlink()
    assert f"{token}: " in gate("sound", *asking(server)).words


def test_a_token_goes_to_nobody_else(gate, odd, certificate, token):
    elsewhere = odd(answer("200 OK", "{}"))
    for status in ("301 Moved", "307 Temporary Redirect"):
        named = odd(answer(status, Location=f"{elsewhere.url}/v1/match"))
        done = gate("sound", "--server", named.url, "--server-ca", certificate[0], "--server-token", token)
        assert done.returncode == 1 and done.line["reason"] == "server-answer"
        assert "Authorization: Bearer secret-gate" in named.heads[0] and "POST /v1/match" in named.heads[0]
    assert not elsewhere.heads


@pytest.mark.parametrize("options, words", [
    (["--server", "http://localhost:8443"], "https://HOST"), (["--server", "localhost:8443"], "https://HOST"),
    (["--server", "https://me:secret@localhost"], "https://HOST"), (["--server", "https://"], "https://HOST"),
    (["--server", "https://localhost/?x=1"], "https://HOST"), (["--report-to", "http://localhost"], "https://HOST"),
    (["--server-token", "t"], "--server-token needs a server"), (["--server-ca-inline", "AAAA"], "--server-ca-inline needs a server"),
    (["--server", FREE_PORT, "--server-ca-inline", "a,b"], "--server-ca-inline: want certificates"),
    (["--server", FREE_PORT, "--server-ca-inline", "AAAA", "--server-ca", "f"], "--server-ca excludes --server-ca-inline"),
    (["--server", FREE_PORT, "--server-seconds", "0"], "--server-seconds"),
])
def test_odd_options_are_wrong_usage(initscan, sboms, options, words):
    done = run(initscan, "gate", "--sbom", f"0={sboms('sound')}", *options)
    assert done.returncode == 64 and words in done.stderr, done.stderr


def reporting(server, token):
    return ["--report-to", f"https://localhost:{server.port}", "--server-ca", server.certificate, "--server-token", token]


@pytest.mark.parametrize("name, code, outcome", [("bad", 2, "fail"), ("sound", 0, "pass")])
def test_a_gate_reports_sbom_and_verdict(gate, server, index, sboms, token, name, code, outcome):
    done = gate(name, "--db", index, *reporting(server, token))
    assert done.returncode == code and done.stderr == ""
    status, _, report = server.ask("GET", f"/v1/verdicts/{DIGEST}", token="reader")
    assert status == 200 and report["verdict"] == outcome and report["reference"] == NAMED
    assert report["findings"]["critical"]["total"] == (1 if outcome == "fail" else 0)
    assert f"sha256:{report['sbomSha256']}" == done.line["sbom"]
    status, _, sbom = server.ask("GET", f"/v1/images/{DIGEST}/sbom", token="reader")
    assert sbom == json.loads(sboms(name).read_text())


def test_each_image_of_a_pod_is_reported(initscan, server, index, sboms, token, tmp_path):
    digests = [f"sha256:{letter * 64}" for letter in "bc"]
    log = tmp_path / "log"
    done = run(initscan, "gate", "--db", index, "--termination-log", log, *reporting(server, token),
               *(word for i, (name, digest) in enumerate(zip(("bad", "sound"), digests))
                 for word in ("--sbom", f"{i}={sboms(name)}", "--image", f"{i}=example/{name}@{digest}")))
    assert done.returncode == 2 and done.stderr == ""
    assert [server.ask("GET", f"/v1/verdicts/{digest}", token="reader")[2]["verdict"] for digest in digests] == ["fail", "pass"]


def test_matched_and_reported_by_one_server(gate, server, asking, token):
    done = gate("bad", *asking(server), "--report-to", f"https://localhost:{server.port}")
    assert done.returncode == 2 and done.stderr == ""


UNREPORTED = {case: ODD[case] for case in ("nobody", "no handshake", "silence", "drops", "an error", "a flood", "no HTTP")}


@pytest.mark.parametrize("case", UNREPORTED)
def test_a_report_that_does_not_arrive_changes_no_verdict(gate, odd, certificate, index, token, case):
    start, _, words = UNREPORTED[case]
    url = start(odd).url if start else FREE_PORT
    to = ["--db", index, "--report-to", url, "--server-ca", certificate[0], "--server-token", token]
    for name, code in (("sound", 0), ("bad", 2)):
        plain = gate(name, "--db", index)
        done = gate(name, *to)
        assert done.returncode == plain.returncode == code
        assert done.seconds < plain.seconds + 2.6, "two seconds, and what it takes to start a program"
        assert {**done.line, "ms": 0} == {**plain.line, "ms": 0}, "the line for programs is the same"
        assert verdict_text(done.stdout) == verdict_text(plain.stdout)
        assert done.words.startswith(plain.words) and re.search(words, done.words)
        assert done.words.removeprefix(plain.words).startswith(f"warning: not reported to {url}: {NAMED}: ")
        assert done.stderr.count("\n") == 1 and done.stderr.startswith("initscan: warning: not reported to ") and re.search(words, done.stderr)


def verdict_text(text):
    return re.sub(r"advisories of .*", "", text)


def test_reports_take_no_longer_than_was_said(gate, odd, certificate, index, token):
    hole = odd(silence)
    done = gate("sound", "--db", index, "--report-to", hole.url, "--server-ca", certificate[0], "--report-seconds", "1")
    assert done.returncode == 0 and 0.8 < done.seconds < 1.6
    assert hole.heads, "it was asked"


def test_a_report_that_a_server_refuses_is_told(gate, server, index, token):
    token.write_text("secret-reader")
    done = gate("sound", "--db", index, *reporting(server, token))
    assert done.returncode == 0 and "HTTP 403" in done.stderr and "report" in done.stderr


def test_of_an_image_without_a_digest_only_a_pods_node_can_say_which_it_is(gate, server, index, token):
    done = gate("sound", "--db", index, *reporting(server, token), image="example/shop:1.4")
    assert done.returncode == 0 and done.seconds < 2
    assert "example/shop:1.4 is named by a tag, and only a pod's node can say of which digest it is: there is no cluster" in done.stderr


def test_without_its_courier_a_scan_says_so(tmp_path, sboms, index):
    alone = tmp_path / "initscan"
    alone.write_bytes((BIN / "initscan").read_bytes())
    alone.chmod(0o755)
    asked = run(alone, "sbom", sboms("sound"), "--server", FREE_PORT)
    assert asked.returncode == 1 and "initscan-courier" in asked.stdout and "[server-unreachable]" in asked.stdout
    told = run(alone, "gate", "--sbom", f"0={sboms('sound')}", "--db", index, "--report-to", FREE_PORT)
    assert told.returncode == 0 and "initscan-courier" in told.stderr


def test_a_scan_without_a_server_starts_no_courier(initscan, sboms, index, tmp_path):
    trace = tmp_path / "trace"
    run("strace", "-f", "-qq", "-e", "trace=execve,socket,socketpair,connect", "-o", trace, initscan, "sbom", sboms("sound"), "--db", index)
    assert re.findall(r"execve\(", trace.read_text()) == ["execve("] and "socket" not in trace.read_text()


def test_only_the_courier_talks(initscan, server, sboms, asking, token, tmp_path):
    """And it alone opens the token."""
    trace = tmp_path / "trace"
    done = run("strace", "-f", "-qq", "-e", "trace=execve,socket,connect,openat,seccomp", "-o", trace, initscan, "sbom", sboms("sound"), *asking(server))
    lines = trace.read_text().splitlines()
    courier = {line.split()[0] for line in lines if "initscan-courier" in line and "execve(" in line}
    assert done.returncode == 0 and len(courier) == 1, done.stderr
    threads = courier | {line.split()[0] for line in lines if "socket(" in line}
    main = lines[0].split()[0]
    assert main not in threads
    assert {line.split()[0] for line in lines if str(token) in line and "openat(" in line} == courier
    confined = next(i for i, line in enumerate(lines) if line.split()[0] == main and "seccomp(" in line)
    assert any(str(sboms("sound")) in line for line in lines[confined:]), "the scanner reads the SBOM once it is confined"


def test_the_words_for_help_are_there(initscan):
    for word in ("server-unreachable", "server-refused", "server-answer", "server-stale", "server-replaced"):
        done = run(initscan, "help", word)
        assert done.returncode == 0 and "onUnavailable (deny where a policy says nothing)" in done.stdout


def test_the_courier_is_not_for_people():
    done = run(BIN / "initscan-courier", "--match", FREE_PORT)
    assert done.returncode == 64 and "initscan starts this program" in done.stderr


def test_match_answers_what_the_contract_says(server):
    """Which `ask` holds it against."""
    status, _, body = server.ask("POST", "/v1/match", body=SBOM, token="ci")
    assert status == 200 and body["checked"] == body["packages"] == 1 and body["findings"][0]["name"] == "libssl3"
    assert server.ask("POST", "/v1/match", body=b"{}", token="ci")[0] == 400
    assert server.ask("POST", "/v1/match", body=SBOM)[0] == 401
    assert server.ask("POST", "/v1/match", body=SBOM, token="reader")[0] == 403
    assert server.ask("GET", "/v1/match", token="ci")[0] == 405
    assert server.metric('initscan_server_matches_total{verdict="none"}') >= 1

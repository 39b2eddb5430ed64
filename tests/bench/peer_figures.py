"""initscan-server beside `trivy server`: the same packages and the same findings, by turns.

INITSCAN_BENCH_TRIVY names Trivy's program, INITSCAN_BENCH_TRIVY_DB a cache folder of its whose database holds the records
that server_figures.made_up(path, peer_figures.RECORDS) writes, and no others. Nobody ships them: without both the part is skipped.

Trivy's own client scans every document once. What it sends for one is kept and sent again: it puts the packages into the
server's cache, then asks for their scan, and takes the answer in gzip. The scan alone, not packed, is the least that its
server can be asked for. It speaks plain HTTP, and initscan-server TLS.
"""

import collections
import http.server
import json
import os
import pathlib
import re
import socket
import statistics
import subprocess
import tempfile
import threading
import time
import urllib.request

from mutate_figures import Load
from scan_server import ScanServer
from server_figures import document, make_index
from support import BIN

TRIVY = os.environ.get("INITSCAN_BENCH_TRIVY")
CACHE = os.environ.get("INITSCAN_BENCH_TRIVY_DB")
RECORDS = 188_000  # a document has some 1,050 findings then
DOCUMENTS = 20
OTHERS = 2000  # documents of the same kind, more than initscan-server keeps the answers of
ROUNDS = 5
CONNECTIONS = (1, 4)
PATIENCE_SECONDS = 30
PROTOBUF = {"Content-Type": "application/protobuf"}
PUT, SCAN = "/twirp/trivy.cache.v1.Cache/PutBlob", "/twirp/trivy.scanner.v1.Scanner/Scan"


def ask(url, body=None, headers=None):
    with urllib.request.urlopen(urllib.request.Request(url, body, headers or {}), timeout=PATIENCE_SECONDS) as answer:
        return answer.read(), answer.headers


class Peer:
    """A Trivy server with the database of the cache folder, and an empty cache beside it."""

    def __init__(self, folder):
        cache = folder / "peer-cache"
        cache.mkdir()
        (cache / "db").symlink_to(pathlib.Path(CACHE).resolve() / "db")
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen([TRIVY, "server", "--quiet", "--skip-db-update", "--cache-dir", cache, "--listen", f"127.0.0.1:{self.port}"])
        end = time.monotonic() + PATIENCE_SECONDS
        while not self.answers():
            assert self.process.poll() is None and time.monotonic() < end, "the peer does not start"
            time.sleep(0.1)

    def answers(self):
        try:
            return ask(self.url + "/healthz")[0] == b"ok"
        except OSError:
            return False

    def close(self):
        self.process.terminate()
        self.process.wait(PATIENCE_SECONDS)


class Recorder(http.server.BaseHTTPRequestHandler):
    """Passes on what a client asks the peer, and keeps what it sent in folders, one for each path."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.pass_on(None)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if folder := self.server.folders.get(self.path):
            (folder / f"{self.server.number}.pb").write_bytes(body)
        self.server.sizes[self.path, self.server.number] = self.pass_on(body)

    def pass_on(self, body):
        content, headers = ask(self.server.peer.url + self.path, body, {"Content-Type": self.headers.get("Content-Type", "")})
        self.send_response(200)
        self.send_header("Content-Type", headers.get("Content-Type", ""))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        return len(content)

    def log_message(self, *_):
        pass


def record(peer, folder, bodies):
    """Has the peer's client scan every document. The folders of what it sent, and what it found in each."""
    recorder = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    recorder.peer, recorder.sizes, recorder.folders = peer, {}, {PUT: folder / "put", SCAN: folder / "scan"}
    for kept in recorder.folders.values():
        kept.mkdir()
    threading.Thread(target=recorder.serve_forever, daemon=True).start()
    found = {}
    for file in bodies.iterdir():
        recorder.number = file.stem
        argv = [TRIVY, "sbom", "--quiet", "--format", "json", "--cache-dir", folder / "client-cache",
                "--server", f"http://127.0.0.1:{recorder.server_port}", file]
        report = json.loads(subprocess.run(argv, capture_output=True, check=True).stdout)
        found[file.stem] = collections.Counter((one["VulnerabilityID"], one["PkgName"], one["InstalledVersion"], one.get("FixedVersion", ""))
                                               for result in report["Results"] for one in result.get("Vulnerabilities", []))
    recorder.shutdown()
    for path, kept in recorder.folders.items():
        for file in kept.iterdir():
            answer, _ = ask(peer.url + path, file.read_bytes(), PROTOBUF)
            assert len(answer) == recorder.sizes[path, file.stem], f"{path} answers something else when it is asked again"
    return recorder.folders, found


def found_by(server, file):
    _, _, verdict = server.ask("POST", "/v1/scan", json.loads(file.read_text()), "ci")
    image = verdict["images"][0]
    assert len(image["findings"]) == image["findingsTotal"], "not every finding is in the verdict"
    return collections.Counter((one["id"], one["package"]["name"], one["package"]["version"], one["fixed"] or "") for one in image["findings"])


def same_findings(server, bodies, theirs):
    """How many both find in a document. No ratio means anything where they differ."""
    for file in bodies.iterdir():
        ours = found_by(server, file)
        assert ours == theirs[file.stem], (f"document {file.stem}: {len(ours - theirs[file.stem])} findings are initscan's alone, "
                                           f"{len(theirs[file.stem] - ours)} the peer's")
    return statistics.mean(found.total() for found in theirs.values())


def memory(process):
    """MiB in memory, and how many of them are no mapped file."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return tuple(int(re.search(rf"{name}:\s+(\d+)", status)[1]) / 1024 for name in ("VmRSS", "RssAnon"))


def median(runs, name):
    return statistics.median(run[name] for run in runs)


def by_turns(contestants):
    """The runs of each: every round lets all of them run, so that all meet the same machine."""
    runs = collections.defaultdict(list)
    for _ in range(ROUNDS):
        for name, (load, options) in contestants.items():
            runs[name].append(load.run(rate=0, **options))
    return runs


def told(name, runs):
    print(f"{name:<28} {median(runs, 'per_second'):7.0f} scans/s, p50 {median(runs, 'p50_ms'):6.2f} ms, p99 {median(runs, 'p99_ms'):6.2f} ms   "
          f"{median(runs, 'per_cpu_second'):.0f} for each second of a core")


def compared(ours, theirs, sent, connections):
    """Both, with a number of connections: rate and latency, and their ratios."""
    kind, packed = "Content-Type: application/protobuf", "Accept-Encoding: gzip"
    scan = {"target": SCAN, "bodies": sent[SCAN], "suffix": ".pb", "header": [kind], "plain": True, "connections": connections, "requests": 60 * connections}
    put = {"before-target": PUT, "before-bodies": sent[PUT], "header": [kind, packed]}
    mine = {**sent["ours"], "connections": connections, "requests": 1500 * connections}
    again = {**mine, "bodies": sent["bodies"]}
    runs = by_turns({"ours": (ours, mine), "again": (ours, again), "put": (theirs, {**scan, **put}), "scan": (theirs, scan)})
    told(f"initscan, {connections} at once", runs["ours"])
    told(f"the same {DOCUMENTS} again, {connections}", runs["again"])
    for name, label in (("put", "peer, as its client"), ("scan", "peer, scan alone")):
        told(f"{label}, {connections}", runs[name])
        rate, core, p50, p99 = (median(runs["ours"], figure) / median(runs[name], figure) for figure in ("per_second", "per_cpu_second", "p50_ms", "p99_ms"))
        print(f"{'':<28} ratio: {rate:.1f} x the rate, {core:.1f} x for each second of a core, 1/{1 / p50:.0f} of p50, 1/{1 / p99:.0f} of p99")


def peer_figures():
    if not TRIVY or not CACHE:
        print("peer: skipped: no Trivy server to stand beside (set INITSCAN_BENCH_TRIVY and INITSCAN_BENCH_TRIVY_DB)")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        bodies = folder / "bodies"
        bodies.mkdir()
        for n in range(DOCUMENTS):
            (bodies / f"{n}.json").write_text(json.dumps(document(n)))
        peer = Peer(folder)
        server = ScanServer(BIN / "initscan-server", folder, make_index(folder, RECORDS), "--client-requests", "1000000", "--workers", "2")
        try:
            sent, theirs = record(peer, folder, bodies)
            print(f"peer, findings               {same_findings(server, bodies, theirs):.0f} in a document, the same by both")
            others = folder / "others"
            others.mkdir()
            for n in range(OTHERS):
                (others / f"{n}.json").write_text(json.dumps(document(n)))
            sent["bodies"] = bodies
            sent["ours"] = {"target": "/v1/scan", "bodies": others, "token": "secret-ci"}
            for connections in CONNECTIONS:
                compared(Load(server), Load(peer), sent, connections)
            for label, one in (("initscan", server), ("peer", peer)):
                whole, own = memory(one.process)
                print(f"{label + ', memory':<28} {whole:.0f} MiB, {own:.0f} beside mapped files")
        finally:
            server.close()
            peer.close()

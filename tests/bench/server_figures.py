"""initscan-server under load: SBOMs of 150 packages over TLS keep-alive, beside the same server answering /healthz.

Each is of another image, whose answer is made anew; and then all are of one image, as the pods of a workload send it.

The index has the real feeds, where they are, and 100,000 records made up; INITSCAN_BENCH_RECORDS makes it smaller.
"""

import io
import json
import os
import pathlib
import subprocess
import tarfile
import tempfile

from mutate_figures import Load
from scan_server import ScanServer
from support import BIN, PROJECT, SHARED

RECORDS = int(os.environ.get("INITSCAN_BENCH_RECORDS", "100000"))
REQUESTS = int(os.environ.get("INITSCAN_BENCH_SCANS", "10000"))
PACKAGES = 150
NAMES = 20_000  # of source packages in the made-up records: five records speak of each
DOCUMENTS = 2000  # the answers of all of them are more than the server keeps


def made_up(path, records=RECORDS):
    """A feed of records in the form of OSV, all of Debian 12, that know a fix or none by turns."""
    with tarfile.open(path, "w") as archive:
        for n in range(records):
            events = [{"introduced": "0"}] + ([{"fixed": f"{n % 9 + 1}.0-1"}] if n % 3 else [])
            text = json.dumps({"id": f"CVE-2025-{n + 10_000}", "modified": "2026-11-01T00:00:00Z", "published": "2025-01-01T00:00:00Z",
                               "affected": [{"package": {"ecosystem": "Debian:12", "name": f"source-{n % NAMES}"},
                                             "ranges": [{"type": "ECOSYSTEM", "events": events}]}]}).encode()
            entry = tarfile.TarInfo(f"{n}.json")
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text))


def document(number):
    """What an image of a hundred and fifty packages has: other ones in each."""
    packages = []
    for n in range(PACKAGES):
        name, version = f"source-{(number * 7919 + n * 131) % NAMES}", f"{n % 9}.{number % 5}-1"
        packages.append({"type": "library", "name": name, "version": version, "purl": f"pkg:deb/debian/{name}@{version}?arch=amd64&distro=debian-12"})
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"type": "operating-system", "name": "debian", "version": "12"}, *packages]}


def make_index(folder, records=RECORDS):
    made_up(folder / "made-up.tar", records)
    feeds = [f"osv:{folder / 'made-up.tar'}"]
    for kind, name in (("osv", "osv-debian12-changelogs"), ("alpine-secdb", "alpine-secdb-2020"), ("debian-tracker", "debian-dsa-dla-2023")):
        path = SHARED / "data" / "advisories" / f"{name}.tar.zst"
        if path.exists():
            feeds.append(f"{kind}:{path}")
    if len(feeds) == 1:
        feeds.append(f"osv:{PROJECT}/deploy/examples/advisories")
    argv = [BIN / "initscan", "db", "build", "-o", folder / "advisories.db"]
    for feed in feeds:
        argv += ["--from", feed]
    subprocess.run([str(a) for a in argv], check=True, stdout=subprocess.DEVNULL)
    return folder / "advisories.db"


def server_figures():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        index = make_index(folder)
        bodies = folder / "bodies"
        bodies.mkdir()
        for n in range(DOCUMENTS):
            (bodies / f"{n}.json").write_text(json.dumps(document(n)))
        server = ScanServer(BIN / "initscan-server", folder, index, "--client-requests", "1000000", "--workers", "2")
        try:
            load = Load(server)
            scans = {"bodies": bodies, "target": "/v1/scan", "token": "secret-ci"}
            load.run(requests=500, rate=0, **scans)
            floor = load.run(target="/healthz", requests=REQUESTS, rate=500)
            paced = load.run(requests=REQUESTS, rate=500, **scans)
            flat_out = load.run(requests=REQUESTS, rate=0, **scans)
            _, _, text = server.ask("GET", "/metrics", token="prometheus")
            same = folder / "same"
            same.mkdir()
            (same / "0.json").write_text(json.dumps(document(0)))
            repeated = load.run(requests=REQUESTS, rate=0, **{**scans, "bodies": same})
            rss = server.rss_mib()
            _, _, verdict = server.ask("POST", "/v1/scan", document(0), "ci")
        finally:
            server.close()
    lines = dict(line.rsplit(" ", 1) for line in text.decode().splitlines() if not line.startswith("#"))
    match = float(lines["initscan_server_match_duration_seconds_sum"]) / float(lines["initscan_server_match_duration_seconds_count"])
    index_mib = float(lines["initscan_index_bytes"]) / 2**20
    print(f"server, 500 scans/s          p50 {paced['p50_ms']:.2f} ms, p99 {paced['p99_ms']:.2f} ms   "
          f"/healthz: p50 {floor['p50_ms']:.2f}, p99 {floor['p99_ms']:.2f}")
    print(f"server, as fast as it can    {flat_out['per_second']:.0f} scans/s, {flat_out['per_cpu_second']:.0f} for each second of a core")
    print(f"server, one image again      {repeated['per_second']:.0f} scans/s, {repeated['per_cpu_second']:.0f} for each second of a core")
    print(f"server, of a scan alone      {1e3 * match:.3f} ms to read, match, judge and write {PACKAGES} packages with "
          f"{verdict['images'][0]['findingsTotal']} findings")
    print(f"server, memory               {rss:.0f} MiB, {index_mib:.0f} of them the index: {rss - index_mib:.0f} beside it")

"""Building an index, and asking it, at the size of all of osv.dev: beside reading and parsing the same bytes with simdjson alone.

The records are made up, in the shape of what osv.dev publishes: half of a distribution, whose records name releases and a CVE and
say little else; half of languages, with aliases, a summary, details, references and vectors. INITSCAN_BENCH_RECORDS and
INITSCAN_BENCH_ROWS make it smaller.
"""

import io
import json
import os
import pathlib
import random
import subprocess
import tarfile
import tempfile

from support import BIN, SHARED

RECORDS = int(os.environ.get("INITSCAN_BENCH_RECORDS", "500000"))
ROWS = int(os.environ.get("INITSCAN_BENCH_ROWS", "5000000"))
TOOL = BIN / "tests" / "index_figures"
LETTERS = "23456789cfghjmpqrvwx"
KINDS = ("Cross-site Scripting", "SQL Injection", "Denial of Service", "Improper Input Validation", "Path Traversal", "Heap Buffer Overflow",
         "Use After Free", "Server-Side Request Forgery", "Insufficient Verification of Data Authenticity", "Remote Code Execution")
VECTORS = ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", "CVSS:3.1/AV:L/AC:H/PR:L/UI:N/S:U/C:N/I:N/A:H")


def name(chance, kind, many):
    """A fifth of all records speak of a few packages that everybody looks into."""
    return f"{kind}-{chance.randrange(500 if chance.random() < 0.2 else many)}"


def version(chance):
    return f"{chance.randrange(12)}.{chance.randrange(30)}.{chance.randrange(20)}"


def ranges(chance, suffix=""):
    events = [{"introduced": "0"}]
    if chance.random() < 0.7:
        events.append({"fixed": version(chance) + suffix})
    return [{"type": "ECOSYSTEM", "events": events}]


def of_a_distribution(chance, n):
    cve, package = f"CVE-{2005 + n % 21}-{1000 + n}", name(chance, "source", 30_000)
    affected = [{"package": {"ecosystem": f"Debian:{release}", "name": package}, "ranges": ranges(chance, f"-{chance.randrange(9)}+deb{release}u1"),
                 "ecosystem_specific": {"urgency": "not yet assigned"}} for release in (11, 12, 13)]
    return {"id": f"DEBIAN-{cve}", "upstream": [cve], "affected": affected, "details": "A flaw was found in how requests are read. " * 5}


def of_a_language(chance, n):
    package = name(chance, "module", 100_000)
    letters = "".join(chance.choices(LETTERS, k=12))
    return {"id": f"GHSA-{letters[:4]}-{letters[4:8]}-{letters[8:]}", "aliases": [f"CVE-{2015 + n % 11}-{1000 + n}"],
            "summary": f"{package} vulnerable to {chance.choice(KINDS)} in {chance.choice(('its parser', 'the admin page', 'uploads', 'file names'))}",
            "severity": [{"type": "CVSS_V3", "score": chance.choice(VECTORS)}],
            "affected": [{"package": {"ecosystem": chance.choice(("npm", "PyPI", "Maven", "Packagist", "RubyGems")), "name": package}, "ranges": ranges(chance)}],
            "references": [{"type": "WEB", "url": f"https://example.com/advisories/{n}/{k}"} for k in range(4)], "details": "An attacker can send what is not expected. " * 8}


def made_up(path, records):
    chance = random.Random(1)
    with tarfile.open(path, "w") as archive:
        for n in range(records):
            record = (of_a_distribution if n % 2 else of_a_language)(chance, n)
            record |= {"schema_version": "1.7.0", "modified": "2026-11-01T00:00:00Z", "published": f"20{10 + n % 16}-0{1 + n % 9}-1{n % 9}T0{n % 10}:15:00Z"}
            text = json.dumps(record).encode()
            entry = tarfile.TarInfo(f"{n}.json")
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text))


def asked(index):
    best = [json.loads(subprocess.run([TOOL, "lookup", index], capture_output=True, text=True, check=True).stdout) for _ in range(5)]
    figures = {key: min(run[key] for run in best) for key in best[0]}
    print(f"  open and one lookup {figures['first']:.2f} ms, with 1,000 lookups {figures['thousand']:.2f} ms, {figures['cpu']:.2f} ms of it CPU, "
          f"1,000 more {figures['again']:.2f} ms ({figures['rows']} rows)")
    return figures


def index_figures(measured):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        feed, index = folder / "osv.tar", folder / "osv.db"
        made_up(feed, RECORDS)
        wall, memory = measured([BIN / "initscan", "db", "build", "--from", f"osv:{feed}", "-o", index])
        floor, _ = measured([TOOL, "parse", feed])
        print(f"db build, {RECORDS:,} records     {wall / 1000:6.1f} s {memory:7.1f} MiB   reading and parsing {feed.stat().st_size / 1e6:.0f} MB: {floor / 1000:.1f} s, "
              f"ratio {wall / floor:.2f}; {index.stat().st_size / RECORDS:.1f} bytes a record")
        asked(index)
        feed.unlink()
        wall, memory = measured([TOOL, "vex", str(ROWS), folder / "vex.db"])
        size = (folder / "vex.db").stat().st_size
        print(f"rows in the shape of VEX, {ROWS:,} {wall / 1000:6.1f} s {memory:7.1f} MiB   {size / ROWS:.1f} bytes a row")
        asked(folder / "vex.db")
        feeds = {"osv-debian12-changelogs": "osv", "osv-alma": "osv", "osv-go": "osv", "alpine-secdb-2020": "alpine-secdb", "debian-dsa-dla-2023": "debian-tracker"}
        paths = [(kind, SHARED / "data" / "advisories" / f"{name}.tar.zst") for name, kind in feeds.items()]
        if not all(path.exists() for _, path in paths):
            print("db build of real feeds: skipped, there are none (set INITSCAN_SHARED)")
            return
        argv = [BIN / "initscan", "db", "build", "-o", folder / "real.db"]
        for kind, path in paths:
            argv += ["--from", f"{kind}:{path}"]
        wall, memory = measured(argv)
        print(f"db build of real feeds          {wall / 1000:6.1f} s {memory:7.1f} MiB   {(folder / 'real.db').stat().st_size / 1e6:.1f} MB")

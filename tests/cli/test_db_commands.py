"""`initscan db`: who vouches for an index, which one may replace another, and what differs between two."""

import json
import random
import signal
import subprocess
import time

import pytest

from support import run
from world import advisory


def build(initscan, folder, name, *records, options=()):
    feed = folder / f"{name}-feed"
    feed.mkdir()
    for number, record in enumerate(records):
        (feed / f"{number}.json").write_text(json.dumps(record))
    done = run(initscan, "db", "build", "--from", f"osv:{feed}", "-o", folder / name, *options)
    assert done.returncode == 0, done.stderr
    return folder / name


@pytest.fixture
def keys(tmp_path):
    def make(name):
        private, public = tmp_path / f"{name}.key", tmp_path / f"{name}.pub"
        run("openssl", "genpkey", "-algorithm", "ed25519", "-out", private, check=True)
        run("openssl", "pkey", "-in", private, "-pubout", "-out", public, check=True)
        return private, public

    return make


ZLIB = advisory("CVE-2024-1", "zlib", "1", "high")
OPENSSL = advisory("CVE-2024-2", "openssl", "2", "low")
ALPINE = advisory("CVE-2024-3", "zlib", "3-r0", "low", ecosystem="Alpine:v3.20")


def of(record, **changes):
    return {**record, **changes}


def test_a_signed_index_is_vouched_for(initscan, tmp_path, keys):
    private, public = keys("ours")
    _, other = keys("other")
    index = build(initscan, tmp_path, "signed", ZLIB, options=("--key", private))
    plain = build(initscan, tmp_path, "plain", ZLIB)
    assert plain.read_bytes()[:-128] == index.read_bytes()[:-128]

    done = run(initscan, "db", "verify", "--key", public, index)
    assert done.returncode == 0 and ", signed by " in done.stdout, done.stderr
    assert "whom you trust" in run(initscan, "db", "verify", index, check=True).stdout
    assert ", not signed" in run(initscan, "db", "verify", plain, check=True).stdout
    assert "signed by another key" in run(initscan, "db", "verify", "--key", other, index).stderr
    done = run(initscan, "db", "verify", "--key", public, plain)
    assert done.returncode == 1 and "nobody signed it" in done.stderr
    assert run(initscan, "db", "verify", "--key", private, index).stderr.startswith(f"initscan: error: {private}: not a public Ed25519 key")


def test_an_index_that_was_changed_is_not_vouched_for(initscan, tmp_path, keys):
    private, public = keys("ours")
    index = build(initscan, tmp_path, "signed", ZLIB, options=("--key", private))
    whole = index.read_bytes()
    places = [0, 100, 4096, len(whole) // 2, len(whole) - 129, len(whole) - 128, len(whole) - 90, len(whole) - 1]
    for place in places:
        index.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1:])
        done = run(initscan, "db", "verify", "--key", public, index)
        assert done.returncode == 1 and done.stderr.count("\n") == 1, (place, done.stdout)


def test_what_signs_nothing_is_said_before_the_feeds_are_read(initscan, tmp_path):
    bad = tmp_path / "bad.key"
    done = run(initscan, "db", "build", "--from", "osv:/nowhere", "-o", tmp_path / "db", "--key", bad)
    assert done.returncode == 1 and done.stderr == f"initscan: error: {bad}: cannot open: No such file or directory\n"
    bad.write_text("x")
    done = run(initscan, "db", "build", "--from", "osv:/nowhere", "-o", tmp_path / "db", "--key", bad)
    assert done.returncode == 1 and "not a private Ed25519 key" in done.stderr


def test_an_older_or_emptier_index_replaces_none(initscan, tmp_path):
    last = build(initscan, tmp_path, "last", ZLIB, OPENSSL, ALPINE)
    place = tmp_path / "installed"
    assert run(initscan, "db", "install", last, "-o", place).returncode == 0
    installed = place.read_bytes()
    older = build(initscan, tmp_path, "older", *(of(r, modified="2025-01-02T00:00:00Z") for r in (ZLIB, OPENSSL, ALPINE)))
    emptier = build(initscan, tmp_path, "emptier", of(ZLIB, modified="2026-02-01T00:00:00Z"), OPENSSL)
    for index, why in ((older, "its data is of 2025-01-02T00:00:00Z, older than that of the one in use, 2026-01-02T00:00:00Z"),
                       (emptier, 'it says less than half of what the one in use says of "Alpine:v3.20"')):
        done = run(initscan, "db", "install", index, "-o", place)
        assert done.returncode == 1
        assert done.stderr == f"initscan: error: {index}: not installed: {why}; --force installs it all the same\n"
        assert place.read_bytes() == installed
        assert run(initscan, "db", "install", "--force", index, "-o", place).returncode == 0
        assert place.read_bytes() == index.read_bytes()
        place.write_bytes(installed)
    newer = build(initscan, tmp_path, "newer", ZLIB, OPENSSL, of(ALPINE, modified="2026-03-01T00:00:00Z"))
    assert run(initscan, "db", "install", newer, "-o", place).returncode == 0
    assert place.read_bytes() == newer.read_bytes()


def test_only_a_whole_index_is_installed(initscan, tmp_path, keys):
    _, public = keys("ours")
    index = build(initscan, tmp_path, "index", ZLIB)
    place = tmp_path / "installed"
    assert "nobody signed it" in run(initscan, "db", "install", "--key", public, index, "-o", place).stderr
    whole = index.read_bytes()
    for damaged in (b"", whole[:5000], whole[:-1], whole + b"x", whole[:-128] + bytes(128)):
        index.write_bytes(damaged)
        done = run(initscan, "db", "install", index, "-o", place)
        assert done.returncode == 1 and not place.exists(), done.stdout
    index.write_bytes(whole)
    place.write_bytes(b"damaged")
    assert run(initscan, "db", "install", index, "-o", place).stderr.endswith("; --force replaces it\n")
    assert run(initscan, "db", "install", "--force", index, "-o", place).returncode == 0


def test_a_difference_names_each_vulnerability(initscan, tmp_path):
    old = build(initscan, tmp_path, "old", ZLIB, OPENSSL)
    new = build(initscan, tmp_path, "new", advisory("CVE-2024-1", "zlib", "2", "high"), ALPINE)
    done = run(initscan, "db", "diff", old, new)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "+ Alpine:v3.20 zlib CVE-2024-3: to before 3-r0, low, by osv",
        "- Debian:12 openssl CVE-2024-2: to before 2, low, by osv",
        "~ Debian:12 zlib CVE-2024-1: to before 2, high, by osv (was: to before 1, high, by osv)",
        "1 vulnerabilities of packages added, 1 removed, 1 changed",
    ]
    assert run(initscan, "db", "diff", old, old).stdout == "0 vulnerabilities of packages added, 0 removed, 0 changed\n"


def test_a_search_tells_what_is_known_of_a_package_or_a_vulnerability(initscan, tmp_path):
    index = build(initscan, tmp_path, "index", ZLIB, OPENSSL, ALPINE)
    package = ["Alpine:v3.20 zlib CVE-2024-3: to before 3-r0, low, by osv", "Debian:12 zlib CVE-2024-1: to before 1, high, by osv"]
    assert run(initscan, "db", "search", index, "zlib", check=True).stdout.splitlines() == package
    for name in ("CVE-2024-1", "cve-2024-1", "DEBIAN-CVE-2024-1"):
        assert run(initscan, "db", "search", index, name, check=True).stdout.splitlines() == [
            "CVE-2024-1 (DEBIAN-CVE-2024-1): a flaw in zlib", package[1]]
    done = run(initscan, "db", "search", index, "CVE-2024-9")
    assert done.returncode == 1 and 'nothing is known of a package or a vulnerability "CVE-2024-9"' in done.stderr


def test_the_parts_of_an_index_say_what_it_says(initscan, tmp_path):
    index = build(initscan, tmp_path, "index", ZLIB, OPENSSL, ALPINE)
    parts = tmp_path / "parts"
    parts.mkdir()
    assert run(initscan, "db", "split", index, "-o", parts, check=True).returncode == 0
    assert sorted(path.name for path in parts.iterdir()) == ["alpine.db", "debian.db"]
    assert run(initscan, "db", "diff", index, parts / "debian.db", check=True).stdout.splitlines() == [
        "- Alpine:v3.20 zlib CVE-2024-3: to before 3-r0, low, by osv",
        "0 vulnerabilities of packages added, 1 removed, 0 changed",
    ]
    assert run(initscan, "db", "info", parts / "alpine.db").returncode == 0
    done = run(initscan, "db", "split", "--only", "Wolfi", index, "-o", parts)
    assert done.returncode == 1 and 'no ecosystem "Wolfi" is in it' in done.stderr


def test_info_tells_whose_the_data_is(initscan, tmp_path):
    record = of(ZLIB, id="GHSA-2345-6789-cfgh")
    shown = run(initscan, "db", "info", build(initscan, tmp_path, "index", record, OPENSSL), check=True).stdout
    assert "  osv: data of 2026-01-02T00:00:00Z, licence: CC-BY-4.0\n    2 records, 2 indexed with 2 statements\n" in shown
    assert "    Debian:12        2 source packages with 2 statements, data of 2026-01-02T00:00:00Z\n" in shown
    assert "  sha256 " in shown and shown.endswith(", not signed\n")


def test_a_build_that_is_killed_leaves_the_old_index(initscan, tmp_path):
    index = build(initscan, tmp_path, "index", ZLIB)
    old = index.read_bytes()
    feed = tmp_path / "large"
    feed.mkdir()
    many = [advisory(f"CVE-2024-{n}", f"source-{n}", "1", "low") for n in range(4000)]
    (feed / "all.json").write_text(json.dumps(many))
    argv = [str(word) for word in (initscan, "db", "build", "--from", f"osv:{feed}", "-o", index)]
    start = time.monotonic()
    assert subprocess.run(argv, capture_output=True).returncode == 0
    longest = time.monotonic() - start
    new = index.read_bytes()
    assert new != old
    moments = random.Random(7)
    killed = 0
    for _ in range(50):
        index.write_bytes(old)
        process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(moments.uniform(0, longest))
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        assert index.read_bytes() in (old, new)
        assert run(initscan, "db", "verify", index).returncode == 0
    assert killed > 10

"""rpm databases that were made to cost much or to hide something: each ends soon and small, with a word, and never clean."""

import json
import os
import sqlite3
import struct
import sys
import time

import pytest

from support import run

SECONDS = 60  # that it ends, and no measurement: the longest takes four, and a busy machine is slower
MIB = 128
HUGE_MIB = 256  # of what has as many packages as are taken at all
SQLITE, NDB, BERKELEY = "rpmdb.sqlite", "Packages.db", "Packages"
PAGE = 4096


def header(name):
    tags = {1000: name.encode(), 1001: b"1", 1002: b"2", 1022: b"noarch", 1044: name.encode() + b"-1-2.src.rpm"}
    index, data = b"", b""
    for tag, text in tags.items():
        index += struct.pack(">IIII", tag, 6, len(data), 1)
        data += text + b"\0"
    return struct.pack(">II", len(tags), len(data)) + index + data


def sqlite_with(path, headers):
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)")
        connection.executemany("INSERT INTO Packages (blob) VALUES (?)", ((blob,) for blob in headers))
    connection.close()
    return bytearray(path.read_bytes())


@pytest.fixture
def root(tmp_path):
    made = tmp_path / "root"
    (made / "var/lib/rpm").mkdir(parents=True)
    (made / "etc").mkdir()
    (made / "etc/os-release").write_text('ID="rocky"\nVERSION_ID="9.4"\n')
    return made


# A process has the peak of whoever started it for its own: a small one starts it.
MEASURE = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
sys.exit(code)
"""


def collected(collect, root, mib=MIB):
    """How many packages were found, and the gaps; within the bounds of time and memory."""
    output = root.parent / "sbom.json"
    start = time.monotonic()
    done = run(sys.executable, "-c", MEASURE, collect, "--root", root, "--output", output)
    assert done.returncode == 0, done.stderr
    assert time.monotonic() - start < SECONDS
    assert int(done.stdout) < mib, f"{done.stdout.strip()} MiB"
    document = json.loads(output.read_text())
    gaps = [p["value"] for p in document["metadata"]["properties"] if p["name"] == "initscan:coverage:incomplete"]
    return sum(c["type"] == "library" for c in document["components"]), gaps


def test_a_tree_of_sqlite_that_leads_back_to_its_root(collect, root):
    path = root / "var/lib/rpm" / SQLITE
    pages = sqlite_with(path, (header(f"p{i}") for i in range(3000)))
    assert pages[PAGE] == 5, "page 2 is a tree"
    pages[PAGE + 8 : PAGE + 12] = struct.pack(">I", 2)
    path.write_bytes(pages)
    count, gaps = collected(collect, root)
    assert 2000 < count < 3000, "the sound part is shown"
    assert gaps == [f"var/lib/rpm/{SQLITE}: page 2 is used twice"]


def test_a_chain_of_sqlite_that_goes_in_a_circle(collect, root):
    path = root / "var/lib/rpm" / SQLITE
    pages = sqlite_with(path, [header("a") + bytes(40_000)])
    pages[4 * PAGE : 4 * PAGE + 4] = struct.pack(">I", 4)
    path.write_bytes(pages)
    assert collected(collect, root) == (0, [f"var/lib/rpm/{SQLITE}: page 2: row 1: page 4 is used twice"])


def test_a_chain_of_berkeley_db_that_goes_in_a_circle(collect, root):
    def page(number, following, entries, used, kind, body):
        return (struct.pack("<8xIIIHHBB", number, 0, following, entries, used, 0, kind) + body).ljust(512, b"\0")

    meta = struct.pack("<8xIIIIBBBBII", 0, 0x061561, 9, 512, 0, 8, 0, 0, 0, 3).ljust(512, b"\0")
    key, value = b"\1" + struct.pack("<I", 1), b"\3\0\0\0" + struct.pack("<II", 2, 1 << 24)
    pairs = page(1, 0, 2, 0, 13, struct.pack("<HH", 512 - len(key), 512 - len(key + value)))
    pairs = pairs[: -len(key + value)] + value + key
    chain = page(2, 3, 1, 486, 7, bytes(486)) + page(3, 2, 1, 486, 7, bytes(486))
    (root / "var/lib/rpm" / BERKELEY).write_bytes(meta + pairs + chain)
    assert collected(collect, root) == (0, [f"var/lib/rpm/{BERKELEY}: page 1: package 1: page 2 is used twice"])


def test_a_slot_of_ndb_for_each_package_that_lies_in_the_same_place(collect, root):
    slots = 4096
    file = b"RpmP" + struct.pack("<IIII", 0, 1, slots, 1) + bytes(12)
    file += b"".join(b"Slot" + struct.pack("<III", i, slots * 256, 1 << 20) for i in range(1, slots * 256 - 1))
    (root / "var/lib/rpm" / NDB).write_bytes(file)
    (count, (gap,)) = collected(collect, root)
    assert count == 0 and gap.endswith(" lie in the same place")


@pytest.mark.plain_build
def test_a_million_packages(collect, root):
    blob = header("a")
    sqlite_with(root / "var/lib/rpm" / SQLITE, (blob for _ in range(1_000_000)))
    _, (gap,) = collected(collect, root, HUGE_MIB)
    assert gap.startswith(f"var/lib/rpm/{SQLITE}: page ") and gap.endswith(": too many packages")


@pytest.mark.parametrize("name", [SQLITE, NDB, BERKELEY, f"{SQLITE}-wal"])
def test_a_file_of_terabytes(collect, root, name):
    path = root / "var/lib/rpm" / name
    if name.endswith("-wal"):
        sqlite_with(root / "var/lib/rpm" / SQLITE, [header("a")])
    path.touch()
    os.truncate(path, 1 << 40)
    _, gaps = collected(collect, root)
    assert len(gaps) == 1 and "larger than the limit of 1073741824 bytes" in gaps[0]


# Of a gibibyte of zeros, which takes no room: the largest file that is opened at all.
@pytest.mark.parametrize("name, start, fact", [
    (SQLITE, None, "page 2 is no page of a table"),
    (NDB, b"RpmP" + struct.pack("<IIII", 0, 1, 4096, 1), "slot 2: has no mark of one"),
    (BERKELEY, struct.pack("<8xIIIIBBBBII", 0, 0x061561, 9, 512, 0, 8, 0, 0, 0, 2_000_000), "exists but lists no package"),
], ids=[SQLITE, NDB, BERKELEY])
def test_a_large_file_of_nothing(collect, root, name, start, fact):
    path = root / "var/lib/rpm" / name
    if start is None:
        pages = sqlite_with(path, [header("a")])
        pages[PAGE : 2 * PAGE] = bytes(PAGE)
        start = bytes(pages)
    path.write_bytes(start)
    os.truncate(path, 1 << 30)
    assert collected(collect, root) == (0, [f"var/lib/rpm/{name}: {fact}"])


def test_a_header_that_counts_and_points_anywhere(collect, root):
    claims = [struct.pack(">II", 0xFFFFFFFF, 0xFFFFFFFF), struct.pack(">II", 65535, 0),
              header("a")[:8] + struct.pack(">IIII", 1000, 6, 0xFFFFFFF0, 1) + header("a")[24:]]
    sqlite_with(root / "var/lib/rpm" / SQLITE, [header("b"), *claims])
    count, (gap,) = collected(collect, root)
    assert count == 1
    assert gap == (f"var/lib/rpm/{SQLITE}: header 2: says that it has 4294967295 tags, more than 65535 "
                   "(headers that are not understood: 3)")


@pytest.mark.parametrize("kind", ["fifo", "folder", "loop"])
def test_what_is_no_file_in_place_of_the_database(collect, root, kind):
    path = root / "var/lib/rpm" / SQLITE
    {"fifo": lambda: os.mkfifo(path), "folder": path.mkdir, "loop": lambda: path.symlink_to(SQLITE)}[kind]()
    count, gaps = collected(collect, root)
    assert count == 0 and gaps and gaps[0].startswith(f"var/lib/rpm/{SQLITE}: ")

"""A small world: three advisories and the index that is made of them, by the real tools."""

import json

import pytest

from support import run
from world import World, advisory


@pytest.fixture(scope="session")
def index_bytes(initscan, tmp_path_factory):
    folder = tmp_path_factory.mktemp("feed")
    feed = folder / "osv"
    feed.mkdir()
    for record in (
        advisory("CVE-2024-0001", "zlib", "1:1.3-2", "high"),
        advisory("CVE-2024-0002", "openssl", "3.0.13-1", "low"),
        advisory("CVE-2024-0003", "openssl", None, "critical"),
    ):
        (feed / f"{record['id']}.json").write_text(json.dumps(record))
    built = run(initscan, "db", "build", "--from", f"osv:{feed}", "-o", folder / "advisories.db")
    assert built.returncode == 0, built.stderr
    return (folder / "advisories.db").read_bytes()


@pytest.fixture
def world(initscan, index_bytes, tmp_path):
    made = World(tmp_path, initscan)
    made.index.write_bytes(index_bytes)
    return made

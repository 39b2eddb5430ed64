"""Outputs that are no regular files are written to as they are, and never waited for."""

import os
import stat

import pytest

from support import gate_message, need_root_for, run
from world import stanza


@pytest.fixture
def root(world):
    return world.root("root", stanza("zlib1g", "1:1.3-2", source="zlib"))


@pytest.fixture
def feed(tmp_path):
    folder = tmp_path / "feed"
    folder.mkdir()
    (folder / "1.json").write_text('{"id":"X","modified":"2026-01-01T00:00:00Z","affected":[{"package":'
                                   '{"ecosystem":"Debian:12","name":"a"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"}]}]}]}')
    return folder


def test_a_link_to_an_index_stays_a_link(initscan, feed, tmp_path):
    link = tmp_path / "latest.db"
    link.symlink_to("2026.db")
    assert run(initscan, "db", "build", "--from", f"osv:{feed}", "-o", link).returncode == 0
    assert link.is_symlink() and (tmp_path / "2026.db").stat().st_size > 0
    assert run(initscan, "db", "info", link).returncode == 0


def test_a_device_stays_a_device(initscan, collect, feed, root, tmp_path):
    need_root_for("mknod")
    device = tmp_path / "null"
    os.mknod(device, 0o666 | stat.S_IFCHR, os.makedev(1, 3))
    for argv in ([initscan, "db", "build", "--from", f"osv:{feed}", "-o", device],
                 [collect, "--root", root, "--output", device]):
        assert run(*argv).returncode == 0
        assert stat.S_ISCHR(device.stat().st_mode)


def test_a_fifo_that_nobody_reads_does_not_hang(world, collect, root, tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    done = run(world.initscan, "gate", f"--rootfs=0={root}", "--db", world.index, f"--termination-log={fifo}", timeout=20)
    assert done.returncode == 0, done.stderr
    assert done.stderr == (
        f"initscan: warning: cannot write the termination message: {fifo}: cannot open for writing: nobody reads from it\n")
    done = run(collect, "--root", root, "--output", fifo, timeout=20)
    assert (done.returncode, done.stderr) == (
        1, f"initscan-collect: error: {fifo}: cannot open for writing: nobody reads from it\n")


def test_a_fifo_that_is_read_gets_the_message(world, root, tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    done = run(world.initscan, "gate", f"--rootfs=0={root}", "--db", world.index, f"--termination-log={fifo}", timeout=20)
    assert done.returncode == 0, done.stderr
    fields, words = gate_message(os.read(reader, 4096).decode())
    assert fields["verdict"] == "pass" and words.startswith("initscan: PASS of policy")
    os.close(reader)

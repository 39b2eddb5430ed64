"""Sealed SBOMs: the gate of a pod takes what its own collector wrote, and nothing else."""

import json
import shutil

import pytest

from support import run
from test_scan import one_line_error
from world import stanza

SOUND = stanza("zlib1g", "1:1.3-2", source="zlib")


class Pod:
    """The volumes of a pod in copy mode."""

    def __init__(self, world, folder):
        self.world, self.bin, self.seal, self.sbom = world, folder / "bin", folder / "seal", folder / "sbom"
        for volume in (self.bin, self.seal, self.sbom):
            volume.mkdir(parents=True)
        self.document = self.sbom / "sbom.json"

    def install(self):
        done = run(self.world.initscan, "install", f"--to={self.bin}", f"--seal={self.seal}")
        assert done.returncode == 0, done.stderr

    def collect(self, root):
        return run(self.bin / "initscan-collect", f"--root={root}", f"--output={self.document}", f"--seal={self.bin / 'nonce'}")

    def gate(self):
        return run(self.world.initscan, "gate", f"--sbom=0={self.document}", f"--seal={self.seal / 'nonce'}",
                   "--db", self.world.index)


@pytest.fixture
def root(world):
    return world.root("root", SOUND)


@pytest.fixture
def pod(world, root, tmp_path):
    pod = Pod(world, tmp_path / "pod")
    pod.install()
    done = pod.collect(root)
    assert done.returncode == 0, done.stderr
    return pod


def refused(done, fact, id="seal-wrong"):
    assert done.returncode == 1, done.stdout
    assert fact in done.stdout, done.stdout + done.stderr
    assert f"[{id}]" in done.stdout, done.stdout


def test_what_the_collector_wrote_passes_as_often_as_the_gate_runs(pod):
    for _ in range(2):
        done = pod.gate()
        assert done.returncode == 0, done.stdout + done.stderr


def test_install_writes_one_nonce_into_both_folders_and_a_new_one_each_time(pod, root):
    first = (pod.bin / "nonce").read_bytes()
    assert len(first) == 32 and (pod.seal / "nonce").read_bytes() == first
    for folder in (pod.bin, pod.seal):
        assert (folder / "nonce").stat().st_mode & 0o7777 == 0o444
    pod.install()
    assert (pod.seal / "nonce").read_bytes() != first
    refused(pod.gate(), "its seal does not match")
    assert pod.collect(root).returncode == 0
    assert pod.gate().returncode == 0


def test_a_forged_sbom_is_refused(pod):
    document = json.loads(pod.document.read_text())
    document["components"] = document["components"][:1]
    pod.document.write_text(json.dumps(document))
    refused(pod.gate(), "is not what initscan's collector wrote in this pod: its seal does not match")


def test_a_forged_seal_is_refused(pod):
    for forged in ("0" * 64, "", "0" * 63):
        (pod.sbom / "sbom.json.hmac").write_text(forged)
        refused(pod.gate(), "sbom.json")
    (pod.sbom / "sbom.json.hmac").write_text("0" * 100_000)
    refused(pod.gate(), "sbom.json.hmac", "seal-missing")


def test_a_missing_seal_is_refused(pod):
    (pod.sbom / "sbom.json.hmac").unlink()
    refused(pod.gate(), "cannot open: No such file or directory; an SBOM without its seal does not count",
            "seal-missing")


def test_an_sbom_of_another_pod_is_refused(pod, world, root, tmp_path):
    other = Pod(world, tmp_path / "other")
    other.install()
    assert other.collect(root).returncode == 0
    for name in ("sbom.json", "sbom.json.hmac"):
        shutil.copy(other.sbom / name, pod.sbom / name)
    refused(pod.gate(), "its seal does not match")


def test_a_nonce_that_is_none_is_an_error(pod, collect, root, tmp_path):
    short = tmp_path / "short"
    short.write_bytes(b"x" * 31)
    fact = f"{short}: want the 32 bytes that `initscan install --seal` writes, got 31"
    done = run(pod.world.initscan, "gate", f"--sbom=0={pod.document}", f"--seal={short}", "--db", pod.world.index)
    one_line_error(done, 1, f"{fact} [nonce-unreadable]")
    done = run(collect, "--root", root, "--output", tmp_path / "s.json", "--seal", short)
    assert (done.returncode, done.stderr) == (1, f"initscan-collect: error: {fact}\n")


def test_a_seal_needs_something_to_seal(pod, collect, root):
    done = run(pod.world.initscan, "gate", f"--rootfs=0={root}", f"--seal={pod.seal / 'nonce'}", "--db", pod.world.index)
    one_line_error(done, 64, "--seal needs at least one --sbom")
    done = run(collect, "--root", root, "--output", "-", "--seal", pod.seal / "nonce")
    assert done.returncode == 64 and "which has to be a file" in done.stderr


def test_without_the_option_no_seal_is_asked_for(pod):
    (pod.sbom / "sbom.json.hmac").unlink()
    done = run(pod.world.initscan, "gate", f"--sbom=0={pod.document}", "--db", pod.world.index)
    assert done.returncode == 0, done.stdout

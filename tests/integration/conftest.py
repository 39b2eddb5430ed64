"""podman with storage of its own, our image, and the unpatched and the patched Debian as application images."""

import json
import os
import pathlib
import subprocess

import pytest

from scan_server import make_index
from support import BIN, PROJECT, program, run

SCRIPT = PROJECT / "tests" / "integration" / "podman.sh"


class Podman:
    def __init__(self, folder):
        self.folder = folder

    def script(self, text, *args, **options):
        return run("bash", "-c", f'. "{SCRIPT}"; podman_folder={self.folder}; {text}', "bash", *args, timeout=300, **options)

    def __call__(self, *argv, **options):
        return self.script('play_podman "$@"', *argv, **options)

    def image_of(self, root, name):
        """Imports an unpacked root as an image. Kept between runs of the tests: the roots do not change."""
        if self("image", "exists", name).returncode != 0:
            made = self.script('tar --one-file-system -C "$1" -c . | play_podman import -q - "$2"', root, name)
            assert made.returncode == 0, made.stderr
        return name

    def state(self, container):
        inspected = self("container", "inspect", container)
        assert inspected.returncode == 0, inspected.stderr
        return json.loads(inspected.stdout)[0]["State"]


@pytest.fixture(scope="session")
def podman():
    folder = PROJECT / "build" / "cache" / "podman"
    started = run("bash", "-c", f'. "{SCRIPT}"; podman_start "{folder}" || {{ echo "$podman_reason"; exit 1; }}')
    if started.returncode != 0:
        pytest.skip(f"podman cannot run containers here: {started.stdout.strip() or started.stderr.strip()}")
    made = Podman(folder)
    yield made
    made.script("podman_stop")


@pytest.fixture(scope="session")
def debian_index(initscan, advisories, tmp_path_factory):
    """The index of the real Debian 12 advisories."""
    index = tmp_path_factory.mktemp("index") / "advisories.db"
    built = run(initscan, "db", "build", "--from", f"osv:{advisories('osv-debian12-changelogs')}", "-o", index)
    assert built.returncode == 0, built.stderr
    return index


@pytest.fixture(scope="session")
def server_program():
    return program("initscan-server")


@pytest.fixture(scope="session")
def index(initscan, tmp_path_factory):
    """An index of the project's examples."""
    return make_index(initscan, tmp_path_factory.mktemp("index") / "advisories.db")


@pytest.fixture(scope="session")
def scanner_image(podman, debian_index, tmp_path_factory):
    name = "localhost/initscan:test"
    folder = tmp_path_factory.mktemp("scanner")
    made = podman.script('scanner_image "$@"', folder, BIN, debian_index, name)
    assert made.returncode == 0, made.stderr
    return name

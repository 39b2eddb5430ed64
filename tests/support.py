"""Where the binaries and the real data are, and how tests run programs."""

import os
import pathlib
import subprocess

import pytest

PROJECT = pathlib.Path(__file__).resolve().parent.parent
BIN = pathlib.Path(os.environ.get("INITSCAN_BIN", PROJECT / "build" / "bin"))
SHARED = pathlib.Path(os.environ.get("INITSCAN_SHARED", PROJECT.parent / "shared"))
CACHE = PROJECT / "build" / "cache"


def run(*argv, check=False, timeout=120, **options):
    """Runs a program; returns it with .returncode, .stdout and .stderr as text."""
    return subprocess.run(
        [str(word) for word in argv], capture_output=True, text=True, check=check, timeout=timeout, **options
    )


def program(name):
    path = BIN / name
    assert path.exists(), f"{path} is not there: build it with ./dev build"
    return path


def shared_data(*parts):
    """A path in the shared data, or a skip that says what is missing."""
    path = SHARED.joinpath("data", *parts)
    if not path.exists():
        pytest.skip(f"no {'/'.join(parts)} (set INITSCAN_SHARED to the folder that holds data/)")
    return path


def gate_message(text):
    """A gate's termination message: what its line for programs says, by key, and the words for people."""
    line, _, words = text.partition("\n")
    start, *fields = line.split(" ")
    assert start == "initscan/1" and len(line) < 256, line
    return dict(field.split("=", 1) for field in fields), words


def need_root_for(what):
    if os.geteuid() != 0:
        pytest.skip(f"{what} needs root")

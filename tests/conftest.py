"""Fixtures of the tests of whole programs: binaries, real images, real advisories.

Everything slow is made once per session. A test whose parts are missing is skipped with the reason,
which the run prints at its end.
"""

import shutil
import subprocess

import pytest

from support import CACHE, need_root_for, program, run, shared_data


# What the tests of one file share is made once, and so is what many files share: podman's storage, the roots in
# build/cache, one API server. Each of these is one worker's.
SHARED_PARTS = {"podman": "containers", "minbase_root": "containers", "cluster": "cluster"}


@pytest.hookimpl(tryfirst=True)  # before the workers' own hook reads the marks
def pytest_collection_modifyitems(items):
    for item in items:
        part = next((name for fixture, name in SHARED_PARTS.items() if fixture in item.fixturenames), None)
        item.add_marker(pytest.mark.xdist_group(part or item.path.stem))


@pytest.fixture(scope="session")
def initscan():
    return program("initscan")


@pytest.fixture(scope="session")
def collect():
    return program("initscan-collect")


@pytest.fixture(scope="session")
def injector():
    return program("initscan-injector")


@pytest.fixture(scope="session")
def advisories(tmp_path_factory):
    """advisories(name): the archive of one of the real advisory sets."""
    return lambda name: shared_data("advisories", f"{name}.tar.zst")


@pytest.fixture(scope="session")
def alpine_root(tmp_path_factory):
    """alpine_root(version): an unpacked Alpine minirootfs."""
    roots = {}

    def unpack(version):
        if version not in roots:
            archive = shared_data("images", f"alpine-minirootfs-{version}-x86_64.tar.gz")
            roots[version] = tmp_path_factory.mktemp(f"alpine-{version}")
            subprocess.run(["tar", "-xzf", archive, "-C", roots[version]], check=True)
        return roots[version]

    return unpack


@pytest.fixture(scope="session")
def minbase_root():
    """A Debian 12 as released, without its security updates. Made once, kept in build/cache."""
    need_root_for("debootstrap")
    root = CACHE / "debian12-minbase"
    if not root.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        part = CACHE / "debian12-minbase.part"
        shutil.rmtree(part, ignore_errors=True)
        made = run("debootstrap", "--variant=minbase", "bookworm", part, timeout=600)
        assert made.returncode == 0, made.stdout[-2000:] + made.stderr[-2000:]
        part.rename(root)
    return root


@pytest.fixture(scope="session")
def minbase_patched_root(minbase_root):
    """The same Debian 12 after `apt-get upgrade` from bookworm-security."""
    root = CACHE / "debian12-minbase-patched"
    if not root.exists():
        part = CACHE / "debian12-minbase-patched.part"
        shutil.rmtree(part, ignore_errors=True)
        subprocess.run(["cp", "-a", minbase_root, part], check=True)
        base = (part / "etc/apt/sources.list").read_text().split()[1]
        security = base.rstrip("/") + "-security"
        with open(part / "etc/apt/sources.list", "a") as sources:
            sources.write(f"deb {security} bookworm-security main\n")
        upgrade = "apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q -y upgrade && apt-get clean"
        for name in ("resolv.conf", "hosts"):
            shutil.copy(f"/etc/{name}", part / "etc" / name)
        made = run("chroot", part, "sh", "-c", upgrade, timeout=600)
        assert made.returncode == 0, made.stdout[-2000:] + made.stderr[-2000:]
        part.rename(root)
    return root

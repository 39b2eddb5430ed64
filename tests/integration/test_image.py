"""The image as deploy/images/Containerfile makes it, of this machine's binaries instead of those of its build stage."""

import json
import re
import shutil

import pytest

from support import BIN, PROJECT, run

MAX_MIB = 48  # of the image, without the index; 11 of them are libcurl and what it needs, for the audit and what fetches
ROOTS = "etc/ssl/certs/ca-certificates.crt"

RESTRICTED = ["run", "--rm", "--network", "none", "--read-only", "--read-only-tmpfs=false", "--cap-drop", "all",
              "--security-opt", "no-new-privileges"]


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("root")
    done = run(PROJECT / "deploy" / "images" / "assemble", BIN, folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def image(podman, root, tmp_path_factory):
    """The Containerfile's later stages, with `root` in the place of what its first stage leaves."""
    text = (PROJECT / "deploy" / "images" / "Containerfile").read_text()
    stages = text[text.index("FROM scratch"):]
    assert stages.count("COPY --from=build /image/ /") == 1
    folder = tmp_path_factory.mktemp("context")
    (folder / "Containerfile").write_text(stages.replace("COPY --from=build /image/ /", "COPY image/ /"))
    (folder / "advisories.db").write_bytes(b"no index")
    root.rename(folder / "image")
    name = "localhost/initscan:assembled"
    done = podman("build", "--network", "none", "-f", folder / "Containerfile", "-t", name, folder)
    assert done.returncode == 0, done.stderr
    programs = f"{name}-programs"
    done = podman("build", "--network", "none", "-f", folder / "Containerfile", "--target", "programs", "-t", programs, folder)
    assert done.returncode == 0, done.stderr
    yield name
    podman("rmi", name, programs)


def test_it_holds_programs_their_libraries_and_whom_to_trust_and_nothing_else(root):
    files = sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.is_file())
    programs = [f for f in files if f.startswith("usr/bin/")]
    assert programs == ["usr/bin/initscan", "usr/bin/initscan-audit", "usr/bin/initscan-collect", "usr/bin/initscan-courier", "usr/bin/initscan-fetch", "usr/bin/initscan-injector", "usr/bin/initscan-registry", "usr/bin/initscan-server"]
    assert b"BEGIN CERTIFICATE" in (root / ROOTS).read_bytes(), "who fetches feeds has to trust somebody"
    others = [f for f in files if f not in programs and f != ROOTS]
    assert others and all(re.search(r"\.so(\.\d+)*$", f) for f in others), others
    assert not [p for p in root.rglob("*") if p.is_file() and p.stat().st_mode & 0o6000]


@pytest.mark.plain_build
def test_it_is_small(root):
    size = sum(p.stat().st_size for p in root.rglob("*") if p.is_file())
    print(f"the image has {size / 2**20:.1f} MiB")
    assert size < MAX_MIB * 2**20


@pytest.mark.parametrize("program, word", [("initscan", "version"), ("initscan-audit", "--version"), ("initscan-collect", "--version"), ("initscan-courier", "--version"), ("initscan-fetch", "--version"), ("initscan-injector", "--version"), ("initscan-registry", "--version"), ("initscan-server", "--version")])
def test_each_program_runs_with_nothing_to_write_to(podman, image, program, word):
    done = podman(*RESTRICTED, "--entrypoint", f"/usr/bin/{program}", image, word)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{program} "), done.stdout


def test_it_is_nobodys_and_runs_the_scanner(podman, image):
    config = json.loads(podman("image", "inspect", image, check=True).stdout)[0]["Config"]
    assert config["User"] == "65532:65532" and config["Entrypoint"] == ["/usr/bin/initscan"]
    done = podman(*RESTRICTED, image, "gate", "--rootfs", "0=/")
    # It reads the index, and as that is none, it cannot decide.
    assert done.returncode == 1 and "/usr/share/initscan/advisories.db" in done.stderr, done.stderr


def test_its_programs_make_the_index(podman, image, tmp_path):
    work = tmp_path / "work"
    work.mkdir()
    shutil.copytree(PROJECT / "deploy" / "examples" / "advisories", work / "feed")
    done = podman("run", "--rm", "--network", "none", "--volume", f"{work}:/work", "--workdir", "/work", f"{image}-programs",
                  "db", "build", "--from", "osv:feed", "-o", "advisories.db")
    assert done.returncode == 0, done.stderr
    assert (work / "advisories.db").stat().st_size > 1000

"""The process that reads an image, taken over: what it can do to anybody else, and what becomes of the scan.

`hostile_scan` is the scanner with an analyzer that does what the file `attack` of an image says.
"""

import json
import os
import signal
import subprocess
import time

import pytest

from support import program, run
from world import OS_RELEASE, advisory, stanza

LINE = "the process that reads it "


class HostileScan:
    def __init__(self, folder, index):
        self.folder, self.index = folder, index
        self.log = folder / "log"
        self.log.write_text("untouched")
        self.secret = folder / "secret"
        self.secret.write_text("untouched")
        self.id = None  # of the last reason

    def root(self, name, attack=None):
        root = self.folder / name
        (root / "var/lib/dpkg").mkdir(parents=True)
        (root / "etc").mkdir()
        (root / "etc/os-release").write_text(OS_RELEASE)
        (root / "var/lib/dpkg/status").write_text(stanza("zlib1g", "1:1.3-2", source="zlib"))
        if attack is not None:
            (root / "attack").write_text(attack)
        return root

    def scan(self, *roots):
        """The verdicts of the images; the scanner ends as it does for what is undecided."""
        done = run(program("tests/hostile_scan"), self.index, self.log, *roots, timeout=30)
        assert done.returncode == 1, (done.returncode, done.stdout, done.stderr)
        return json.loads(done.stdout)["images"]

    def attacked(self, attack):
        """The one reason why the image is undecided. The next image is judged as ever, and nothing has changed."""
        bad, good = self.scan(self.root("bad", attack), self.root("good"))
        assert (bad["verdict"], good["verdict"]) == ("undecided", "pass"), (bad, good)
        assert self.log.read_text() == self.secret.read_text() == "untouched"
        assert sorted(p.name for p in self.folder.iterdir()) == ["advisories.db", "bad", "good", "log", "secret"]
        (reason,) = [reason for reason in bad["reasons"] if reason["effect"] == "undecided"]
        self.id = reason["id"]
        return reason["sentence"].removeprefix(f"rootfs:{self.folder}/bad: ")


@pytest.fixture(scope="session")
def index(initscan, tmp_path_factory):
    folder = tmp_path_factory.mktemp("feed")
    (folder / "one.json").write_text(json.dumps(advisory("CVE-2024-0001", "zlib", "1:1.3-2", "high")))
    run(initscan, "db", "build", "--from", f"osv:{folder}", "-o", folder / "advisories.db", check=True)
    return folder / "advisories.db"


@pytest.fixture
def hostile(tmp_path, index):
    (tmp_path / "advisories.db").write_bytes(index.read_bytes())
    return HostileScan(tmp_path, tmp_path / "advisories.db")


@pytest.mark.plain_build
@pytest.mark.parametrize("attack", ["socket", "unix-socket", "socketpair", "ptrace", "kill", "exec"])
def test_what_only_an_attacker_would_do_ends_it(hostile, attack):
    assert hostile.attacked(attack) == LINE + "was ended by signal 31 (Bad system call)"
    assert hostile.id == "reader-failed"


@pytest.mark.plain_build
@pytest.mark.parametrize("attack", ["tgkill", "sigqueue", "fork", "code", "inherited"])
def test_it_reaches_nobody_else(hostile, attack):
    assert hostile.attacked(attack).startswith("attack: refused: ")


@pytest.fixture(scope="session")
def landlock(collect, tmp_path_factory):
    document = json.loads(run(collect, "--root", tmp_path_factory.mktemp("empty"), "--output", "-", check=True).stdout)
    if {"name": "initscan:confinement", "value": "seccomp+landlock"} not in document["metadata"]["properties"]:
        pytest.skip("this kernel has no landlock: what is outside can be read, and not carried away")


@pytest.mark.plain_build
@pytest.mark.parametrize("attack", ["open", "openat2", "memory-of-scanner", "files-of-scanner"])
def test_it_opens_no_file_outside_of_the_image(hostile, landlock, attack):
    assert hostile.attacked(f"{attack} {hostile.secret}").startswith("attack: refused: ")


@pytest.mark.plain_build
def test_a_kernel_without_landlock_leaves_the_filter(hostile, initscan):
    without = ["strace", "-f", "-o", "/dev/null", "-e", "inject=landlock_create_ruleset:error=ENOSYS"]
    done = run(*without, initscan, "rootfs", hostile.root("good"), "--db", hostile.index, "--format", "json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["images"][0]["confinement"] == "seccomp"


@pytest.mark.plain_build
@pytest.mark.parametrize("attack", ["write", "write-openat2", "truncate", "unlink", "rename", "chmod"])
@pytest.mark.parametrize("place", ["secret", "bad/etc/os-release"])
def test_it_changes_no_file(hostile, attack, place):
    assert hostile.attacked(f"{attack} {hostile.folder / place}").startswith("attack: refused: ")
    assert (hostile.folder / "bad/etc/os-release").read_text() == OS_RELEASE


@pytest.mark.plain_build
@pytest.mark.parametrize("attack", ["create", "mkdir"])
@pytest.mark.parametrize("place", ["new", "bad/new"])
def test_it_makes_no_file(hostile, attack, place):
    assert hostile.attacked(f"{attack} {hostile.folder / place}").startswith("attack: refused: ")
    assert not (hostile.folder / place).exists()


@pytest.mark.parametrize(
    "attack, reason",
    [
        ("nothing", LINE + "ended without a word"),
        ("too-much", LINE + "says more than the limit of 1048576 bytes"),
        ("stall", LINE + "takes longer than the limit of 1500 ms"),
        ("close-and-stall", LINE + "takes longer than the limit of 1500 ms"),
        ("say garbage", "the answer of the process that reads it: not JSON: "),
        ("say {}", 'the answer of the process that reads it: not CycloneDX: bomFormat is not "CycloneDX"'),
        ('say {"bomFormat":"CycloneDX","specVersion":"1.6"}', LINE + "does not say what it saw"),
        ("complain ", LINE + "ended with exit code 1"),
    ],
)
def test_the_scan_survives_what_it_says(hostile, attack, reason):
    start = time.monotonic()
    assert hostile.attacked(attack).startswith(reason)
    assert hostile.id == "reader-failed"
    assert time.monotonic() - start < 15


def test_what_it_complains_of_is_told_and_no_more(hostile):
    assert hostile.attacked("complain of nothing that is true") == "of nothing that is true"
    assert hostile.id == "image-unreadable"


@pytest.mark.plain_build
def test_the_scan_survives_its_death(hostile):
    assert hostile.attacked("die") == LINE + "was ended by signal 4 (Illegal instruction)"


def test_a_lie_about_packages_that_are_not_there_is_judged_as_anybodys(hostile):
    """A whole document from it is believed as far as a stranger's: it speaks of its own image alone."""
    document = {"bomFormat": "CycloneDX", "specVersion": "1.6",
                "metadata": {"properties": [{"name": "initscan:coverage:filesSeen", "value": "1"}]}, "components": []}
    assert hostile.attacked("say " + json.dumps(document)) == "no package was found: there was nothing to check (onNothingFound)"


@pytest.mark.plain_build
def test_it_holds_nothing_of_its_parents_and_ends_with_it(hostile):
    root = hostile.root("bad", "stall")
    scanner = subprocess.Popen([program("tests/hostile_scan"), hostile.index, hostile.log, root], stdout=subprocess.PIPE)
    try:
        child = only_child_of(scanner.pid)
        held = {"a pipe", str(root), f"/proc/{child}/fd"}
        wait_until(lambda: open_files_of(child) == held, "the child holds the image and its answer")
        scanner.send_signal(signal.SIGKILL)
        wait_until(lambda: not is_running(child), "the child ends")
    finally:
        scanner.kill()
        scanner.communicate()


def wait_until(fact, what, seconds=20):
    end = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.01)


def only_child_of(pid):
    path = f"/proc/{pid}/task/{pid}/children"
    wait_until(lambda: open(path).read().split(), "a child")
    (child,) = open(path).read().split()
    return int(child)


def open_files_of(pid):
    folder = f"/proc/{pid}/fd"
    try:
        names = [os.readlink(f"{folder}/{name}") for name in os.listdir(folder)]
    except FileNotFoundError:  # one was closed meanwhile
        return set()
    return {"a pipe" if name.startswith("pipe:") else name for name in names}


def is_running(pid):
    try:
        return open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False

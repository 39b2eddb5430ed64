"""initscan-collect in hostile roots: nothing outside of the image is opened, nothing blocks, nothing is missed in silence."""

import json
import os
import re
import select
import shutil
import socket
import subprocess
import time

import pytest

from support import PROJECT, need_root_for, run
from world import OS_RELEASE, stanza

ZLIB = stanza("zlib1g", "1:1.3-1", source="zlib")


@pytest.fixture
def root(tmp_path):
    made = tmp_path / "root"
    (made / "var/lib/dpkg").mkdir(parents=True)
    (made / "etc").mkdir()
    (made / "etc/os-release").write_text(OS_RELEASE)
    (made / "var/lib/dpkg/status").write_text(ZLIB)
    return made


def collect_json(collect, root, timeout=20, prefix=()):
    start = time.monotonic()
    done = run(*prefix, collect, "--root", root, "--output", "-", timeout=timeout)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    properties = [(p["name"].removeprefix("initscan:coverage:"), p["value"]) for p in document["metadata"]["properties"]]
    coverage = dict(properties)
    coverage["incomplete"] = [value for name, value in properties if name == "incomplete"]
    coverage["seconds"] = time.monotonic() - start
    names = [c["name"] for c in document["components"] if c["type"] == "library"]
    return names, coverage


TRIPWIRES = [
    "etc/nsswitch.conf", "etc/ld.so.preload", "etc/ld.so.cache", "etc/localtime", "etc/passwd", "etc/hosts",
    "etc/resolv.conf", "etc/gai.conf", "etc/host.conf", "etc/locale.alias", "etc/ssl/openssl.cnf",
    "usr/lib/ssl/openssl.cnf", "lib/x86_64-linux-gnu/libnss_files.so.2", "lib/x86_64-linux-gnu/libnss_evil.so.2",
    "usr/lib/x86_64-linux-gnu/gconv/gconv-modules", "usr/lib/x86_64-linux-gnu/gconv/UTF-16.so",
    "usr/lib/locale/locale-archive", "usr/share/locale/locale.alias", ".initscanignore", "initscan.yaml", "proc/self/fd/trap",
]


@pytest.mark.plain_build
def test_no_tripwire_is_opened(collect, root, tmp_path):
    """Runs as it does in a pod: the image is the root of the process, its environment is the image's."""
    need_root_for("chroot")
    for name in TRIPWIRES:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("hosts: evil\n")
    shutil.copy(collect, root / "initscan-collect")
    (root / "out").mkdir()
    environment = {
        "LD_PRELOAD": "/lib/x86_64-linux-gnu/libnss_evil.so.2", "LD_LIBRARY_PATH": "/lib", "LC_ALL": "de_DE.UTF-8",
        "LANG": "de_DE.UTF-8", "GCONV_PATH": "/usr/lib/x86_64-linux-gnu/gconv", "OPENSSL_CONF": "/etc/ssl/openssl.cnf",
        "TZ": "Europe/Berlin", "HOME": "/", "HTTPS_PROXY": "http://127.0.0.1:1", "INITSCAN_ROOT": "/nowhere",
        "NLSPATH": "/usr/share/%N", "MALLOC_TRACE": "/out/trace", "TMPDIR": "/out",
    }
    trace = tmp_path / "trace"
    argv = ["strace", "-f", "-o", trace, "-E", "PATH=/bin"] + [f"-E{k}={v}" for k, v in environment.items()]
    argv += ["chroot", root, "/initscan-collect", "--root=/", "--output=/out/sbom.json"]
    for number in range(30):
        (root / "proc/self/fd" / str(number)).symlink_to("trap")  # as the kernel has one for each open file
    done = run(*argv)
    assert done.returncode == 0, done.stderr

    calls = trace.read_text()
    calls = calls[calls.index('execve("/initscan-collect"') :].splitlines()[1:]
    opened = [re.search(r'"([^"]*)"', call)[1] for call in calls if re.search(r"\bopen(at|at2)?\(", call)]
    assert "var/lib/dpkg/status" in opened, "strace saw nothing"
    for name in TRIPWIRES:
        assert not [path for path in opened if path.endswith(os.path.basename(name))], f"{name} was opened"

    # Before the confinement: the output, and the root for landlock, which is not opened to be read. After it: openat2
    # alone; the root, a look at whether there is a /proc of the kernel's (the image's own folder of this name does not
    # count), and what is below the root.
    confined = next(i for i, call in enumerate(calls) if "SECCOMP_SET_MODE_FILTER" in call or "seccomp(" in call and "FILTER" in call)
    before = [call for call in calls[:confined] if re.search(r"\bopen(at|at2)?\(", call)]
    places = ('"/", O_RDONLY|O_CLOEXEC|O_PATH', '"/out/sbom.json"')
    assert all(any(place in call for place in places) for call in before), before
    after = [call for call in calls[confined:] if re.search(r"\bopen(at)?\(", call)]
    assert not after, after
    root_itself, proc, *below = [call for call in calls[confined:] if "openat2(" in call]
    assert 'openat2(AT_FDCWD, "/", {flags=O_RDONLY|O_NOCTTY|O_NONBLOCK|O_CLOEXEC|O_DIRECTORY' in root_itself
    assert '"/proc/self/fd", {flags=O_RDONLY|O_CLOEXEC|O_PATH|O_DIRECTORY' in proc
    for call in below:
        assert "RESOLVE_IN_ROOT" in call or "RESOLVE_NO_XDEV|RESOLVE_NO_SYMLINKS" in call or "RESOLVE_NO_SYMLINKS|RESOLVE_NO_XDEV" in call, call
    forbidden = re.compile(r"\b(socket|connect|execve|clone3?|fork|vfork|ptrace|kill|unlink\w*|rename\w*|mkdir\w*)\(")
    assert not [call for call in calls if forbidden.search(call)]
    assert json.loads((root / "out/sbom.json").read_text())["bomFormat"] == "CycloneDX"


def nobodys(folder, program):
    """A copy that another user may start and not read, as in the image and where `initscan install` puts it."""
    for path in (folder, *folder.parents):
        if path.stat().st_mode & 0o5 != 0o5:
            path.chmod(path.stat().st_mode | 0o5)
    copy = folder / program.name
    shutil.copy(program, copy)
    copy.chmod(0o111)
    return copy


def assert_hidden(process):
    """From a user of the same id, who got into the container or sees the node's processes."""
    assert process.poll() is None
    assert os.stat(f"/proc/{process.pid}/mem").st_uid == 0, "its memory belongs to its user"
    for name in ("mem", "environ", "maps"):
        done = run("cat", f"/proc/{process.pid}/{name}", **NOBODY)
        assert done.returncode != 0 and "Permission denied" in done.stderr, name
    traced = run("strace", "-p", process.pid, **NOBODY)
    assert traced.returncode != 0 and "Operation not permitted" in traced.stderr


def wait_until_it_writes(pipe):
    """Reads nothing: whoever has more to say than a pipe holds then waits for room."""
    assert select.select([pipe], [], [], 20)[0], "it writes nothing"


NOBODY = {"user": 65532, "group": 65532, "extra_groups": []}


def test_nobody_looks_into_its_memory(collect, root, tmp_path):
    need_root_for("becoming another user")
    program, fifo = nobodys(tmp_path, collect), tmp_path / "fifo"
    os.mkfifo(fifo)
    fifo.chmod(0o666)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    # Its document is larger than a pipe holds, so that it waits with the SBOM in its memory.
    (root / "var/lib/dpkg/status").write_text("".join(stanza(f"p{i}", "1") for i in range(2000)))
    process = subprocess.Popen([program, "--root", root, "--output", fifo], **NOBODY)
    try:
        wait_until_it_writes(reader)
        assert_hidden(process)
    finally:
        process.kill()
        process.wait()
        os.close(reader)


@pytest.mark.plain_build
def test_nobody_turns_the_gates_verdict_round(initscan, root, tmp_path):
    """It waits for room in the pipe that its report goes to, with its exit code still to come."""
    need_root_for("becoming another user")
    program = nobodys(tmp_path, initscan)
    (root / "var/lib/dpkg/status").write_text("".join(stanza(f"p{i}", "1") for i in range(5000)))
    run(initscan, "db", "build", "--from", f"osv:{PROJECT}/deploy/examples/advisories", "-o", tmp_path / "db", check=True)
    process = subprocess.Popen([program, "gate", "--rootfs", f"0={root}", "--db", tmp_path / "db", "--format", "cyclonedx"],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **NOBODY)
    try:
        wait_until_it_writes(process.stdout)
        assert_hidden(process)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.mark.plain_build
def test_is_small_static_and_confined(collect, root):
    assert collect.stat().st_size <= 8 << 20
    assert "INTERP" not in run("readelf", "-lW", collect, check=True).stdout
    done = run(collect, "--root", root, "--output", "-")
    properties = {p["name"]: p["value"] for p in json.loads(done.stdout)["metadata"]["properties"]}
    assert properties["initscan:confinement"] in ("seccomp+landlock", "seccomp")


def replace_status(root, make):
    path = root / "var/lib/dpkg/status"
    path.unlink()
    make(path)


@pytest.mark.parametrize(
    "name, make, fact",
    [
        ("fifo", lambda p: os.mkfifo(p), "is not a regular file"),
        ("socket", lambda p: socket.socket(socket.AF_UNIX).bind(os.path.relpath(p)), "is not a regular file"),
        ("folder", lambda p: p.mkdir(), "is not a regular file"),
        ("loop", lambda p: p.symlink_to("status"), "cannot open: Too many levels of symbolic links"),
        ("kernel state", lambda p: p.symlink_to("/proc/kmsg"), "is behind a broken symbolic link"),
    ],
)
def test_a_database_that_is_no_file_is_incomplete(collect, root, monkeypatch, name, make, fact):
    monkeypatch.chdir(root)
    replace_status(root, make)
    names, coverage = collect_json(collect, root)
    assert names == []
    assert coverage["incomplete"] == [f"var/lib/dpkg/status: {fact}"]


def test_a_device_is_not_opened(collect, root):
    need_root_for("mknod")
    replace_status(root, lambda p: os.mknod(p, 0o20666, os.makedev(1, 5)))  # /dev/zero has no end
    names, coverage = collect_json(collect, root)
    assert names == [] and coverage["incomplete"] == ["var/lib/dpkg/status: is not a regular file"]


def test_links_end_inside_of_the_root(collect, root, tmp_path):
    (tmp_path / "outside").write_text(stanza("outside", "1"))
    for target in (tmp_path / "outside", "../../../../../../../../outside", "../../../../outside"):
        replace_status(root, lambda p: p.symlink_to(target))
        names, coverage = collect_json(collect, root)
        assert names == [] and coverage["incomplete"], target
    (root / "elsewhere").write_text(ZLIB)
    replace_status(root, lambda p: p.symlink_to("/elsewhere"))
    assert collect_json(collect, root)[0] == ["zlib1g"]


def test_a_sparse_terabyte_is_over_the_limit(collect, root):
    os.truncate(root / "var/lib/dpkg/status", 1 << 40)
    names, coverage = collect_json(collect, root)
    assert names == []
    assert coverage["incomplete"] == ["var/lib/dpkg/status: larger than the limit of 67108864 bytes"]
    assert coverage["seconds"] < 2


def test_a_folder_of_100000_files_hides_nothing(collect, root):
    big = root / "big"
    big.mkdir()
    for i in range(100_000):
        os.close(os.open(big / f"file-with-a-name-{i}", os.O_CREAT | os.O_WRONLY))
    names, coverage = collect_json(collect, root)
    assert names == ["zlib1g"] and coverage["truncated"] == "false"
    assert int(coverage["filesSeen"]) > 100_000


def test_what_may_not_be_read_is_counted(collect, root):
    need_root_for("becoming another user")
    (root / "private").mkdir(mode=0o700)
    (root / "var/lib/dpkg/status").chmod(0o600)
    for path in (root, *root.parents):
        if path.owner() == "root" and path.stat().st_mode & 0o5 != 0o5:
            path.chmod(path.stat().st_mode | 0o5)  # pytest's folders are private
    as_nobody = ["setpriv", "--reuid=65532", "--regid=65532", "--clear-groups", "--bounding-set=-all", "--inh-caps=-all"]
    if run(*as_nobody, "test", "-x", collect).returncode != 0:
        collect_copy = root.parent / "initscan-collect"
        shutil.copy(collect, collect_copy)
        collect_copy.chmod(0o555)
        collect = collect_copy
    names, coverage = collect_json(collect, root, prefix=as_nobody)
    assert names == []
    assert coverage["unreadable"] == "1"
    assert coverage["incomplete"] == ["var/lib/dpkg/status: cannot open: Permission denied"]


def test_another_mount_is_counted_and_not_entered(collect, root):
    need_root_for("mounting")
    (root / "proc").mkdir()
    mounted = run("mount", "-t", "proc", "proc", root / "proc")
    if mounted.returncode != 0:
        pytest.skip(f"cannot mount here: {mounted.stderr.strip()}")
    try:
        _, coverage = collect_json(collect, root)
        assert coverage["otherMounts"] == "1"
        assert int(coverage["filesSeen"]) < 20
        replace_status(root, lambda p: p.symlink_to("/proc/version"))
        assert collect_json(collect, root)[1]["incomplete"] == ["var/lib/dpkg/status: is on a pseudo file system"]
    finally:
        run("umount", root / "proc", check=True)


def test_a_database_on_a_volume_is_read(collect, root):
    """An image may declare a VOLUME over its database: it is another mount, and it is still looked at."""
    need_root_for("mounting")
    mounted = run("mount", "-t", "tmpfs", "tmpfs", root / "var/lib/dpkg")
    if mounted.returncode != 0:
        pytest.skip(f"cannot mount here: {mounted.stderr.strip()}")
    try:
        (root / "var/lib/dpkg/status").write_text(ZLIB)
        names, coverage = collect_json(collect, root)
        assert names == ["zlib1g"] and coverage["otherMounts"] == "1"
    finally:
        run("umount", root / "var/lib/dpkg", check=True)


def test_hostile_names_leave_the_document_whole(collect, root):
    (root / "var/lib/dpkg/status").write_bytes(
        b'Package: a\nStatus: install ok installed\nVersion: 1"\\\x1b[2J\xff\xc0\xaf\n\nPackage: b"\\\x1b[2J\xff\n'
        b"Status: install ok installed\nVersion: 1\n\n"
    )
    (root / "etc/os-release").write_bytes(OS_RELEASE.encode() + b'PRETTY_NAME="\x1b]0;x\x07\xff"\n')
    names, coverage = collect_json(collect, root)
    assert names == ["a"]
    assert coverage["incomplete"] == ['var/lib/dpkg/status: 5: "b"\\\x1b[2J\ufffd" is not a package name']


@pytest.mark.parametrize(
    "argv, code, fact",
    [
        ([], 64, "--root is missing; see --help"),
        (["--root=/"], 64, "--output is missing; see --help"),
        (["--roots=/"], 64, 'unknown or incomplete argument "--roots=/"; see --help'),
        (["--root"], 64, 'unknown or incomplete argument "--root"; see --help'),
        (["--root=/none", "--output=-"], 1, "/none: cannot open: No such file or directory"),
        (["--root=/", "--output=/none/x"], 1, "/none/x: cannot create: No such file or directory"),
    ],
)
def test_errors_are_one_line(collect, argv, code, fact):
    done = run(collect, *argv)
    assert (done.returncode, done.stderr) == (code, f"initscan-collect: error: {fact}\n")


@pytest.mark.plain_build
def test_a_full_disk_leaves_no_half_document(collect, root):
    done = subprocess.run([collect, "--root", root, "--output", "/dev/full"], capture_output=True, text=True)
    assert done.returncode == 1
    assert "/dev/full: cannot write" in done.stderr

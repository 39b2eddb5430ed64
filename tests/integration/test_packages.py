"""The packages found are exactly those that the distribution's own tools list."""

import subprocess

import pytest

from collected import collected, gaps_in
from support import run


def found_in(collect, root):
    """(name, version, architecture, source, source version) of every package, and what the whole document says."""
    packages, properties = collected(collect, root)
    assert not gaps_in(properties)
    return [package[:5] for package in packages], dict(properties)


def test_debian_has_the_packages_that_dpkg_lists(collect, minbase_root):
    fields = "${Package}\t${Version}\t${Architecture}\t${source:Package}\t${source:Version}\n"
    listed = run("chroot", minbase_root, "dpkg-query", "-W", "-f", fields, check=True).stdout
    want = sorted(tuple(line.split("\t")) for line in listed.splitlines())
    assert len(want) > 50
    packages, properties = found_in(collect, minbase_root)
    assert packages == want
    found = subprocess.run(["find", minbase_root, "-mindepth", "1", "-printf", "x"], capture_output=True, check=True)
    assert properties["initscan:coverage:filesSeen"] == str(len(found.stdout))


@pytest.mark.parametrize("version", ["3.10.9", "3.18.9", "3.20.3"])
def test_alpine_has_the_packages_that_its_database_lists(collect, alpine_root, version):
    root = alpine_root(version)
    want, record = [], {}
    for line in (root / "lib/apk/db/installed").read_text().splitlines() + [""]:
        if line:
            record.setdefault(line[0], line[2:])
        elif record:
            want.append((record["P"], record["V"], record["A"], record["o"], record["V"]))
            record = {}
    packages, _ = found_in(collect, root)
    assert len(want) > 10
    assert packages == sorted(want)

    apk = run("chroot", root, "/sbin/apk", "info", "-v")
    if apk.returncode != 0:
        pytest.skip(f"apk of Alpine {version} does not run here: {apk.stderr.strip()}")
    assert sorted(f"{p[0]}-{p[1]}" for p in packages) == sorted(apk.stdout.split())

"""The packages found are exactly those that the distribution's own tools list."""

import json
import subprocess

import pytest

from support import run


def collected(collect, root):
    """(name, version, architecture, source, source version) of every package, and the whole document."""
    done = run(collect, "--root", root, "--output", "-")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    packages = []
    for component in document["components"]:
        if component["type"] != "library":
            continue
        properties = {p["name"]: p["value"] for p in component["properties"]}
        architecture = component["purl"].split("?arch=")[1].split("&")[0]
        packages.append(
            (component["name"], component["version"], architecture,
             properties["initscan:source:name"], properties["initscan:source:version"])
        )
    properties = [(p["name"], p["value"]) for p in document["metadata"]["properties"]]
    assert not [value for name, value in properties if name == "initscan:coverage:incomplete"]
    return sorted(packages), dict(properties)


def test_debian_has_the_packages_that_dpkg_lists(collect, minbase_root):
    fields = "${Package}\t${Version}\t${Architecture}\t${source:Package}\t${source:Version}\n"
    listed = run("chroot", minbase_root, "dpkg-query", "-W", "-f", fields, check=True).stdout
    want = sorted(tuple(line.split("\t")) for line in listed.splitlines())
    assert len(want) > 50
    packages, properties = collected(collect, minbase_root)
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
    packages, _ = collected(collect, root)
    assert len(want) > 10
    assert packages == sorted(want)

    apk = run("chroot", root, "/sbin/apk", "info", "-v")
    if apk.returncode != 0:
        pytest.skip(f"apk of Alpine {version} does not run here: {apk.stderr.strip()}")
    assert sorted(f"{p[0]}-{p[1]}" for p in packages) == sorted(apk.stdout.split())

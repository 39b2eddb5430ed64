"""A pass needs evidence: what is empty, damaged, gone, contradictory, old or of a kind that nobody matches is told."""

import json
import os
import resource
from pathlib import Path
from urllib.parse import quote

import pytest

from support import run
from world import OS_RELEASE, advisory, stanza

SOUND = stanza("zlib1g", "1:1.3-2", source="zlib")
DEBIAN = {"type": "operating-system", "name": "debian", "version": "12"}
ZLIB = {"type": "library", "name": "zlib1g", "version": "1:1.3-2",
        "purl": "pkg:deb/debian/zlib1g@1%3A1.3-2?arch=amd64&distro=debian-12&upstream=zlib"}


def write(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, Path):
            path.symlink_to(text)
            continue
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def reasons(world, root, *options):
    """Why a root is undecided, by `rootfs`; by the collector and the gate it has to be the same."""
    code, verdict = world.scan_json(root, *options)
    (image,) = verdict["images"]
    assert (code == 1) == bool(image["undecided"]), verdict
    return image["undecided"]


ROOTS = {
    "an empty folder": ({}, "no package was found: there was nothing to check (onNothingFound)"),
    "one program": ({"bin/tool": "x"}, "no package was found: there was nothing to check (onNothingFound)"),
    "an empty database": ({"etc/os-release": OS_RELEASE, "var/lib/dpkg/status": ""},
                          "var/lib/dpkg/status: exists but lists no package"),
    "a blank database": ({"etc/os-release": OS_RELEASE, "var/lib/dpkg/status": "\n\n"},
                         "var/lib/dpkg/status: exists but lists no package"),
    "an empty database of apk": ({"lib/apk/db/installed": ""}, "lib/apk/db/installed: exists but lists no package"),
    "zeros over a stanza": (
        {"etc/os-release": OS_RELEASE, "var/lib/dpkg/status": SOUND.encode() + b"\0" * 200 + SOUND.encode()},
        "var/lib/dpkg/status: 7: a NUL byte"),
    "two stanzas in one": (
        {"etc/os-release": OS_RELEASE, "var/lib/dpkg/status": SOUND.rstrip() + "\n" + stanza("ok", "1")},
        "var/lib/dpkg/status: 6: the field Package is given twice in a stanza"),
    "two records in one": ({"lib/apk/db/installed": "P:a\nV:1-r0\nP:b\nV:1-r0\n\n"},
                           "lib/apk/db/installed: 3: P: is given twice in a record"),
    "a database that is gone": ({"etc/apk/world": "musl\n"},
                                "etc/apk/world: is left over from apk, whose package database is gone"),
    "a program without its database": ({"usr/bin/dpkg": "x"},
                                       "usr/bin/dpkg: is left over from dpkg, whose package database is gone"),
    "two databases that contradict": (
        {"etc/os-release": OS_RELEASE, "var/lib/dpkg/status": SOUND,
         "var/lib/dpkg/status.d/zlib": "Package: zlib1g\nArchitecture: amd64\nVersion: 1:1.2-1\n"},
        "var/lib/dpkg/status.d/zlib: zlib1g is 1:1.2-1 here and 1:1.3-2 in var/lib/dpkg/status"),
    "a package without its control file": (
        {"etc/os-release": OS_RELEASE, "var/lib/dpkg/status.d/zlib": "Package: zlib1g\nVersion: 1:1.3-2\n",
         "var/lib/dpkg/status.d/openssl.md5sums": ""},
        'var/lib/dpkg/status.d: has the checksums of "openssl" but not the package'),
    "file lists that dpkg wrote and that are gone": (
        {"etc/os-release": OS_RELEASE, "var/lib/dpkg/status": SOUND, "var/lib/dpkg/status-old": SOUND + stanza("openssl", "1")},
        "var/lib/dpkg/status: names 1 installed package, and var/lib/dpkg/info has a list of files for none: the lists were "
        "removed, so nothing shows whether packages were removed from the database as well"),
    "packages of another release": (
        {"etc/os-release": OS_RELEASE, "var/lib/dpkg/status": SOUND + stanza("base-files", "9.9+deb9u13")},
        "os-release says debian 12, and its package base-files 9.9+deb9u13 is of 9"),
    "a Chisel manifest": ({"var/lib/chisel/manifest.wall": "x"},
                          "var/lib/chisel/manifest.wall: a Chisel manifest, which is not read yet"),
    "a Conda environment": ({"etc/os-release": OS_RELEASE, "var/lib/dpkg/status": SOUND, "opt/conda/conda-meta/a.json": "{}"},
                            "opt/conda/conda-meta: a Conda environment, which is not read yet"),
    "a Bitnami component": (
        {"etc/os-release": OS_RELEASE, "var/lib/dpkg/status": SOUND, "opt/bitnami/redis/.spdx-redis.spdx": "{}"},
        "opt/bitnami/redis: a Bitnami component, which is not read yet"),
    "an XBPS database": ({"var/db/xbps/pkgdb-0.38.plist": "x"}, "var/db/xbps: an XBPS database, which is not read yet"),
    "apt's word on packages": ({"var/lib/apt/extended_states": "Package: a\n"},
                               "var/lib/apt/extended_states: is left over from dpkg, whose package database is gone"),
    "a link in place of the database": (
        {"etc/os-release": OS_RELEASE, "var/lib/dpkg/status.d/zlib": SOUND, "var/lib/dpkg/status": Path("/gone")},
        "var/lib/dpkg/status: is behind a broken symbolic link"),
    "a link in place of the database's folder": (
        {"etc/os-release": OS_RELEASE, "var/lib/dpkg/status": SOUND, "lib/apk/db": Path("../gone")},
        "lib/apk/db/installed: is behind a broken symbolic link"),
    "a release without a number": (
        {"etc/os-release": "ID=debian\nVERSION_CODENAME=sid\n", "var/lib/dpkg/status": SOUND},
        'deb packages of "debian" cannot be matched (1 package not checked); os-release has no VERSION_ID and no '
        "VERSION_CODENAME of a known release: build the image from a released version"),
    "a release by its codename": (
        {"etc/os-release": "ID=debian\nVERSION_CODENAME=forky\n", "var/lib/dpkg/status": SOUND},
        'no advisories for "Debian:14" in the index (1 package not checked)'),
    "a codename of another release": (
        {"etc/os-release": "ID=debian\nVERSION_CODENAME=forky\n",
         "var/lib/dpkg/status": SOUND + stanza("base-files", "12.4+deb12u5")},
        "os-release says debian forky, and its package base-files 12.4+deb12u5 is of 12"),
    "a pacman database": ({"var/lib/pacman/local/a": "x"}, "var/lib/pacman/local: a pacman database, which is not read yet"),
    "an rpm database without anything": (
        {"var/lib/rpm/rpmdb.sqlite": ""},
        "var/lib/rpm/rpmdb.sqlite: cut short: ends at byte 0, in a piece that goes on to byte 100"),
    "a log of an rpm database without it": (
        {"var/lib/rpm/rpmdb.sqlite-wal": "x"}, "var/lib/rpm: is left over from rpm, whose package database is gone"),
    "an rpm distribution without its database": (
        {"etc/os-release": "ID=rhel\nVERSION_ID=9.4\n"}, "os-release says rhel, but there is no package database"),
}


@pytest.mark.parametrize("name", ROOTS)
def test_what_shows_nothing_is_undecided(world, collect, tmp_path, name):
    files, reason = ROOTS[name]
    root = write(tmp_path / "root", files)
    root.mkdir(exist_ok=True)
    by_root = reasons(world, root)
    assert reason in by_root
    assert run(collect, "--root", root, "--output", tmp_path / "s.json").returncode == 0
    done = run(world.initscan, "gate", f"--sbom=0={tmp_path / 's.json'}", "--db", world.index, "--format=json")
    assert done.returncode == 1, done.stdout
    assert json.loads(done.stdout)["images"][0]["undecided"] == by_root


def test_the_policy_may_allow_an_image_of_nothing(world, tmp_path):
    root = write(tmp_path / "root", {"bin/tool": "x"})
    log = tmp_path / "log"
    for reaction, code, line in (
        ("deny", 1, "cannot decide: no package was found"), ("warn", 0, "warning: no package was found"), ("allow", 0, None)
    ):
        policy = world.policy(f"onNothingFound: {reaction}\n")
        done = run(world.initscan, "gate", f"--rootfs=0={root}", "--db", world.index, "--policy", policy,
                   f"--termination-log={log}")
        assert done.returncode == code, done.stdout
        assert ("no package was found" in log.read_text()) == (line is not None)
        assert line is None or line in log.read_text()
    # What was removed is seen all the same.
    write(root, {"lib/apk/db/triggers": ""})
    assert world.scan(root, "--policy", policy).returncode == 1


def test_both_databases_of_apk_are_read(world, tmp_path):
    root = write(tmp_path / "root", {"lib/apk/db/installed": "P:a\nV:1-r0\n\n", "usr/lib/apk/db/installed": "P:b\nV:2-r0\n\n"})
    _, verdict = world.scan_json(root)
    assert verdict["images"][0]["packages"] == 2
    (root / "usr/lib/apk/db/installed").unlink()
    (root / "usr/lib/apk/db").rmdir()
    (root / "usr/lib/apk/db").symlink_to("/lib/apk/db")
    _, verdict = world.scan_json(root)
    assert verdict["images"][0]["packages"] == 1


@pytest.mark.parametrize("version", ("1:1.2é", "UNKNOWN", "(none)", "v1.2", "1_2", ">=1.2", "z:1.2", "1:", "99999999999:1.2"))
def test_a_version_that_is_none_matters_where_an_advisory_speaks_of_it(world, version):
    root = world.root("own", SOUND, stanza("mytool", version))
    assert world.scan(root).returncode == 0
    why = f'zlib: CVE-2024-0001: "1:1.3-2" cannot be compared with "{version}"'
    root = world.root("spoken", SOUND, stanza("zlib", version))
    assert reasons(world, root) == [why]
    path = world.folder / "s.json"
    path.write_text(json.dumps(bom(DEBIAN, ZLIB, of_zlib(version=version))))
    done = run(world.initscan, "gate", f"--sbom=0={path}", "--db", world.index)
    assert done.returncode == 1 and why in done.stdout, done.stdout


@pytest.mark.parametrize("fixed, why", (
    ("UNKNOWN", "a word takes the place of a version"), ("v1.3", "a word takes the place of a version"),
    ("1_3", '"1_3" cannot be compared with "1:1.3-2"'), ("1.3-", '"1.3-" cannot be compared with "1:1.3-2"'),
))
def test_a_fix_that_is_no_version_clears_nothing(world, fixed, why):
    built_index(world, [advisory("CVE-2026-1", "zlib", fixed, "high")])
    assert reasons(world, world.root("fixed", stanza("zlib", "1:1.3-2"))) == [f"zlib: CVE-2026-1: {why}"]


def built_index(world, records):
    feed = world.folder / "feed"
    feed.mkdir()
    for record in records:
        (feed / f"{record['id']}.json").write_text(json.dumps(record))
    assert run(world.initscan, "db", "build", "--from", f"osv:{feed}", "-o", world.index).returncode == 0


def test_old_data_and_old_releases_are_told(world):
    record = advisory("CVE-2019-1", "zlib", "1:1.1-1", "high", ecosystem="Debian:9")
    built_index(world, [record | {"modified": "2019-01-01T00:00:00Z"}])
    root = world.root("old", SOUND, os_release="ID=debian\nVERSION_ID=9\n")
    code, verdict = world.scan_json(root)
    stale, ended = verdict["images"][0]["warnings"]
    assert code == 0
    assert stale.startswith("the newest advisory is dated 2019-01-01, ") and stale.endswith(" (onStaleData)")
    assert ended == '"debian 9" has had no support since 2022-07-01: its vulnerabilities are no longer published (onEndOfLife)'
    for spec, code, warnings in (
        ("onStaleData: deny\n", 1, 1), ("onEndOfLife: deny\n", 1, 1), ("{onStaleData: allow, onEndOfLife: allow}\n", 0, 0),
        ("staleAfterDays: 3650\nonStaleData: deny\n", 0, 1),
    ):
        got, verdict = world.scan_json(root, "--policy", world.policy(spec))
        assert (got, len(verdict["images"][0]["warnings"])) == (code, warnings), spec


def bom(*components, **more):
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": list(components), **more}


def of_zlib(name="zlib", version="1:1.2-1", qualifiers="upstream=zlib", **more):
    purl = f"pkg:deb/debian/{quote(name)}@{quote(version)}?distro=debian-12&{qualifiers}"
    return {"type": "library", "name": name, "version": version, "purl": purl, **more}


SBOMS = {
    "nothing": (bom(), "no package was found"),
    "the operating system alone": (bom(DEBIAN), "no package was found"),
    "packages that nobody matches": (
        bom(DEBIAN, ZLIB, {"type": "library", "name": "x", "version": "1", "purl": "pkg:cran/x@1"}),
        "1 component of types that are not matched: cran 1"),
    "software without a purl": (bom(DEBIAN, ZLIB, {"type": "library", "name": "x", "version": "1"}), "without a purl 1"),
    "a purl that is none": (bom(DEBIAN, ZLIB | {"purl": 7}), "component 2: purl: not a string"),
    "two operating systems": (bom(DEBIAN, ZLIB, {"type": "operating-system", "name": "debian", "version": "9"}),
                              "a second operating system, debian 9 beside debian 12"),
    "packages of another release": (bom(DEBIAN | {"version": "9"}, ZLIB), "its purl says debian 12"),
    "packages of another release, told in Trivy's way": (
        bom(DEBIAN, ZLIB | {"purl": "pkg:deb/debian/zlib1g@1%3A1.3-2?distro=buster&upstream=zlib"}),
        "its purl says debian 10, and the operating system is debian 12"),
    "no word on the source": (bom(DEBIAN, ZLIB | {"purl": "pkg:deb/debian/zlib1g@1%3A1.3-2?distro=debian-12"}),
                              "1 package does not say which source it was built from (zlib1g)"),
    "a package without a version": (bom(DEBIAN, ZLIB, {"type": "library", "name": "x", "purl": "pkg:deb/debian/x"}),
                                    'component 3: "x" has no version'),
    "a name with a blank": (bom(DEBIAN, ZLIB, of_zlib(name="zlib ")), '"zlib " is not a package name'),
    "a source with its architecture": (bom(DEBIAN, ZLIB, of_zlib(qualifiers="upstream=zlib:amd64")),
                                       '"zlib:amd64" is not a source package name'),
    "two sources in one": (bom(DEBIAN, ZLIB, of_zlib(qualifiers="upstream=harmless,zlib")),
                           '"harmless,zlib" is not a source package name'),
    "two words on the source": (bom(DEBIAN, ZLIB, of_zlib(qualifiers="upstream=harmless&upstream=zlib")),
                                'its purl gives "upstream" twice, with two values'),
    "two epochs": (bom(DEBIAN, ZLIB, of_zlib(version="9:1.2-1", qualifiers="upstream=zlib&epoch=1")),
                   'its purl gives the epoch "1" of the version "9:1.2-1"'),
    "two versions of the source": (
        bom(DEBIAN, ZLIB, of_zlib(qualifiers="upstream=zlib%401:1.2-1",
                                  properties=[{"name": "initscan:source:version", "value": "9:1"}])),
        '"zlib 9:1" has the purl of "zlib 1:1.2-1"'),
    "software of no type": (bom(DEBIAN, ZLIB, {"name": "zlib"}), "without a purl 1"),
    "software of an unknown type": (bom(DEBIAN, ZLIB, {"type": "Library", "name": "zlib"}), "without a purl 1"),
    "another image": (bom(DEBIAN, ZLIB, {"type": "container", "name": "other"}), "without a purl 1"),
    "no version of CycloneDX": (bom(DEBIAN, ZLIB, specVersion=""), 'specVersion "": want 1.x'),
    "a version of CycloneDX that is none": (bom(DEBIAN, ZLIB, specVersion="1.x"), 'specVersion "1.x": want 1.x'),
    "its own word": (bom(DEBIAN, ZLIB, compositions=[{"aggregate": "incomplete"}]), "(compositions)"),
    "coverage that is no number": (
        bom(DEBIAN, ZLIB, metadata={"properties": [{"name": "initscan:coverage:unreadable", "value": "-1"}]}),
        '"-1" is not a number'),
    "coverage that is not understood": (
        bom(DEBIAN, ZLIB, metadata={"properties": [{"name": "initscan:coverage:skipped", "value": "9"}]}),
        "which this version does not understand"),
}


@pytest.mark.parametrize("name", SBOMS)
def test_an_sbom_that_cannot_be_judged_is_undecided(world, name):
    document, reason = SBOMS[name]
    path = world.folder / "s.json"
    path.write_text(json.dumps(document))
    done = run(world.initscan, "gate", f"--sbom=0={path}", "--db", world.index)
    assert done.returncode == 1, done.stdout
    assert reason in done.stdout


def test_an_sbom_of_matched_packages_passes(world):
    path = world.folder / "s.json"
    hidden = {"type": "container", "name": "image", "components": [ZLIB]}
    for document in (bom(DEBIAN, ZLIB), bom(DEBIAN, metadata={"component": hidden})):
        path.write_text(json.dumps(document))
        done = run(world.initscan, "gate", f"--sbom=0={path}", "--db", world.index)
        assert done.returncode == 0, done.stdout
        assert ", 1 package)" in done.stdout


def test_a_package_is_one_whatever_its_component_is_called(world):
    path = world.folder / "s.json"
    policy = world.policy("failOn: {severity: low}\n")
    for document in (bom(DEBIAN, ZLIB, of_zlib() | {"type": "operating-system", "name": "debian", "version": "12"}),
                     bom(DEBIAN, ZLIB, metadata={"component": of_zlib() | {"type": "container"}})):
        path.write_text(json.dumps(document))
        done = run(world.initscan, "gate", f"--sbom=0={path}", "--db", world.index, "--policy", policy)
        assert done.returncode == 2 and "FAIL  1 finding, 1 blocking" in done.stdout, done.stdout


@pytest.mark.plain_build  # a sanitizer reserves address space of its own
@pytest.mark.parametrize("field", ("name", "version", "architecture", "source", "path"))
def test_a_field_longer_than_any_is_not_repeated_by_each_finding(world, field):
    """Of an image that takes one package, and advisories that are many."""
    built_index(world, [advisory(f"CVE-2026-{i}", "src", "2", "low") for i in range(3000)])
    long = "a" * (300 << 10)
    component = {"name": lambda: of_zlib(name=long, qualifiers="upstream=src"),
                 "version": lambda: of_zlib(version="1" + long, qualifiers="upstream=src%401"),
                 "architecture": lambda: of_zlib(qualifiers="upstream=src%401&arch=" + long),
                 "source": lambda: of_zlib(qualifiers="upstream=src%401" + long),
                 "path": lambda: of_zlib(qualifiers="upstream=src%401", properties=[{"name": "initscan:path", "value": long}])}
    path = world.folder / "s.json"
    path.write_text(json.dumps(bom(DEBIAN, ZLIB, component[field]())))
    limit = (512 << 20,) * 2
    done = run(world.initscan, "gate", f"--sbom=0={path}", "--db", world.index, "--format=json",
               preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, limit))
    assert done.returncode == 1, done.stderr
    assert "is longer than" in json.loads(done.stdout)["images"][0]["undecided"][0]
    assert len(done.stdout) < 10_000


@pytest.mark.parametrize("odd", ({"type": "library", "purl": "pkg:golang/@x"}, 7, {"type": "library", "purl": {}}))
def test_an_odd_component_hides_no_other(world, odd):
    path = world.folder / "s.json"
    old = {"type": "library", "name": "zlib1g", "version": "1:1.2-1", "description": None, "properties": None,
           "purl": "pkg:deb/debian/zlib1g@1%3A1.2-1?distro=debian-12&upstream=zlib"}
    path.write_text("\ufeff" + json.dumps(bom(DEBIAN, odd, old, old)))
    policy = world.policy("failOn: {severity: low}\n")
    done = run(world.initscan, "gate", f"--sbom=0={path}", "--db", world.index, "--policy", policy)
    assert done.returncode == 2, done.stdout
    assert "component 2: " in done.stdout and "FAIL  1 finding, 1 blocking" in done.stdout


def test_a_report_is_an_sbom_of_its_image(world):
    path = world.folder / "s.json"
    path.write_text(world.scan(world.root("sound", SOUND), "--format", "cyclonedx").stdout)
    done = run(world.initscan, "gate", f"--sbom=0={path}", "--db", world.index)
    assert done.returncode == 0, done.stdout
    both = json.loads(path.read_text())
    both["metadata"]["properties"] += [{"name": "initscan:image:1", "value": "b"}, {"name": "initscan:undecided:1", "value": "w"}]
    path.write_text(json.dumps(both))
    done = run(world.initscan, "gate", f"--sbom=0={path}", "--db", world.index)
    assert done.returncode == 1, done.stdout
    assert "a report on 2 images, not on one" in done.stdout
    assert "a report of a scan that could not decide: w" in done.stdout


def test_nothing_invisible_reaches_the_terminal(world):
    hidden = "\u061c\u200b\u00ad\ufeff\u202e\U000e0041\x1b"
    root = world.root("hidden", SOUND, os_release=OS_RELEASE.replace("bookworm", hidden))
    done = run(world.initscan, "rootfs", root, "--db", world.index)
    assert not [c for c in hidden if c in done.stdout + done.stderr]
    assert "\\u{202e}" in done.stdout


def test_what_is_unreadable_is_not_taken_for_a_foreign_database(world, tmp_path):
    if os.getuid() != 0:
        pytest.skip("becoming another user needs root")
    root = world.root("closed", SOUND)
    for folder in (root, *root.parents):
        folder.chmod(folder.stat().st_mode | 0o5)
    (root / "var").chmod(0o700)
    world.index.chmod(0o644)
    done = run(world.initscan, "rootfs", root, "--db", world.index, user=65532, group=65532, extra_groups=[])
    assert done.returncode == 1
    assert "var/lib/dpkg/status: cannot open: Permission denied" in done.stdout
    assert not [kind for kind in ("rpm", "pacman", "Portage", "opkg") if kind in done.stdout]


def test_findings_are_bounded_and_all_judged(world):
    """60,000 findings, and the one that blocks is among them."""
    records = [advisory(f"CVE-2026-{i}", "src", "2", "low") for i in range(60)]
    records.append(advisory("CVE-2026-9999", "last", "2", "critical"))
    built_index(world, records)
    root = world.root("many", *[stanza(f"p{i}", "1", source="src") for i in range(1000)], stanza("last", "1"))
    code, verdict = world.scan_json(root)
    (image,) = verdict["images"]
    assert code == 2
    assert (image["findingsTotal"], image["findingsBlocking"], len(image["findings"])) == (60001, 1, 10000)
    assert image["findings"][0]["id"] == "CVE-2026-9999"
    table = world.scan(root).stdout
    assert "  ... and 50001 more; the worst are shown\n" in table and "FAIL  60001 findings, 1 blocking" in table
    document = json.loads(world.scan(root, "--format", "cyclonedx").stdout)
    assert len(document["vulnerabilities"]) == 10000
    assert {"name": "initscan:findings:total:0", "value": "60001"} in document["metadata"]["properties"]

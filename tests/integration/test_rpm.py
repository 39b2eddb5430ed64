"""What is found in images of rpm distributions is what rpm itself lists there, and in real databases what other tools find."""

import csv
import json
import sqlite3
import subprocess

import pytest
from collected import collected, gaps_in
from rpm_databases import build_rpms, headers_of, installed, rpm, write_berkeley, write_ndb
from support import run, shared_data

OS_RELEASE = 'ID="almalinux"\nVERSION_ID="9.3"\n'


def found_in(collect, root):
    """The packages, and the gaps."""
    packages, properties = collected(collect, root)
    return packages, gaps_in(properties)


def expected(rows):
    """Of what rpm says, by the rule that a source has the epoch of what was built from it."""
    packages = []
    for name, version, architecture, source, module in rows:
        stem = source.removesuffix(".src.rpm").rsplit("-", 2)
        epoch = version.partition(":")[0] + ":" if ":" in version else ""
        packages.append((name, version, architecture, stem[0], f"{epoch}{stem[1]}-{stem[2]}", module.replace("(none)", "")))
    return sorted(packages)


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """A database that the real tool made: packages with epochs, of a module, with one and with 9,000 files; some were
    removed again."""
    folder = tmp_path_factory.mktemp("rpm")
    label = "nodejs:18:8080020230322:a6f2"
    rpms = build_rpms(folder, {"name": "openssl", "version": "3.0.7", "more": "Epoch: 1"},
                      {"name": "nodejs", "version": "18.14.2", "release": "3.module+el9.1.0", "more": f"ModularityLabel: {label}"},
                      {"name": "large", "version": "1", "files": 9000}, {"name": "gone", "version": "2~rc1^git", "files": 300})
    path = folder / "db"
    rpm(path, "-i", "--justdb", "--nodeps", *rpms)
    rpm(path, "-e", "--justdb", "--nodeps", "gone")
    assert len(installed(path)) == 7
    return path


def root_with(tmp_path, folder):
    root = tmp_path / "root"
    (root / "etc").mkdir(parents=True)
    (root / "etc/os-release").write_text(OS_RELEASE)
    (root / folder).mkdir(parents=True)
    return root, root / folder


@pytest.mark.parametrize("folder", ["var/lib/rpm", "usr/lib/sysimage/rpm", "usr/share/rpm"])
def test_a_database_of_sqlite_has_what_rpm_lists(collect, database, tmp_path, folder):
    root, place = root_with(tmp_path, folder)
    subprocess.run(["cp", "-a", f"{database}/.", place], check=True)
    assert found_in(collect, root) == (expected(installed(database)), [])


@pytest.mark.parametrize("byte_order", ["little", "big"])
def test_a_database_of_berkeley_db_has_what_rpm_lists(collect, database, tmp_path, byte_order):
    root, place = root_with(tmp_path, "var/lib/rpm")
    write_berkeley(place / "Packages", headers_of(database), byte_order)
    assert found_in(collect, root) == (expected(installed(database)), [])


def test_rpm_reads_the_berkeley_db_that_the_test_made(database, tmp_path):
    write_berkeley(tmp_path / "Packages", headers_of(database), "little")
    listed = rpm(tmp_path, "--define", "_db_backend bdb_ro", "-qa", "--qf", r"%{NAME}\n").splitlines()
    assert sorted(listed) == [row[0] for row in installed(database)]


def test_a_database_of_ndb_has_what_rpm_lists(collect, database, tmp_path):
    root, place = root_with(tmp_path, "usr/lib/sysimage/rpm")
    write_ndb(place / "Packages.db", headers_of(database))
    assert found_in(collect, root) == (expected(installed(database)), [])


def test_a_folder_that_is_a_link_to_the_other_has_one_database(collect, database, tmp_path):
    root, place = root_with(tmp_path, "usr/lib/sysimage/rpm")
    subprocess.run(["cp", "-a", f"{database}/.", place], check=True)
    (root / "var/lib").mkdir(parents=True)
    (root / "var/lib/rpm").symlink_to("../../usr/lib/sysimage/rpm")
    assert found_in(collect, root) == (expected(installed(database)), [])
    (root / "usr/lib/sysimage/rpm").rename(root / "usr/lib/sysimage/gone")
    assert "var/lib/rpm: is behind a broken symbolic link" in found_in(collect, root)[1]


def test_a_package_that_was_deleted_past_rpm_is_told(collect, database, tmp_path):
    root, place = root_with(tmp_path, "var/lib/rpm")
    subprocess.run(["cp", "-a", f"{database}/.", place], check=True)
    with sqlite3.connect(place / "rpmdb.sqlite") as connection:
        ((number,),) = connection.execute("SELECT hnum FROM Name WHERE key = 'openssl'")
        connection.execute("DELETE FROM Packages WHERE hnum = ?", (number,))
    connection.close()
    packages, gaps = found_in(collect, root)
    assert "openssl" not in [package[0] for package in packages]
    assert gaps == ['var/lib/rpm/rpmdb.sqlite: its index names 1 package that it does not have, such as "openssl"']


def test_a_package_that_was_taken_out_of_one_database_is_told(collect, database, tmp_path):
    root, place = root_with(tmp_path, "usr/lib/sysimage/rpm")
    subprocess.run(["cp", "-a", f"{database}/.", place], check=True)
    headers = headers_of(database)
    del headers[max(headers)]
    (root / "var/lib/rpm").mkdir(parents=True)
    write_ndb(root / "var/lib/rpm/Packages.db", headers)
    packages, (gap,) = found_in(collect, root)
    assert packages == expected(installed(database))
    assert gap.startswith("usr/lib/sysimage/rpm/rpmdb.sqlite: lists ") and gap.endswith(", and var/lib/rpm/Packages.db does not")


# The archive of an image, and what the references call it.
ALMA = ("almalinux-9-20231124-aarch64-micro.tar.xz", "alma9-micro")
MARINER = ("mariner2-sqlite.tar.gz", "mariner2-sqlite")
SLES = ("sle15-ndb.tar.gz", "sle15-ndb")
CENTOS = ("centos7-bdb-1pkg.tar.gz", "centos7-bdb-1pkg")


@pytest.fixture(scope="module")
def real_root(tmp_path_factory):
    """real_root(archive): a real image, unpacked."""
    roots = {}

    def unpack(archive):
        if archive not in roots:
            path = shared_data("images", archive)
            roots[archive] = tmp_path_factory.mktemp("real")
            subprocess.run(["tar", "--exclude=./dev/*", "-xf", path, "-C", roots[archive]], check=True)
        return roots[archive]

    return unpack


def reference(name):
    with open(shared_data("reference", name)) as table:
        return [tuple(row) for row in csv.reader(table, delimiter="\t")]


@pytest.mark.parametrize("image, tool", [(image, tool) for image in (ALMA, MARINER, SLES) for tool in ("trivy", "syft")] + [(CENTOS, "syft")])
def test_a_real_database_has_what_other_tools_find(collect, real_root, image, tool):
    archive, name = image
    packages, gaps = found_in(collect, real_root(archive))
    assert gaps == []
    # They call rpm's key a package.
    listed = [row[1:3] for row in reference(f"packages-{name}.{tool}.tsv") if row[1] != "gpg-pubkey"]
    assert [package[:2] for package in packages] == sorted(listed)


@pytest.fixture(scope="module")
def alma_index(initscan, advisories, tmp_path_factory):
    index = tmp_path_factory.mktemp("alma") / "index.db"
    run(initscan, "db", "build", "--from", f"osv:{advisories('osv-alma')}", "-o", index, check=True)
    return index


@pytest.mark.parametrize("way", ["rootfs", "gate", "own-sbom"])
def test_a_real_image_has_what_its_errata_say(initscan, collect, real_root, alma_index, tmp_path, way):
    root, sbom = real_root(ALMA[0]), tmp_path / "sbom.json"
    run(collect, "--root", root, "--output", sbom, check=True)
    words = {"rootfs": ["rootfs", root], "gate": ["gate", f"--rootfs=0={root}"], "own-sbom": ["sbom", sbom]}[way]
    done = run(initscan, *words, "--db", alma_index, "--format", "json")
    assert done.returncode == 2, done.stdout + done.stderr
    (image,) = json.loads(done.stdout)["images"]
    assert image["undecided"] == [] and image["packages"] == 22
    ours = sorted((f["package"]["name"], f["package"]["version"].split(":")[-1], f["id"], f["fixed"]) for f in image["findings"])
    assert ours == sorted(row[1:] for row in reference("findings-alma9-micro.trivy.tsv"))


@pytest.mark.parametrize("image, contradictions", [
    (SLES, []),
    # This root was made around a package of another release.
    (CENTOS, ["os-release says centos 7, and most of its packages are builds for another release, such as libuuid 2.32.1-42.el8_8"])])
def test_a_release_that_the_packages_contradict_is_told(initscan, real_root, alma_index, image, contradictions):
    done = run(initscan, "rootfs", real_root(image[0]), "--db", alma_index, "--format", "json")
    assert done.returncode == 1, done.stdout + done.stderr
    undecided = json.loads(done.stdout)["images"][0]["undecided"]
    assert [text for text in undecided if "os-release" in str(text)] == contradictions, undecided

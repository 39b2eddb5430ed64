"""What the parsers read in real feeds, against what others read there: scores, counts and fixes that were published."""

import csv
import io
import json
import re
import subprocess
import tarfile

import pytest

from support import program, run, shared_data


def unpacked(folder, *parts):
    """A packed archive of the shared data, as a folder."""
    raw = subprocess.run(["zstd", "-dcq", shared_data(*parts)], capture_output=True, check=True, timeout=120).stdout
    (folder / "packed.tar").write_bytes(raw)
    with tarfile.open(folder / "packed.tar") as archive:
        archive.extractall(folder)
    (folder / "packed.tar").unlink()
    return folder


@pytest.fixture(scope="module")
def clair(tmp_path_factory):
    return unpacked(tmp_path_factory.mktemp("clair"), "feeds", "claircore-testdata.tar.zst")


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    return unpacked(tmp_path_factory.mktemp("samples"), "feeds", "vunnel-samples.tar.zst")


def records_of(kind, path):
    done = run(program("tests/feed_rows"), kind, stdin=path.open())
    assert done.returncode == 0, f"{path}: {done.stderr}"
    return [json.loads(line) for line in done.stdout.splitlines()]


def scored(path):
    """(vector, score) of a list of vectors with their scores."""
    rows = [line.split("#")[0].split() for line in path.read_text().splitlines()]
    return [(row[0], float(row[1])) for row in rows if len(row) == 2]


def our_scores(vectors):
    text = "".join(f"{vector}\n" for vector in vectors)
    return run(program("tests/feed_rows"), "cvss", input=text, check=True).stdout.split()


# The score of versions 2 and 3 is the base score: rows with metrics of time and environment are scored by neither here.
BASE_METRICS = {"v2": 6, "v30": 9, "v31": 9, "v4": 100}


@pytest.mark.parametrize(("version", "least"), [("v2", 3), ("v30", 30), ("v31", 30), ("v4", 35)])
def test_vectors_are_scored_as_published(clair, version, least):
    rows = [row for row in scored(next(clair.rglob(f"cvss/testdata/{version}_score.list")))
            if row[0].count("/") < BASE_METRICS[version]]
    assert len(rows) >= least
    ours = our_scores([vector for vector, _ in rows])
    assert [(row, ours) for row, ours in zip(rows, ours, strict=True) if f"{row[1]:.1f}" != ours] == []


# A vector of another version, which is one; and metrics in another order than the specification's, which say the same.
READ_ALL_THE_SAME = {"v3": [], "v4": ["CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N",
                                      "CVSS:4.0/AV:N/AC:L/AT:N/PR:H/UI:N/VC:L/VI:L/VA:N/SC:N/SI:N/E:A/SA:N"]}


@pytest.mark.parametrize("version", ["v3", "v4"])
def test_what_is_no_vector_has_no_score(clair, version):
    lines = next(clair.rglob(f"cvss/testdata/{version}_error.list")).read_text().splitlines()
    wrong = [line for line in lines if "#OK" not in line]
    assert len(wrong) > 10
    read = [line for line, score in zip(wrong, our_scores(wrong), strict=True) if score != "?"]
    assert read == READ_ALL_THE_SAME[version]


def statements(record):
    """How many statements a record makes, by CSAF's list that they stand in; each counts, indexed or not."""
    counts = {}
    for advisory in record["advisories"]:
        for affected in advisory["affected"]:
            fixed = affected["status"] == "affected" and any(row[1] for row in affected["ranges"])
            status = "fixed" if fixed else affected["status"].replace("_", " ")
            if status in ("will not fix", "deferred", "end of life"):
                status = "affected"
            counts[status] = counts.get(status, 0) + 1
    for reason in record["skipped"]:
        status = reason.split(":")[0]
        counts[status] = counts.get(status, 0) + 1
    return counts


# As claircore counts them in its own tests.
VEX = {
    "cve-2022-38752.json": {"fixed": 28, "affected": 35, "not affected": 2353},
    "cve-2023-38545.json": {"fixed": 325, "not affected": 247},
    "cve-2023-4154.json": {"not affected": 165},
    "cve-2024-24786-simple.json": {"fixed": 1},
    "cve-2024-24786-bad-rpmmod.json": {"fixed": 1, "affected": 2},
}


@pytest.mark.parametrize("name", VEX)
def test_red_hats_vex_makes_as_many_statements_as_it_lists(clair, name):
    (record,) = records_of("redhat-csaf", clair / "rhel" / "vex" / "testdata" / name)
    assert statements(record) == VEX[name]
    assert record["notes"] == []


def test_every_document_of_red_hat_is_read_statement_by_statement(clair, samples):
    paths = [path for root in (clair, samples) for path in sorted((root / "rhel" / "csaf").rglob("*.json"))]
    paths += sorted((clair / "toolkit").rglob("csaf/testdata/*.json"))
    seen = 0
    for path in paths:
        document = json.loads(path.read_text())
        if "document" not in document:  # of Red Hat's older interface
            continue
        (record,) = records_of("redhat-csaf", path)
        listed = sum(len(ids) for flaw in document.get("vulnerabilities", []) for ids in flaw["product_status"].values())
        assert sum(statements(record).values()) == (listed or 1), path
        assert record["withdrawn"] == (document["document"]["tracking"]["status"] == "deleted"), path
        seen += 1
    assert seen >= 8


def test_two_streams_of_one_module_have_advisories_of_their_own(samples):
    streams = {}
    for number in ("2023_7025", "2023_3821", "2024_1431"):
        (record,) = records_of("redhat-csaf", next(samples.rglob(f"rhsa-{number}.json")))
        streams[number] = {affected["module"] for advisory in record["advisories"] for affected in advisory["affected"]
                           if affected["name"] == "ruby"}
    assert streams == {"2023_7025": {"ruby:2.5"}, "2023_3821": {"ruby:2.7"}, "2024_1431": {"ruby:3.1"}}


def their_rows(samples, provider):
    """What another tool reads there: (release, name, package) -> (fixed, severity). "0": not affected; "": no fix."""
    rows = {}
    for path in sorted((samples / provider / "snapshots").rglob("*.json")):
        flaw = json.loads(path.read_text())["item"]["Vulnerability"]
        for fix in flaw["FixedIn"]:
            version = "" if fix["Version"] == "None" else fix["Version"]
            rows[flaw["NamespaceName"], flaw["Name"], fix["Name"]] = (version, flaw["Severity"].lower())
    assert rows
    return rows


def our_rows(kind, paths, namespace):
    """The same of ours; `namespace` gives the other tool's name for a statement's release, or None."""
    rows = {}
    for path in paths:
        for record in records_of(kind, path):
            for advisory in record["advisories"]:
                for affected in advisory["affected"]:
                    release = namespace(affected)
                    if release is None:
                        continue
                    fixed = "0" if affected["status"] == "not_affected" else "".join(row[1] for row in affected["ranges"])
                    severity = affected["severity"] if affected["severity"] != "unknown" else advisory["severity"]
                    rows[release, advisory["id"], affected["name"]] = (fixed, severity)
    assert rows
    return rows


def differences(ours, theirs):
    """What either has alone, or otherwise; ours only for names that the other tool speaks of in that release."""
    spoken_of = {(release, name) for release, name, _ in theirs}
    keys = {*theirs, *(key for key in ours if key[:2] in spoken_of)}
    return {key: (ours.get(key), theirs.get(key)) for key in keys if ours.get(key) != theirs.get(key)}


def numbered(prefix, namespace):
    def name(affected):
        family, _, release = affected["ecosystem"].partition(":")
        return f"{namespace}:{release}" if family == prefix else None

    return name


def test_debians_tracker_is_read_as_published(samples):
    tracked = {flaw for package in json.loads((samples / "debian" / "input" / "debian.json").read_text()).values() for flaw in package}
    theirs = {key: row for key, row in their_rows(samples, "debian").items()
              # no release with a number; that tool's own archive, which the tracker no longer has
              if key[0] not in ("debian:unstable", "debian:7") and key[1] in tracked}
    ours = our_rows("debian-json", [samples / "debian" / "input" / "debian.json"], numbered("Debian", "debian"))
    assert len(theirs) > 10
    assert differences(ours, theirs) == {}


def overlay_rows(kind, path):
    done = run(program("tests/feed_rows"), kind, stdin=path.open())
    return done, [json.loads(line) for line in done.stdout.splitlines()]


def items(samples, *parts):
    found = [json.loads(path.read_text())["item"] for path in sorted(samples.joinpath(*parts).rglob("*.json"))]
    assert len(found) > 2
    return found


def test_known_exploited_vulnerabilities_are_read_as_published(samples, tmp_path):
    cut = json.loads((samples / "kev" / "valid-catalog-1.json").read_text())
    done, _ = overlay_rows("kev", samples / "kev" / "valid-catalog-1.json")
    assert done.returncode == 1 and "says that it has 1273 entries, and has 3" in done.stderr, "which were taken out of it"
    (tmp_path / "kev.json").write_text(json.dumps({**cut, "count": 3}))
    _, ours = overlay_rows("kev", tmp_path / "kev.json")
    theirs = {item["cveID"]: item["dateAdded"] for item in items(samples, "kev", "snapshots")}
    listed = {f"CVE-{row['year']}-{row['number']:04}": row["knownSince"] for row in ours}
    assert {name: listed.get(name) for name in theirs} == theirs and ours[0]["date"] == "2025-02-19T14:08:44Z"


def test_the_whole_catalogue_is_read_as_csv(tmp_path):
    text = subprocess.run(["zstd", "-dcq", shared_data("advisories", "kev.csv.zst")], capture_output=True, check=True).stdout
    (tmp_path / "kev.csv").write_bytes(text)
    _, ours = overlay_rows("kev", tmp_path / "kev.csv")
    theirs = {row["cveID"]: row["dateAdded"] for row in csv.DictReader(io.StringIO(text.decode()))}
    assert len(theirs) > 1300
    assert {f"CVE-{row['year']}-{row['number']:04}": row["knownSince"] for row in ours} == theirs


def test_scores_of_exploitation_are_read_as_published(samples):
    _, ours = overlay_rows("epss", samples / "epss" / "example-1.csv")
    theirs = [(item["cve"], item["date"], item["epss"], item["percentile"]) for item in items(samples, "epss", "snapshots")]
    assert [(f"CVE-{row['year']}-{row['number']:04}", row["date"][:10], row["epss"] / 100000, row["percentile"] / 100000) for row in ours] == theirs
    done, _ = overlay_rows("epss", samples / "epss" / "invalid-header.csv")
    assert done.returncode == 1 and "want the head cve,epss,percentile" in done.stderr
    _, undated = overlay_rows("epss", samples / "epss" / "missing-date.csv")
    assert {row["date"] for row in undated} == {""}, "which a scan says, and does not take for young"


def test_ends_of_life_are_read_as_published(samples):
    """Of distributions; that of Python 2.7 is of no package that an image's databases name."""
    _, ours = overlay_rows("end-of-life", samples / "eol" / "valid-eol-response.json")
    theirs = {f"{item['product']} {item['name']}": item["eolFrom"] for item in items(samples, "eol", "snapshots") if item["product"] != "python"}
    assert {row["release"]: row["end"] for row in ours} == theirs and len(theirs) == 3


def test_oracles_oval_is_read_as_published(samples):
    ours = our_rows("oracle-oval", [samples / "oracle" / "mock_data"], numbered("Oracle", "ol"))
    assert differences(ours, their_rows(samples, "oracle")) == {}


def test_azure_linuxs_oval_is_read_as_published(samples):
    paths = sorted((samples / "mariner").glob("*-oval.xml"))
    ours = our_rows("azure-linux-oval", paths, lambda affected: f"mariner:{affected['ecosystem'][-1]}.0")
    assert len(paths) == 2
    assert differences(ours, their_rows(samples, "mariner")) == {}


SLES = re.compile(r"SUSE Linux Enterprise Server (\d+)(?: SP(\d+))?(?:-LTSS|-BCL)?")


def sles(affected):
    found = SLES.fullmatch(affected["product"])
    return found and "sles:" + ".".join(part for part in found.groups() if part)


def test_suses_oval_is_read_as_published(samples):
    ours = our_rows("suse-oval", [samples / "sles" / "suse_truncated.xml"], sles)
    assert differences(ours, their_rows(samples, "sles")) == {}


def test_photons_data_is_read_as_published(samples):
    paths = sorted((samples / "photon" / "input").glob("*.json"))
    ours = our_rows("photon-json", paths, lambda affected: affected["ecosystem"].replace("Photon OS", "photon"))
    theirs = their_rows(samples, "photon")
    # The other tool drops what is not affected, and takes "Fixed" without a version for unfixed: nobody knows whether an
    # installed one has the fix.
    assert differences(ours, theirs) == {("photon:4.0", "CVE-2023-44487", "httpd"): (("0", "high"), None)}
    (unclear,) = [affected for record in records_of("photon-json", samples / "photon" / "input" / "cve_data_photon4.0.json")
                  for advisory in record["advisories"] if advisory["id"] == "CVE-2023-50447" for affected in advisory["affected"]]
    assert unclear["unclear"] == ["the version of its fix is not given"]


def test_gos_vulnerability_database_is_read_with_its_symbols(samples):
    for path in sorted((samples / "govulndb" / "vulndb" / "ID").glob("*.json")):
        (record,) = records_of("osv", path)
        item = json.loads((samples / "govulndb" / "snapshots" / path.name.lower()).read_text())["item"]
        symbols = sorted(f"{part['path']}.{symbol}" for affected in item["affected"]
                         for part in affected["ecosystem_specific"]["imports"] for symbol in part["symbols"])
        assert sorted(symbol for affected in record["advisories"][0]["affected"] for symbol in affected["symbols"]) == symbols
        assert record["advisories"][0]["aliases"] == item["aliases"]


RELEASES_OF_RED_HAT = {"cpe:/o:redhat:enterprise_linux:5": "rhel:5", "cpe:/o:redhat:enterprise_linux:6": "rhel:6",
                       "cpe:/o:redhat:enterprise_linux:7": "rhel:7", "cpe:/o:redhat:enterprise_linux:8": "rhel:8",
                       "cpe:/a:redhat:enterprise_linux:8": "rhel:8", "cpe:/o:redhat:enterprise_linux:9": "rhel:9",
                       "cpe:/a:redhat:enterprise_linux:9": "rhel:9"}


def test_red_hats_states_are_read_as_published(samples):
    """Of plain releases alone: the other tool gives a release the fixes of its other products, too."""
    paths = sorted((samples / "rhel" / "oval" / "input" / "cve" / "full").glob("CVE-*"))
    assert len(paths) == 20
    ours = {}
    for (release, name, package), row in our_rows("redhat-cve", paths, plain_release_of_red_hat).items():
        ours[release, name, package] = row
    theirs = their_rows(samples, "rhel")
    wrong = {key: value for key, value in differences(ours, theirs).items() if key[0] in set(RELEASES_OF_RED_HAT.values())}
    assert wrong == {}


def plain_release_of_red_hat(affected):
    (cpe,) = affected["cpes"]
    return None if affected["module"] else RELEASES_OF_RED_HAT.get(cpe)


def test_amazons_pages_are_read_as_published(samples):
    theirs = their_rows(samples, "amazon")
    ours = our_rows("amazon-page", sorted((samples / "amazon" / "input").glob("*_html/ALAS-*")),
                    lambda affected: affected["ecosystem"].replace("Amazon:", "amzn:"))
    assert differences(ours, theirs) == {}


def known(rows):
    """Without severities: a secdb has none, and the other tool says "unknown" for that."""
    assert {severity for _, severity in rows.values()} == {"unknown"}
    return rows


def test_alpines_secdb_is_read_as_published(samples):
    ours = our_rows("alpine-secdb", sorted((samples / "alpine" / "input").rglob("*.yaml")),
                    lambda affected: affected["ecosystem"].replace("Alpine:v", "alpine:"))
    assert differences(ours, known(their_rows(samples, "alpine"))) == {}


def test_wolfis_secdb_is_read_as_published(samples):
    ours = our_rows("alpine-secdb", [samples / "wolfi" / "input" / "secdb" / "security.json"],
                    lambda affected: {"Wolfi": "wolfi:rolling"}[affected["ecosystem"]])
    theirs = known(their_rows(samples, "wolfi"))
    assert len(theirs) > 50
    assert differences(ours, theirs) == {}


def tracker_file(folder, path):
    """A file of Ubuntu's tracker that says what the other tool has taken from one."""
    kept = json.loads(path.read_text())
    lines = [f"Candidate: {kept['name']}", f"Priority: {kept['priority']}"]
    for said in [*kept["patches"], *kept["ignored_patches"]]:
        detail = f" ({said['version']})" if said["version"] else ""
        lines.append(f"{said['distro']}_{said['package']}: {said['status']}{detail}")
    (folder / path.name).write_text("\n".join(lines) + "\n")
    return folder / path.name


def test_ubuntus_tracker_is_read_as_published(samples, tmp_path):
    paths = [tracker_file(tmp_path, path) for path in sorted((samples / "ubuntu" / "normalized-cve-data").iterdir())]
    assert len(paths) == 3
    ours = our_rows("ubuntu-tracker", paths,
                    lambda affected: affected["ecosystem"].replace("Ubuntu:", "ubuntu:").removesuffix(":LTS"))
    theirs = {}
    for path in (samples / "ubuntu" / "snapshots").glob("ubuntu:*/*.json"):
        flaw = json.loads(path.read_text())["item"]["Vulnerability"]
        for fix in flaw["FixedIn"]:
            theirs[flaw["NamespaceName"], flaw["Name"], fix["Name"]] = (fix["Version"], flaw["Severity"].lower())
    assert len(theirs) == 5
    assert differences(ours, theirs) == {}


def osv_statements(affected):
    """(package, introduced, fixed, versions) of an entry of OSV, as its document has it."""
    spans = [tuple(next((event[kind] for event in span["events"] if kind in event), "") for kind in ("introduced", "fixed"))
             for span in affected["ranges"]]
    return affected["package"]["name"], [(introduced.removeprefix("0") if introduced == "0" else introduced, fixed)
                                         for introduced, fixed in spans]


def test_ubuntus_osv_says_which_fixes_need_pro(samples):
    seen = 0
    for path in sorted((samples / "ubuntu" / "osv").rglob("*.json")) + sorted((samples / "ubuntu" / "osv-esm-cases").rglob("*.json")):
        document = json.loads(path.read_text())
        (record,) = records_of("osv", path)
        ours = [(affected["ecosystem"], affected["flavour"], affected["name"],
                 [(introduced, fixed) for introduced, fixed, _ in affected["ranges"]])
                for affected in record["advisories"][0]["affected"]]
        want = []
        for affected in document["affected"]:
            family, *parts = affected["package"]["ecosystem"].split(":")
            release = next(part for part in parts if part[0].isdigit())
            flavour = "fips" if any("FIPS" in part for part in parts) else "pro" if "Pro" in parts else ""
            suffix = ":LTS" if parts[-1] == "LTS" else ""
            want.append((f"{family}:{release}{suffix}", flavour, *osv_statements(affected)))
        assert ours == want, path
        assert record["advisories"][0]["upstream"] == document.get("upstream", [])
        seen += len(ours)
    assert seen > 30


def folder_of(folder, paths):
    folder.mkdir(parents=True)
    for number, path in enumerate(paths):
        name = path.name if path.suffix in (".json", ".yaml", ".xml") or "_data" not in path.name else f"{path.name}.xml"
        (folder / str(number)).mkdir()
        (folder / str(number) / name).write_bytes(path.read_bytes())
    return folder


def test_each_feed_makes_an_index_and_counts_what_it_leaves_out(initscan, samples, clair, tmp_path):
    feeds = {
        "alpine-secdb": [*(samples / "alpine" / "input").rglob("*.yaml"), samples / "wolfi" / "input" / "secdb" / "security.json"],
        "debian-json": [samples / "debian" / "input" / "debian.json"],
        "ubuntu-tracker": [tracker_file(tmp_path, path) for path in (samples / "ubuntu" / "normalized-cve-data").iterdir()],
        "redhat-csaf": [*(samples / "rhel" / "csaf" / "advisories").rglob("*.json"), *(clair / "rhel" / "vex").rglob("cve-*.json")],
        "redhat-cve": (samples / "rhel" / "oval" / "input" / "cve" / "full").glob("CVE-*"),
        "oracle-oval": (samples / "oracle").glob("mock_*data"),
        "suse-oval": [samples / "sles" / "suse_truncated.xml"],
        "azure-linux-oval": (samples / "mariner").glob("*-oval.xml"),
        "amazon-page": (samples / "amazon" / "input").glob("*_html/ALAS-*"),
        "photon-json": (samples / "photon" / "input").glob("*.json"),
        "osv": [*(samples / "ubuntu" / "osv").rglob("*.json"), *(samples / "rocky" / "osv").glob("*.json"),
                *(samples / "alma").rglob("*.json"), *(samples / "govulndb" / "vulndb").rglob("*.json")],
    }
    argv = [initscan, "db", "build", "--as-of", "2026-11-01T00:00:00Z", "-o", tmp_path / "db"]
    for kind, paths in feeds.items():
        argv += ["--from", f"{kind}:{folder_of(tmp_path / 'feeds' / kind, sorted(paths))}"]
    built = run(*argv)
    assert built.returncode == 0, built.stderr
    told = built.stdout.splitlines()
    for kind in feeds:
        at = next(place for place, line in enumerate(told) if line.startswith(f"  {kind}:"))
        records, indexed = (int(told[at + 1].split(", ")[part].split()[0]) for part in (0, 1))
        skipped = re.findall(rf"^initscan: warning: {kind}:\S+: (\d+) records skipped: ", built.stderr, re.MULTILINE)
        assert 0 < indexed <= records == indexed + sum(map(int, skipped)), f"{kind}: {told[at + 1]}\n{built.stderr}"


def numbers(text):
    parts = text.split("-")[0].split(".")
    return tuple(int(part) for part in (*parts, *["0"] * (3 - len(parts))))


def takes(requirement, version):
    """Whether Cargo's requirement takes a version without a suffix, by the book of Cargo."""
    for part in requirement.split(","):
        op, text = re.fullmatch(r"\s*([<>=^~]*)\s*([\d.]+\S*)\s*", part).groups()
        given, bound = text.split("-")[0].count(".") + 1, numbers(text)
        if op in ("^", ""):
            place = next((at for at in range(given) if bound[at]), given - 1)
        else:
            place = min(given - 1, 1)
        upper = (*bound[:place], bound[place] + 1, *(0, 0)[: 2 - place])
        alike = version[:given] == bound[:given]
        released = "-" not in text  # the release follows its pre-releases
        holds = {">=": version >= bound, "<": version < bound, ">": version > bound and not (alike and given < 3) or (alike and not released),
                 "<=": (version <= bound and released or version < bound) or (alike and given < 3), "=": alike and released,
                 "~": bound <= version < upper, "^": bound <= version < upper, "": bound <= version < upper}[op]
        if not holds:
            return False
    return True


def nearby(requirements):
    for requirement in requirements:
        for text in re.findall(r"\d[\d.]*", requirement):
            major, minor, patch = numbers(text.strip("."))
            yield from ((major, minor, patch), (major, minor, patch + 1), (major, minor + 1, 0), (major + 1, 0, 0))
            yield from ((major, minor, max(patch - 1, 0)), (major, max(minor - 1, 0), 9), (max(major - 1, 0), 9, 9))


def test_rustsec_spares_the_versions_that_its_requirements_take(tmp_path):
    folder = unpacked(tmp_path, "advisories", "rustsec.tar.zst")
    paths = sorted(folder.rglob("RUSTSEC-*.md"))
    wrong, tried, skipped = [], 0, 0
    for path in paths:
        (record,) = records_of("rustsec", path)
        versions = path.read_text().partition("\n[versions]")[2].partition("\n```")[0]
        requirements = [text for _, listed in re.findall(r"^(patched|unaffected) = \[(.*?)\]", versions, re.MULTILINE | re.DOTALL)
                        for text in re.findall(r'"([^"]+)"', listed)]
        if not record["advisories"]:
            skipped += 1
            continue
        (affected,) = record["advisories"][0]["affected"]
        assert affected["unclear"] == [], path
        for version in {*nearby(requirements), (0, 0, 1)}:
            ours = any((not low or version_key(low) <= (*version, 1)) and (not high or (*version, 1) < version_key(high))
                       and (not last or (*version, 1) <= version_key(last)) for low, high, last in affected["ranges"])
            tried += 1
            if ours == any(takes(requirement, version) for requirement in requirements):
                wrong.append((path.name, version, requirements, affected["ranges"]))
    assert wrong == []
    assert len(paths) > 1200 and tried > 5000 and 0 < skipped < 400


def version_key(text):
    """Of a version with or without a suffix: those with one come first."""
    return (*numbers(text), 0 if "-" in text else 1)


def findings_of(initscan, tmp_path, feeds, os_release, purls):
    """(package, id, fixed, status) of the packages of one SBOM, with an index of these feeds."""
    argv = [initscan, "db", "build", "--as-of", "2026-11-01T00:00:00Z", "-o", tmp_path / "index.db"]
    for kind, folder in feeds:
        argv += ["--from", f"{kind}:{folder}"]
    built = run(*argv)
    assert built.returncode == 0, built.stderr
    name, version = os_release
    components = [{"type": "operating-system", "name": name, "version": version}]
    components += [{"type": "library", "name": purl.split("/")[2].split("@")[0], "version": purl.split("@")[1].split("?")[0], "purl": purl}
                   for purl in purls]
    sbom = tmp_path / "sbom.json"
    sbom.write_text(json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": components}))
    done = run(initscan, "sbom", sbom, "--db", tmp_path / "index.db", "--format", "json")
    assert done.returncode in (0, 1, 2), done.stderr
    (image,) = json.loads(done.stdout)["images"]
    return sorted((f["package"]["name"], f["id"], f["fixed"], f.get("advisoryStatus", "affected")) for f in image["findings"])


def test_a_fix_that_needs_pro_is_told_on_a_plain_image(initscan, samples, tmp_path):
    feed = folder_of(tmp_path / "feed", [samples / "ubuntu" / "osv" / "cve" / "2021" / "UBUNTU-CVE-2021-3782.json"])
    purl = "pkg:deb/ubuntu/libwayland-client0@1.12.0-1~ubuntu16.04.3?arch=amd64&distro=ubuntu-16.04&upstream=wayland"
    found = findings_of(initscan, tmp_path, [("osv", feed)], ("ubuntu", "16.04"), [purl])
    assert found == [("libwayland-client0", "CVE-2021-3782", None, "fix-needs-contract")]


@pytest.mark.parametrize(("stream", "fixed"), [("2.7", "2.7.8-139.module+el8.8.0+18745+f1bef313"),
                                              ("3.1", "3.1.4-142.module+el8.9.0+21471+7d1e4a35")])
def test_each_stream_of_a_module_has_its_own_fix(initscan, samples, tmp_path, stream, fixed):
    """Both streams have an advisory for this flaw; a version of one compares with a fix of the other, and means nothing."""
    feed = folder_of(tmp_path / "feed", sorted((samples / "rhel" / "csaf" / "advisories").glob("rhsa-202*.json")))
    purl = (f"pkg:rpm/redhat/ruby@{stream}.1-1.module%2Bel8?arch=x86_64&distro=rhel-8.9&upstream=ruby-{stream}.1-1.module%2Bel8.src.rpm"
            f"&rpmmod=ruby:{stream}:8090020230627084142:b46abd14")
    found = findings_of(initscan, tmp_path, [("redhat-csaf", feed)], ("rhel", "8.9"), [purl])
    assert ("ruby", "CVE-2023-28755", fixed, "affected") in found
    assert {row[2] for row in found} == {fixed}

"""`initscan db overlay`: what is known to be exploited, how likely that is, and ends of life, beside the index."""

import datetime
import gzip
import json

import jsonschema
import pytest

from support import PROJECT, gate_message, run
from world import stanza

NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
ZLIB = stanza("zlib1g", "1:1.3-1", source="zlib")  # CVE-2024-0001, high


def day(days):
    return (NOW + datetime.timedelta(days=days)).date().isoformat()


def moment(days=0):
    return (NOW + datetime.timedelta(days=days)).isoformat().replace("+00:00", "Z")


@pytest.fixture
def sources(tmp_path):
    """A file of each kind, as its publisher writes it; all of today unless a test says otherwise."""

    def make(kev="CVE-2024-0001", released=None, epss="0.4", ends=None):
        catalogue = {"dateReleased": released or moment(), "count": 1, "vulnerabilities": [{"cveID": kev, "dateAdded": "2024-05-06"}]}
        (tmp_path / "kev.json").write_text(json.dumps(catalogue))
        scores = f"#model_version:v2025.03.14,score_date:{moment()}\ncve,epss,percentile\nCVE-2024-0001,{epss},0.91\nCVE-2024-0002,1e-05,0\n"
        (tmp_path / "epss.csv.gz").write_bytes(gzip.compress(scores.encode(), mtime=0))
        releases = {"generated_at": moment(), "result": {"name": "debian", "releases": [{"name": "12", "eolFrom": "2020-01-01", "eoesFrom": ends or day(100)}]}}
        (tmp_path / "eol.json").write_text(json.dumps(releases))
        return {"kev": tmp_path / "kev.json", "epss": tmp_path / "epss.csv.gz", "end-of-life": tmp_path / "eol.json"}

    return make


def overlay(initscan, out, files, *options):
    named = [word for kind, path in files.items() for word in ("--from", f"{kind}:{path}")]
    return run(initscan, "db", "overlay", *named, "-o", out, *options)


@pytest.fixture
def beside(world, sources):
    """Puts an overlay beside the world's index."""

    def make(only=("kev", "epss", "end-of-life"), **said):
        out = world.index.with_name(world.index.name + ".overlay")
        done = overlay(world.initscan, out, {kind: path for kind, path in sources(**said).items() if kind in only})
        assert done.returncode == 0, done.stderr
        return out

    return make


def the_finding(verdict):
    (finding,) = verdict["images"][0]["findings"]
    return finding


def test_what_is_known_to_be_exploited_fails_whatever_its_severity(world, beside):
    root = world.root("old", ZLIB)
    assert world.scan(root).returncode == 0, "high, and the policy fails on critical"
    beside()
    done = world.scan(root)
    assert done.returncode == 2, done.stderr
    assert "EXPLOITATION" in done.stdout and "known exploited since 2024-05-06, EPSS 0.4 (91st percentile)" in done.stdout
    code, verdict = world.scan_json(root)
    assert code == 2 and set(verdict["overlay"]) == {"kev", "epss", "end-of-life"}
    finding = the_finding(verdict)
    assert (finding["knownExploited"], finding["epss"]) == ("2024-05-06", {"score": 0.4, "percentile": 0.91})
    assert finding["why"] == "known exploited since 2024-05-06; the policy denies it (onKnownExploited)"
    jsonschema.validate(verdict, json.loads((PROJECT / "docs/schemas/verdict.schema.json").read_text()))
    for reaction, warned in (("warn", True), ("allow", False)):
        done = world.scan(root, "--policy", world.policy(f"onKnownExploited: {reaction}\n"))
        assert done.returncode == 0 and ("[known-exploited]" in done.stdout) == warned, done.stdout


def test_the_termination_message_begins_with_it(world, beside):
    beside()
    root = world.root("old", ZLIB, stanza("libssl3", "3.0.1-1", source="openssl"))
    log = world.folder / "log"
    done = run(world.initscan, "gate", f"--rootfs=0={root}", "--db", world.index, f"--termination-log={log}")
    assert done.returncode == 2
    assert gate_message(log.read_text())[1].startswith('initscan: FAIL 2 of policy "default": CVE-2024-0001 zlib1g 1:1.3-1 -> 1:1.3-2 (high, known exploited since '
                                        "2024-05-06, EPSS 0.4 (91st percentile))\nCVE-2024-0003 libssl3")


def test_a_policy_fails_on_what_is_likely(world, beside):
    root = world.root("old", ZLIB)
    beside(kev="CVE-1999-1")
    for threshold, code in (("0.4", 2), ("0.41", 0), ("0", 2), ("1", 0)):
        done = world.scan(root, "--policy", world.policy(f"failOn: {{epss: {threshold}}}\n"))
        assert done.returncode == code, (threshold, done.stdout + done.stderr)
    for threshold in ("50", "-0.1", "'0.5'", "likely", "[0.5]"):
        done = world.scan(root, "--policy", world.policy(f"failOn: {{epss: {threshold}}}\n"))
        assert done.returncode == 1 and done.stderr.count("\n") == 1 and "[policy-unreadable]" in done.stderr, done.stderr


def test_likelihood_that_nobody_told_is_not_small(world, beside):
    root, policy = world.root("old", ZLIB), world.policy("failOn: {epss: 0.9}\n")
    done = world.scan(root, "--policy", policy)
    assert done.returncode == 1 and "[epss-missing]" in done.stdout, done.stdout
    beside(only=("kev",), kev="CVE-1999-1")
    assert "[epss-missing]" in world.scan(root, "--policy", policy).stdout
    beside(kev="CVE-1999-1")
    assert world.scan(root, "--policy", policy).returncode == 0


def test_an_overlay_that_is_named_has_to_be_there(world, beside):
    root = world.root("old", ZLIB)
    done = world.scan(root, "--overlay", world.folder / "none")
    assert done.returncode == 1
    assert done.stderr == f"initscan: error: {world.folder}/none: cannot open: No such file or directory [overlay-unreadable]\n"
    elsewhere = beside().rename(world.folder / "elsewhere")
    assert world.scan(root).returncode == 0
    assert world.scan(root, "--overlay", elsewhere).returncode == 2


def test_a_damaged_overlay_ends_the_scan(world, beside):
    root = world.root("old", ZLIB)
    place = beside(kev="CVE-1999-1")
    whole = place.read_bytes()
    assert world.scan(root).returncode == 0
    log = world.folder / "log"
    for damaged in (b"", b"x", whole[:100], whole[:-1], whole + b"x", b"x" + whole[1:], *(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:]
                                                                                       for at in (9, 20, 60, 300, len(whole) - 40))):
        place.write_bytes(damaged)
        done = run(world.initscan, "gate", f"--rootfs=0={root}", "--db", world.index, f"--termination-log={log}")
        assert done.returncode == 1 and done.stderr.count("\n") == 1, done.stdout + done.stderr
        assert done.stderr.startswith(f"initscan: error: {place}: ") and done.stderr.endswith("[overlay-unreadable]\n"), done.stderr
        assert "[overlay-unreadable]" in gate_message(log.read_text())[1]
    place.unlink()
    place.mkdir()
    assert world.scan(root).returncode == 1, "what is in the place of an overlay is not taken for none"


def test_an_old_overlay_is_told(world, beside):
    root = world.root("old", stanza("zlib1g", "1:1.3-2", source="zlib"))
    beside(released=moment(-30))
    done = world.scan(root)
    assert done.returncode == 0
    assert f"the overlay's kev is dated {day(-30)}, 30 days ago; make the overlay again (onStaleData) [stale-overlay]" in done.stdout
    denied = world.scan(root, "--policy", world.policy("onStaleData: deny\nstaleAfterDays: 3650\n"))
    assert denied.returncode == 0, denied.stdout
    beside(released=moment(-4000))
    denied = world.scan(root, "--policy", world.policy("onStaleData: deny\nstaleAfterDays: 3650\n"))
    assert denied.returncode == 1 and "[stale-overlay]" in denied.stdout


def test_an_overlay_says_until_when_a_release_is_supported(world, beside):
    root = world.root("old", stanza("zlib1g", "1:1.3-2", source="zlib"))
    assert "[end-of-life]" not in world.scan(root).stdout
    beside(ends=day(0))
    done = world.scan(root, "--policy", world.policy("onEndOfLife: deny\n"))
    assert done.returncode == 1 and f'"debian 12" has had no support since {day(0)}' in done.stdout, done.stdout
    beside(ends=day(1))
    assert "[end-of-life]" not in world.scan(root).stdout


def test_an_overlay_is_reproducible_and_described(initscan, sources, tmp_path):
    files = sources()
    first, second = tmp_path / "first", tmp_path / "second"
    done = overlay(initscan, first, files)
    assert done.returncode == 0, done.stderr
    assert overlay(initscan, second, dict(reversed(files.items()))).returncode == 0
    assert first.read_bytes() == second.read_bytes()
    for command in ("info", "verify"):
        told = run(initscan, "db", command, first)
        assert told.returncode == 0, told.stderr
        assert f"kev: 1 known exploited vulnerabilities, data of {moment()}\n" in told.stdout
        assert f"epss: 2 scores, data of {moment()}, model v2025.03.14\n" in told.stdout
        assert "end-of-life: 1 ends of releases, data of " in told.stdout and "whole, sha256 " in told.stdout
    first.write_bytes(second.read_bytes()[:-1] + b"x")
    told = run(initscan, "db", "verify", first)
    assert told.returncode == 1 and told.stderr.startswith(f"initscan: error: {first}: damaged: its digest"), told.stderr


def test_an_overlay_is_carried_and_goes_no_step_back(initscan, sources, tmp_path):
    old, new, place = tmp_path / "old", tmp_path / "new", tmp_path / "place"
    overlay(initscan, old, sources(released=moment(-2)))
    overlay(initscan, new, sources(released=moment(-1)))
    assert run(initscan, "db", "install", new, "-o", place).returncode == 0 and place.read_bytes() == new.read_bytes()
    done = run(initscan, "db", "install", old, "-o", place)
    assert done.returncode == 1 and place.read_bytes() == new.read_bytes()
    assert done.stderr == (f"initscan: error: {place}: left as it is: of the new one, its kev is of {moment(-2)}, older than that of the one in use, "
                           f"{moment(-1)}; --force replaces it all the same\n")
    assert run(initscan, "db", "install", "--force", old, "-o", place).returncode == 0 and place.read_bytes() == old.read_bytes()
    whole = new.read_bytes()
    for damaged in (whole[:-1], whole[:-1] + bytes([whole[-1] ^ 1]), whole[:60]):
        new.write_bytes(damaged)
        done = run(initscan, "db", "install", new, "-o", place)
        assert done.returncode == 1 and str(new) in done.stderr and place.read_bytes() == old.read_bytes(), done.stderr
    assert run(initscan, "db", "install", "--key", new, old, "-o", place).returncode == 64


def test_an_overlay_that_cannot_be_made_leaves_the_one_before(initscan, sources, tmp_path):
    files, out = sources(), tmp_path / "out"
    assert overlay(initscan, out, files).returncode == 0
    before = out.read_bytes()
    for kind, damaged in (("kev", b'{"count": 2, "vulnerabilities": []}'), ("kev", b"{"), ("epss", gzip.compress(b"cve,epss\n")), ("epss", b"\x1f\x8b"),
                          ("end-of-life", b"[]")):
        whole = files[kind].read_bytes()
        files[kind].write_bytes(damaged)
        done = overlay(initscan, out, files)
        assert done.returncode == 1 and done.stderr.count("\n") == 1 and str(files[kind]) in done.stderr, done.stderr
        assert out.read_bytes() == before
        files[kind].write_bytes(whole)


@pytest.mark.parametrize("arguments, text", [
    (["--from", "kev"], '--from: want KIND:PATH with a kind of kev, epss, end-of-life, got "kev"'),
    (["--from", "kev:KEV", "--from", "kev:KEV"], "kev twice: an overlay has one source of each kind"),
    (["--from", "kev:KEV", "--as-of", "today"], '--as-of: not a time: "today"; want one such as 2026-12-31T00:00:00Z'),
])
def test_wrong_words(initscan, sources, tmp_path, arguments, text):
    named = [word.replace("KEV", str(sources()["kev"])) for word in arguments]
    done = run(initscan, "db", "overlay", *named, "-o", tmp_path / "out")
    assert (done.returncode, done.stderr) == (64, f"initscan: error: {text}\n")


def test_sources_without_a_date_are_as_old_as_is_said(initscan, tmp_path):
    scores = tmp_path / "epss.csv"
    scores.write_text("cve,epss,percentile\nCVE-2024-0001,0.4,0.5\n")
    assert "data of an unknown date" in overlay(initscan, tmp_path / "out", {"epss": scores}).stdout
    done = overlay(initscan, tmp_path / "out", {"epss": scores}, "--as-of", "2026-05-06T00:00:00Z")
    assert "epss: 1 scores, data of 2026-05-06T00:00:00Z\n" in done.stdout

"""`initscan db`: what of its feeds is in an index, and what an index that is not whole comes to."""

import json

import pytest

from support import run
from world import advisory, stanza

ZLIB_OLD = stanza("zlib1g", "1:1.3-1+b1", source="zlib (1:1.3-1)")


def feed(folder, *records):
    folder.mkdir()
    for number, record in enumerate(records):
        (folder / f"{number}.json").write_text(json.dumps(record))
    return f"osv:{folder}"


def build(initscan, output, *feeds, options=()):
    argv = [word for path in feeds for word in ("--from", path)]
    return run(initscan, "db", "build", *argv, *options, "-o", output)


def test_nothing_that_can_be_matched_is_no_index(initscan, tmp_path):
    record = advisory("CVE-2024-1", "zlib", "1", "high", ecosystem="CRAN")
    done = build(initscan, tmp_path / "db", feed(tmp_path / "CRAN", record))
    assert done.returncode == 1
    assert done.stderr.startswith('initscan: error: 1 record, which cannot be matched: ecosystem "CRAN" is not matched (1); '
                                  "give feeds of Debian, Alpine, Ubuntu, ")
    assert done.stderr.endswith(" or PyPI\n") and done.stderr.count("\n") == 1
    assert not (tmp_path / "db").exists()


def test_what_is_skipped_is_said_as_a_warning(initscan, tmp_path):
    path = feed(tmp_path / "osv", advisory("CVE-2024-1", "zlib", "1", "high"), advisory("CVE-2024-2", "zlib", "1-", "high"),
                advisory("CVE-2024-3", "zlib", "1", "high", ecosystem="CRAN"))
    done = build(initscan, tmp_path / "db", path)
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        f'initscan: warning: {path}: 1 records skipped: ecosystem "CRAN" is not matched',
        f'initscan: warning: {path}: 1 statements skipped: ecosystem "CRAN" is not matched',
        f"initscan: warning: {path}: 1 statements in doubt: a version that cannot be parsed",
    ]
    info = run(initscan, "db", "info", tmp_path / "db", check=True).stdout
    assert "    1 statements in doubt: a version that cannot be parsed\n" in info


def test_the_order_of_feeds_does_not_matter(initscan, tmp_path):
    one = feed(tmp_path / "one", advisory("CVE-2024-1", "zlib", "1", "high"))
    two = feed(tmp_path / "two", advisory("CVE-2024-1", "zlib", "2", "low"), advisory("CVE-2024-2", "zlib", "2", "low"))
    assert build(initscan, tmp_path / "12", one, two).returncode == 0
    assert build(initscan, tmp_path / "21", two, one).returncode == 0
    assert (tmp_path / "12").read_bytes() == (tmp_path / "21").read_bytes()


def test_feeds_without_a_date_take_the_one_that_is_given(initscan, tmp_path):
    secdb = tmp_path / "secdb"
    secdb.mkdir()
    (secdb / "main.yaml").write_text("distroversion: v3.20\npackages:\n  - pkg: {name: a, secfixes: {1-r0: [CVE-2024-1]}}\n")
    for options, date in (((), "an unknown date"), (("--as-of", "2026-11-28T01:00:00+01:00"), "2026-11-28T00:00:00Z")):
        done = build(initscan, tmp_path / "db", f"alpine-secdb:{secdb}", options=options)
        assert done.returncode == 0, done.stderr
        assert f"data of {date}\n" in done.stdout
    done = build(initscan, tmp_path / "db", f"alpine-secdb:{secdb}", options=("--as-of", "yesterday"))
    assert done.returncode == 64
    assert "--as-of" in done.stderr


@pytest.mark.parametrize("keep", [0, 100, 4096, 5000, -1])
def test_an_index_that_is_cut_off_is_an_error(world, keep):
    whole = world.index.read_bytes()
    world.index.write_bytes(whole[:keep])
    done = world.scan(world.root("old", ZLIB_OLD))
    assert done.returncode == 1
    assert done.stderr.startswith(f"initscan: error: {world.index}: ") and done.stderr.count("\n") == 1


def test_an_index_that_is_half_another_is_an_error(initscan, world, tmp_path):
    other = feed(tmp_path / "other", advisory("CVE-2024-9", "other", "1", "low"))
    assert build(initscan, tmp_path / "other.db", other).returncode == 0
    ours, others = world.index.read_bytes(), (tmp_path / "other.db").read_bytes()
    root = world.root("old", ZLIB_OLD)
    for mixed in (ours[:4096] + others[4096:], others[:4096] + ours[4096:], ours[:4096] + others[4096:8192] + ours[8192:]):
        world.index.write_bytes(mixed)
        assert world.scan(root).returncode == 1


def test_a_statement_that_cannot_be_compared_leaves_its_package_undecided(initscan, world, tmp_path):
    odd = feed(tmp_path / "odd", advisory("CVE-2024-1", "zlib", "1:1.3-", "high"))
    assert build(initscan, world.index, odd).returncode == 0
    code, verdict = world.scan_json(world.root("old", ZLIB_OLD))
    assert code == 1
    assert verdict["images"][0]["undecided"] == ['zlib1g: CVE-2024-1: "1:1.3-" cannot be compared with "1:1.3-1"']
    assert world.scan(world.root("other", stanza("libssl3", "3.0.1-1", source="openssl"))).returncode == 0


def test_a_date_of_the_future_is_not_how_young_the_data_is(initscan, tmp_path):
    future = {**advisory("CVE-2024-2", "zlib", "2", "low"), "modified": "2999-01-01T00:00:00Z"}
    known = {**advisory("CVE-2024-1", "zlib", "1", "high"), "modified": "2024-05-01T00:00:00Z"}
    path = feed(tmp_path / "osv", known, future)
    done = build(initscan, tmp_path / "db", path)
    assert done.returncode == 0 and "2 vulnerabilities" in done.stdout and "data of 2024-05-01T00:00:00Z" in done.stdout and "2999" not in done.stdout
    assert done.stderr == f"initscan: warning: {path}: 1 statements in doubt: of a record dated in the future, whose date does not count\n"

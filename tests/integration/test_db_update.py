"""initscan db update: feeds fetched from a real HTTPS server, whatever it does, and what stays usable then."""

import gzip
import json
import os
import random
import re
import shutil
import signal
import subprocess
import time

import pytest

from feed_server import FeedServer, archive, listing, record
from scan_server import make_certificate
from support import BIN, run

DEBIAN = [(f"CVE-2026-{n}", "Debian:12", f"source-{n}", f"{n % 7 + 1}.0-1", f"2026-11-{n % 20 + 1:02d}T00:00:00Z") for n in range(1, 400)]
ALPINE = [(f"CVE-2026-{n}", "Alpine:v3.20", f"origin-{n}", f"{n % 7 + 1}.0-r1", "2026-11-20T00:00:00Z") for n in range(1, 50)]
BOTH = ("/Debian/all.zip", "/Alpine/all.zip")
KILLS = 50


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = FeedServer(*make_certificate(tmp_path_factory.mktemp("tls")))
    server.certificate = tmp_path_factory.getbasetemp()
    yield server
    server.close()


@pytest.fixture
def update(server, tmp_path, tmp_path_factory):
    """update(options): of Debian and Alpine, unless others are named; into tmp_path/advisories.db"""
    server.files = {"/Debian/all.zip": archive(*DEBIAN), "/Alpine/all.zip": archive(*ALPINE)}
    server.behaviours, server.requests = {}, []
    server.index = tmp_path / "advisories.db"

    def start(*options, ecosystems=("Debian", "Alpine"), osv=None, **more):
        argv = [BIN / "initscan", "db", "update", "--osv", osv or server.url, "--ca", next(tmp_path_factory.getbasetemp().glob("tls*/cert.pem")),
                "-o", server.index, *options]
        for ecosystem in ecosystems:
            argv += ["--ecosystem", ecosystem]
        return run(*argv, **more)

    return start


def holds(index, name):
    """Whether anything is said of a vulnerability."""
    done = run(BIN / "initscan", "db", "search", index, name)
    return done.returncode == 0 and name in done.stdout


def info(index):
    done = run(BIN / "initscan", "db", "info", index)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_update_brings_what_is_new_and_nothing_twice(server, update):
    first = update()
    assert first.returncode == 0 and first.stderr == "", first.stderr
    assert first.stdout.count(": fetched") == 2 and "Debian:12" in info(server.index) and "Alpine:v3.20" in info(server.index)
    before, server.requests = server.index.read_bytes(), []
    again = update()
    assert again.returncode == 0 and again.stdout.count(": unchanged") == 2
    again = [headers for path, headers in server.requests if path in BOTH]
    assert server.index.read_bytes() == before and len(again) == 2 and all("If-None-Match" in headers for headers in again)
    server.files["/Debian/all.zip"] = archive(*DEBIAN, ("CVE-2026-9999", "Debian:12", "news", "2-1", "2026-11-28T00:00:00Z"))
    third = update()
    assert "osv-Debian.zip: fetched" in third.stdout and "osv-Alpine.zip: unchanged" in third.stdout
    assert holds(server.index, "CVE-2026-9999")


def test_it_is_what_a_build_of_the_same_archives_makes(server, update, tmp_path):
    assert update(ecosystems=["Debian:11", "Debian:12"]).returncode == 0
    assert [path for path, _ in server.requests] == ["/Debian/all.zip"], "all releases are in one archive"
    (tmp_path / "all.zip").write_bytes(server.files["/Debian/all.zip"])
    assert run(BIN / "initscan", "db", "build", "--from", f"osv:{tmp_path}/all.zip", "-o", tmp_path / "built.db").returncode == 0
    assert (tmp_path / "built.db").read_bytes() == server.index.read_bytes()


def test_a_feed_that_breaks_off_is_gone_on_with(server, update):
    server.behaviours["/Debian/all.zip"] = "breaks_off"
    done = update(ecosystems=["Debian"])
    assert done.returncode == 0, done.stderr
    firsts = [int(re.sub(r"\D", "", headers["Range"])) for _, headers in server.requests if "Range" in headers]
    assert len(set(firsts)) > 5 and firsts == sorted(firsts), "each begins where the one before broke off"
    assert len(firsts) <= 2 * len(set(firsts)), "and none is sent for long to be thrown away"
    assert "Debian:12" in info(server.index)


@pytest.mark.parametrize("behaviour, words", [
    ("page", "what it sent cannot be used"), ("leads_to_plain_http", "from https to http"), ("is_busy", "HTTP 503"), ("is_gone", "HTTP 404"),
    ("another_file", "what it sent cannot be used"), ("cut_off", "what it sent cannot be used")])
def test_a_feed_that_fails_keeps_its_last_good_state(server, update, behaviour, words):
    assert update().returncode == 0
    before = server.index.read_bytes()
    if behaviour == "is_gone":
        del server.files["/Debian/all.zip"]
    elif behaviour == "another_file":
        server.files["/Debian/all.zip"] = b"\x7fELF" + os.urandom(5000)
    elif behaviour == "cut_off":
        server.files["/Debian/all.zip"] = server.files["/Debian/all.zip"][:-3000]
    else:
        server.behaviours["/Debian/all.zip"] = behaviour
    server.files["/Alpine/all.zip"] = archive(*ALPINE, ("CVE-2026-9999", "Alpine:v3.20", "news", "2-r1", "2026-11-28T00:00:00Z"))
    done = update()
    assert done.returncode == 1, "somebody has to see it"
    assert words in done.stderr and "the one that was fetched before is used" in done.stderr and "1 feed could not be brought up to date" in done.stderr
    assert "<" not in done.stderr, "no page for browsers"
    after = server.index.read_bytes()
    assert after != before and holds(server.index, "CVE-2026-9999") and "Debian:12" in info(server.index), "the others are fresh"


NEWS = ("CVE-2026-9999", "Debian:12", "news", "2-1", "2026-11-28T00:00:00Z")
MOVED = (*DEBIAN[0][:3], "99.0-1", "2026-11-28T01:00:00.5Z")
CHANGED = [MOVED, *DEBIAN[1:-1], NEWS]  # one is gone


@pytest.fixture
def changing(server, update):
    """update(), of Debian from a server that lists its records, after a first one; then serve(records) changes them."""

    def serve(records, listed=None, whole=None):
        server.files = {"/Debian/all.zip": whole or archive(*records), "/Debian/modified_id.csv": listing(*records) if listed is None else listed}
        server.files |= {f"/Debian/{one[0]}.json": record(*one) for one in records}
        server.requests = []

    serve(DEBIAN)
    assert update(ecosystems=["Debian"]).returncode == 0
    server.serve = serve
    return lambda *options: update(*options, ecosystems=["Debian"])


def asked(server):
    return sorted(path for path, _ in server.requests)


def build_of(tmp_path, *records):
    (tmp_path / "whole.zip").write_bytes(archive(*records))
    assert run(BIN / "initscan", "db", "build", "--from", f"osv:{tmp_path}/whole.zip", "-o", tmp_path / "whole.db").returncode == 0
    return (tmp_path / "whole.db").read_bytes()


def test_only_records_that_changed_are_brought(server, changing, tmp_path):
    server.serve(CHANGED, whole=archive(*DEBIAN))  # the archive is made now and then, the listing at once
    done = changing()
    assert done.returncode == 0 and "osv-Debian.zip: 2 records fetched, 1 gone" in done.stdout, done.stdout + done.stderr
    assert asked(server) == ["/Debian/CVE-2026-1.json", "/Debian/CVE-2026-9999.json", "/Debian/modified_id.csv"]
    assert server.index.read_bytes() == build_of(tmp_path, *CHANGED), "it is what a build of all of it makes"
    assert not list(server.index.with_name("advisories.db.feeds").glob("records*"))
    server.requests = []
    again = changing()
    assert again.returncode == 0 and ": unchanged" in again.stdout and asked(server) == ["/Debian/modified_id.csv"]
    assert "If-None-Match" in server.requests[0][1]
    server.serve([*CHANGED, ("CVE-2026-9998", *NEWS[1:])])
    assert "1 records fetched, 0 gone" in changing().stdout and holds(server.index, "CVE-2026-9998") and holds(server.index, "CVE-2026-9999")


@pytest.mark.parametrize("listed", [
    b"<!DOCTYPE html><title>Closed for maintenance</title>", b"", listing(*CHANGED)[:-3], listing(*CHANGED[:100]), listing(*CHANGED) + b"2026-01-01T00:00:00Z,../x\n",
    b"2026-11-28T00:00:00Z,CVE-2026-9999\n" * 2], ids=["a page", "nothing", "cut off", "most of it gone", "leads elsewhere", "twice"])
def test_a_listing_that_makes_no_sense_has_all_of_it_fetched(server, changing, listed):
    server.serve(CHANGED, listed=listed)
    done = changing()
    assert done.returncode == 0 and "osv-Debian.zip: all of it is fetched: " in done.stdout, done.stdout + done.stderr
    assert "/Debian/all.zip" in asked(server) and not [path for path in asked(server) if path.endswith(".json")]
    assert holds(server.index, "CVE-2026-9999")


@pytest.mark.parametrize("served", [
    None, b"<html>", record(*DEBIAN[5]), record(*NEWS[:4], "2026-11-27T00:00:00Z"), b'{"id":"CVE-2026-9999","modified":"2026-11-28T00:00:00Z","affected":7}'],
    ids=["not there", "a page", "another one", "an older one", "damaged"])
def test_a_record_that_is_not_what_is_listed_has_all_of_it_fetched(server, changing, served):
    server.serve(CHANGED)
    server.files["/Debian/CVE-2026-9999.json"] = served
    done = changing()
    assert done.returncode == 0 and "osv-Debian.zip: all of it is fetched: " in done.stdout and "osv-Debian.zip: fetched" in done.stdout, done.stdout
    assert holds(server.index, "CVE-2026-9999")


def test_a_whole_archive_that_is_older_is_gone_on_from(server, changing):
    """Where a record cannot be had for once, the archive may lack what had been merged: the same listing then has it brought again."""
    server.serve(CHANGED, whole=archive(*DEBIAN))
    assert changing().returncode == 0 and holds(server.index, "CVE-2026-9999")
    more = [*CHANGED, ("CVE-2026-9998", *NEWS[1:])]
    server.serve(more, whole=archive(*DEBIAN))
    server.files["/Debian/CVE-2026-9998.json"] = None
    server.files["/Debian/all.zip"] = archive(*DEBIAN, ("CVE-2026-9000", "Debian:12", "news", "2-1", "2026-11-28T00:00:00Z"))
    changing()
    server.serve(CHANGED, whole=archive(*DEBIAN))
    assert changing().returncode == 0 and holds(server.index, "CVE-2026-9999") and not holds(server.index, "CVE-2026-9000")


def test_many_changes_are_brought_as_a_whole(server, changing):
    server.serve([(*one[:4], "2026-11-28T00:00:00Z") for one in DEBIAN])
    done = changing()
    assert done.returncode == 0 and "all of it is fetched: 399 records have changed" in done.stdout
    assert asked(server) == ["/Debian/all.zip", "/Debian/modified_id.csv"]


def test_where_neither_can_be_had_the_last_good_state_stays(server, changing):
    before = server.index.read_bytes()
    server.serve(CHANGED, whole=b"<html>")
    server.files["/Debian/CVE-2026-9999.json"] = b"<html>"
    done = changing()
    assert done.returncode == 1 and "the one that was fetched before is used" in done.stderr
    assert server.index.read_bytes() == before


def test_a_listing_without_end_is_bounded(server, changing):
    server.serve(CHANGED)
    server.behaviours["/Debian/modified_id.csv"] = "is_endless"
    started = time.monotonic()
    done = changing()
    assert done.returncode == 0 and "all of it is fetched: " in done.stdout and time.monotonic() - started < 120
    assert holds(server.index, "CVE-2026-9999")


def catalogue(released, entries=1):
    return json.dumps({"dateReleased": released, "count": entries, "vulnerabilities": [
        {"cveID": f"CVE-2026-{n}", "dateAdded": "2026-11-01"} for n in range(1, entries + 1)]}).encode()


@pytest.fixture
def with_overlay(server, update):
    """update(), with CISA's catalogue and EPSS."""
    server.files |= {"/kev.json": catalogue("2026-11-20T00:00:00Z"),
                     "/epss.csv.gz": gzip.compress(b"#score_date:2026-11-20T00:00:00Z\ncve,epss,percentile\nCVE-2026-1,0.5,0.9\n", mtime=0)}
    server.overlay = server.index.with_name(server.index.name + ".overlay")
    return lambda *options, **more: update("--kev", f"{server.url}/kev.json", "--epss", f"{server.url}/epss.csv.gz", *options, **more)


def test_an_overlay_is_brought_beside_the_index(server, with_overlay):
    done = with_overlay()
    assert done.returncode == 0 and done.stderr == "", done.stderr
    told = info(server.overlay)
    assert "kev: 1 known exploited vulnerabilities, data of 2026-11-20T00:00:00Z" in told and "epss: 1 scores" in told
    index, overlay, server.requests = server.index.read_bytes(), server.overlay.read_bytes(), []
    again = with_overlay()
    assert again.returncode == 0 and again.stdout.count(": unchanged") == 4
    assert (server.index.read_bytes(), server.overlay.read_bytes()) == (index, overlay)
    server.files["/kev.json"] = catalogue("2026-11-21T00:00:00Z", 2)
    alone = with_overlay(ecosystems=[])
    assert alone.returncode == 0, alone.stderr
    assert "kev: 2 known exploited" in info(server.overlay) and server.index.read_bytes() == index


@pytest.mark.parametrize("break_it, words", [
    (lambda server: server.behaviours.update({"/kev.json": "page"}), "what it sent cannot be used"),
    (lambda server: server.files.update({"/kev.json": catalogue("2026-11-22T00:00:00Z", 3)[:-40]}), "what it sent cannot be used"),
    (lambda server: server.files.pop("/kev.json"), "HTTP 404")])
def test_a_source_that_fails_keeps_its_last_good_state(server, with_overlay, break_it, words):
    assert with_overlay().returncode == 0
    break_it(server)
    server.files["/epss.csv.gz"] = b"#score_date:2026-11-22T00:00:00Z\ncve,epss,percentile\nCVE-2026-1,0.5,0.9\n"
    done = with_overlay()
    assert done.returncode == 1 and words in done.stderr and "the one that was fetched before is used" in done.stderr
    told = info(server.overlay)
    assert "kev: 1 known exploited vulnerabilities, data of 2026-11-20T00:00:00Z" in told and "epss: 1 scores, data of 2026-11-22T00:00:00Z" in told


def test_a_source_that_was_never_fetched_keeps_no_index_from_being_made(server, with_overlay):
    server.behaviours["/kev.json"] = "is_busy"
    done = with_overlay()
    assert done.returncode == 1 and f"{server.overlay}: left as it is: of 1 feed nothing was ever fetched" in done.stderr
    assert not server.overlay.exists() and "Debian:12" in info(server.index)


def test_an_overlay_goes_no_step_back(server, with_overlay):
    assert with_overlay().returncode == 0
    before = server.overlay.read_bytes()
    server.files["/kev.json"] = catalogue("2026-11-19T00:00:00Z")
    done = with_overlay()
    assert done.returncode == 1 and "its kev is of 2026-11-19T00:00:00Z, older than that of the one in use" in done.stderr, done.stderr
    assert server.overlay.read_bytes() == before
    assert with_overlay("--force").returncode == 0 and server.overlay.read_bytes() != before


def test_a_source_that_is_no_url_is_wrong_usage(update):
    done = update("--epss", "epss.csv")
    assert (done.returncode, done.stderr) == (64, 'initscan: error: --epss: want a URL of https or http, got "epss.csv"\n')


def test_without_a_network_the_old_index_stays(server, update):
    assert update().returncode == 0
    before = server.index.read_bytes()
    done = update(osv="https://127.0.0.1:9")
    assert done.returncode == 1 and server.index.read_bytes() == before
    assert done.stderr.count("the one that was fetched before is used") == 2 and "127.0.0.1:9" in done.stderr


def test_what_was_never_fetched_leaves_no_smaller_index(server, update):
    assert update(ecosystems=["Debian"]).returncode == 0
    before = server.index.read_bytes()
    server.behaviours["/Alpine/all.zip"] = "is_busy"
    done = update()
    assert done.returncode == 1 and "left as it is: of 1 feed nothing was ever fetched" in done.stderr
    assert server.index.read_bytes() == before


@pytest.mark.parametrize("served, words", [
    (DEBIAN[-150:], "it says less than half"), ([(*one[:4], "2026-10-01T00:00:00Z") for one in DEBIAN], "older than that of the one in use")])
def test_a_mirror_that_goes_back_changes_nothing(server, update, served, words):
    """Yesterday's archive, or most of it gone; that another ecosystem is fresh does not hide it."""
    assert update().returncode == 0
    before = server.index.read_bytes()
    server.files["/Debian/all.zip"] = archive(*served)
    server.files["/Alpine/all.zip"] = archive(*ALPINE, ("CVE-2026-9999", "Alpine:v3.20", "news", "2-r1", "2026-11-28T00:00:00Z"))
    done = update()
    assert done.returncode == 1 and "left as it is" in done.stderr and words in done.stderr and server.index.read_bytes() == before
    forced = update("--force")
    assert forced.returncode == 0 and server.index.read_bytes() != before


def test_an_index_is_signed_by_whoever_fetches(server, update, tmp_path):
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", tmp_path / "key"], check=True)
    subprocess.run(["openssl", "pkey", "-in", tmp_path / "key", "-pubout", "-out", tmp_path / "pub"], check=True)
    assert update("--key", tmp_path / "key").returncode == 0
    assert run(BIN / "initscan", "db", "verify", "--key", tmp_path / "pub", server.index).returncode == 0


def test_a_key_that_signs_nothing_is_told_before_anything_is_fetched(server, update, tmp_path):
    (tmp_path / "key").write_text("no key")
    done = update("--key", tmp_path / "key")
    assert done.returncode == 1 and "not a private Ed25519 key" in done.stderr and not server.requests


def test_a_server_that_nobody_knows_is_not_believed(server, update):
    done = run(BIN / "initscan", "db", "update", "--ecosystem", "Debian", "--osv", server.url, "-o", server.index)
    assert done.returncode == 1 and "certificate" in done.stderr and not server.index.exists()


def test_a_second_update_waits_for_the_first(server, update, tmp_path):
    server.behaviours["/Debian/all.zip"] = "is_slow"
    ca = [word for word in map(str, update(ecosystems=["Alpine"]).args)]
    slow = subprocess.Popen([word if word != "Alpine" else "Debian" for word in ca], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not any(path == "/Debian/all.zip" for path, _ in server.requests):
        time.sleep(0.01)
    second = subprocess.Popen(ca, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    line = second.stderr.readline()
    assert "another update works in" in line and second.poll() is None
    slow.kill()
    slow.communicate()
    out, _ = second.communicate(timeout=60)
    assert second.returncode == 0 and "unchanged" in out


@pytest.mark.parametrize("is_listed", [False, True], ids=["the whole", "increments"])
def test_a_killed_update_leaves_the_old_index_whole(server, update, tmp_path, is_listed):
    done = update()
    assert done.returncode == 0
    argv = list(map(str, done.args))
    rng = random.Random(14)
    start = time.monotonic()
    assert update().returncode == 0
    usual = time.monotonic() - start
    for n in range(KILLS):
        served = [*DEBIAN, *((f"CVE-2026-{9000 + i}", "Debian:12", "news", "2-1", "2026-11-27T00:00:00Z") for i in range(n + 1))]
        if is_listed:
            server.files |= {"/Debian/modified_id.csv": listing(*served)} | {f"/Debian/{one[0]}.json": record(*one) for one in served}
        else:
            server.files["/Debian/all.zip"] = archive(*served)
        process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(rng.uniform(0, usual * 2))
        process.send_signal(signal.SIGKILL)
        process.wait()
        info(server.index)
    last = update()
    assert last.returncode == 0, last.stderr
    assert holds(server.index, f"CVE-2026-{9000 + KILLS - 1}")
    left = [path for place in ("part", "new", "records") for path in tmp_path.glob(f"advisories.db.feeds/{place}/*")]
    assert not left


def test_it_begins_with_another_index_and_goes_on_by_itself(server, update, tmp_path, tmp_path_factory):
    (tmp_path / "all.zip").write_bytes(archive(*DEBIAN[:3]))
    assert run(BIN / "initscan", "db", "build", "--from", f"osv:{tmp_path}/all.zip", "-o", tmp_path / "seed.db").returncode == 0
    server.behaviours["/Debian/all.zip"] = "is_busy"
    done = update("--seed", tmp_path / "seed.db", ecosystems=["Debian"])
    assert done.returncode == 1 and server.index.read_bytes() == (tmp_path / "seed.db").read_bytes()
    server.behaviours = {}
    argv = [str(word) for word in done.args] + ["--every-hours", "1"]
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "  osv-Debian.zip: fetched\n" and process.stdout.readline() == f"{server.index}\n"
    assert server.index.read_bytes() != (tmp_path / "seed.db").read_bytes() and process.poll() is None
    process.terminate()
    assert process.wait(30) == 0
    (tmp_path / "seed.db").write_bytes(server.index.read_bytes()[:-100])
    server.index.unlink()
    broken = update("--seed", tmp_path / "seed.db", ecosystems=["Debian"])
    assert broken.returncode == 1 and "seed.db" in broken.stderr and not server.index.exists()


@pytest.mark.parametrize("options, words", [
    ([], "want --ecosystem, --feed or a source of the overlay"), (["--ecosystem", "Windows"], "is not matched; want"), (["--feed", "osv"], "want KIND:URL"),
    (["--feed", "osv:ftp://127.0.0.1/x"], "want a URL of https or http"), (["--feed", "osv:/etc/passwd"], "want a URL of https or http"), (["--every-hours", "0"], "--every-hours")])
def test_wrong_options_are_told(server, update, options, words):
    done = update(*options, ecosystems=[])
    assert done.returncode == 64 and words in done.stderr and done.stderr.count("\n") == 1 and not server.requests


def test_a_full_folder_is_told(server, update, tmp_path):
    if shutil.which("mount") is None or os.geteuid() != 0:
        pytest.skip("a small file system needs root")
    small = tmp_path / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "none", str(small)], check=True)
    try:
        done = update("--feeds", small / "feeds", ecosystems=["Debian"])
        assert done.returncode == 1 and "No space left on device" in done.stderr
    finally:
        subprocess.run(["umount", str(small)], check=True)

"""initscan db push and pull: an index in a real registry, which other tools copy and mount, and whatever a registry does."""

import gzip
import io
import json
import os
import pathlib
import random
import re
import signal
import subprocess
import tarfile
import time

import pytest

from feed_server import archive
from registries import LIST, TAR, DockerRegistry, OddRegistry, digest, layer_of, write_auth
from scan_server import make_certificate
from support import BIN, run

KILLS = 50
MOST_SECONDS = 100  # until a registry that says nothing any more is given up
NAME = "security/advisories"


def records(count, day=20, start=1):
    return [(f"CVE-2026-{n}", "Debian:12", f"source-{n}", f"{n % 7 + 1}.0-1", f"2026-11-{day:02d}T00:00:00Z") for n in range(start, start + count)]


@pytest.fixture(scope="module")
def build(initscan, tmp_path_factory):
    """build(*records, key=None): an index of them."""
    def make(*rows, key=None):
        folder = tmp_path_factory.mktemp("feed")
        (folder / "all.zip").write_bytes(archive(*rows))
        done = run(initscan, "db", "build", "--from", f"osv:{folder}/all.zip", "-o", folder / "advisories.db", *(["--key", key] if key else []))
        assert done.returncode == 0, done.stderr
        return folder / "advisories.db"
    return make


@pytest.fixture(scope="module")
def indexes(build):
    """Yesterday's, today's, and one of which most is missing."""
    return {"old": build(*records(300, day=10)), "new": build(*records(330, day=20)), "small": build(*records(20, day=25))}


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def registry(tls, tmp_path_factory):
    made = DockerRegistry(tmp_path_factory.mktemp("registry"), *tls)
    yield made
    made.close()


@pytest.fixture
def odd(tls):
    made = OddRegistry(*tls)
    yield made
    made.close()


@pytest.fixture
def db(initscan, tls, tmp_path):
    """db("push", ...), with the tests' authority and no credentials of the user's."""
    def start(command, *words, env=None, **options):
        environment = {**os.environ, "HOME": str(tmp_path), "TMPDIR": str(tmp_path), **(env or {})}
        environment.pop("DOCKER_CONFIG", None)
        return run(initscan, "db", command, "--ca", tls[0], *words, env=environment, **options)
    return start


@pytest.fixture
def place(tmp_path):
    return tmp_path / "advisories.db"


def pushed(db, index, image, *options):
    done = db("push", index, image, *options)
    assert done.returncode == 0 and done.stderr == "", done.stderr
    assert re.fullmatch(rf"{re.escape(image)}@sha256:[0-9a-f]{{64}}\n", done.stdout), done.stdout
    return done.stdout.strip()


def is_left_alone(done, place, before, *words):
    """An error in one line, and whatever was there is still there."""
    assert done.returncode == 1 and done.stderr.count("\n") == 1, done.stderr
    assert all(word in done.stderr for word in words), done.stderr
    assert (place.read_bytes() if place.exists() else None) == before
    assert not list(place.parent.glob("advisories.db.pull/new/*")), "nobody looks at it again"


def test_an_index_goes_to_a_registry_and_comes_back(db, registry, indexes, place, tmp_path):
    image = f"{registry.host}/{NAME}:today"
    named = pushed(db, indexes["new"], image)
    for reference in (image, named, named.replace(":today", "")):
        place.unlink(missing_ok=True)
        done = db("pull", reference, "-o", place)
        assert done.returncode == 0 and "330 vulnerabilities" in done.stdout, done.stderr
        assert place.read_bytes() == indexes["new"].read_bytes()
    assert pushed(db, indexes["new"], image) == named, "the same index is the same image"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["advisories.db", "advisories.db.pull"], "nothing is left behind"


def test_it_is_an_artifact_and_an_image(db, registry, indexes):
    index = indexes["new"].read_bytes()
    named = pushed(db, indexes["new"], f"{registry.host}/{NAME}:facts", "--architecture", "arm64")
    text = registry.get(f"{NAME}/manifests/facts")
    assert digest(text) == named.split("@")[1]
    manifest = json.loads(text)
    assert manifest["artifactType"] == "application/vnd.initscan.advisories.v1"
    said = manifest["annotations"]
    assert said["org.opencontainers.image.created"] == "2026-11-20T00:00:00Z" and said["io.initscan.advisories.feeds"] == "osv 2026-11-20T00:00:00Z"
    assert said["io.initscan.advisories.format"] == "4" and "io.initscan.advisories.signature" not in said
    assert said["io.initscan.advisories.sha256"] in run(BIN / "initscan", "db", "verify", indexes["new"]).stdout
    (described,) = manifest["layers"]
    layer = registry.get(f"{NAME}/blobs/{described['digest']}")
    assert described == {"mediaType": TAR, "digest": digest(layer), "size": len(layer)} and layer == layer_of(index)
    config = json.loads(registry.get(f"{NAME}/blobs/{manifest['config']['digest']}"))
    assert config["rootfs"] == {"type": "layers", "diff_ids": [digest(layer)]} and (config["os"], config["architecture"]) == ("linux", "arm64")
    with tarfile.open(fileobj=io.BytesIO(layer)) as tar:
        (member,) = tar.getmembers()
        assert (member.name, member.mode, member.isreg()) == ("advisories.db", 0o444, True) and tar.extractfile(member).read() == index


def test_nodes_of_each_architecture_find_theirs(db, registry, indexes, place):
    named = pushed(db, indexes["new"], f"{registry.host}/{NAME}:all", "--architecture", "amd64", "--architecture", "arm64")
    text = registry.get(f"{NAME}/manifests/all", LIST)
    images = json.loads(text)["manifests"]
    assert digest(text) == named.split("@")[1] and [image["platform"]["architecture"] for image in images] == ["amd64", "arm64"]
    layers = [json.loads(registry.get(f"{NAME}/manifests/{image['digest']}"))["layers"] for image in images]
    assert layers[0] == layers[1], "the index is there once"
    assert db("pull", named, "-o", place).returncode == 0 and place.read_bytes() == indexes["new"].read_bytes()


def test_what_is_there_already_is_not_brought(db, odd, indexes, place):
    odd.offer(layer_of(indexes["new"].read_bytes()))
    assert db("pull", f"{odd.host}/{NAME}:today", "-o", place).returncode == 0 and len(odd.asked("blobs")) == 1
    again = db("pull", f"{odd.host}/{NAME}:today", "-o", place)
    assert again.returncode == 0 and "unchanged" in again.stdout and len(odd.asked("blobs")) == 1


def test_a_signature_is_asked_for(db, build, registry, place, tmp_path):
    for name in ("ours", "other"):
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", tmp_path / name], check=True)
        subprocess.run(["openssl", "pkey", "-in", tmp_path / name, "-pubout", "-out", tmp_path / f"{name}.pub"], check=True)
    signed, image = build(*records(10), key=tmp_path / "ours"), f"{registry.host}/{NAME}:signed"
    refused = db("push", signed, image, "--key", tmp_path / "other.pub")
    assert refused.returncode == 1 and "signed by another key" in refused.stderr
    pushed(db, signed, image, "--key", tmp_path / "ours.pub")
    said = json.loads(registry.get(f"{NAME}/manifests/signed"))["annotations"]
    assert signed.read_bytes()[-64:].hex() == said["io.initscan.advisories.signature"]
    is_left_alone(db("pull", image, "-o", place, "--key", tmp_path / "other.pub"), place, None, "signed by another key")
    assert db("pull", image, "-o", place, "--key", tmp_path / "ours.pub").returncode == 0
    is_left_alone(db("pull", image, "-o", place, "--key", tmp_path / "other.pub"), place, signed.read_bytes(), "signed by another key")
    pushed(db, build(*records(11)), image)
    is_left_alone(db("pull", image, "-o", place, "--key", tmp_path / "ours.pub"), place, signed.read_bytes(), "nobody signed it")


@pytest.mark.parametrize("name, why", [("old", "older than that of the one in use"), ("small", "it says less than half")])
def test_nothing_goes_back(db, registry, indexes, place, name, why):
    image = f"{registry.host}/{NAME}:{name}"
    pushed(db, indexes[name], image)
    place.write_bytes(indexes["new"].read_bytes())
    is_left_alone(db("pull", image, "-o", place), place, indexes["new"].read_bytes(), "not installed", why, "--force")
    assert db("pull", image, "-o", place, "--force").returncode == 0 and place.read_bytes() == indexes[name].read_bytes()


def test_who_asks_is_who_may(db, tls, tmp_path, indexes, place):
    registry = DockerRegistry(tmp_path / "guarded", *tls, users={"writer": "s3cret"})
    try:
        image = f"{registry.host}/{NAME}:today"
        good = write_auth(tmp_path / "good.json", "writer", "s3cret", registry.host)
        wrong = write_auth(tmp_path / "wrong.json", "writer", "guess", registry.host)
        other = write_auth(tmp_path / "other.json", "writer", "s3cret", "registry.example.com")
        for options, words in (([], "--auth names a file with credentials"), (["--auth", other], "--auth names a file with credentials"),
                               (["--auth", wrong], "are the credentials"), (["--auth", tmp_path / "none.json"], "none.json: cannot open")):
            done = db("push", indexes["new"], image, *options)
            assert done.returncode == 1 and words in done.stderr and "guess" not in done.stderr, done.stderr
        named = pushed(db, indexes["new"], image, "--auth", good)
        is_left_alone(db("pull", named, "-o", place), place, None, "HTTP 401")
        assert db("pull", named, "-o", place, "--auth", good).returncode == 0
        place.unlink()
        (tmp_path / ".docker").mkdir()
        good.rename(tmp_path / ".docker" / "config.json")
        assert db("pull", named, "-o", place).returncode == 0, "as docker login leaves it"
    finally:
        registry.close()


def test_a_token_is_had_for_a_password(db, odd, tmp_path, indexes, place):
    odd.offer(layer_of(indexes["new"].read_bytes()))
    odd.realm = f"https://{odd.host}/token"
    auth = write_auth(tmp_path / "auth.json", "reader", "s3cret", f"{odd.host}/{NAME}")
    done = db("pull", f"{odd.host}/{NAME}:today", "-o", place, "--auth", auth)
    assert done.returncode == 0, done.stderr
    asked = [(path, headers) for _, path, headers in odd.requests if path.startswith("/token")]
    assert {path for path, _ in asked} == {"/token?service=odd&scope=repository%3Asecurity/advisories%3Apull"}
    assert all(headers["Authorization"].startswith("Basic ") for _, headers in asked)
    # By plain http nobody is told anything.
    odd.realm, odd.requests = f"http://{odd.host}/token", []
    place.unlink()
    is_left_alone(db("pull", f"{odd.host}/{NAME}:today", "-o", place, "--auth", auth), place, None, "nothing is asked there by plain http")
    assert not [path for _, path, _ in odd.requests if path.startswith("/token")]


def test_a_redirect_takes_no_token_along(db, odd, tls, tmp_path, indexes, place):
    layer = layer_of(indexes["new"].read_bytes())
    odd.offer(layer)
    store = OddRegistry(*tls)
    try:
        store.offer(layer)
        odd.realm, odd.elsewhere = f"https://{odd.host}/token", f"https://{store.host}/v2/any/blobs/{digest(layer)}"
        odd.behaviours = {"blobs": "leads_elsewhere"}
        auth = write_auth(tmp_path / "auth.json", "reader", "s3cret", odd.host)
        assert db("pull", f"{odd.host}/{NAME}:today", "-o", place, "--auth", auth).returncode == 0
        assert len(store.requests) == 2 and all("Authorization" not in headers for _, _, headers in store.requests)
    finally:
        store.close()


@pytest.mark.parametrize("kind, behaviour, words", [
    ("manifests", "something_else", ["not JSON"]), ("blobs", "something_else", ["the registry sent something else"]),
    ("manifests", "cut_off", []), ("blobs", "cut_off", []), ("manifests", "endless", ["a body of more than 1048576 bytes"]),
    ("blobs", "endless", ["a body of more than"]), ("blobs", "another_part", ["another part than was asked for"]),
    ("manifests", "leads_elsewhere", ["from https to http"]), ("blobs", "leads_elsewhere", ["from https to http"]),
    ("manifests", "leads_in_circles", ["redirects"]), ("blobs", "leads_in_circles", ["redirects"]), ("blobs", "is_busy", ["HTTP 503"])])
def test_whatever_a_registry_does_the_index_stays(db, odd, indexes, place, kind, behaviour, words):
    odd.offer(layer_of(indexes["new"].read_bytes()))
    odd.behaviours, odd.elsewhere = {kind: behaviour}, f"http://{odd.host}/elsewhere"
    place.write_bytes(indexes["old"].read_bytes())
    done = db("pull", f"{odd.host}/{NAME}:today", "-o", place)
    is_left_alone(done, place, indexes["old"].read_bytes(), *words)
    odd.behaviours = {}
    assert db("pull", f"{odd.host}/{NAME}:today", "-o", place).returncode == 0 and place.read_bytes() == indexes["new"].read_bytes()


@pytest.mark.parametrize("kind", ["manifests", "blobs"])
def test_a_registry_that_stalls_is_given_up(db, odd, indexes, place, kind):
    odd.offer(layer_of(indexes["new"].read_bytes()))
    odd.behaviours = {kind: "stalls"}
    start = time.monotonic()
    is_left_alone(db("pull", f"{odd.host}/{NAME}:today", "-o", place, timeout=MOST_SECONDS * 2), place, None, "too slow")
    assert time.monotonic() - start < MOST_SECONDS


def two_files(index):
    return layer_of(index)[:-1024] + layer_of(b"x")


def tar_of(kind, name, target=""):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        member = tarfile.TarInfo(name)
        member.type, member.linkname, member.size = kind, target, 0
        tar.addfile(member)
    return out.getvalue()


@pytest.mark.parametrize("make, words", [
    (lambda index: tar_of(tarfile.REGTYPE, "../../etc/passwd"), "does not begin with an index"),
    (lambda index: tar_of(tarfile.SYMTYPE, "advisories.db", "/etc/passwd"), "does not begin with an index"),
    (lambda index: tar_of(tarfile.LNKTYPE, "advisories.db", "/etc/passwd"), "does not begin with an index"),
    (two_files, "is not an index of advisories alone"), (lambda index: layer_of(index)[:-512], "is not an index of advisories alone"),
    (lambda index: layer_of(index[:-1]), "advisories"), (lambda index: layer_of(b""), "advisories"), (lambda index: layer_of(bytes(5000)), "advisories"),
    (lambda index: index, "does not begin with an index")], ids=["traversal", "symlink", "link", "two", "short", "cut", "empty", "zeros", "bare"])
def test_a_layer_that_is_no_index_is_none(db, odd, indexes, place, make, words):
    for changes in ({}, {"mediaType": f"{TAR}+gzip"}):
        layer = make(indexes["new"].read_bytes())
        odd.offer(gzip.compress(layer) if changes else layer, **changes)
        is_left_alone(db("pull", f"{odd.host}/{NAME}:today", "-o", place), place, None, words)


@pytest.mark.parametrize("layer, words", [
    (gzip.compress(bytes(300 << 20), 1), "does not begin with an index"), (gzip.compress(layer_of(bytes(300 << 20)), 1), "unpacks to more than"),
    (b"no gzip at all", "not what gzip packs")], ids=["zeros", "with-a-head", "none"])
def test_a_bomb_does_not_go_off(db, odd, place, layer, words):
    odd.offer(layer, mediaType=f"{TAR}+gzip")
    start = time.monotonic()
    is_left_alone(db("pull", f"{odd.host}/{NAME}:today", "-o", place), place, None, words)
    assert time.monotonic() - start < 20


@pytest.mark.parametrize("changes, words", [
    ({"digest": digest(b"another")}, "the registry sent something else"), ({"size": 10}, "a body of more than 10 bytes"), ({"size": 1 << 40}, "larger than an index may be"),
    ({"size": -1}, "layers[0].size"), ({"digest": "sha256:../../../etc"}, "layers[0].digest"), ({"mediaType": "text/plain"}, "neither a tar")])
def test_a_manifest_that_lies_is_not_believed(db, odd, indexes, place, changes, words):
    odd.offer(layer_of(indexes["new"].read_bytes()), **changes)
    is_left_alone(db("pull", f"{odd.host}/{NAME}:today", "-o", place), place, None, words)


def test_a_manifest_without_an_end_is_not_taken(db, odd, place):
    odd.manifests = {"today": b" " * (1 << 30)}
    start = time.monotonic()
    is_left_alone(db("pull", f"{odd.host}/{NAME}:today", "-o", place), place, None, "a body of more than 1048576 bytes")
    assert time.monotonic() - start < 20


def test_a_digest_is_what_was_asked_for(db, odd, indexes, place):
    """Whoever may write the tag, or is the registry, can change nothing about it."""
    named = odd.offer(layer_of(indexes["new"].read_bytes()))
    image = f"{odd.host}/{NAME}@{named}"
    odd.manifests[named] = odd.manifests["today"] + b" "
    is_left_alone(db("pull", image, "-o", place), place, None, "the registry sent something else")
    odd.manifests = {}
    is_left_alone(db("pull", image, "-o", place), place, None, "HTTP 404")


def test_what_breaks_off_is_gone_on_with(db, odd, indexes, place):
    odd.offer(layer_of(indexes["new"].read_bytes()))
    odd.behaviours, odd.breaks_after = {"blobs": "breaks_off"}, 3000
    assert db("pull", f"{odd.host}/{NAME}:today", "-o", place).returncode == 0
    firsts = [int(re.sub(r"\D", "", headers["Range"])) for headers in odd.asked("blobs") if "Range" in headers]
    assert len(set(firsts)) > 3 and firsts == sorted(firsts), "each begins where the one before broke off"
    assert len(firsts) <= 2 * len(set(firsts)), "and none is sent for long to be thrown away"


def test_a_killed_pull_leaves_the_old_index_whole(db, build, registry, place, tmp_path):
    image = f"{registry.host}/{NAME}:kills"
    pushed(db, build(*records(200)), image)
    done = db("pull", image, "-o", place)
    start = time.monotonic()
    place.unlink()
    assert db("pull", image, "-o", place).returncode == 0
    usual = time.monotonic() - start
    rng = random.Random(14)
    environment = {**os.environ, "HOME": str(tmp_path)}
    for n in range(KILLS):
        if n % 5 == 0:
            pushed(db, build(*records(200 + n)), image)
            last = 200 + n
        process = subprocess.Popen(done.args, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
        time.sleep(rng.uniform(0, usual * 1.2))
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert run(BIN / "initscan", "db", "info", place).returncode == 0
    assert db("pull", image, "-o", place).returncode == 0
    assert f"{last} vulnerabilities" in run(BIN / "initscan", "db", "info", place).stdout
    assert not list(tmp_path.glob("advisories.db.pull/part/*")) and not list(tmp_path.glob("advisories.db.pull/new/*"))


def test_two_pulls_wait_for_each_other(db, odd, indexes, place):
    odd.offer(layer_of(indexes["new"].read_bytes()))
    done = db("pull", f"{odd.host}/{NAME}:today", "-o", place)
    place.unlink()
    odd.behaviours, odd.requests = {"blobs": "stalls"}, []
    slow = subprocess.Popen(done.args, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while not odd.asked("blobs"):
        time.sleep(0.01)
    odd.behaviours = {}
    second = subprocess.Popen(done.args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert "another pull works in" in second.stderr.readline() and second.poll() is None
    slow.kill()
    slow.communicate()
    second.communicate(timeout=60)
    assert second.returncode == 0 and place.read_bytes() == indexes["new"].read_bytes()


def test_whom_nobody_knows_is_not_believed(initscan, registry, indexes, place, tmp_path):
    image = f"{registry.host}/{NAME}:today"
    done = run(initscan, "db", "pull", image, "-o", place)
    assert done.returncode == 1 and "certificate" in done.stderr and not place.exists()
    done = run(initscan, "db", "push", indexes["new"], image, env={**os.environ, "TMPDIR": str(tmp_path / "nowhere")})
    assert done.returncode == 1 and "no temporary folder" in done.stderr


def test_plain_http_is_asked_for(db, tmp_path, indexes, place):
    registry = DockerRegistry(tmp_path / "plain", users={"writer": "s3cret"})
    try:
        image, auth = f"{registry.host}/{NAME}:today", write_auth(tmp_path / "auth.json", "writer", "s3cret", registry.host)
        assert db("push", indexes["new"], image, "--auth", auth).returncode == 1, "TLS, where nothing else is said"
        named = pushed(db, indexes["new"], image, "--auth", auth, "--insecure-http")
        assert db("pull", named, "-o", place, "--auth", auth, "--insecure-http").returncode == 0
    finally:
        registry.close()


@pytest.mark.parametrize("words, why", [
    (["pull", "advisories:today", "-o", "x"], "it names no registry"), (["pull", "registry.example.com/A", "-o", "x"], "is not as registries have names"),
    (["pull", "registry.example.com/a", "-o", "-"], "cannot be written to standard output"),
    (["push", "x", f"registry.example.com/a@sha256:{'0' * 64}"], "what is pushed has a tag"),
    (["push", "x", "registry.example.com/a", "--architecture", "a/b"], "--architecture")])
def test_wrong_options_are_told(db, words, why):
    done = db(*words)
    assert done.returncode == 64 and why in done.stderr and done.stderr.count("\n") == 1, done.stderr


@pytest.mark.parametrize("content, why", [(b"no index", "advisories.db"), (None, "cannot open")])
def test_what_is_no_index_is_not_sent(db, registry, tmp_path, content, why):
    if content:
        (tmp_path / "advisories.db").write_bytes(content)
    done = db("push", tmp_path / "advisories.db", f"{registry.host}/{NAME}:bad")
    assert done.returncode == 1 and why in done.stderr, done.stderr


def test_other_tools_mount_it_and_copy_it(db, registry, podman, indexes, place, tls, tmp_path):
    """podman pulls and mounts it as a node does; what podman pushes again is the same index."""
    image, index = f"{registry.host}/{NAME}:podman", indexes["new"].read_bytes()
    named = pushed(db, indexes["new"], image)
    folder = tmp_path / "certs"
    folder.mkdir()
    (folder / "ca.crt").write_bytes(tls[0].read_bytes())
    got = podman("pull", "--cert-dir", folder, named)
    assert got.returncode == 0, got.stderr
    try:
        mounted = podman("image", "mount", named)
        assert mounted.returncode == 0, mounted.stderr
        mount = pathlib.Path(mounted.stdout.strip())
        assert [path.name for path in mount.iterdir()] == ["advisories.db"] and (mount / "advisories.db").read_bytes() == index
        podman("image", "umount", named)
        copied = podman("push", "--cert-dir", folder, named, f"docker://{registry.host}/copies/advisories:today")
        assert copied.returncode == 0, copied.stderr
        done = db("pull", f"{registry.host}/copies/advisories:today", "-o", place)
        assert done.returncode == 0 and place.read_bytes() == index, done.stderr
    finally:
        podman("image", "umount", "--force", named)
        podman("rmi", "--force", named)


def test_a_gate_finds_it_where_an_image_volume_is_mounted(db, registry, podman, scanner_image, indexes, tls, tmp_path):
    named = pushed(db, indexes["new"], f"{registry.host}/{NAME}:gate")
    folder = tmp_path / "certs"
    folder.mkdir()
    (folder / "ca.crt").write_bytes(tls[0].read_bytes())
    assert podman("pull", "--cert-dir", folder, named).returncode == 0
    try:
        done = podman("run", "--rm", "--network", "host", "--mount", f"type=image,source={named},destination=/initscan/db", scanner_image,
                      "db", "verify", "/initscan/db/advisories.db")
        assert done.returncode == 0 and "whole, sha256" in done.stdout, done.stderr
    finally:
        podman("rmi", "--force", named)

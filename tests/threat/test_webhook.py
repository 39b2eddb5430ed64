"""The injector against clients that mean no good, and clients that it must not lose."""

import http.client
import json
import os
import re
import socket
import ssl
import subprocess
import threading
import time

import pytest

from support import run
from webhook import Webhook

REVIEW = {
    "apiVersion": "admission.k8s.io/v1",
    "kind": "AdmissionReview",
    "request": {
        "uid": "1", "operation": "CREATE", "namespace": "shop",
        "resource": {"group": "", "version": "v1", "resource": "pods"},
        "object": {"metadata": {"name": "p"}, "spec": {"containers": [{"name": "a", "image": "a:1"}]}},
    },
}
BODY = json.dumps(REVIEW).encode()


@pytest.fixture
def webhook(injector, tmp_path):
    made = Webhook(injector, tmp_path)
    yield made
    made.close()


def raw(webhook):
    plain = socket.create_connection(("127.0.0.1", webhook.port), timeout=20)
    return webhook.context.wrap_socket(plain, server_hostname="localhost")


def still_answers(webhook):
    status, body = webhook.mutate(BODY)
    assert status == 200 and json.loads(body)["response"]["patchType"] == "JSONPatch"


def test_a_review_of_100_mb_is_refused_unread(webhook):
    before = webhook.rss_mib()
    with raw(webhook) as client:
        client.sendall(b"POST /mutate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 104857600\r\n\r\n")
        try:
            for _ in range(1600):
                client.sendall(b" " * 65536)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            pass
        try:
            assert client.recv(4096).startswith(b"HTTP/1.1 413 ")
        except ConnectionResetError:
            pass  # the refusal was overtaken by the end of the connection
    assert webhook.rss_mib() < before + 8
    still_answers(webhook)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b"[" * 1_000_000, b'{"a":' * 200_000, b"null", BODY[:-1], BODY.replace(b'"uid"', b'"u"')],
    ids=["empty", "open", "not UTF-8", "deep list", "deep object", "null", "cut short", "no uid"],
)
def test_rubbish_is_refused_with_one_line(webhook, body):
    status, answer = webhook.mutate(body)
    assert status == 400
    assert answer.endswith(b"\n") and answer.count(b"\n") == 1
    still_answers(webhook)


def test_names_forge_no_line_of_the_log(webhook):
    name = 'x" forged="yes"\n2026-01-01T00:00:00.000Z level=info forged\x1b[31m\u202e'
    review = json.loads(BODY)
    review["request"].update(uid=name, namespace=name, userInfo={"username": name})
    review["request"]["object"] = {"metadata": {"name": name}, "spec": {"containers": [{"name": name}]}}
    for path in ("/mutate", "/validate", "/bypass"):
        assert webhook.ask("POST", path, json.dumps(review))[0] == 200
    webhook.log.seek(0)
    said = webhook.log.read()
    assert said.count("\n") == 4 and "\x1b" not in said and "\u202e" not in said, said
    assert 'forged="yes"' not in said.replace('\\"', "'"), said


def test_head_has_no_body(webhook):
    connection = webhook.connection()
    connection.request("HEAD", "/healthz")
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("Content-Length"), answer.read()) == (200, "3", b"")
    assert webhook.ask("GET", "/healthz", connection=connection) == (200, b"ok\n"), "what follows is the next answer"


@pytest.mark.plain_build
def test_a_review_of_much_in_little_is_denied_in_words(webhook):
    """Three bytes of a review each, and a hundred of memory: an error would let the pod through where the webhook may fail."""
    for spec in ('"volumes":[{"name":"initscan-bin","projected":{"sources":[%s]}}],"containers":[{"name":"a","image":"a:1"}]',
                 '"containers":[{"name":"a","image":"a:1","volumeMounts":[%s]}]', '"containers":[{"name":"a","image":"a:1","env":[%s]}]'):
        review = json.dumps({**REVIEW, "request": {**REVIEW["request"], "object": "POD"}}).replace(
            '"POD"', '{"metadata":{"name":"p"},"spec":{' + spec % ",".join(["{}"] * 980_000) + "}}")
        status, answer = webhook.mutate(review.encode())
        response = json.loads(answer)["response"]
        assert status == 200 and not response["allowed"] and "JSON of more than 150000 values" in response["status"]["message"]
    assert webhook.rss_mib() < 64
    still_answers(webhook)


def test_nulls_are_as_good_as_nothing(webhook):
    review = json.loads(BODY)
    pod = review["request"]["object"]
    pod["metadata"] = {"labels": None, "annotations": None}
    pod["spec"].update(initContainers=None, volumes=None, nodeSelector=None, os=None, resources=None)
    assert "patch" in webhook.review(review)["response"]


@pytest.mark.plain_build  # a sanitizer keeps shadow memory for each connection
def test_half_open_connections_cost_nothing(webhook):
    waiting = [socket.create_connection(("127.0.0.1", webhook.port)) for _ in range(500)]
    still_answers(webhook)
    assert webhook.rss_mib() < 100
    for connection in waiting:
        connection.close()


def test_a_request_that_dribbles_ends(webhook):
    with raw(webhook) as client:
        start = time.monotonic()
        client.settimeout(0.2)
        ended = False
        while time.monotonic() - start < 20 and not ended:
            try:
                client.sendall(b"P")
                ended = client.recv(1) == b""
            except TimeoutError:
                pass
            except OSError:
                ended = True
        assert ended and time.monotonic() - start < 15
    still_answers(webhook)


def wait_for_answers(answered, lost):
    """Until each client has had more than ten from now on, or one has lost a request."""
    before, deadline = list(answered), time.monotonic() + 20
    while not lost and min(now - then for now, then in zip(answered, before)) <= 10:
        assert time.monotonic() < deadline, answered
        time.sleep(0.01)


def test_no_request_is_lost_when_it_ends(webhook):
    """Four clients keep asking while SIGTERM comes. Each starts a new connection where it is told to close."""
    answered, lost, told = [0] * 4, [], threading.Event()

    def ask_on(number):
        connection = webhook.connection()
        while not told.is_set():
            try:
                connection.request("POST", "/mutate", body=BODY)
                answer = connection.getresponse()
                answer.read()
                answered[number] += answer.status == 200
                if answer.getheader("Connection") == "close":
                    if webhook_is_leaving.is_set():
                        return  # endpoints forget a server that drains: the next request goes elsewhere
                    connection = webhook.connection()
            except OSError as error:
                lost.append(repr(error))
                return

    webhook_is_leaving = threading.Event()
    clients = [threading.Thread(target=ask_on, args=(n,)) for n in range(4)]
    for client in clients:
        client.start()
    wait_for_answers(answered, lost)
    webhook_is_leaving.set()
    webhook.terminate()
    for client in clients:
        client.join(15)
    told.set()
    assert webhook.process.wait(20) == 0
    assert not lost and min(answered) > 10


def test_readyz_says_that_it_drains(webhook):
    assert webhook.ask("GET", "/readyz") == (200, b"ok\n")
    webhook.terminate()
    status = 200
    for _ in range(50):
        status, _ = webhook.ask("GET", "/readyz")
        if status == 503:
            break
        time.sleep(0.01)
    assert status == 503


def test_a_certificate_is_rotated_under_load_without_a_lost_request(injector, tmp_path):
    """Clients that keep their connections and clients that make new ones, while certificate and key change."""
    (tmp_path / "next").mkdir()
    (tmp_path / "first").mkdir()
    webhook = Webhook(injector, tmp_path / "first", "--tls-reload-seconds", "1")
    following = Webhook(injector, tmp_path / "next")  # makes the next certificate, and nothing else
    following.close()
    answered, lost, done = [0] * 4, [], threading.Event()
    trusting = ssl.create_default_context(cafile=webhook.certificate)
    trusting.load_verify_locations(cafile=following.certificate)  # the CA bundle holds the old and the new one
    webhook.context = trusting

    def ask_on(number):
        connection = webhook.connection()
        while not done.is_set():
            try:
                if number % 2:
                    connection = webhook.connection()
                connection.request("POST", "/mutate", body=BODY)
                answer = connection.getresponse()
                answer.read()
                answered[number] += answer.status == 200
            except OSError as error:
                lost.append(repr(error))
                return

    clients = [threading.Thread(target=ask_on, args=(n,)) for n in range(4)]
    for client in clients:
        client.start()
    for name in ("key.pem", "cert.pem"):
        (tmp_path / "next" / name).rename(tmp_path / "first" / name)
    only_new = ssl.create_default_context(cafile=webhook.certificate)
    for _ in range(100):
        try:
            with socket.create_connection(("127.0.0.1", webhook.port)) as plain:
                only_new.wrap_socket(plain, server_hostname="localhost").close()
            break
        except ssl.SSLError:
            time.sleep(0.1)
    else:
        raise AssertionError("the new certificate is not served")
    wait_for_answers(answered, lost)
    done.set()
    for client in clients:
        client.join(15)
    webhook.close()
    assert not lost and min(answered) > 10


def make_key(path, kind):
    curve = ["-pkeyopt", "ec_paramgen_curve:P-256"] if kind == "EC" else []
    run("openssl", "genpkey", "-algorithm", kind, *curve, "-out", path, check=True)


@pytest.mark.parametrize("kind", ["EC", "RSA"])
def test_a_certificate_with_the_key_of_another_is_not_taken(injector, tmp_path, kind):
    """Of whatever kind the key is: halfway through a rotation, and at the start."""
    webhook = Webhook(injector, tmp_path, "--tls-reload-seconds", "1")
    try:
        make_key(tmp_path / "other.pem", kind)
        (tmp_path / "other.pem").rename(tmp_path / "key.pem")
        for _ in range(100):
            webhook.log.seek(0)
            said = webhook.log.read()
            if "reloaded" in said:
                break
            time.sleep(0.1)
        assert "certificate not reloaded, the previous one stays" in said and "certificate reloaded" not in said
        still_answers(webhook)
    finally:
        webhook.close()
    done = run(injector, "serve", "--image", "example/initscan:1", "--listen", "127.0.0.1:0", "--tls-cert", tmp_path / "cert.pem", "--tls-key", tmp_path / "key.pem")
    assert done.returncode == 1 and "key.pem: want the private key of" in done.stderr


def test_a_key_with_a_passphrase_asks_no_terminal(injector, tmp_path):
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-passout", "pass:secret", "-days", "2", "-subj", "/CN=localhost",
        "-keyout", tmp_path / "key.pem", "-out", tmp_path / "cert.pem", check=True)
    done = run(injector, "serve", "--image", "example/initscan:1", "--listen", "127.0.0.1:0", "--tls-cert", tmp_path / "cert.pem", "--tls-key", tmp_path / "key.pem")
    assert done.returncode == 1 and "in PEM, without a passphrase" in done.stderr


def test_it_outlives_whoever_reads_its_log(injector, tmp_path):
    reader, writer = os.pipe()
    webhook = Webhook(injector, tmp_path)
    webhook.close()
    argv = [injector, "serve", "--image", "example/initscan:1", "--listen", "127.0.0.1:0", "--tls-cert", tmp_path / "cert.pem", "--tls-key", tmp_path / "key.pem"]
    process = subprocess.Popen([str(word) for word in argv], stderr=writer)
    os.close(writer)
    said = b""
    while b"listening" not in said:
        said += os.read(reader, 4096)
    os.close(reader)
    port = int(re.search(rb"listening .*port=(\d+)", said)[1])
    try:
        for body in (b"{", b"[]"):  # each of which is a line of the log
            connection = http.client.HTTPSConnection("localhost", port, context=ssl.create_default_context(cafile=tmp_path / "cert.pem"), timeout=10)
            connection.request("POST", "/mutate", body=body)
            assert connection.getresponse().status == 400
        assert process.poll() is None
    finally:
        process.kill()
        process.wait(10)

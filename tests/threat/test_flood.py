"""The injector against many connections at once: what they cost is bounded, and others are still answered."""

import resource
import socket
import ssl
import time

import pytest

from support import run
from test_webhook import BODY, raw, still_answers
from webhook import Webhook

MEMORY_LIMIT_MIB = 128  # of the Deployment
HEAD = "POST /mutate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


@pytest.fixture
def webhook(injector, tmp_path):
    made = Webhook(injector, tmp_path)
    yield made
    made.close()


def need_files(count):
    """Both ends of a connection are descriptors: ours here, the server's there."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        if hard != resource.RLIM_INFINITY and hard < count:
            pytest.skip(f"needs {count} descriptors, and `ulimit -Hn` is {hard}")
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))


def idle_connections(webhook, count):
    """TLS connections that say nothing. Those that the server has closed meanwhile stay in the list."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    made = []
    for _ in range(count):
        plain = socket.create_connection(("127.0.0.1", webhook.port), timeout=20)
        made.append(context.wrap_socket(plain, server_hostname="localhost"))
    return made


@pytest.mark.plain_build  # a sanitizer keeps shadow memory for each connection
def test_idle_connections_are_bounded_and_keep_nobody_out(webhook):
    """Five times as many as there may be, each with its handshake; ten thousand without are in the next test."""
    held = idle_connections(webhook, 1500)
    try:
        assert webhook.rss_mib() < MEMORY_LIMIT_MIB
        still_answers(webhook)
        open_still = 0
        for connection in held:
            connection.setblocking(False)
            try:
                open_still += connection.recv(1) != b""
            except ssl.SSLWantReadError:
                open_still += 1
            except OSError:
                pass
        assert 250 <= open_still <= 400, "those that were idle for longest are closed"
    finally:
        for connection in held:
            connection.close()


@pytest.mark.plain_build
def test_10000_connections_that_never_shake_hands_are_bounded(webhook):
    need_files(10_500)
    held = []
    try:
        for _ in range(10_000):
            held.append(socket.create_connection(("127.0.0.1", webhook.port), timeout=20))
        still_answers(webhook)
        assert webhook.rss_mib() < MEMORY_LIMIT_MIB
    finally:
        for connection in held:
            connection.close()


def test_a_connection_in_use_survives_a_flood(webhook):
    """As the API server's: it asks now and then, and must not be closed for those who only wait."""
    connection = webhook.connection()
    assert webhook.mutate(BODY, connection)[0] == 200
    sock = connection.sock
    for _ in range(4):
        for waiting in idle_connections(webhook, 200):
            waiting.close()
        assert webhook.mutate(BODY, connection)[0] == 200
    assert connection.sock is sock, "it was closed and opened again"


@pytest.mark.plain_build
def test_a_handshake_flood_leaves_nothing_behind(webhook):
    still_answers(webhook)
    for connection in idle_connections(webhook, 500):
        connection.close()
    before = webhook.rss_mib()
    for _ in range(6):
        for connection in idle_connections(webhook, 250):
            connection.close()
    still_answers(webhook)
    assert webhook.rss_mib() < before + 8, "sessions of connections that have ended are kept"


@pytest.mark.plain_build
def test_large_bodies_that_dribble_are_bounded(webhook):
    """Two hundred clients announce 4 MB each and send most of it: 800 MB, if each were kept."""
    held, refused = [raw(webhook) for _ in range(200)], 0
    try:
        for client in held:
            try:
                client.sendall((HEAD + "Content-Length: 4000000\r\n\r\n").encode() + b" " * 3_900_000)
            except OSError:
                pass  # refused before it was done
        for client in held:
            client.settimeout(1)
            try:
                refused += client.recv(1000).startswith(b"HTTP/1.1 503 ")
            except OSError:
                pass
        assert refused >= 150
        assert webhook.rss_mib() < 64
        still_answers(webhook)
    finally:
        for client in held:
            client.close()


def test_slow_and_silent_requests_keep_no_large_review_from_its_answer(webhook):
    """A few connections announce much and send little, or most of it and then nothing: whoever sends at once comes first."""
    large = BODY.replace(b'"metadata": {', b'"metadata": {"annotations": {"a": "' + b"x" * 100_000 + b'"}, ')
    held = []
    try:
        for rest in [b"Transfer-Encoding: chunked\r\n\r\n", b"Content-Length: 4194304\r\n\r\n{",
                     b"Content-Length: 4000000\r\n\r\n" + b" " * 3_900_000, b"Content-Length: 100\r\n\r\n"] * 4:
            client = raw(webhook)
            held.append(client)
            client.sendall(HEAD.encode() + rest)
        time.sleep(0.3)  # nothing is to be seen: that they are slow is the test
        assert [webhook.mutate(large)[0] for _ in range(10)] == [200] * 10
    finally:
        for client in held:
            client.close()


def test_every_refusal_is_counted_and_said_once(webhook):
    for _ in range(20):
        with raw(webhook) as client:
            client.sendall(HEAD.encode() + b"Transfer-Encoding: chunked\r\n\r\n5;" + b"x" * 10_000)
            assert client.recv(1000).startswith(b"HTTP/1.1 400 ")
    with raw(webhook) as client:
        client.sendall(HEAD.encode() + b"Content-Length: 104857600\r\n\r\n")
        assert client.recv(1000).startswith(b"HTTP/1.1 413 ")
    metrics = webhook.ask("GET", "/metrics")[1].decode()
    assert 'initscan_http_refusals_total{reason="framing"} 20' in metrics
    assert 'initscan_http_refusals_total{reason="body-too-large"} 1' in metrics
    webhook.log.seek(0)
    said = [line for line in webhook.log.read().splitlines() if " refused reason=" in line]
    assert len(said) == 2 and said[0].endswith("refused reason=framing address=127.0.0.1"), said


@pytest.mark.parametrize("sent", [b"POST /mutate HTTP/1.1\r\nHost: x\r\nX-Slow: ", HEAD.encode() + b"Content-Length: 1000\r\n\r\n{"],
                         ids=["slow header", "slow body"])
def test_slowloris_ends_for_each_at_its_time(webhook, sent):
    """Fifty clients send a byte now and then; each is ended ten seconds after its first, and meanwhile others are answered."""
    clients = [raw(webhook) for _ in range(50)]
    start = time.monotonic()
    for client in clients:
        client.sendall(sent)
        client.settimeout(0.001)
    ended = set()
    while len(ended) < len(clients) and time.monotonic() - start < 20:
        for client in clients:
            if client in ended:
                continue
            try:
                client.sendall(b"a")
                if client.recv(1) == b"":
                    ended.add(client)
            except (TimeoutError, ssl.SSLWantReadError):
                pass
            except OSError:
                ended.add(client)
        still_answers(webhook)
        time.sleep(0.5)
    assert len(ended) == len(clients) and 8 < time.monotonic() - start < 16
    for client in clients:
        client.close()


@pytest.mark.parametrize("kib", [64, 4096])
def test_large_headers_are_refused(webhook, kib):
    """Whoever still sends learns why, too."""
    with raw(webhook) as client:
        client.sendall((HEAD + f"A: {'a' * (kib << 10)}\r\n\r\n").encode())
        assert client.recv(4096).startswith(b"HTTP/1.1 431 ")
    still_answers(webhook)


def test_a_pod_of_3_mib_is_answered(webhook):
    """As large as the API server takes any request."""
    big = BODY.replace(b'"metadata": {', b'"metadata": {"annotations": {"a": "' + b"x" * (3 << 20) + b'"}, ')
    start = time.monotonic()
    status, body = webhook.mutate(big)
    assert status == 200 and b'"patchType":"JSONPatch"' in body.replace(b" ", b"")
    assert time.monotonic() - start < 3, "the API server gives up after that"


@pytest.mark.plain_build
def test_reviews_of_nothing_but_structure_are_bounded(webhook):
    """4 MB of zeros in a list take the most memory of all that JSON can ask for, here beside as many connections as there can be."""
    held = idle_connections(webhook, 300)
    status, _ = webhook.mutate(b'{"a":[' + b"0," * 2_000_000 + b"0]}")
    assert status == 400
    assert webhook.rss_mib() < MEMORY_LIMIT_MIB
    for connection in held:
        connection.close()
    still_answers(webhook)
    assert webhook.rss_mib() < 60, "what an unusual review took is kept"


def test_a_client_that_asks_for_renegotiation_gets_none(webhook):
    """Another handshake over the same connection costs the server more than the client."""
    done = run("openssl", "s_client", "-tls1_2", "-connect", f"127.0.0.1:{webhook.port}", "-CAfile", webhook.certificate,
               input="R\nGET /healthz HTTP/1.1\r\n\r\n", timeout=30)
    assert "RENEGOTIATING" in done.stderr + done.stdout, done.stderr
    assert "no renegotiation" in done.stderr, done.stderr
    still_answers(webhook)


def test_no_session_is_kept_for_a_client_that_comes_back(webhook):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    plain = socket.create_connection(("127.0.0.1", webhook.port), timeout=10)
    with context.wrap_socket(plain, server_hostname="localhost") as client:
        assert not client.session.has_ticket
        session = client.session
    plain = socket.create_connection(("127.0.0.1", webhook.port), timeout=10)
    with context.wrap_socket(plain, server_hostname="localhost", session=session) as client:
        assert not client.session_reused

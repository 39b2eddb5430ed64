"""Who a client of initscan-server is by its certificate, and how many connections it may have."""

import http.client
import socket
import ssl
import time

import pytest

from scan_server import SBOM, TOKENS, ScanServer, report_of
from support import run


class Authority:
    """Signs certificates of clients."""

    def __init__(self, folder):
        folder.mkdir()
        self.folder, self.certificate, self.key = folder, folder / "ca.pem", folder / "ca.key"
        self._openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=authority",
                      "-addext", "basicConstraints=critical,CA:TRUE", "-keyout", self.key, "-out", self.certificate)

    @staticmethod
    def _openssl(*argv):
        run("openssl", *argv, check=True)

    def sign(self, name, subject, *extensions):
        """The file with a certificate and its key."""
        key, request, settings, made = (self.folder / f"{name}.{end}" for end in ("key", "csr", "ext", "pem"))
        settings.write_text("".join(f"{line}\n" for line in extensions))
        self._openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", subject, "-keyout", key, "-out", request)
        self._openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key, "-CAcreateserial", "-days", "2", "-extfile", settings,
                      "-out", made)
        made.write_text(made.read_text() + key.read_text())
        return made


ROWS = """reporter report DNS:gate.example.com
spiffe read,metrics URI:spiffe://example.com/ns/shop/sa/reader
plain scan CN:workstation
"""


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authorities") / "ours")


@pytest.fixture(scope="module")
def server(server_program, index, authority, tmp_path_factory):
    made = ScanServer(server_program, tmp_path_factory.mktemp("server"), index, "--client-ca", authority.certificate)
    made.tokens.write_text(made.tokens.read_text() + ROWS)
    made.wait_for_line(f"tokens read count={len(TOKENS) + 3}")
    yield made
    made.close()


def ask(server, certificate, method, path, body=None, **how):
    context = ssl.create_default_context(cafile=server.certificate)
    context.load_cert_chain(certificate)
    connection = http.client.HTTPSConnection("localhost", server.port, context=context, timeout=30)
    try:
        return server.ask(method, path, body, connection=connection, **how)
    finally:
        connection.close()


@pytest.mark.parametrize("subject, extension, allowed, denied", [
    ("/CN=any", "subjectAltName=DNS:other.example.com,DNS:gate.example.com", ("POST", "/v1/reports"), ("GET", "/v1/images")),
    ("/O=example", "subjectAltName=URI:spiffe://example.com/ns/shop/sa/reader", ("GET", "/v1/images"), ("POST", "/v1/reports")),
    ("/CN=workstation", "extendedKeyUsage=clientAuth", ("POST", "/v1/scan"), ("GET", "/v1/index"))], ids=["dns", "uri", "cn"])
def test_a_certificate_is_as_good_as_a_token_for_its_scopes_alone(server, authority, subject, extension, allowed, denied):
    certificate = authority.sign("known", subject, extension)
    bodies = {"/v1/reports": report_of("sha256:" + "c" * 64), "/v1/scan": SBOM}
    status, _, answer = ask(server, certificate, *allowed, bodies.get(allowed[1]))
    assert status in (200, 201), answer
    if status == 201:
        assert answer["reporter"]["name"] == "reporter"
    status, _, answer = ask(server, certificate, *denied, bodies.get(denied[1]))
    assert status == 403 and "it needs the scope" in answer["detail"]


@pytest.mark.parametrize("subject, extension", [
    ("/CN=stranger", "basicConstraints=CA:FALSE"), ("/CN=gate.example.com", "basicConstraints=CA:FALSE"), ("/CN=any", "subjectAltName=DNS:*.example.com"),
    ("/CN=any", "subjectAltName=DNS:gate.example.com.evil.example"), ("/CN=any/CN=workstation", "basicConstraints=CA:FALSE"),
    ("/CN=any", "subjectAltName=email:gate.example.com")],
    ids=["stranger", "a-kind-of-name", "wildcard", "longer", "two-common-names", "email"])
def test_a_certificate_that_nobody_knows_is_nobodys(server, authority, subject, extension):
    certificate = authority.sign("unknown", subject, extension)
    for path in ("/v1/images", "/metrics", "/v1/index"):
        assert ask(server, certificate, "GET", path)[0] == 401
    server.wait_for_line("refused reason=status-401 address=127.0.0.1")


def test_a_token_counts_before_a_certificate(server, authority):
    certificate = authority.sign("known", "/CN=workstation", "extendedKeyUsage=clientAuth")
    assert ask(server, certificate, "GET", "/v1/images", token="reader")[0] == 200
    assert ask(server, certificate, "POST", "/v1/scan", SBOM, token="nobody")[0] == 401
    assert server.ask("GET", "/v1/images", token="reader")[0] == 200, "and without a certificate"
    assert server.ask("GET", "/v1/images")[0] == 401


def test_one_that_another_authority_signed_gets_no_answer(server, authority, tmp_path):
    before = server.metric('initscan_http_refusals_total{reason="handshake"}')
    for certificate in (Authority(tmp_path / "other").sign("forged", "/CN=workstation", "basicConstraints=CA:FALSE"),
                        authority.sign("server-only", "/CN=workstation", "extendedKeyUsage=serverAuth")):
        with pytest.raises((OSError, http.client.HTTPException)):
            ask(server, certificate, "POST", "/v1/scan", SBOM)
    assert server.metric('initscan_http_refusals_total{reason="handshake"}') == before + 2
    server.wait_for_line("refused reason=handshake address=127.0.0.1")


def test_a_client_that_is_struck_from_the_file_is_nobody_at_once(server_program, index, authority, tmp_path):
    server = ScanServer(server_program, tmp_path, index, "--client-ca", authority.certificate)
    tokens = server.tokens.read_text()
    server.tokens.write_text(tokens + ROWS)
    server.wait_for_line(f"tokens read count={len(TOKENS) + 3}")
    context = ssl.create_default_context(cafile=server.certificate)
    context.load_cert_chain(authority.sign("struck", "/CN=workstation", "extendedKeyUsage=clientAuth"))
    connection = http.client.HTTPSConnection("localhost", server.port, context=context, timeout=30)
    try:
        assert server.ask("POST", "/v1/scan", SBOM, connection=connection)[0] == 200
        server.tokens.write_text(tokens)
        server.wait_for_line(rf"count={len(TOKENS) + 3}\n.*tokens read count={len(TOKENS)}")
        assert server.ask("POST", "/v1/scan", SBOM, connection=connection)[0] == 401, "on the same connection, too"
    finally:
        connection.close()
        server.close()


def test_authorities_without_rows_are_refused(server_program, index, tmp_path):
    words = ["serve", "--store", tmp_path / "s.db", "--index", index, "--tls-cert", "c", "--tls-key", "k", "--client-ca", "a", "--kubeconfig", "/none"]
    done = run(server_program, *words)
    assert done.returncode == 64 and "--client-ca: want --token-file, too" in done.stderr


class Idle:
    """A connection that says nothing once it has spoken TLS."""

    def __init__(self, server, source):
        plain = socket.create_connection(("127.0.0.1", server.port), source_address=(source, 0), timeout=10)
        self.stream = server.context.wrap_socket(plain, server_hostname="localhost")

    def is_open(self):
        self.stream.settimeout(0.05)
        try:
            return self.stream.recv(1) != b""
        except TimeoutError:
            return True
        except OSError:
            return False

    def close(self):
        self.stream.close()


def test_one_address_leaves_room_for_others(server_program, index, tmp_path):
    server = ScanServer(server_program, tmp_path, index, "--client-connections", "5")
    made = []
    try:
        made += [Idle(server, "127.0.0.2") for _ in range(2)]
        others = list(made)
        mine = [Idle(server, "127.0.0.3") for _ in range(12)]
        made += mine
        time.sleep(0.3)
        assert sum(one.is_open() for one in mine) == 5 and mine[-1].is_open(), "the oldest made room for the newest"
        assert all(one.is_open() for one in others)
        assert server.ask("GET", "/readyz")[0] in (200, 503)
        assert server.metric('initscan_http_refusals_total{reason="evicted"}') == 7
    finally:
        for one in made:
            one.close()
        server.close()

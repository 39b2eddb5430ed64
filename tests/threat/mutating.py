#!/usr/bin/env python3
"""A client and a server that say things that are nearly HTTP, for as long as one likes.

    mutating.py client SECONDS PATH/TO/initscan-injector     the injector's server against a mutating client
    mutating.py server SECONDS PATH/TO/kube_client           the client of the API server against a mutating server

Each prints how much was said and the most memory that was taken, and fails where the program ended by itself.
"""

import json
import pathlib
import random
import re
import resource
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

sys.path += [str(pathlib.Path(__file__).resolve().parent.parent), str(pathlib.Path(__file__).resolve().parent.parent / "integration")]

from support import run  # noqa: E402
from webhook import Webhook  # noqa: E402

REVIEW = json.dumps({
    "apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
    "request": {"uid": "1", "operation": "CREATE", "namespace": "shop", "resource": {"group": "", "version": "v1", "resource": "pods"},
                "object": {"metadata": {"name": "p"}, "spec": {"containers": [{"name": "a", "image": "a:1"}]}}}}).encode()


def chunked(body, extension=b"", trailer=b"", size=40):
    pieces = [body[i:i + size] for i in range(0, len(body), size)]
    return b"".join(b"%x%s\r\n%s\r\n" % (len(p), extension, p) for p in pieces) + b"0" + extension + b"\r\n" + trailer + b"\r\n"


CHUNKED_HEAD = b"Transfer-Encoding: chunked\r\n\r\n"
POST = b"POST /mutate?timeout=3s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
REQUESTS = [
    b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
    b"HEAD /metrics HTTP/1.1\r\nHost: x\r\n\r\n",
    POST + b"Content-Length: %d\r\n\r\n" % len(REVIEW) + REVIEW,
    POST + CHUNKED_HEAD + chunked(REVIEW),
    POST + CHUNKED_HEAD + chunked(REVIEW, b";a=b;c=\"d\"", b"X: y\r\nZ: 1\r\n"),
    POST + CHUNKED_HEAD + b"5;" + b"x" * 20000,
    POST + CHUNKED_HEAD + b"0\r\nX: " + b"x" * 65534 + b"\r\n\r\n",
    POST + CHUNKED_HEAD + b"0\r\n" + b"x" * 70000 + b": x\r\n\r\n",
    POST + b"Content-Length: 4000000\r\n\r\n" + b"{" * 200000,
    POST + b"Content-Length: 3000000\r\n\r\n" + REVIEW[:-2] + b"," + b"{}," * 990000,
]
LIST = b'{"kind":"PodList","metadata":{"resourceVersion":"7"},"items":[{"metadata":{"name":"p","resourceVersion":"6"}}]}'
EVENT = b'{"type":"ADDED","object":{"metadata":{"name":"p","resourceVersion":"8"}}}\n'
ANSWERS = [
    b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(LIST) + LIST,
    b"HTTP/1.1 200 OK\r\n" + CHUNKED_HEAD + chunked(LIST),
    b"HTTP/1.1 200 OK\r\n" + CHUNKED_HEAD + chunked(EVENT * 20, b";a=b", b"X: y\r\n"),
    b"HTTP/1.1 200 OK\r\n\r\n" + LIST,
    b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\n{}",
    b"HTTP/1.1 204 No Content\r\n\r\n",
    b"HTTP/1.1 200 OK\r\n" + CHUNKED_HEAD + b"5;" + b"x" * 100000,
    b"HTTP/1.1 200 OK\r\n" + CHUNKED_HEAD + b"0\r\nX: " + b"x" * 65534 + b"\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nX: " + b"x" * 65534 + b"\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n" + b"{" * 100000,
    b"HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n" + b'{"a":' * 40000,
]
SPLICES = [b"\r\n", b"\r\n\r\n", b"\n", b"\0", b"0\r\n", b"ffffffffffffffff\r\n", b";", b"Transfer-Encoding: chunked\r\n",
           b"Content-Length: 0\r\n", b"x" * 5000, b"\xff" * 100, b"Connection: close\r\n"]


def mutated(chance, seeds):
    """One of the seeds, or two in one, with some of its bytes changed, lost, doubled or put elsewhere."""
    data = bytearray(chance.choice(seeds))
    if chance.random() < 0.2:
        data += chance.choice(seeds)
    for _ in range(chance.choice([0, 0, 1, 1, 2, 5])):
        at = chance.randrange(min(len(data), chance.choice([100, 1000, len(data)])) or 1)
        kind = chance.randrange(4)
        if kind == 0 and data:
            data[at] = chance.randrange(256)
        elif kind == 1:
            data[at:at] = chance.choice(SPLICES)
        elif kind == 2:
            del data[at:at + chance.choice([1, 2, 20])]
        else:
            data[at:at] = data[at:at + chance.choice([1, 10, 200])]
    return bytes(data)


def say(chance, sock, data):
    """In one piece, in a few, or with a pause; perhaps not to its end."""
    if chance.random() < 0.1:
        data = data[:chance.randrange(len(data) + 1)]
    while data:
        size = chance.choice([1, 7, 100, 5000, len(data), len(data)]) if len(data) < 2000 else len(data)
        sock.sendall(data[:size])
        data = data[size:]
        if chance.random() < 0.01:
            time.sleep(chance.choice([0.01, 0.1, 1]))


def peak_mib(pid):
    return int(re.search(r"VmHWM:\s+(\d+)", open(f"/proc/{pid}/status").read())[1]) / 1024


def attack(port, seconds, seed=1, threads=8):
    """Says mutated requests to a server for so many seconds; how many there were."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    until, said = time.monotonic() + seconds, [0] * threads

    def go_on(number):
        chance = random.Random(seed * 1000 + number)
        while time.monotonic() < until:
            try:
                with context.wrap_socket(socket.create_connection(("127.0.0.1", port), 5)) as sock:
                    sock.settimeout(0.2)
                    for _ in range(chance.choice([1, 1, 3, 10])):
                        said[number] += 1
                        say(chance, sock, mutated(chance, REQUESTS))
                        if chance.random() < 0.7:
                            sock.recv(65536)
            except OSError:
                pass

    all_threads = [threading.Thread(target=go_on, args=(n,)) for n in range(threads)]
    for thread in all_threads:
        thread.start()
    for thread in all_threads:
        thread.join()
    return sum(said)


class MutatingServer:
    """Answers each request over TLS with something that is nearly an answer."""

    def __init__(self, folder, seed=1):
        self.folder, self.said, self.seed = folder, 0, seed
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
            "-keyout", folder / "key.pem", "-out", folder / "cert.pem", check=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        number = self.seed * 1_000_000
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            number += 1
            threading.Thread(target=self._answer, args=(sock, random.Random(number)), daemon=True).start()

    def _answer(self, plain, chance):
        try:
            plain.settimeout(5)
            with self.context.wrap_socket(plain, server_side=True) as sock:
                asked = b""
                while True:
                    while b"\r\n\r\n" not in asked:
                        more = sock.recv(65536)
                        if not more:
                            return
                        asked += more
                    asked = b""
                    self.said += 1
                    say(chance, sock, mutated(chance, ANSWERS))
                    if chance.random() < 0.5:
                        return
        except OSError:
            pass

    def kubeconfig(self):
        path = self.folder / "kubeconfig"
        path.write_text(json.dumps({
            "current-context": "t", "contexts": [{"name": "t", "context": {"cluster": "t", "user": "t"}}],
            "clusters": [{"name": "t", "cluster": {"server": f"https://localhost:{self.port}", "certificate-authority": "cert.pem"}}],
            "users": [{"name": "t", "user": {"token": "secret"}}]}))
        return path

    def close(self):
        self.listener.close()


def ask(client, server, seconds, threads=4):
    """Runs the client again and again for so many seconds. Its exit codes, which are never a signal's."""
    until, codes = time.monotonic() + seconds, []
    kubeconfig = server.kubeconfig()

    def go_on(number):
        while time.monotonic() < until:
            words = [["fetch", "/api/v1/pods"], ["watch", "/api/v1/pods"]][number % 2]
            done = subprocess.run([str(client), "--kubeconfig", str(kubeconfig), "--seconds", "4", *words], capture_output=True)
            codes.append(done.returncode)
            if done.returncode not in (0, 1):
                sys.stderr.write(done.stderr.decode(errors="replace")[-2000:])

    all_threads = [threading.Thread(target=go_on, args=(n,)) for n in range(threads)]
    for thread in all_threads:
        thread.start()
    for thread in all_threads:
        thread.join()
    return codes


def main():
    kind, seconds, program = sys.argv[1], float(sys.argv[2]), pathlib.Path(sys.argv[3]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        if kind == "client":
            webhook = Webhook(program, pathlib.Path(folder))
            said = attack(webhook.port, seconds)
            alive = webhook.process.poll() is None
            peak = peak_mib(webhook.process.pid) if alive else 0
            webhook.close()
            print(f"{said} requests in {seconds:.0f} s: {'still there' if alive else 'it ended'}, at most {peak:.0f} MiB")
            return 0 if alive else 1
        server = MutatingServer(pathlib.Path(folder))
        codes = ask(program, server, seconds)
        server.close()
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        wrong = sorted(set(codes) - {0, 1})
        print(f"{server.said} answers to {len(codes)} clients in {seconds:.0f} s: exit codes {sorted(set(codes))}, at most {peak:.0f} MiB")
        return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

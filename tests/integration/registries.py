"""Registries over TLS: Debian's docker-registry, and one that does what it likes."""

import base64
import hashlib
import http.server
import json
import shutil
import socket
import subprocess
import threading
import time
import warnings

import pytest
import yaml
from tls_server import tls_server

PIECE = 4096
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
LIST = "application/vnd.oci.image.index.v1+json"
TAR = "application/vnd.oci.image.layer.v1.tar"


def digest(content):
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def write_auth(path, user, password, *hosts):
    """A file with credentials, made as its users make it."""
    auth = base64.b64encode(f"{user}:{password}".encode()).decode()
    path.write_text(json.dumps({"auths": {host: {"auth": auth} for host in hosts}}))
    return path


class DockerRegistry:
    """The real one, with files in a folder. `users`: names and passwords, without which it lets nobody in."""

    def __init__(self, folder, certificate=None, key=None, users=None):
        if shutil.which("docker-registry") is None:
            pytest.skip("docker-registry is not installed (./dev setup)")
        folder.mkdir(parents=True, exist_ok=True)
        self.host = f"127.0.0.1:{free_port()}"
        self.certificate = certificate
        settings = {"version": "0.1", "log": {"level": "error"}, "storage": {"filesystem": {"rootdirectory": str(folder / "files")}},
                    "http": {"addr": self.host}}
        if certificate:
            settings["http"]["tls"] = {"certificate": str(certificate), "key": str(key)}
        if users:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                import crypt
                lines = [f"{name}:{crypt.crypt(password, crypt.mksalt(crypt.METHOD_BLOWFISH, rounds=16))}\n" for name, password in users.items()]
            (folder / "htpasswd").write_text("".join(lines).replace(":$2b$", ":$2y$"))
            settings["auth"] = {"htpasswd": {"realm": "tests", "path": str(folder / "htpasswd")}}
        (folder / "config.yml").write_text(yaml.safe_dump(settings))
        self.log = open(folder / "log", "w")
        self.process = subprocess.Popen(["docker-registry", "serve", folder / "config.yml"], stdout=self.log, stderr=self.log)
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", int(self.host.split(":")[1]))) == 0:
                    return
            assert self.process.poll() is None, (folder / "log").read_text()
            time.sleep(0.05)
        raise AssertionError((folder / "log").read_text())

    def get(self, path, accept=MANIFEST):
        """What it has there, by another client."""
        done = subprocess.run(["curl", "-sSf", "--cacert", self.certificate, "-H", f"Accept: {accept}", f"https://{self.host}/v2/{path}"],
                              capture_output=True, check=True, timeout=60)
        return done.stdout

    def close(self):
        self.process.terminate()
        self.process.wait(20)
        self.log.close()


class OddRegistry:
    """`manifests` by reference and `blobs` by digest. `behaviours`: what is done instead of answering, by the kind of the
    path, "manifests" or "blobs". `realm`: where tokens are had; "": whoever asks is answered."""

    def __init__(self, certificate, key):
        self.manifests, self.blobs, self.behaviours, self.requests = {}, {}, {}, []
        self.realm, self.elsewhere, self.breaks_after = "", "", 20_000
        self.stopped = threading.Event()
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                owner.requests.append((self.command, self.path, dict(self.headers)))
                if self.path.startswith("/token?"):
                    return self.answer(json.dumps({"token": "t0ken"}).encode())
                _, _, *_, kind, name = self.path.split("/")
                if owner.realm and self.headers.get("Authorization") != "Bearer t0ken":
                    return self.reply(401, {"WWW-Authenticate": f'Bearer realm="{owner.realm}",service="odd"'})
                content = (owner.manifests if kind == "manifests" else owner.blobs).get(name)
                getattr(self, owner.behaviours.get(kind, "answer"))(content)

            do_HEAD = do_GET

            def reply(self, status, headers, content=b""):
                self.send_response(status)
                for name, value in {"Content-Length": len(content), **headers}.items():
                    self.send_header(name, str(value))
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(content)

            def answer(self, content):
                if content is None:
                    return self.reply(404, {"Content-Type": "text/html"}, b"<h1>not here</h1>")
                self.reply(200, {"Content-Type": MANIFEST}, content)

            def something_else(self, content):
                self.answer(bytes(len(content)))

            def cut_off(self, content):
                """Less than it says, again and again, and nothing by which the rest can be asked for."""
                self.reply(200, {"Content-Length": len(content)}, content[:len(content) // 2])
                self.close_connection = True

            def breaks_off(self, content):
                """Some more comes each time."""
                first = int(self.headers.get("Range", "bytes=0-")[len("bytes="):-1])
                head = {"Content-Length": len(content) - first, "ETag": '"one"'}
                if first:
                    head["Content-Range"] = f"bytes {first}-{len(content) - 1}/{len(content)}"
                self.reply(206 if first else 200, head, content[first:first + owner.breaks_after])
                self.close_connection = True

            def another_part(self, content):
                if "Range" not in self.headers:
                    return self.breaks_off(content)
                self.reply(206, {"Content-Range": f"bytes 0-{len(content) - 1}/{len(content)}", "ETag": '"one"'}, content)

            def endless(self, _):
                self.send_response(200)
                self.end_headers()
                self.close_connection = True
                while self.command == "GET" and not owner.stopped.is_set():
                    self.wfile.write(bytes(1 << 16))

            def stalls(self, content):
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.close_connection = True
                if self.command == "GET":
                    self.wfile.write(content[:10])
                    self.wfile.flush()
                    owner.stopped.wait(300)

            def leads_elsewhere(self, _):
                self.reply(307, {"Location": owner.elsewhere})

            def leads_in_circles(self, _):
                self.reply(307, {"Location": self.path})

            def is_busy(self, _):
                self.reply(503, {"Retry-After": 3600})

            def log_message(self, *_):
                pass

        self.server = tls_server(Handler, certificate, key)
        self.host = f"127.0.0.1:{self.server.server_port}"

    def offer(self, layer, tag="today", **changes):
        """An image of this layer, under a tag and by its digest, which is returned. `changes` are of its description."""
        described = {"mediaType": TAR, "digest": digest(layer), "size": len(layer), **changes}
        manifest = json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "layers": [described]}).encode()
        self.blobs = {digest(layer): layer, described["digest"]: layer}
        self.manifests = {tag: manifest, digest(manifest): manifest}
        return digest(manifest)

    def asked(self, kind, command="GET"):
        return [headers for method, path, headers in self.requests if method == command and f"/{kind}/" in path]

    def close(self):
        self.stopped.set()
        self.server.shutdown()
        self.server.server_close()


def layer_of(index):
    """What a push makes of an index, made by another program."""
    head = bytearray(512)
    for at, text in ((0, b"advisories.db"), (100, b"0000444"), (108, b"0000000"), (116, b"0000000"), (124, b"%011o" % len(index)),
                     (136, b"%011o" % 0), (148, b"        "), (156, b"0"), (257, b"ustar\x0000")):
        head[at:at + len(text)] = text
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head) + index + bytes(-len(index) % 512 + 1024)

"""A server of feeds over HTTPS, which does what mirrors do: ETags, ranges, and every way to fail."""

import hashlib
import http.server
import io
import json
import re
import threading
import zipfile

from tls_server import tls_server

PIECE = 4096
BREAKS_AFTER = 10_000


def record(name, ecosystem, package, fixed, modified):
    return json.dumps({"id": name, "modified": modified, "affected": [{
        "package": {"ecosystem": ecosystem, "name": package},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}]}]}).encode()


def archive(*records):
    """OSV's archive of records: (id, ecosystem, package, fixed, modified)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for one in records:
            packed.writestr(f"{one[0]}.json", record(*one))
    return out.getvalue()


def listing(*records):
    """OSV's modified_id.csv of them: the newest first."""
    return "".join(f"{modified},{name}\n" for name, *_, modified in sorted(records, key=lambda one: one[-1], reverse=True)).encode()


class FeedServer:
    """files: what is at each path. behaviours: what a path does instead of answering, by name: see Handler."""

    def __init__(self, certificate, key):
        self.files, self.behaviours, self.requests = {}, {}, []
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                owner.requests.append((self.path, dict(self.headers)))
                getattr(self, owner.behaviours.get(self.path, "answer"))(owner.files.get(self.path))

            def answer(self, content, length=None):
                if content is None:
                    return self.page(content, 404)
                tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
                if self.headers.get("If-None-Match") == tag:
                    self.send_response(304)
                    return self.end_headers()
                first, whole = 0, len(content)
                asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
                if asked and self.headers.get("If-Range") == tag:
                    first = int(asked[1])
                self.send_response(206 if first else 200)
                if first:
                    self.send_header("Content-Range", f"bytes {first}-{whole - 1}/{whole}")
                self.send_header("ETag", tag)
                self.send_header("Content-Length", str(whole - first))
                self.end_headers()
                self.pour(content[first:length])

            def pour(self, content):
                for at in range(0, len(content), PIECE):
                    self.wfile.write(content[at:at + PIECE])

            def breaks_off(self, content):
                """Some more comes each time."""
                asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
                self.answer(content, (int(asked[1]) if asked else 0) + BREAKS_AFTER)
                self.close_connection = True

            def page(self, _, status=200):
                text = b"<!DOCTYPE html><title>Closed for maintenance</title>"
                self.send_response(status)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def leads_to_plain_http(self, _):
                self.send_response(302)
                self.send_header("Location", f"http://127.0.0.1:{owner.port}/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def is_busy(self, _):
                self.send_response(503)
                self.send_header("Retry-After", "3600")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def is_slow(self, content):
                """One piece, and the rest when the server ends."""
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content[:10])
                self.wfile.flush()
                owner.stopped.wait(60)
                self.close_connection = True

            def is_endless(self, _):
                """As long as somebody listens."""
                self.send_response(200)
                self.end_headers()
                piece = b"2026-01-01T00:00:00Z,CVE-2026-1\n" * 4096
                while not owner.stopped.is_set():
                    self.wfile.write(piece)

            def log_message(self, *_):
                pass

        self.stopped = threading.Event()
        self.server = tls_server(Handler, certificate, key)
        self.port = self.server.server_port
        self.url = f"https://127.0.0.1:{self.port}"

    def close(self):
        self.stopped.set()
        self.server.shutdown()
        self.server.server_close()

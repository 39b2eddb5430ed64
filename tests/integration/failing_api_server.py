"""An API server over TLS that fails as real ones do: it answers as a test tells it, and may break off or hang."""

import http.server
import json
import ssl
import threading
import types

from support import run


class FailingApiServer:
    """`answer(request)` gets what came (number, method, path, headers, body) and calls request.reply or request.stream."""

    def __init__(self, folder, answer):
        self.seen = []
        self.folder = folder
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
            "-keyout", folder / "key.pem", "-out", folder / "cert.pem", check=True)
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                self.sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                # A copy: one handler serves all requests of a connection.
                outer.seen.append(types.SimpleNamespace(command=self.command, path=self.path, headers=self.headers, sent=self.sent))
                self.number = len(outer.seen)
                answer(self)

            do_GET = do_POST = do_PATCH = do_PUT = handle_any

            def reply(self, status, body, **headers):
                data = (body if isinstance(body, str) else json.dumps(body)).encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def stream(self, *events, ends=True):
                """A watch: chunks of lines, in pieces that are no lines; then its end, or the connection's."""
                self.send_response(200)
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                data = b"".join(json.dumps(event).encode() + b"\n" for event in events)
                for start in range(0, len(data), 50):
                    piece = data[start:start + 50]
                    self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
                if ends:
                    self.wfile.write(b"0\r\n\r\n")
                self.close_connection = not ends

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()

    def kubeconfig(self, **user):
        path = self.folder / "kubeconfig"
        url = f"https://localhost:{self.server.server_address[1]}"
        path.write_text(json.dumps({
            "current-context": "t", "contexts": [{"name": "t", "context": {"cluster": "t", "user": "t"}}],
            "clusters": [{"name": "t", "cluster": {"server": url, "certificate-authority": "cert.pem"}}],
            "users": [{"name": "t", "user": user or {"token": "secret"}}]}))
        return path

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

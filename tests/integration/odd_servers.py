"""What a scanner meets where its server should be: over TLS, and each odd in its own way."""

import contextlib
import socket
import ssl
import threading


def read_request(connection):
    """The head of a request and its body."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return data
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    size = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < size:
        piece = connection.recv(65536)
        if not piece:
            break
        body += piece
    return head


def answer(status, body=b"", **headers):
    """A way to answer: this, and nothing after it."""
    if isinstance(body, str):
        body = body.encode()
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]

    def reply(connection):
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
    return reply


def silence(connection):
    """Takes the request and never answers."""
    with contextlib.suppress(OSError):
        while connection.recv(65536):
            pass


def a_flood(connection):
    """An answer without an end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    with contextlib.suppress(OSError):
        while True:
            connection.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")


def drops(connection):
    """A byte every now and then, in an answer that would be whole in an hour."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    with contextlib.suppress(OSError):
        while True:
            connection.sendall(b"{")
            threading.Event().wait(0.2)


class OddServer:
    """Answers every request in one way; `heads` are those that came."""

    def __init__(self, certificate, key, reply):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.reply = reply
        self.heads = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://localhost:{self.socket.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.socket.accept()
                threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection):
        with contextlib.suppress(OSError), connection:
            if self.reply is None:  # not even a handshake
                silence(connection)
                return
            with self.context.wrap_socket(connection, server_side=True) as secured:
                head = read_request(secured)
                if head:
                    self.heads.append(head.decode())
                    self.reply(secured)

    def close(self):
        self.socket.close()

"""Connections to a port that can be cut, as when a network fails for a moment."""

import socket
import threading


class CutConnections:
    """Forwards what comes to `port` to another one of this machine."""

    def __init__(self, target):
        self.target, self.open, self.lock = target, [], threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
                server = socket.create_connection(("127.0.0.1", self.target), 10)
            except OSError:
                return
            with self.lock:
                self.open += [client, server]
            for pair in ((client, server), (server, client)):
                threading.Thread(target=self._copy, args=pair, daemon=True).start()

    def _copy(self, source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
        except OSError:
            pass
        for sock in (source, target):
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # the other direction was first

    def cut(self):
        """How many connections there were."""
        with self.lock:
            cut, self.open = self.open, []
        for sock in cut:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it has been closed already
        return len(cut) // 2

    def close(self):
        self.listener.close()
        self.cut()

"""Prometheus and its gateway as programs on loopback, and what is asked of them."""

import json
import socket
import subprocess
import time
import urllib.request


class Server:
    """A server on a port of loopback that was free a moment ago."""

    def __init__(self, folder, name, flag, *argv):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        log = open(folder / f"{name}.log", "w")
        self.process = subprocess.Popen([name, f"{flag}=127.0.0.1:{self.port}", *map(str, argv)], stdout=log, stderr=log, cwd=folder)
        for _ in range(200):
            try:
                urllib.request.urlopen(f"{self.url}/-/ready", timeout=5)
                return
            except OSError:
                assert self.process.poll() is None, (folder / f"{name}.log").read_text()[-2000:]
                time.sleep(0.1)
        raise AssertionError(f"{name} does not get ready")

    def close(self):
        self.process.terminate()
        self.process.wait(30)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(prometheus, query):
    address = f"{prometheus.url}/api/v1/query?query={urllib.request.quote(query)}"
    answer = json.load(urllib.request.urlopen(address, timeout=10))
    return {tuple(sorted(one["metric"].items())): float(one["value"][1]) for one in answer["data"]["result"]}


def until(prometheus, query, wanted):
    """Scrapes come each second."""
    for _ in range(100):
        if (got := ask(prometheus, query)) and set(got.values()) == {wanted}:
            return
        time.sleep(0.2)
    raise AssertionError((query, got, wanted))

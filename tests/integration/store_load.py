"""Writers that keep a server's store busy, and remember what it has acknowledged."""

import errno
import http.client
import threading
import time

from scan_server import SBOM, report_of


def digest_of(worker, number):
    return "sha256:" + f"{worker:02x}{number:06x}" * 8


class Writers:
    """Threads that each write one report after the other, until they are stopped. Whoever is refused or cut off tries
    the same again: that is what a client does."""

    def __init__(self, *servers, each=4, number=0):
        self.acknowledged, self.failures, self.lock = set(), [], threading.Lock()
        self.stopped = threading.Event()
        self.threads = [threading.Thread(target=self._write, args=(server, number + place * each + n), daemon=True)
                        for place, server in enumerate(servers) for n in range(each)]
        for thread in self.threads:
            thread.start()

    def _write(self, server, worker):
        connection, number = server.connection(), 0
        while not self.stopped.is_set():
            digest = digest_of(worker, number)
            try:
                status, _, body = server.ask("POST", "/v1/reports", report_of(digest, {**SBOM, "serialNumber": digest}), "gate", connection)
            except (OSError, http.client.HTTPException) as error:
                self._failed(server, repr(error))
                connection.close()
                connection = server.connection()
                time.sleep(0.02)
                continue
            if status not in (200, 201):  # 200: it was kept, and the answer lost
                self._failed(server, f"{status} {body}")
                time.sleep(0.02)
                continue
            number += 1
            with self.lock:
                self.acknowledged.add(digest)

    def _failed(self, server, why):
        with self.lock:
            self.failures.append((server, why))

    def wait_for(self, count, seconds=60):
        """Until so many more have been acknowledged."""
        want, end = len(self.acknowledged) + count, time.monotonic() + seconds
        while len(self.acknowledged) < want:
            assert time.monotonic() < end, (len(self.acknowledged), want, self.failures[-3:])
            time.sleep(0.005)

    def stop(self):
        self.stopped.set()
        for thread in self.threads:
            thread.join()


def fill(path):
    """With zeros, until there is no room for a block more."""
    with open(path, "wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12):
            try:
                while file.write(bytes(size)) == size:
                    pass
            except OSError as error:
                assert error.errno == errno.ENOSPC


def images_of(server):
    seen, after = set(), ""
    while True:
        status, _, page = server.ask("GET", f"/v1/images?limit=500{after}", token="reader")
        assert status == 200, page
        seen |= {image["digest"] for image in page["images"]}
        if page["next"] is None:
            return seen
        after = f"&after={page['next']}"


def hold_to_account(server, acknowledged, every=25):
    """That all of it is there, and that nothing is half there."""
    seen = images_of(server)
    assert acknowledged <= seen, f"{len(acknowledged - seen)} of {len(acknowledged)} are lost"
    for digest in sorted(seen)[::every]:
        status, _, sbom = server.ask("GET", f"/v1/images/{digest}/sbom", token="reader")
        assert status == 200 and sbom["serialNumber"] == digest, "half there"
        status, _, history = server.ask("GET", f"/v1/images/{digest}/history", token="reader")
        assert status == 200 and len(history["reports"]) == 1, "twice"

"""A headless Chromium on a profile of its own, spoken to over pipes: no port, no driver, nothing of it stays."""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-extensions", "--disable-dev-shm-usage",
         "--no-default-browser-check", "--metrics-recording-only", "--hide-scrollbars", "--force-color-profile=srgb",
         # Nothing has a name here: a request to any host would fail, and be seen.
         "--host-resolver-rules=MAP * ~NOTFOUND"]


def missing():
    return None if shutil.which("chromium") else "no chromium: ./dev setup installs it"


class Browser:
    """The DevTools protocol: messages of JSON, each ended by a NUL byte, on descriptors 3 and 4 of the browser."""

    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="chromium-")
        to_read, self.out = os.pipe()
        self.inp, to_write = os.pipe()
        keep = (os.dup(to_read), os.dup(to_write))

        def connect():
            os.dup2(keep[0], 3)
            os.dup2(keep[1], 4)

        log = open(os.path.join(self.profile, "log"), "w")
        self.process = subprocess.Popen(["chromium", *FLAGS, f"--user-data-dir={self.profile}", "--remote-debugging-pipe", "about:blank"],
                                        preexec_fn=connect, pass_fds=(*keep, 3, 4), stdout=log, stderr=log,
                                        env={**os.environ, "HOME": self.profile})
        for descriptor in (*keep, to_read, to_write):
            os.close(descriptor)
        self.buffer, self.last, self.events, self.session = b"", 0, [], None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def _read(self, seconds):
        deadline = time.monotonic() + seconds
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.inp], [], [], max(0, deadline - time.monotonic()))
            chunk = os.read(self.inp, 1 << 20) if ready else b""
            assert chunk, "the browser says nothing"
            self.buffer += chunk
        line, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(line)

    def call(self, method, **params):
        self.last += 1
        message = {"id": self.last, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.out, data):]
        while True:
            answer = self._read(60)
            if answer.get("id") == self.last:
                assert "error" not in answer, (method, answer["error"])
                return answer["result"]
            self.events.append(answer)

    def open(self, path, width=1280, height=900, scheme="light", scale=1):
        """Opens a file and waits until it is loaded; forgets what happened before."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", media="", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self._navigate("about:blank")
        started = time.monotonic()
        self._navigate(path.resolve().as_uri())
        return time.monotonic() - started

    def _navigate(self, url):
        self.events = []
        self.call("Page.navigate", url=url)
        while not any(e.get("method") == "Page.loadEventFired" for e in self.events):
            self.events.append(self._read(60))

    def run(self, expression):
        done = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True, userGesture=True)
        assert "exceptionDetails" not in done, done["exceptionDetails"]
        return done["result"].get("value")

    def requests(self):
        """Addresses of everything that the page asked for, itself included."""
        return [e["params"]["request"]["url"] for e in self.events if e.get("method") == "Network.requestWillBeSent"]

    def complaints(self):
        """What the console says: errors of scripts, and what the page's security policy stopped."""
        said = [e["params"]["entry"]["text"] for e in self.events if e.get("method") == "Log.entryAdded"]
        return said + [str(e["params"]) for e in self.events if e.get("method") in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled")]

    def screenshot(self, path, whole=False):
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(shot["data"]))

    def pdf(self):
        return base64.b64decode(self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"])

    def close(self):
        self.session = None
        try:
            self.call("Browser.close")
            self.process.wait(10)
        except (AssertionError, OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait(10)
        for descriptor in (self.inp, self.out):
            os.close(descriptor)
        shutil.rmtree(self.profile, ignore_errors=True)

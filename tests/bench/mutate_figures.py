"""The webhook under load, beside the same server answering nothing (/healthz): what TLS and HTTP cost by themselves.

100,000 reviews. INITSCAN_BENCH_REVIEWS makes it shorter.
"""

import json
import os
import pathlib
import subprocess
import tempfile

from support import BIN, SHARED
from webhook import Webhook

TICKS = os.sysconf("SC_CLK_TCK")
REVIEWS = int(os.environ.get("INITSCAN_BENCH_REVIEWS", "100000"))


def cpu_seconds(pid):
    """User and system time of a process: what it costs, however busy the machine is with others."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Load:
    """The server on one core, the client on another where there is one."""

    def __init__(self, webhook):
        self.webhook = webhook
        subprocess.run(["taskset", "-acp", "0", str(webhook.process.pid)], capture_output=True, check=True)

    def run(self, **options):
        argv = ["taskset", "-c", str(min(1, os.cpu_count() - 1)), BIN / "tests" / "load_client", "--port", self.webhook.port]
        for name, value in options.items():
            for one in value if isinstance(value, list) else [value]:
                argv += [f"--{name}"] if one is True else [f"--{name}", one]
        before = cpu_seconds(self.webhook.process.pid)
        done = subprocess.run([str(a) for a in argv], capture_output=True, text=True, check=True)
        figures = json.loads(done.stdout)
        figures["per_cpu_second"] = figures["answered"] / max(cpu_seconds(self.webhook.process.pid) - before, 1 / TICKS)
        return figures


def mutate_figures():
    bodies = SHARED / "data" / "admission-reviews"
    if not bodies.exists():
        print("mutate: skipped: no recorded reviews (set INITSCAN_SHARED)")
        return
    with tempfile.TemporaryDirectory() as folder:
        webhook = Webhook(BIN / "initscan-injector", pathlib.Path(folder))
        try:
            load = Load(webhook)
            floor = load.run(target="/healthz", requests=REVIEWS // 10, rate=1000)
            paced = load.run(bodies=bodies, requests=REVIEWS // 10, rate=1000)
            floor_out = load.run(target="/healthz", requests=REVIEWS // 2, rate=0)
            flat_out = load.run(bodies=bodies, requests=REVIEWS - REVIEWS // 10, rate=0)
            rss = webhook.rss_mib()
        finally:
            webhook.close()
    print(f"mutate, 1000/s               p50 {paced['p50_ms']:.2f} ms, p99 {paced['p99_ms']:.2f} ms   "
          f"/healthz: p50 {floor['p50_ms']:.2f}, p99 {floor['p99_ms']:.2f}, ratio of p99 {paced['p99_ms'] / floor['p99_ms']:.2f}")
    print(f"mutate, flat out             {flat_out['per_cpu_second']:.0f} reviews/s of a core's time, {flat_out['per_second']:.0f}/s by the clock   "
          f"/healthz: {floor_out['per_cpu_second']:.0f}/s, ratio {flat_out['per_cpu_second'] / floor_out['per_cpu_second']:.2f}")
    print(f"mutate, memory               {rss:.1f} MiB after {REVIEWS} reviews")

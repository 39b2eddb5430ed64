"""The audit over many pods: from files, and from a real API server, beside who reads the same bytes and does nothing."""

import pathlib
import tempfile

from bench_pods import create_pods, write_bare_list, write_list
from control_plane import ControlPlane, missing
from support import BIN

OWNERS = 1000


def audit_figures(beside, owners=OWNERS):
    """What grows with pods must be time alone; what is held grows with their owners."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        report = ["--report-dir", folder, "--format", "json"]
        file = folder / "pods.json"

        def of_file(name, formats=report):
            beside(f"audit {name}, {file.stat().st_size >> 20} MiB", [BIN / "initscan-audit", "run", "--from-file", file, *formats],
                   "cat, twice", ["sh", "-c", f"cat {file} {file} | wc -c"], runs=3)
            file.unlink()

        for pods in (10_000, 100_000):
            write_list(file, pods, owners)
            of_file(f"{pods:,} pods")
        # Each its own owner: what there is most of to be held.
        write_bare_list(file, 10_000)
        of_file("10,000 bare pods, all formats", [*report[:2], "--format", "html,md,json,csv,sarif,junit,prom"])
        if reason := missing():
            print(f"audit of an API server: skipped: {reason}")
            return
        cluster = ControlPlane(folder)
        try:
            create_pods(cluster, 10_000, owners)
            kubectl = ["sh", "-c", f"HOME={folder} {cluster.kubectl_command('get', 'pods', '-A', '-o', 'json')} | wc -c"]
            beside("audit an API server's 10,000", [BIN / "initscan-audit", "run", "--kubeconfig", cluster.kubeconfig("admin"), *report],
                   "kubectl get pods", kubectl, runs=3)
        finally:
            cluster.close()

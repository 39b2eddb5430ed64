"""`initscan-server watch` at its start in a large cluster: how long until it knows every pod, beside merely fetching them.

50,000 injected pods in a hundred namespaces, each as the API server stores one whose gate has passed;
INITSCAN_BENCH_WATCHED makes it fewer. One is made by the injector and the API server; the others are its copies, put
into etcd, since creating them one by one takes minutes and says nothing about the watch.
"""

import base64
import json
import os
import pathlib
import tempfile
import time
import urllib.request
import uuid

from cluster_figures import ApiClient, injecting
from control_plane import TOKENS, ControlPlane, missing
from deployment import IMAGE
from server_watch import ServerWatch, grant

PODS = int(os.environ.get("INITSCAN_BENCH_WATCHED", "50000"))
NAMESPACES = 100
PAGE = 250  # as the watch asks for them
MOST_OF_TRANSACTION = 50
PATIENCE_SECONDS = 300
COUNTS = " ".join(f"{severity}=0/0" for severity in ("critical", "high", "medium", "low", "negligible", "unknown"))
LINE = f"initscan/1 verdict=pass {COUNTS} ms=40\ninitscan: PASS\n"


def status_of(image):
    """What a kubelet writes once the gate has passed."""
    ended = {"exitCode": 0, "reason": "Completed", "containerID": "containerd://gate", "startedAt": "2026-11-28T00:00:01Z",
             "finishedAt": "2026-11-28T00:00:02Z", "message": LINE}
    running = {"running": {"startedAt": "2026-11-28T00:00:03Z"}}
    one = {"image": image, "imageID": image, "restartCount": 0, "lastState": {}}
    return {"phase": "Running", "initContainerStatuses": [{**one, "name": "initscan-gate", "ready": True, "state": {"terminated": ended}}],
            "containerStatuses": [{**one, "name": "app", "image": "example/shop:1", "ready": True, "state": running}]}


def make_one(cluster, client):
    """As the API server answers with it."""
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "seed"}, "spec": {"containers": [{"name": "app", "image": "example/shop:1"}]}}
    client.create("/api/v1/namespaces/crowd-0/pods", pod)
    done = cluster.ask("PATCH", "/api/v1/namespaces/crowd-0/pods/seed/status", {"status": status_of(IMAGE)}, "admin", "application/merge-patch+json")
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert any(container["name"] == "initscan-gate" for container in made["spec"]["initContainers"]), "it was not injected"
    return made


def encoded(text):
    return base64.b64encode(text.encode()).decode()


def put_copies(cluster, made):
    """All but the one that is there, into the store of the API server."""
    puts = []
    for n in range(1, PODS):
        name, space = f"pod-{n}", f"crowd-{n % NAMESPACES}"
        meta = {**made["metadata"], "name": name, "namespace": space, "uid": str(uuid.uuid4())}
        del meta["resourceVersion"]
        status = json.loads(json.dumps(made["status"]))
        status["initContainerStatuses"][0]["state"]["terminated"]["containerID"] = f"containerd://gate-{n}"
        puts.append({"requestPut": {"key": encoded(f"/registry/pods/{space}/{name}"),
                                    "value": encoded(json.dumps({**made, "metadata": meta, "status": status}))}})
        if len(puts) == MOST_OF_TRANSACTION or n == PODS - 1:
            ask = urllib.request.Request(f"{cluster.etcd}/v3/kv/txn", json.dumps({"success": puts}).encode(), {"Content-Type": "application/json"})
            urllib.request.urlopen(ask, timeout=60).read()
            puts = []


def fetch_all(client):
    """Seconds and bytes of fetching all pods in pages, and nothing else."""
    start, size, path = time.perf_counter(), 0, f"/api/v1/pods?limit={PAGE}"
    more = ""
    while True:
        client.connection.request("GET", path + more, headers={"Authorization": f"Bearer {TOKENS['admin']}"})
        text = client.connection.getresponse().read()
        size += len(text)
        token = json.loads(text[:400].split(b',"items"')[0] + b"}")["metadata"].get("continue")
        if not token:
            return time.perf_counter() - start, size
        more = f"&continue={token}"


def scanned(watch):
    return sum(watch.figure(f'initscan_pods{{namespace="crowd-{n}",state="scanned"}}') or 0 for n in range(NAMESPACES))


def seconds_until_known(cluster, folder):
    start = time.perf_counter()
    watch = ServerWatch(cluster, folder)
    try:
        while not watch.is_ready():
            assert time.perf_counter() - start < PATIENCE_SECONDS, watch.log.read_text()[-2000:]
            time.sleep(0.05)
        took = time.perf_counter() - start
        while watch.figure("initscan_server_leader") != 1:
            assert time.perf_counter() - start < PATIENCE_SECONDS, watch.log.read_text()[-2000:]
            time.sleep(0.2)
        assert scanned(watch) == PODS, f"{scanned(watch)} of {PODS} pods are known as scanned"
        return took, watch.rss_mib("VmHWM")
    finally:
        watch.close()


def watch_figures():
    if reason := missing():
        print(f"watch: skipped: {reason}")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        cluster = ControlPlane(folder)
        webhook = None
        try:
            spaces = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": f"crowd-{n}", "labels": {"initscan.io/inject": "enabled"}}}
                      for n in range(NAMESPACES)]
            cluster.apply(*spaces)
            webhook = injecting(cluster, folder, "--mode", "volume")
            time.sleep(3)  # the namespaces' keys are published
            grant(cluster)
            client = ApiClient(cluster)
            put_copies(cluster, make_one(cluster, client))
            fetch_all(client)  # the API server has them at hand from here on
            floor, size = fetch_all(client)
            took, rss = seconds_until_known(cluster, folder)
        finally:
            if webhook is not None:
                webhook.close()
            cluster.close()
    print(f"watch, {PODS} pods known       {took:.1f} s, {rss:.0f} MiB at most   fetching them ({size / 2**20:.0f} MiB of JSON): "
          f"{floor:.1f} s, ratio {took / floor:.2f}")

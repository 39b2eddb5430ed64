"""Pods created on a real API server, in labelled namespaces and in others by turns: what initscan adds.

1,000 namespaces, 10,000 pods of each kind, one after the other over one connection: in labelled namespaces (webhook
and final-state policy), in one for which the webhook alone is asked, in one where it is asked and changes nothing
(the floor: what a call costs on this machine), and in namespaces that are not labelled. By turns, because the machine
is not the same from one minute to the next. INITSCAN_BENCH_PODS makes it shorter; INITSCAN_BENCH_MODE=copy measures
larger pods than auto, which is volume here.

LimitRanger and ResourceQuota do not run: in a namespace that has neither object they list them anew every 30 s, and
such a list waits up to 100 ms for its cache. With them every pod here would wait so, labelled or not.
"""

import collections
import http.client
import json
import os
import pathlib
import ssl
import statistics
import tempfile
import time

from cluster_webhook import ClusterWebhook
from control_plane import INJECTOR, TOKENS, ControlPlane, missing
from deployment import IMAGE, install
from support import BIN

NAMESPACES = 1000
PODS = int(os.environ.get("INITSCAN_BENCH_PODS", "10000"))
MODE = os.environ.get("INITSCAN_BENCH_MODE", "auto")
BATCH = 1000
FLOOR = "kube-system"  # the injector answers for it, too, and changes nothing there
ALONE = "bench-alone"  # injected, but not labelled: no policy looks at it


class ApiClient:
    """One connection to the API server, kept open."""

    def __init__(self, cluster):
        context = ssl.create_default_context(cafile=cluster.ca)
        self.connection = http.client.HTTPSConnection("127.0.0.1", cluster.port, context=context, timeout=60)

    def create(self, path, document):
        headers = {"Authorization": f"Bearer {TOKENS['admin']}", "Content-Type": "application/json"}
        body = json.dumps(document)
        start = time.perf_counter()
        self.connection.request("POST", path, body=body, headers=headers)
        answer = self.connection.getresponse()
        text = answer.read()
        took = (time.perf_counter() - start) * 1000
        assert answer.status == 201, text[:500]
        return took, text


def pod():
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"generateName": "bench-", "labels": {"app": "bench"}},
            "spec": {"containers": [{"name": "app", "image": "example/shop:1", "resources": {"limits": {"cpu": "1", "memory": "1Gi"}}},
                                    {"name": "log", "image": "example/log:1"}]}}


def make_namespaces(client):
    """A tenth of them is not labelled."""
    kinds = {"labelled": [], "plain": [], "alone": [ALONE], "floor": [FLOOR]}
    client.create("/api/v1/namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": ALONE}})
    for i in range(NAMESPACES):
        kind = "plain" if i % 10 == 0 else "labelled"
        name = f"bench-{i}"
        labels = {"initscan.io/inject": "enabled"} if kind == "labelled" else {}
        client.create("/api/v1/namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}})
        kinds[kind].append(name)
    return kinds


def register_again(cluster, name, namespace, *without):
    """Our webhook once more, for a namespace that ours leaves out."""
    ours = cluster.read("mutatingwebhookconfiguration", "initscan")["webhooks"][0]
    hook = {key: value for key, value in ours.items() if key not in without}
    hook.update(name=f"{name}.example.org", namespaceSelector={"matchLabels": {"kubernetes.io/metadata.name": namespace}})
    cluster.apply({"apiVersion": "admissionregistration.k8s.io/v1", "kind": "MutatingWebhookConfiguration",
                   "metadata": {"name": name}, "webhooks": [hook]})


def requests_of_injector(cluster, since):
    """What the injector asked the API server for, by the audit log."""
    asked = collections.Counter()
    with open(cluster.folder / "audit.log") as log:
        log.seek(since)
        for line in log:
            entry = json.loads(line)
            if entry["stage"] == "ResponseComplete" and entry["user"]["username"] == INJECTOR:
                asked[f"{entry['verb']} {entry.get('objectRef', {}).get('resource', entry['requestURI'])}"] += 1
    return asked


def p99(values):
    return statistics.quantiles(values, n=100)[98]


def create_by_turns(client, kinds):
    took = {kind: [] for kind in kinds}
    while len(took["labelled"]) < PODS:
        for kind, names in kinds.items():
            for _ in range(BATCH):
                name = names[len(took[kind]) % len(names)]
                ms, text = client.create(f"/api/v1/namespaces/{name}/pods", pod())
                assert (b"initscan-gate" in text) == (kind in ("labelled", "alone")), text[:500]
                took[kind].append(ms)
    return took


def cluster_figures():
    if reason := missing():
        print(f"cluster: skipped: {reason}")
        return
    with tempfile.TemporaryDirectory() as folder:
        cluster = ControlPlane(pathlib.Path(folder), without_plugins=("LimitRanger", "ResourceQuota"))
        webhook = None
        try:
            for name, labels in (("shop", {"initscan.io/inject": "enabled"}), ("initscan-system", {})):
                cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}})
            # Not an administrator, who would be let around the final-state policy.
            role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "pods"}
            group = "rbac.authorization.k8s.io/v1"
            cluster.apply({"apiVersion": group, "kind": "ClusterRole", "metadata": {"name": "pods"},
                           "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["*"]}]},
                          {"apiVersion": group, "kind": "ClusterRoleBinding", "metadata": {"name": "pods"}, "roleRef": role,
                           "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "developer"}]})
            webhook = ClusterWebhook(BIN / "initscan-injector", cluster, pathlib.Path(folder), "--mode", MODE, "--tick-milliseconds", "5000", image=IMAGE)
            install(cluster, webhook)
            client = ApiClient(cluster)
            kinds = make_namespaces(client)
            register_again(cluster, "alone", ALONE)
            register_again(cluster, "floor", FLOOR, "matchConditions", "reinvocationPolicy")
            time.sleep(3)  # the namespaces' keys are published
            before = os.path.getsize(cluster.folder / "audit.log")
            start = time.monotonic()
            took = create_by_turns(client, kinds)
            seconds = time.monotonic() - start
            asked = requests_of_injector(cluster, before)
            rss = webhook.rss_mib()
        finally:
            if webhook is not None:
                webhook.close()
            cluster.close()
    says = {"labelled": "webhook and policy", "alone": "the webhook alone", "floor": "a webhook that changes nothing"}
    for name, value in (("p50", statistics.median), ("p99", p99)):
        without = value(took["plain"])
        added = ", ".join(f"{what} {value(took[kind]) - without:+.1f} ms" for kind, what in says.items())
        print(f"cluster, pod create {name}      {value(took['labelled']):.1f} ms   without: {without:.1f} ms; {added}")
    print(f"cluster, injector            {rss:.1f} MiB after {len(took['labelled'])} pods in {NAMESPACES} namespaces; "
          f"{sum(asked.values())} requests in {seconds:.0f} s: {dict(asked)}")

"""Pods created on a real API server, in labelled namespaces and in others by turns: what initscan adds.

1,000 namespaces; pods in labelled ones (webhook and final-state policy), in one for which the webhook alone is asked, in
one where a webhook changes nothing and a policy demands nothing (the floor: what asking costs on this machine), and in
namespaces that are not labelled. By turns, because the machine is not the same from one minute to the next. First 10,000
of the first and the last kind, as many a second as a controller manager creates with its default settings; then a
quarter of that of each kind, one after the other as fast as they go: what counts then is how often the API server
collects its garbage, so what it allocates is measured, too. INITSCAN_BENCH_PODS makes it shorter;
INITSCAN_BENCH_MODE=copy measures larger pods than auto, which is volume here.

LimitRanger and ResourceQuota do not run: in a namespace that has neither object they list them anew every 30 s, and
such a list waits up to 100 ms for its cache. With them every pod here would wait so, labelled or not.
"""

import collections
import http.client
import json
import os
import pathlib
import re
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
BATCH = 500
PODS_A_SECOND = 20  # kube-controller-manager's --kube-api-qps
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

    def allocated_kib(self):
        """By the API server, ever."""
        self.connection.request("GET", "/metrics", headers={"Authorization": f"Bearer {TOKENS['admin']}"})
        return float(re.search(rb"^go_memstats_alloc_bytes_total (\S+)$", self.connection.getresponse().read(), re.M)[1]) / 1024


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


def demand_nothing(cluster):
    """A policy with the same parameters as ours, for the floor."""
    group = "admissionregistration.k8s.io/v1"
    name = {"name": "bench-floor"}
    pods = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}
    cluster.apply({"apiVersion": group, "kind": "ValidatingAdmissionPolicy", "metadata": name, "spec": {
                       "paramKind": {"apiVersion": "initscan.io/v1alpha1", "kind": "FinalState"},
                       "matchConstraints": {"resourceRules": [pods]}, "validations": [{"expression": "true"}]}},
                  {"apiVersion": group, "kind": "ValidatingAdmissionPolicyBinding", "metadata": name, "spec": {
                       "policyName": "bench-floor", "validationActions": ["Deny"],
                       "paramRef": {"name": "initscan-final-state", "namespace": "initscan-system", "parameterNotFoundAction": "Deny"},
                       "matchResources": {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": FLOOR}}}}})


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


def create_by_turns(client, kinds, pods, interval=0.0):
    """How many ms each took, and how many KiB the API server allocated for each on average, by kind. The next is begun
    `interval` seconds after the one before, or at once where that took longer."""
    took = {kind: [] for kind in kinds}
    allocated = dict.fromkeys(kinds, 0.0)
    due = time.perf_counter()
    while any(len(done) < pods for done in took.values()):
        for kind, names in kinds.items():
            before = client.allocated_kib()
            for _ in range(min(BATCH, pods)):
                due = max(due + interval, time.perf_counter())
                time.sleep(max(0.0, due - time.perf_counter()))
                ms, text = client.create(f"/api/v1/namespaces/{names[len(took[kind]) % len(names)]}/pods", pod())
                assert (b"initscan-gate" in text) == (kind in ("labelled", "alone")), text[:500]
                took[kind].append(ms)
            allocated[kind] += client.allocated_kib() - before
    return took, {kind: allocated[kind] / len(took[kind]) for kind in kinds}


SAYS = {"labelled": "webhook and policy", "alone": "the webhook alone", "floor": "a webhook and a policy that do nothing"}


def print_added(what, unit, values):
    added = ", ".join(f"{SAYS[kind]} {value - values['plain']:+.1f} {unit}" for kind, value in values.items() if kind != "plain")
    print(f"{what:<45} {values['labelled']:.1f} {unit}   without: {values['plain']:.1f} {unit}; {added}")


def print_latency(how, took):
    for name, value in (("p50", statistics.median), ("p99", p99)):
        print_added(f"cluster, pod create {how}, {name}", "ms", {kind: value(times) for kind, times in took.items()})


def injecting(cluster, folder, *options):
    """The injector, installed, and a developer who may create pods and may not be let around the final-state policy."""
    for name, labels in (("shop", {"initscan.io/inject": "enabled"}), ("initscan-system", {})):
        cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}})
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "pods"}
    group = "rbac.authorization.k8s.io/v1"
    cluster.apply({"apiVersion": group, "kind": "ClusterRole", "metadata": {"name": "pods"},
                   "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["*"]}]},
                  {"apiVersion": group, "kind": "ClusterRoleBinding", "metadata": {"name": "pods"}, "roleRef": role,
                   "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "developer"}]})
    webhook = ClusterWebhook(BIN / "initscan-injector", cluster, folder, *options, image=IMAGE)
    install(cluster, webhook)
    return webhook


def cluster_figures():
    if reason := missing():
        print(f"cluster: skipped: {reason}")
        return
    with tempfile.TemporaryDirectory() as folder:
        cluster = ControlPlane(pathlib.Path(folder), without_plugins=("ServiceAccount", "LimitRanger", "ResourceQuota"))
        webhook = None
        try:
            webhook = injecting(cluster, pathlib.Path(folder), "--mode", MODE, "--tick-milliseconds", "5000")
            client = ApiClient(cluster)
            kinds = make_namespaces(client)
            register_again(cluster, "alone", ALONE)
            register_again(cluster, "floor", FLOOR, "reinvocationPolicy")
            demand_nothing(cluster)
            time.sleep(3)  # the namespaces' keys are published
            before = os.path.getsize(cluster.folder / "audit.log")
            start = time.monotonic()
            paced, _ = create_by_turns(client, {kind: kinds[kind] for kind in ("labelled", "plain")}, PODS, 1 / PODS_A_SECOND)
            fast, allocated = create_by_turns(client, kinds, PODS // 4)
            seconds = time.monotonic() - start
            asked = requests_of_injector(cluster, before)
            rss = webhook.rss_mib()
        finally:
            if webhook is not None:
                webhook.close()
            cluster.close()
    print_latency(f"{PODS_A_SECOND}/s", paced)
    print_latency("as fast as it goes", fast)
    print_added("cluster, allocated by the API server", "KiB", allocated)
    created = sum(len(paced[kind]) + len(fast[kind]) for kind in ("labelled", "plain"))
    print(f"cluster, injector            {rss:.1f} MiB after {created} pods in {NAMESPACES} namespaces; "
          f"{sum(asked.values())} requests in {seconds:.0f} s: {dict(asked)}")

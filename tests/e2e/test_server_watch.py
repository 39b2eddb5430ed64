"""What gates decide, from a pod's status into Prometheus: the test writes the statuses as kubelets do."""

import base64
import copy
import hashlib
import json
import socket
import threading
import urllib.error

import pytest

from cluster_webhook import ClusterWebhook
from control_plane import TOKENS
from deployment import IMAGE, install
from enforcement import until
from postgresql_server import PostgresqlServer, is_installed
from prometheus_server import Server
from prometheus_server import until as until_in_prometheus
from server_watch import ServerWatch, grant
from test_audit_report import need

SPACE = "watched"
COUNTS = "critical={0}/{0} high=0/0 medium=0/0 low=0/0 negligible=0/0 unknown=0/0"
WORDS = {"pass": "initscan: PASS\n", "fail": "initscan: FAIL 1\n", "undecided": "initscan: UNDECIDED\n"}
CODES = {"pass": 0, "undecided": 1, "fail": 2}
TURN = {"waiting": {"reason": "PodInitializing"}}


@pytest.fixture(scope="module")
def space(cluster, injector, tmp_path_factory):
    webhook = ClusterWebhook(injector, cluster, tmp_path_factory.mktemp("webhook"), "--mode", "volume", image=IMAGE)
    install(cluster, webhook)
    cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": SPACE, "labels": {"initscan.io/inject": "enabled"}}},
                  {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "elsewhere"}})
    grant(cluster)
    yield
    webhook.close()


@pytest.fixture
def watch(cluster, space, tmp_path):
    made = ServerWatch(cluster, tmp_path)
    until(made.is_ready, made.log.read_text)
    until(lambda: made.figure("initscan_server_leader") == 1, made.log.read_text)
    yield made
    made.close()
    for name in (SPACE, "elsewhere"):
        cluster.kubectl("delete", "pods,events", "--all", "-n", name, "--grace-period=0", "--force", check=True)


def pod(name, space=SPACE, image="example/shop:1", **metadata):
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": space, **metadata},
            "spec": {"containers": [{"name": "app", "image": image}]}}


def create(cluster, document):
    done = cluster.ask("POST", f"/api/v1/namespaces/{document['metadata']['namespace']}/pods", document, "admin")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def ended(verdict, run, line=True):
    start = f"initscan/1 verdict={verdict}{' reason=no-data' if verdict == 'undecided' else ''} {COUNTS.format(int(verdict == 'fail'))} ms=40\n"
    return {"terminated": {"exitCode": CODES[verdict], "reason": "Error" if CODES[verdict] else "Completed", "containerID": f"containerd://{run}",
                           "startedAt": "2026-11-28T00:00:01Z", "finishedAt": "2026-11-28T00:00:02Z", "message": (start if line else "") + WORDS[verdict]}}


def report(cluster, name, state, last=None, app=TURN, space=SPACE):
    """The status that a kubelet writes."""
    status = {"phase": "Running" if "running" in app else "Pending", "initContainerStatuses": [
        {"name": "initscan-gate", "image": IMAGE, "imageID": "", "ready": False, "restartCount": 0, "state": state, "lastState": last or {}}],
        "containerStatuses": [{"name": "app", "image": "example/shop:1", "imageID": "", "ready": False, "restartCount": 0, "state": app}]}
    done = cluster.ask("PATCH", f"/api/v1/namespaces/{space}/pods/{name}/status", {"status": status}, "admin", "application/merge-patch+json")
    assert done.returncode == 0, done.stderr


def series(name, **labels):
    return f"{name}{{namespace=\"{SPACE}\"" + "".join(f',{key}="{value}"' for key, value in labels.items()) + "}"


def scans(verdict, reason):
    return series("initscan_scans_total", verdict=verdict, reason=reason)


def events_on(cluster, uid):
    done = cluster.ask("GET", f"/api/v1/namespaces/{SPACE}/events", user="admin")
    return [event for event in json.loads(done.stdout)["items"] if event["involvedObject"]["uid"] == uid and event["source"].get("component") == "initscan-server"]


def test_the_whole_story_is_in_prometheus(cluster, watch, tmp_path):
    need("prometheus")
    job = {"job_name": "initscan-server", "scheme": "https", "authorization": {"credentials": TOKENS["admin"]}, "static_configs": [{"targets": [f"127.0.0.1:{watch.port}"]}],
           "tls_config": {"ca_file": str(watch.certificate), "server_name": "localhost"}}
    (tmp_path / "prometheus.yml").write_text(json.dumps({"global": {"scrape_interval": "1s"}, "scrape_configs": [job]}))
    prometheus = Server(tmp_path, "prometheus", "--web.listen-address", f"--config.file={tmp_path}/prometheus.yml", f"--storage.tsdb.path={tmp_path}/data")
    try:
        blocked = f'sum(initscan_pods_blocked{{namespace="{SPACE}"}})'
        until_in_prometheus(prometheus, blocked, 0)
        create(cluster, pod("bad"))
        report(cluster, "bad", {"waiting": {"reason": "CrashLoopBackOff"}}, ended("fail", "bad1"))
        until_in_prometheus(prometheus, f'sum(initscan_scans_total{{namespace="{SPACE}",verdict="fail"}})', 1)
        until_in_prometheus(prometheus, f'initscan_pods_blocked{{namespace="{SPACE}",reason="gate_failed"}}', 1)

        cluster.kubectl("delete", "pod", "bad", "-n", SPACE, "--grace-period=0", "--force", check=True)
        create(cluster, pod("fixed"))
        report(cluster, "fixed", ended("pass", "fixed1"), app={"running": {"startedAt": "2026-11-28T00:00:03Z"}})
        until_in_prometheus(prometheus, blocked, 0)
        until_in_prometheus(prometheus, f'sum(initscan_scans_total{{namespace="{SPACE}",verdict="pass"}})', 1)
        until_in_prometheus(prometheus, f'initscan_pods{{namespace="{SPACE}",state="scanned"}}', 1)
        until_in_prometheus(prometheus, f'sum(initscan_scans_total{{namespace="{SPACE}",verdict="fail"}})', 1)
    finally:
        prometheus.close()


def test_a_run_is_counted_once_also_after_a_restart(cluster, watch, tmp_path):
    create(cluster, pod("again"))
    report(cluster, "again", ended("fail", "r1"))
    report(cluster, "again", {"running": {"startedAt": "2026-11-28T00:00:05Z"}}, ended("fail", "r1"))
    until(lambda: watch.figure(scans("fail", "blocks")) == 1, watch.log.read_text)
    watch.kill()
    report(cluster, "again", ended("undecided", "r2"), ended("fail", "r1"))
    second = ServerWatch(cluster, tmp_path)
    try:
        until(lambda: second.figure(scans("undecided", "no-data")) == 1, second.log.read_text)
        assert second.figure(scans("fail", "blocks")) == 1
        report(cluster, "again", ended("pass", "r3", line=False), ended("undecided", "r2"), app={"running": {}})
        until(lambda: second.figure(scans("undecided", "no-line")) == 1, second.log.read_text)
        assert second.figure(scans("undecided", "no-data")) == 1
        assert second.figure(series("initscan_pods", state="scanned")) == 1
    finally:
        second.close()


def test_a_pod_that_its_gate_blocks_has_an_event(cluster, watch):
    uid = create(cluster, pod("told"))["metadata"]["uid"]
    for run in ("t1", "t2"):
        report(cluster, "told", {"waiting": {"reason": "CrashLoopBackOff"}}, ended("fail", run))
    until(lambda: len(events_on(cluster, uid)) == 1, watch.log.read_text)
    until(lambda: watch.figure(scans("fail", "blocks")) == 2, watch.log.read_text)
    (event,) = events_on(cluster, uid)
    assert (event["reason"], event["type"]) == ("ScanFailed", "Warning")
    assert event["message"].startswith("initscan's gate refuses this pod: initscan: FAIL 1; see kubectl logs told -c initscan-gate")


def test_a_label_that_goes_and_comes_back_counts_nothing_twice(cluster, watch):
    create(cluster, pod("relabelled"))
    report(cluster, "relabelled", ended("pass", "l1"), app={"running": {}})
    scanned, without = series("initscan_pods", state="scanned"), series("initscan_pods", state="older_than_label")
    until(lambda: watch.figure(scanned) == 1, watch.log.read_text)
    cluster.kubectl("label", "pod", "relabelled", "-n", SPACE, "initscan.io/injected-", check=True)
    until(lambda: watch.figure(without) == 1 and watch.figure(scanned) == 0, watch.log.read_text)
    cluster.kubectl("label", "pod", "relabelled", "-n", SPACE, "initscan.io/injected=true", check=True)
    until(lambda: watch.figure(scanned) == 1 and watch.figure(without) == 0, watch.log.read_text)
    create(cluster, pod("another"))
    report(cluster, "another", ended("pass", "l2"))
    until(lambda: watch.figure(scans("pass", "")) == 2, watch.log.read_text)


def test_what_is_forged_counts_as_nothing(cluster, watch):
    """In a namespace without a label anybody may call a container so, and give a pod the label."""
    document = pod("forged", "elsewhere", labels={"initscan.io/injected": "true"})
    document["spec"]["initContainers"] = [{"name": "initscan-gate", "image": "example/evil:1", "command": ["true"]}]
    create(cluster, document)
    report(cluster, "forged", ended("fail", "f1"), space="elsewhere")
    create(cluster, pod("real"))
    report(cluster, "real", ended("pass", "p1"))
    until(lambda: watch.figure(scans("pass", "")) == 1, watch.log.read_text)
    metrics = watch.get("/metrics")
    assert 'initscan_pods{namespace="elsewhere",state="unproven"} 1' in metrics
    assert 'initscan_scans_total{namespace="elsewhere"' not in metrics and 'verdict="fail"' not in metrics


def test_the_true_gate_with_what_nobody_accepts_counts_as_nothing(cluster, watch):
    """A pod as the injector makes it, in a namespace that nobody guards, with a policy, an index or a server of its author's."""
    made = json.loads(cluster.create(pod("model"), dry_run=True).stdout)["spec"]
    containers = [*made["initContainers"], *made["containers"]]
    made = {key: made[key] for key in ("initContainers", "containers", "volumes")}
    made["volumes"] = [volume for volume in made["volumes"] if volume["name"].startswith("initscan-")]
    for container in containers:
        container["volumeMounts"] = [mount for mount in container.get("volumeMounts", []) if mount["name"].startswith("initscan-")]

    def create_changed(name, change):
        spec = copy.deepcopy(made)
        change(spec, spec["initContainers"][-1])
        create(cluster, {**pod(name, "elsewhere", labels={"initscan.io/injected": "true"}), "spec": spec})
        report(cluster, name, ended("pass", name), app={"running": {}}, space="elsewhere")

    def give_policy(_, gate):
        own = b'{"name":"mine","failOn":"never"}'
        given = {"--policy-inline": base64.b64encode(own).decode(), "--policy-sha256": hashlib.sha256(own).hexdigest()}
        gate["args"] = [f"{option}={given.get(option, value)}" if value else option for option, _, value in (arg.partition("=") for arg in gate["args"])]

    def give_index(spec, gate):
        spec["volumes"].append({"name": "initscan-db", "image": {"reference": "example/empty-index:1"}})
        gate["volumeMounts"].append({"name": "initscan-db", "mountPath": "/initscan/db", "readOnly": True})
        gate["args"].append("--db=/initscan/db/advisories.db")

    def give_server(url):
        servers = [f"--server={url}", "--server-token=/initscan/token/token", "--server-ca-inline=AAAA"]

        def give(spec, gate):
            spec["serviceAccountName"] = "default"
            spec["volumes"].append({"name": "initscan-token", "projected": {"defaultMode": 420, "sources": [
                {"serviceAccountToken": {"audience": "initscan", "expirationSeconds": 3600, "path": "token"}}]}})
            gate["volumeMounts"].append({"name": "initscan-token", "mountPath": "/initscan/token", "readOnly": True})
            gate["args"] += servers

        return give, "|".join(servers)

    evil, _ = give_server("https://evil.example.com")
    good, word = give_server("https://initscan.example.com")
    cluster.kubectl("patch", "finalstate", "initscan-final-state", "-n", "initscan-system", "--type=merge",
                    "-p", json.dumps({"data": {"gateServers": f"none {word}"}}), check=True)
    create_changed("own-policy", give_policy)
    create_changed("own-index", give_index)
    create_changed("own-server", evil)
    create_changed("the-clusters-server", good)
    create_changed("unchanged", lambda spec, gate: None)
    until(lambda: watch.figure('initscan_pods{namespace="elsewhere",state="unproven"}') == 3, watch.log.read_text)
    until(lambda: watch.figure('initscan_pods{namespace="elsewhere",state="scanned"}') == 2, watch.log.read_text)
    until(lambda: watch.figure('initscan_scans_total{namespace="elsewhere",verdict="pass",reason=""}') == 2, watch.log.read_text)


def test_large_pods_of_one_tenant_hide_nobody_elses(cluster, watch, tmp_path):
    create(cluster, pod("refused"))
    report(cluster, "refused", ended("fail", "b1"))
    blocked = series("initscan_pods_blocked", reason="gate_failed")
    until(lambda: watch.figure(blocked) == 1, watch.log.read_text)
    for n in range(16):
        large = pod(f"large{n}", "elsewhere", labels={"initscan.io/injected": "true"})
        letter = "<" if n == 0 else "x"  # of which the first is six bytes of JSON, and its pod larger than any event may be
        large["spec"]["containers"][0]["env"] = [{"name": f"E{i}", "value": letter * 100_000} for i in range(15)]
        create(cluster, large)
    create(cluster, pod("next"))
    report(cluster, "next", ended("fail", "b2"))
    until(lambda: watch.figure(blocked) == 2, watch.log.read_text)
    unproven = 'initscan_pods{namespace="elsewhere",state="unproven"}'
    until(lambda: watch.figure(unproven) == 1, watch.log.read_text)
    watch.close()
    again = ServerWatch(cluster, tmp_path)

    def knows():
        told = again.figure(blocked)
        assert told in (None, 2), "of a part of the pods nothing is told"
        return told == 2 and again.is_ready()

    try:
        until(knows, again.log.read_text)
        assert again.figure(unproven) == 1 and again.rss_mib("VmHWM") < 200
    finally:
        again.close()


def refused(watch, token):
    with pytest.raises(urllib.error.HTTPError) as refusal:
        watch.get("/metrics", token)
    return refusal.value.code, refusal.value.read().decode()


def test_metrics_are_for_those_who_may_get_them(cluster, watch):
    known = "want a token that the API server knows: Authorization: Bearer TOKEN\n"
    assert refused(watch, None) == (401, known) and refused(watch, "nobody's") == (401, known)
    code, words = refused(watch, TOKENS["developer"])
    assert code == 403 and words.startswith("developer may not get /metrics: bind it to a ClusterRole")
    assert watch.get("/healthz", None) == "ok\n" and watch.get("/readyz", None) == "ok\n"
    # The token that Prometheus has in its pod, and no other's: one for initscan is not meant for this.
    rbac = "rbac.authorization.k8s.io"
    cluster.apply({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "prometheus", "namespace": "elsewhere"}},
                  {"apiVersion": f"{rbac}/v1", "kind": "ClusterRole", "metadata": {"name": "scraper"}, "rules": [{"nonResourceURLs": ["/metrics"], "verbs": ["get"]}]},
                  {"apiVersion": f"{rbac}/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "scraper"},
                   "roleRef": {"apiGroup": rbac, "kind": "ClusterRole", "name": "scraper"},
                   "subjects": [{"kind": "ServiceAccount", "name": "prometheus", "namespace": "elsewhere"}]})
    own = cluster.kubectl("create", "token", "prometheus", "-n", "elsewhere", check=True).stdout.strip()
    assert "initscan_server_leader 1" in watch.get("/metrics", own)
    other = cluster.kubectl("create", "token", "prometheus", "-n", "elsewhere", "--audience=initscan", check=True).stdout.strip()
    assert refused(watch, other)[0] == 401


def test_pods_without_a_gate_are_told_of_by_their_reason(cluster, watch):
    cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "late"}})
    create(cluster, pod("older", "late"))
    bypassing = pod("around", labels={"initscan.io/inject": "disabled"})
    create(cluster, bypassing)
    until(lambda: watch.figure(series("initscan_pods", state="bypassed")) in (0, 1), watch.log.read_text)
    older = 'initscan_pods{namespace="late",state="older_than_label"}'
    assert watch.figure(older) is None, "nobody asks for scans there"
    cluster.kubectl("label", "namespace", "late", "initscan.io/inject=enabled", check=True)
    until(lambda: watch.figure(older) == 1, watch.log.read_text)
    cluster.kubectl("delete", "pod", "older", "-n", "late", "--grace-period=0", "--force", check=True)
    until(lambda: watch.figure(older) == 0, watch.log.read_text)


def test_series_of_a_namespace_that_is_gone_go(cluster, watch):
    cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "passing", "labels": {"initscan.io/inject": "enabled"}}})
    series_there = 'initscan_pods{namespace="passing",state="scanned"}'
    until(lambda: watch.figure(series_there) == 0, watch.log.read_text)
    cluster.kubectl("delete", "namespace", "passing", "--wait=false", check=True)
    cluster.ask("PUT", "/api/v1/namespaces/passing/finalize", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "passing"}, "spec": {"finalizers": []}}, "admin")
    until(lambda: watch.figure(series_there) is None, watch.log.read_text)


def told(replicas, name):
    """What those say of a series that run and lead."""
    figures = []
    for one in replicas:
        try:
            figures.append(one.figure(name) if one.process.poll() is None else None)
        except OSError:  # of a store that is away
            figures.append(None)
    return [figure for figure in figures if figure is not None]


def test_replicas_that_share_a_postgresql_count_a_run_once(cluster, space, tmp_path_factory):
    if not is_installed():
        pytest.skip("no PostgreSQL 15 (./dev setup installs it)")
    postgresql = PostgresqlServer().start()
    made = []
    try:
        url = postgresql.new_database("watched")
        made += [ServerWatch(cluster, tmp_path_factory.mktemp(name), "--identity", name, store=url) for name in ("first", "second")]
        for one in made:
            until(one.is_ready, one.log.read_text)
        create(cluster, pod("shared"))
        report(cluster, "shared", ended("fail", "s1"))
        until(lambda: told(made, scans("fail", "blocks")) == [1], made[0].log.read_text)
        postgresql.kill()
        report(cluster, "shared", ended("undecided", "s2"), ended("fail", "s1"))
        postgresql.start()
        until(lambda: told(made, scans("undecided", "no-data")) == [1], made[0].log.read_text)
        next(one for one in made if one.figure("initscan_server_leader") == 1).close()
        until(lambda: told(made, scans("undecided", "no-data")) == [1], made[1].log.read_text)
        assert told(made, scans("fail", "blocks")) == [1]
    finally:
        for one in made:
            one.close()
        postgresql.stop()
        cluster.kubectl("delete", "pods,events", "--all", "-n", SPACE, "--grace-period=0", "--force", check=True)


def test_one_that_starts_before_its_postgresql_waits_and_tells_of_pods_while_it_is_away(cluster, space, tmp_path):
    if not is_installed():
        pytest.skip("no PostgreSQL 15 (./dev setup installs it)")
    postgresql = PostgresqlServer().start()
    url = postgresql.new_database("later")
    postgresql.kill()
    watch = ServerWatch(cluster, tmp_path, store=url)
    try:
        until(lambda: "not there yet" in watch.log.read_text() or watch.log.read_text(), "it does not say what it waits for")
        assert watch.get("/healthz") == "ok\n" and not watch.is_ready()
        assert watch.figure("initscan_store_up") == 0
        postgresql.start()
        until(watch.is_ready, watch.log.read_text)
        until(lambda: watch.figure("initscan_server_leader") == 1, watch.log.read_text)
        create(cluster, pod("kept-out"))
        report(cluster, "kept-out", ended("fail", "away-1"))
        until(lambda: watch.figure(series("initscan_scans_total", verdict="fail", reason="blocks")) == 1, watch.log.read_text)
        postgresql.kill()
        until(lambda: watch.figure("initscan_store_up") == 0, watch.log.read_text)
        assert watch.figure(series("initscan_pods_blocked", reason="gate_failed")) == 1
        assert watch.figure(series("initscan_scans_total", verdict="fail", reason="blocks")) is None, "no counter falls back to 0"
        postgresql.start()
        until(lambda: watch.figure(series("initscan_scans_total", verdict="fail", reason="blocks")) == 1, watch.log.read_text)
    finally:
        watch.close()
        postgresql.stop()
        cluster.kubectl("delete", "pods,events", "--all", "-n", SPACE, "--grace-period=0", "--force", check=True)


def test_one_replica_tells_of_the_cluster(cluster, watch, tmp_path_factory):
    second = ServerWatch(cluster, tmp_path_factory.mktemp("second"))
    try:
        until(second.is_ready, second.log.read_text)
        assert second.figure("initscan_server_leader") == 0 and "initscan_pods" not in second.get("/metrics")
        watch.close()
        until(lambda: second.figure(series("initscan_pods", state="scanned")) == 0, second.log.read_text)
    finally:
        second.close()


class Forwarder:
    """Passes connections on to a port, and can cut all that there are."""

    def __init__(self, port):
        self.target, self.open = port, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.target))
            self.open += [client, server]
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._pass, args=(source, sink), daemon=True).start()

    @staticmethod
    def _pass(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass

    def cut(self):
        for one in self.open:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.open.clear()

    def close(self):
        self.listener.close()
        self.cut()


def lists_of_pods(cluster):
    """That the server has asked for, as the API server's audit log has it."""
    lines = (cluster.folder / "audit.log").read_text().splitlines()
    return sum('"verb":"list"' in line and '"username":"auditor"' in line and '"resource":"pods"' in line and '"stage":"ResponseComplete"' in line
               for line in lines)


def test_a_short_disconnection_misses_nothing_and_lists_nothing_again(cluster, space, tmp_path):
    forwarder = Forwarder(cluster.port)
    config = tmp_path / "forwarded.kubeconfig"
    config.write_text(cluster.kubeconfig("auditor").read_text().replace(f":{cluster.port}", f":{forwarder.port}"))
    create(cluster, pod("cut"))
    watch = ServerWatch(cluster, tmp_path, kubeconfig=config)
    try:
        until(watch.is_ready, watch.log.read_text)
        until(lambda: watch.figure("initscan_server_leader") == 1, watch.log.read_text)
        report(cluster, "cut", ended("undecided", "c1"))
        until(lambda: watch.figure(scans("undecided", "no-data")) == 1, watch.log.read_text)
        before = lists_of_pods(cluster)
        assert before >= 2, "each kind once"
        forwarder.cut()
        report(cluster, "cut", ended("fail", "c2"), ended("undecided", "c1"))
        until(lambda: watch.figure(scans("fail", "blocks")) == 1, watch.log.read_text)
        assert watch.figure(scans("undecided", "no-data")) == 1 and lists_of_pods(cluster) == before
    finally:
        watch.close()
        forwarder.close()
        cluster.kubectl("delete", "pod", "cut", "-n", SPACE, "--grace-period=0", "--force", check=True)

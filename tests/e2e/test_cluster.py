"""The injector follows a real API server: certificates, policies as objects, exemptions, events, restarts."""

import base64
import http.client
import json
import ssl
import threading
import time
import urllib.parse

import pytest

from cluster_webhook import ClusterWebhook
from deployment import IMAGE, install
from enforcement import until, wait_until_enforced
from other_webhook import OtherWebhook
from support import run
from test_admission import created, denied, gate_of, init_names, labelled, pod

GROUP = "initscan.io/v1alpha1"


@pytest.fixture(scope="module")
def running(cluster, injector, tmp_path_factory):
    webhook = ClusterWebhook(injector, cluster, tmp_path_factory.mktemp("cluster-webhook"), "--mode", "auto", image=IMAGE)
    install(cluster, webhook)
    yield webhook
    webhook.close()


@pytest.fixture
def space(cluster, running, request):
    """A namespace of the test's own."""
    name = "n" + str(abs(hash(request.node.name)))[:12]
    cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": {"initscan.io/inject": "enabled"}}})
    wait_for_pod(cluster, pod(name))
    yield name
    cluster.kubectl("delete", "namespace", name, "--wait=false", check=True)


def wait_for_pod(cluster, document):
    """Until a pod is injected and admitted: labels, policies and what is accepted reach everyone by watches."""
    def seen():
        done = cluster.create(document, dry_run=True)
        return done.returncode == 0 and "initscan-gate" in done.stdout or done.stderr

    until(seen, "it is not injected and admitted")


def policy_of(made):
    gate = gate_of(made["spec"])
    inlined = next(a for a in gate["args"] if a.startswith("--policy-inline="))
    return json.loads(base64.b64decode(inlined.split("=", 1)[1]))


def wait_for_policy(cluster, space, wanted):
    """Until pods of the namespace get a policy of which `wanted` is true, and are admitted with it."""
    def seen():
        done = cluster.create(pod(space))
        return done.returncode == 0 and wanted(policy_of(json.loads(done.stdout))["spec"]) or done.stderr or done.stdout[-800:]

    until(seen, "the policy does not reach pods")


def custom(kind, name, space=None, **spec):
    return {"apiVersion": GROUP, "kind": kind, "metadata": {"name": name, **({"namespace": space} if space else {})}, "spec": spec}


def test_auto_takes_volumes_on_a_server_that_has_them(cluster, running, space):
    until(lambda: init_names(created(cluster.create(pod(space)))) == ["initscan-gate"] or "copy", "it does not take volumes")


def test_it_makes_its_own_certificate_and_the_api_server_trusts_it(cluster, running):
    secret = cluster.read("secret", "initscan-injector-tls", "-n", "initscan-system")
    hooks = cluster.read("mutatingwebhookconfiguration", "initscan")["webhooks"]
    assert len(hooks) == 3
    assert all(hook["clientConfig"]["caBundle"] == secret["data"]["ca.crt"] for hook in hooks)
    assert 86400 * 29 < running.figure("initscan_certificate_expiry_seconds") < 86400 * 31
    until(lambda: running.figure("initscan_leader") == 1 or "another one leads", "it does not lead")


def test_it_makes_the_servers_certificate_by_another_authority(cluster, running, tmp_path):
    def made():
        return (cluster.read("secret", "initscan-server-tls", "-n", "initscan-system") or {}).get("data", {})

    until(lambda: "tls.crt" in made() or "not yet", "the server has no certificate")
    found = made()
    for key in ("ca.crt", "tls.crt"):
        (tmp_path / key).write_bytes(base64.b64decode(found[key]))
    checked = run("openssl", "verify", "-CAfile", tmp_path / "ca.crt", "-verify_hostname", "initscan-server.initscan-system.svc", tmp_path / "tls.crt")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    years = run("openssl", "x509", "-noout", "-checkend", 9 * 365 * 86400, "-in", tmp_path / "ca.crt")
    assert years.returncode == 0, "gates of pods that live for long would not know it again"
    own = cluster.read("secret", "initscan-injector-tls", "-n", "initscan-system")["data"]
    assert own["authority.crt"] != found["authority.crt"]


def test_a_ca_bundle_that_somebody_resets_comes_back(cluster, running):
    want = cluster.read("mutatingwebhookconfiguration", "initscan")["webhooks"][0]["clientConfig"]["caBundle"]
    patch = [{"op": "remove", "path": "/webhooks/0/clientConfig/caBundle"}]
    cluster.kubectl("patch", "mutatingwebhookconfiguration", "initscan", "--type=json", "-p", json.dumps(patch), check=True)
    until(lambda: cluster.read("mutatingwebhookconfiguration", "initscan")["webhooks"][0]["clientConfig"].get("caBundle") == want
          or "still another one", "the caBundle does not come back")


def test_a_namespace_names_its_policy(cluster, running, space):
    cluster.apply(custom("ClusterScanPolicy", "strict", failOn={"severity": "low"}))
    cluster.kubectl("annotate", "namespace", space, "initscan.io/policy=strict", check=True)
    wait_for_policy(cluster, space, lambda spec: spec["failOn"]["severity"] == "low")
    cluster.apply(custom("ClusterScanPolicy", "strict", failOn={"severity": "medium"}))
    wait_for_policy(cluster, space, lambda spec: spec["failOn"]["severity"] == "medium")


def test_a_namespace_tightens_for_itself_alone(cluster, running, space):
    cluster.apply(custom("ScanPolicy", "tighter", space, failOn={"severity": "medium"}, onUnreadable="deny"))
    wait_for_policy(cluster, space, lambda spec: spec["failOn"]["severity"] == "medium" and spec["onUnreadable"] == "deny")
    assert policy_of(created(cluster.create(pod())))["spec"]["failOn"]["severity"] == "critical"


def test_a_policy_of_another_namespace_is_denied(cluster, running, space):
    cluster.apply(custom("ScanPolicy", "tighter", space, failOn={"severity": "high"}))
    wait_for_policy(cluster, space, lambda spec: spec["failOn"]["severity"] == "high")
    foreign = created(cluster.create(pod(space)))
    configuration = cluster.read("mutatingwebhookconfiguration", "initscan")
    cluster.kubectl("delete", "mutatingwebhookconfiguration", "initscan", check=True)
    try:
        bad = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "foreign", "namespace": "shop"}, "spec": foreign["spec"]}
        # As long as it is asked, the webhook puts the namespace's own policy in its place.
        until(lambda: "its policy is not an accepted one" in cluster.create(bad, dry_run=True).stderr or "the webhook is still asked",
              "it is not denied")
        denied(cluster.create(bad), "its policy is not an accepted one")
    finally:
        for field in ("uid", "resourceVersion", "creationTimestamp", "generation", "managedFields"):
            configuration["metadata"].pop(field, None)
        cluster.apply(configuration)
        wait_until_enforced(cluster)


def test_an_exemption_holds_as_far_as_the_policy_lets_it(cluster, running, space):
    rules = {"allowed": True, "maxSeverity": "high", "maxDays": 30}
    cluster.apply(custom("ClusterScanPolicy", "lenient", namespaceExemptions=rules))
    cluster.kubectl("annotate", "namespace", space, "initscan.io/policy=lenient", check=True)
    soon = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))
    cluster.apply(custom("ScanExemption", "good", space, id="CVE-2024-0001", reason="not reachable", expiresAt=soon))
    wait_for_policy(cluster, space, lambda spec: [(e["id"], e["maxSeverity"]) for e in spec["ignore"]] == [("CVE-2024-0001", "high")])
    before = running.figure("initscan_policy_complaints")
    cluster.apply(custom("ScanExemption", "long", space, id="CVE-2024-0002", reason="later", expiresAt="2099-01-01T00:00:00Z"))
    until(lambda: running.figure("initscan_policy_complaints") == before + 1 or "no complaint", "nothing is said")
    assert len(policy_of(created(cluster.create(pod(space))))["spec"]["ignore"]) == 1
    cluster.kubectl("delete", "scanexemption", "good", "-n", space, check=True)
    wait_for_policy(cluster, space, lambda spec: spec["ignore"] == [])


PLURALS = {"ClusterScanPolicy": "clusterscanpolicies", "ScanPolicy": "scanpolicies", "ScanExemption": "scanexemptions"}


def path_of(document):
    space = document["metadata"].get("namespace")
    return f"/apis/{GROUP}/" + (f"namespaces/{space}/" if space else "") + PLURALS[document["kind"]]


def create_custom(cluster, document):
    return cluster.ask("POST", path_of(document) + "?fieldValidation=Strict", document, user="admin")


def exempting(**spec):
    return custom("ScanExemption", "x", "shop", reason="r", expiresAt="2030-01-01T00:00:00Z", **spec)


def hardening(**section):
    return custom("ClusterScanPolicy", "x", hardening=section)


BAD_OBJECTS = {
    "an exemption of everything": (exempting(), "name an id, a package or a check"),
    "an exemption of a check and a vulnerability": (exempting(check="mutable-root", id="CVE-1"), "a check is not a vulnerability"),
    "an id with a blank": (exempting(id="CVE 1"), "spec.id in body should match"),
    "a check that is none": (exempting(check="Mutable Root"), "spec.check in body should match"),
    "an empty package": (exempting(package=""), "spec.package in body should be at least 1 chars long"),
    "an exemption of everything in a policy": (
        custom("ClusterScanPolicy", "x", ignore=[{"reason": "r", "expiresAt": "2030-01-01T00:00:00Z"}]), "name an id, a package or a check"),
    "unconfined as a default": (hardening(seccompProfile={"type": "Unconfined"}), "Unsupported value: \"Unconfined\""),
    "a node's profile without name": (hardening(appArmorProfile={"type": "Localhost"}), "localhostProfile belongs to the type Localhost"),
    "escalation as a default": (hardening(allowPrivilegeEscalation=True), "Unsupported value: true"),
    "writable paths of a writable root": (hardening(writablePaths=["/tmp"]), "writablePaths without readOnlyRootFilesystem does nothing"),
    "a relative path": (hardening(readOnlyRootFilesystem=True, writablePaths=["tmp"]), "should match"),
    "an unknown hardening": (hardening(seccomp=True), "unknown field \"spec.hardening.seccomp\""),
    "no reason": (custom("ScanExemption", "x", "shop", id="CVE-1", expiresAt="2026-01-01T00:00:00Z"), "spec.reason: Required value"),
    "a reason of blanks": (custom("ScanExemption", "x", "shop", id="CVE-1", reason=" ", expiresAt="2026-01-01T00:00:00Z"), "say why"),
    "no end": (custom("ScanExemption", "x", "shop", id="CVE-1", reason="r"), "spec.expiresAt: Required value"),
    "an end that is no date": (custom("ScanExemption", "x", "shop", id="CVE-1", reason="r", expiresAt="soon"), "must be of type date-time"),
    "an unknown severity": (custom("ScanPolicy", "x", "shop", failOn={"severity": "severe"}), "Unsupported value: \"severe\""),
    "an unknown field": (custom("ClusterScanPolicy", "x", failon="low"), "unknown field \"spec.failon\""),
    "no spec": ({"apiVersion": GROUP, "kind": "ScanPolicy", "metadata": {"name": "x", "namespace": "shop"}}, "spec: Required value"),
    "too many days": (custom("ClusterScanPolicy", "x", namespaceExemptions={"maxDays": 9999}), "should be less than or equal to 3650"),
}


@pytest.mark.parametrize("name", BAD_OBJECTS)
def test_the_api_server_refuses(cluster, running, name):
    document, text = BAD_OBJECTS[name]
    done = create_custom(cluster, document)
    assert done.returncode != 0 and text in done.stderr, done.stderr


def test_a_namespace_that_reports_admits_with_a_warning(cluster, running, space):
    cluster.kubectl("label", "namespace", space, "initscan.io/enforcement=report", check=True)
    wait_for_policy(cluster, space, lambda spec: spec["enforcement"] == "report")
    late = pod(space, ephemeralContainers=[])
    name = created(cluster.create(late))["metadata"]["name"]
    done = cluster.patch({"metadata": {"namespace": space, "name": name}}, {"spec": {"containers": [{"name": "app", "image": "example/other:1"}]}})
    assert done.returncode == 0 and "the image of a running container cannot be changed" in done.stderr, done.stderr


def test_a_pod_stays_away_only_where_the_policy_lets_it(cluster, running, space):
    assert "initscan-gate" in init_names(created(cluster.create(labelled(pod(space)))))
    cluster.apply(custom("ClusterScanPolicy", "optional", allowPodOptOut=True))
    cluster.kubectl("annotate", "namespace", space, "initscan.io/policy=optional", check=True)

    def seen():
        done = cluster.create(labelled(pod(space)))
        return done.returncode == 0 and init_names(json.loads(done.stdout)) == [] or done.stderr or "it is still injected"

    until(seen, "it cannot stay away")
    assert "initscan-gate" in init_names(created(cluster.create(pod(space))))


def test_a_bypass_leaves_an_event(cluster, running):
    bare = labelled(pod())
    assert init_names(created(cluster.create(bare, user="breaker"))) == []
    name = bare["metadata"]["name"]

    def seen():
        events = cluster.read("events", "-n", "shop", "--field-selector", f"involvedObject.name={name}")["items"]
        return [(e["reason"], e["type"]) for e in events] == [("ScanBypassed", "Warning")] or events

    until(seen, "there is no event")


def test_a_review_of_anybodys_writes_no_event(cluster, running):
    """Whoever reaches the port may say that a pod was bypassed; what an event says, the API server has confirmed."""
    scanned = pod()
    created(cluster.create(scanned))
    bare = labelled(pod())
    for claimed in (scanned["metadata"]["name"], "not-there"):
        forged = labelled(pod())
        forged["metadata"]["name"] = claimed
        sender = http.client.HTTPSConnection("127.0.0.1", running.port, context=ssl._create_unverified_context(), timeout=10)
        sender.request("POST", "/bypass", json.dumps({
            "apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
            "request": {"uid": "1", "namespace": "shop", "operation": "CREATE", "userInfo": {"username": "system:admin"}, "object": forged}}))
        assert sender.getresponse().status == 200
    created(cluster.create(bare, user="breaker"))

    def told():
        return {e["involvedObject"]["name"] for e in cluster.read("events", "-n", "shop")["items"] if e["reason"] == "ScanBypassed"}

    until(lambda: bare["metadata"]["name"] in told() or "no event", "not even of the one that is there")
    assert not told() & {scanned["metadata"]["name"], "not-there"}


def test_who_may_bypass_is_scanned_without_the_label(cluster, running):
    assert "initscan-gate" in init_names(created(cluster.create(pod(), user="breaker")))


def test_a_container_that_another_webhook_adds_is_scanned(cluster, running):
    other = OtherWebhook(cluster)
    try:
        meshed = pod()
        meshed["metadata"]["labels"] = {"mesh": "yes"}

        def seen():
            done = cluster.create({**meshed, "metadata": {**meshed["metadata"], "name": "m-" + str(time.time_ns())}})
            made = json.loads(done.stdout) if done.returncode == 0 else {}
            names = [c["name"] for c in made.get("spec", {}).get("containers", [])]
            return "late" in names and any(a.endswith("=example/late:1") for a in gate_of(made["spec"])["args"]) or done.stderr

        until(seen, "it is not scanned")
    finally:
        other.close()


def test_its_rights_end_at_its_own_objects(cluster, running):
    def can(*what):
        return cluster.kubectl("auth", "can-i", *what, user="injector").stdout.strip() == "yes"

    assert can("list", "namespaces") and can("get", "secret/initscan-injector-tls", "-n", "initscan-system")
    assert can("get", "pods", "-A")  # what an event is about
    for what in (("get", "secrets", "-A"), ("list", "secrets", "-n", "initscan-system"), ("watch", "pods", "-A"), ("delete", "pods", "-A"), ("get", "nodes/proxy"),
                 ("patch", "mutatingwebhookconfiguration/other"), ("delete", "mutatingwebhookconfiguration/initscan"),
                 ("update", "namespaces"), ("create", "pods", "-n", "shop"), ("patch", "configmap/initscan-final-state", "-n", "initscan-system"),
                 ("patch", "finalstates/other", "-n", "initscan-system"),
                 ("delete", "finalstates/initscan-final-state", "-n", "initscan-system")):
        assert not can(*what), what


class Load:
    """Pods created one after the other, as fast as the API server takes them; each must be injected and admitted."""

    def __init__(self, cluster):
        self.cluster = cluster
        self.count = 0
        self.failed = []
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self):
        while not self.ended.is_set():
            done = self.cluster.create(pod(), dry_run=True)
            self.count += 1
            if done.returncode != 0 or "initscan-gate" not in done.stdout:
                self.failed.append(done.stderr or done.stdout)

    def end(self):
        self.ended.set()
        self.thread.join()
        assert not self.failed, (len(self.failed), self.count, self.failed[0])
        return self.count


def test_everything_rotates_under_load_without_a_failed_call(cluster, running, injector, tmp_path):
    """Authorities of 18 s that sign after 3 s, leaves of 6 s: several of each within the test."""
    running.close()
    # Before the other one starts: it would serve what lives for a year until it sees that this is gone.
    cluster.kubectl("delete", "secret", "initscan-injector-tls", "-n", "initscan-system", check=True)
    quick = ClusterWebhook(injector, cluster, tmp_path, "--mode", "copy", "--tls-authority-seconds", "18", "--tls-leaf-seconds", "6",
                           "--tls-settle-seconds", "3", image=IMAGE)
    try:
        cluster.change_hooks("mutatingwebhookconfiguration", "url",
                             lambda hook: f"https://localhost:{quick.port}{urllib.parse.urlsplit(hook['clientConfig']['url']).path}")
        until(lambda: quick.said().count("certificate reloaded") >= 1 or "not yet", "there is no certificate")
        wait_until_enforced(cluster)
        seen = set()
        load = Load(cluster)
        try:
            for _ in range(40):
                data = cluster.read("secret", "initscan-injector-tls", "-n", "initscan-system")["data"]
                seen.add((data["authority.crt"], data["tls.crt"]))
                time.sleep(1)
        finally:
            calls = load.end()
        assert calls > 50
        assert len({authority for authority, _ in seen}) >= 3
        assert len({leaf for _, leaf in seen}) >= 6
    finally:
        quick.close()


def renewal(cluster):
    return cluster.read("lease", "initscan-injector", "-n", "initscan-system")["spec"]["renewTime"]


def test_another_replica_takes_over(cluster, injector, tmp_path_factory):
    first = ClusterWebhook(injector, cluster, tmp_path_factory.mktemp("first"), "--mode", "copy", image=IMAGE)
    try:
        until(lambda: "leading=true" in first.said() or first.said(), "the first does not lead")
        second = ClusterWebhook(injector, cluster, tmp_path_factory.mktemp("second"), "--mode", "copy", image=IMAGE)
        try:
            until(lambda: second.is_ready() or second.said(), "the second does not get ready")
            for _ in range(2):  # it asks for the lease as often as the first renews it
                renewed = renewal(cluster)
                until(lambda: renewal(cluster) != renewed or renewed, "the first does not renew its lease")
            assert "leading=true" not in second.said()
            first.close()
            until(lambda: "leading=true" in second.said() or second.said(), "the second does not take over")
        finally:
            second.close()
    finally:
        first.close()


def test_an_api_server_that_restarts_is_found_again(cluster, injector, tmp_path):
    webhook = ClusterWebhook(injector, cluster, tmp_path, "--mode", "copy", image=IMAGE)
    try:
        install(cluster, webhook)
        metrics = webhook.reader()
        cluster.stop_api_server()
        until(lambda: 'initscan_watch_age_seconds{resource="namespaces"} 0' not in metrics() or "no age", "it does not notice")
        assert webhook.process.poll() is None
        cluster.start_api_server()
        wait_until_enforced(cluster)
        until(lambda: 'initscan_watch_age_seconds{resource="namespaces"} 0' in webhook.metrics() or "an age", "the watch is not back")
        cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "after", "labels": {"initscan.io/inject": "enabled"}}})
        cluster.apply(custom("ScanPolicy", "own", "after", failOn={"severity": "low"}))
        wait_for_policy(cluster, "after", lambda spec: spec["failOn"]["severity"] == "low")
    finally:
        webhook.close()

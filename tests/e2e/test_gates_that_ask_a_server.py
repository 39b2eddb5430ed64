"""Gates that tell a server what they found: from the injector's flags to the report in the store, with the tokens that a real
API server gives and reviews. No kubelet runs here; the test starts the gate and asks for its token as one does."""

import copy
import json

import pytest

from cluster_webhook import ClusterWebhook
from deployment import IMAGE, install
from enforcement import checked, until, wait_until_without_webhook
from scan_server import ScanServer, make_certificate, make_index
from started_cluster import started
from support import program, run
from test_admission import created, denied, gate_of, pod, renamed
from test_server_tokens import DEPLOYED, bound

DIGEST = "sha256:" + "7" * 64
SERVERS = ("--report-to=", "--server=", "--server-token=", "--server-ca-inline=")


@pytest.fixture(scope="module")
def fresh_cluster(tmp_path_factory):
    """With the API server's own plugin that gives each pod an account, whose token its gate shows; and it keeps what kubelets say
    of image volumes."""
    made = started(tmp_path_factory.mktemp("with-accounts"), without_plugins=(), feature_gates="ImageVolumeWithDigest=true")
    made.apply({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default", "namespace": "shop"}})
    yield made
    made.close()


@pytest.fixture(scope="module")
def server(fresh_cluster, initscan, tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    fresh_cluster.apply(*(o for o in DEPLOYED if o["kind"] == "ClusterRole"), bound("server", "initscan-server-api", {"kind": "User", "name": "auditor"}))
    made = ScanServer(program("initscan-server"), folder, make_index(initscan, folder / "advisories.db"),
                      "--kubeconfig", fresh_cluster.kubeconfig("auditor"), "--cluster", "test")
    yield made
    made.close()


@pytest.fixture(scope="module", params=["enforce", "webhook-only"])
def installed(request, fresh_cluster, injector, server, tmp_path_factory):
    """The authority comes later than the injector, as a kubelet brings it."""
    folder = tmp_path_factory.mktemp("webhook")
    url = f"https://localhost:{server.port}"
    webhook = ClusterWebhook(injector, fresh_cluster, folder, "--mode", "volume", "--report-to", url, "--server", url,
                             "--server-ca", folder / "ca.crt", image=IMAGE)
    webhook.authority = folder / "ca.crt"
    until(lambda: f"the authority of servers: {webhook.authority}: " in webhook.said() or webhook.said(), "it does not say what it waits for")
    assert not webhook.is_ready()
    webhook.authority.write_bytes(server.certificate.read_bytes())
    install(fresh_cluster, webhook, f"overlays/{request.param}")
    until(webhook.is_ready, "it is not ready")
    webhook.overlay = request.param
    yield webhook
    webhook.close()
    fresh_cluster.kubectl("delete", "validatingadmissionpolicy,validatingadmissionpolicybinding,validatingwebhookconfiguration", "--all", check=True)
    fresh_cluster.kubectl("delete", "finalstate", "--all", "-n", "initscan-system", check=True)


def told(made):
    return [a for a in gate_of(made["spec"])["args"] if a.startswith(SERVERS)]


def shop(**spec):
    return pod(containers=[{"name": "app", "image": f"example/shop@{DIGEST}"}], **spec)


def settled(cluster, made_by):
    """A pod of which `made_by` is true, waited for."""
    until(lambda: made_by(created(cluster.create(renamed(shop()), dry_run=True))) or "still as before", "it does not change")
    return created(cluster.create(renamed(shop())))


def token_of(cluster, made):
    """As a kubelet asks for what the pod's volume says."""
    (volume,) = (v for v in made["spec"]["volumes"] if v["name"] == "initscan-token")
    (source,) = volume["projected"]["sources"]
    said = source["serviceAccountToken"]
    metadata = made["metadata"]
    return cluster.kubectl("create", "token", made["spec"]["serviceAccountName"], "-n", metadata["namespace"], "--audience", said["audience"],
                           "--duration", f"{said['expirationSeconds']}s", "--bound-object-kind", "Pod", "--bound-object-name", metadata["name"],
                           "--bound-object-uid", metadata["uid"], check=True).stdout.strip()


@pytest.fixture
def gate(initscan, server, fresh_cluster, tmp_path):
    """gate(pod): what its gate says, with the arguments that it has; where a kubelet mounts something it finds it elsewhere."""
    def run_as_injected(made, packages="openssl"):
        root = tmp_path / "root"
        (root / "var/lib/dpkg").mkdir(parents=True, exist_ok=True)
        (root / "etc").mkdir(exist_ok=True)
        (root / "etc/os-release").write_text("ID=debian\nVERSION_ID=12\n")
        (root / "var/lib/dpkg/status").write_text(f"Package: {packages}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 3.0.9-1\n\n")
        token = tmp_path / "token"
        token.write_text(token_of(fresh_cluster, made))
        places = {"/initscan/images/0": root, "/initscan/token/token": token, "/dev/termination-log": tmp_path / "message"}
        args = gate_of(made["spec"])["args"]
        for there, here in places.items():
            args = [a.replace(there, str(here)) for a in args]
        done = run(initscan, *args)
        return done.returncode, (tmp_path / "message").read_text() + done.stderr

    return run_as_injected


def reader(cluster):
    cluster.apply({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "reader", "namespace": "shop"}},
                  bound("reads-scans", "initscan-scan-reader", {"kind": "ServiceAccount", "name": "reader", "namespace": "shop"}))
    return cluster.kubectl("create", "token", "reader", "-n", "shop", "--audience", "initscan", check=True).stdout.strip()


@pytest.mark.parametrize("automount", [True, False])
def test_what_a_gate_finds_is_in_the_store_under_its_pod(fresh_cluster, installed, server, gate, automount):
    made = created(fresh_cluster.create(renamed(shop(automountServiceAccountToken=automount))))
    assert [a.partition("=")[0] + "=" for a in told(made)] == list(SERVERS)
    code, said = gate(made)
    assert code == 2 and "verdict=fail" in said and "not reported" not in said, said
    token = reader(fresh_cluster)
    status, _, history = server.ask("GET", f"/v1/images/{DIGEST}/history", Authorization=f"Bearer {token}")
    assert status == 200, history
    newest, metadata = history["reports"][0], made["metadata"]
    assert newest["verdict"] == "fail" and newest["reference"] == f"example/shop@{DIGEST}"
    want = {"name": "system:serviceaccount:shop:default", "namespace": "shop", "pod": metadata["name"], "podUid": metadata["uid"]}
    assert want.items() <= newest["reporter"].items(), newest


def test_an_image_by_a_tag_is_reported_as_the_one_that_its_node_tells_of(fresh_cluster, installed, server, gate):
    """While the gate runs, as a kubelet says what it has mounted. One that does not say it costs the pod no time."""
    made = created(fresh_cluster.create(renamed(pod(containers=[{"name": "app", "image": "example/shop:1.4"}]))))
    name = made["metadata"]["name"]
    code, said = gate(made)
    assert code == 2 and "its node has not said yet of which digest it is" in said, said

    def tell(**status):
        state = {"name": "initscan-gate", "image": "i", "imageID": "", "ready": False, "restartCount": 0,
                 "state": {"running": {"startedAt": "2026-11-28T00:00:00Z"}}}
        fresh_cluster.kubectl("patch", "pod", name, "-n", "shop", "--subresource=status", "--type=merge", "-p",
                              json.dumps({"status": {"initContainerStatuses": [{**state, **status}]}}), check=True)

    tell()
    code, said = gate(made)
    assert code == 2 and "its node does not say of which digest it is" in said, said
    digest = "sha256:" + made["metadata"]["uid"].replace("-", "") * 2
    tell(volumeMounts=[{"name": "initscan-image-0", "mountPath": "/initscan/images/0", "readOnly": True, "recursiveReadOnly": "Disabled",
                        "volumeStatus": {"image": {"imageRef": f"example/shop@{digest}"}}}])
    code, said = gate(made)
    assert code == 2 and "not reported" not in said, said
    status, _, verdict = server.ask("GET", f"/v1/verdicts/{digest}", Authorization=f"Bearer {reader(fresh_cluster)}")
    assert status == 200 and verdict["verdict"] == "fail" and verdict["reference"] == "example/shop:1.4" and verdict["asReported"] is True


def test_another_pods_token_ends_with_its_pod(fresh_cluster, installed, server, gate):
    made = created(fresh_cluster.create(renamed(shop())))
    token = token_of(fresh_cluster, made)
    fresh_cluster.kubectl("delete", "pod", made["metadata"]["name"], "-n", "shop", "--force", "--grace-period=0", check=True)
    assert server.ask("GET", "/v1/index", Authorization=f"Bearer {token}")[0] == 401


def test_without_an_answer_the_policy_decides(fresh_cluster, installed, gate):
    """Its onUnavailable is deny; who it asked and where stands in the words for people."""
    made = created(fresh_cluster.create(renamed(shop())))
    away = copy.deepcopy(made)
    gate_of(away["spec"])["args"] = [f"{a.partition('=')[0]}=https://localhost:1" if a.startswith(SERVERS[:2]) else a for a in gate_of(made["spec"])["args"]]
    code, said = gate(away)
    assert code == 1 and "verdict=undecided reason=server-unreachable" in said, said


def test_check_and_explain_know_it(injector, fresh_cluster, installed):
    created(fresh_cluster.create(renamed(shop())))
    _, lines = checked(injector, fresh_cluster)
    assert not [line for line in lines if "gate" in line or "trial" in line], lines


def test_uninject_takes_it_all_away(injector, fresh_cluster, installed):
    made = created(fresh_cluster.create(renamed(shop())))
    done = run(injector, "uninject", "-f", "-", input=json.dumps({"apiVersion": "v1", "kind": "Pod", **made}))
    assert done.returncode == 0 and "initscan-token" not in done.stdout and "--report-to" not in done.stdout, done.stdout


def test_the_authority_changes_and_no_pod_is_denied(fresh_cluster, installed, server, tmp_path):
    before = told(created(fresh_cluster.create(renamed(shop()))))
    other, _ = make_certificate(tmp_path)
    installed.authority.write_bytes(server.certificate.read_bytes() + other.read_bytes())
    after = told(settled(fresh_cluster, lambda made: told(made) != before))
    assert after[:3] == before[:3] and after[3].startswith(before[3] + ",")
    if installed.overlay == "enforce":
        data = fresh_cluster.read("finalstate", "initscan-final-state", "-n", "initscan-system")["data"]
        assert data["gateServers"].split(" ")[:2] == ["|".join(after), "|".join(before)]
        assert any(former.endswith("Z=" + "|".join(before)) for former in data["formerGateServers"].split(" "))
    # What is no certificate changes nothing, and is told.
    installed.authority.write_text("half a file")
    until(lambda: "want certificates in PEM" in installed.said() or "it is silent", "it does not say what is wrong")
    assert told(created(fresh_cluster.create(renamed(shop())))) == after
    installed.authority.write_bytes(server.certificate.read_bytes())
    settled(fresh_cluster, lambda made: told(made) == before)


def test_no_other_server_gets_through(fresh_cluster, installed):
    """The webhook repairs what somebody brings; without it, it is denied."""
    made = created(fresh_cluster.create(renamed(shop())))
    bare = {"apiVersion": "v1", "kind": "Pod", "metadata": {"namespace": "shop", "name": "x"}, "spec": made["spec"]}
    evil, silent = renamed(bare), renamed(bare)
    gate_of(evil["spec"])["args"] = [a.replace("https://localhost", "https://evil.example.com") for a in gate_of(evil["spec"])["args"]]
    gate_of(silent["spec"])["args"] = [a for a in gate_of(silent["spec"])["args"] if not a.startswith(SERVERS)]
    for bad in (evil, silent):
        assert told(created(fresh_cluster.create(bad, dry_run=True))) == told(made)
    fresh_cluster.kubectl("delete", "mutatingwebhookconfiguration", "--all", check=True)
    wait_until_without_webhook(fresh_cluster)
    created(fresh_cluster.create(renamed(bare), dry_run=True))
    for bad in (evil, silent):
        denied(fresh_cluster.create(bad, dry_run=True), "arguments" if installed.overlay == "enforce" else "not as the injector makes it")

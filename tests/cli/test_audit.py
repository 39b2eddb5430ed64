"""`initscan-audit`: messages, exit codes, and input that means harm."""

import base64
import hashlib
import json
import re
import sqlite3
import subprocess

import pytest

from support import program, run, shared_data


@pytest.fixture(scope="session")
def audit():
    return program("initscan-audit")


def pod(name="web-1", **spec):
    container = {"name": "web", "image": "example/web:1"} | spec.pop("container", {})
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "shop"} | spec.pop("metadata", {}),
            "spec": {"containers": [container]} | spec.pop("spec", {})} | spec


def pods(*items):
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": list(items)})


class Audit:
    def __init__(self, binary, folder):
        self.binary, self.folder = binary, folder

    def run(self, *argv, text=None, files=("-",), **options):
        sources = [word for name in files for word in ("--from-file", name)]
        return run(self.binary, "run", *sources, "--report-dir", self.folder / "reports", *argv, input=text, **options)

    def report(self):
        return json.loads((self.folder / "reports" / "audit.json").read_text())

    def gaps(self):
        return [f"{gap['part']}: {gap['reason']}" for cluster in self.report()["clusters"] for gap in cluster["gaps"]]


@pytest.fixture
def shop(audit, tmp_path):
    return Audit(audit, tmp_path)


def results(report, check):
    return [r for w in report["workloads"] for r in w["results"] if r["check"] == check]


def test_a_pod_from_standard_input(shop):
    done = shop.run(text=pods(pod()))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("1 pod with 1 container of 1 workload\n")
    assert "shop/Pod/web-1" in done.stdout
    assert "\x1b" not in done.stdout, "colour is for terminals"
    assert sorted(p.name for p in (shop.folder / "reports").iterdir()) == ["audit.html", "audit.json", "audit.md"]
    assert results(shop.report(), "writable-root")[0]["outcome"] == "fail"


def test_a_pipe_is_read_as_often_as_it_takes(shop):
    """Facts stand behind the pods, and a pipe cannot be read twice."""
    owner = {"kind": "ReplicaSet", "name": "web-5", "uid": "r", "controller": True}
    replica_set = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {"name": "web-5", "namespace": "shop", "uid": "r",
                   "ownerReferences": [{"apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "uid": "d", "controller": True}]}}
    text = pods(pod(metadata={"ownerReferences": [owner]}), replica_set)
    assert shop.run(text=text).returncode == 0
    assert [w["kind"] + "/" + w["name"] for w in shop.report()["workloads"]] == ["Deployment/web"]
    leftovers = subprocess.run(["sh", "-c", "ls /tmp/initscan-audit.* 2>/dev/null"], capture_output=True, text=True)
    assert leftovers.stdout == ""


def test_a_spool_that_cannot_be_written_says_what_to_do(shop):
    done = shop.run(text=pods(pod()), env={"TMPDIR": "/nowhere"})
    assert (done.returncode, done.stdout) == (1, "")
    assert "cannot store input that can be read only once (is TMPDIR writable?)" in done.stderr


def test_every_format_is_written_at_once(shop):
    done = shop.run("--format", "html,md,json,csv,sarif,junit,prom", text=pods(pod()))
    assert done.returncode == 0
    assert len(list((shop.folder / "reports").iterdir())) == 7
    assert (shop.folder / "reports" / "audit.junit.xml").is_file()


def test_fail_on_is_exit_code_2(shop):
    privileged = pods(pod(container={"securityContext": {"privileged": True}}))
    assert shop.run(text=privileged).returncode == 0
    assert shop.run("--fail-on", "critical", text=privileged).returncode == 2
    done = shop.run("--fail-on", "critical", text=pods(pod()))
    assert done.returncode in (0, 1), done.stdout
    assert "failing on critical and worse" in done.stdout


def test_a_push_that_fails_does_not_change_the_answer(shop):
    privileged = pods(pod(container={"securityContext": {"privileged": True}}))
    nobody = ("--pushgateway", "http://127.0.0.1:1")
    fact = (r"initscan-audit: error: http://127\.0\.0\.1:1/metrics/job/initscan-audit: Failed to connect to 127\.0\.0\.1 port 1 after "
            r"\d+ ms: Couldn't connect to server; is the URL right, and does it take a proxy \(http_proxy, https_proxy, no_proxy\)\?\n")
    done = shop.run(*nobody, text=privileged)
    assert done.returncode == 1 and re.fullmatch(fact, done.stderr), done.stderr
    done = shop.run("--fail-on", "critical", *nobody, text=privileged)
    assert done.returncode == 2 and re.fullmatch(fact, done.stderr), done.stderr
    assert "failing on critical and worse" in done.stdout


def exempted(allowed, *exemptions):
    policy = {"apiVersion": "initscan.io/v1alpha1", "kind": "ClusterScanPolicy", "metadata": {"name": "default"},
              "spec": {"namespaceExemptions": {"allowed": allowed, "maxSeverity": "critical", "maxDays": 3650}}}
    made = {"apiVersion": "initscan.io/v1alpha1", "kind": "ScanExemption"}
    return [policy, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}},
            *({**made, "metadata": {"name": name, "namespace": "shop", "creationTimestamp": "2026-01-01T00:00:00Z"},
               "spec": {"check": "privileged", "reason": "the node agent", "expiresAt": end}} for name, end in exemptions)]


def test_a_scan_exemption_accepts_what_the_clusters_policy_lets_it(shop):
    privileged = pod(container={"securityContext": {"privileged": True}})
    good = exempted(True, ("agent", "2030-01-01T00:00:00Z"))
    done = shop.run("--fail-on", "critical", text=pods(privileged, *good))
    assert done.returncode != 2 and "Warnings" not in done.stdout, done.stdout
    (accepted,) = [r for r in results(shop.report(), "privileged")]
    assert accepted["exception"] == "accepted until 2030-01-01T00:00:00Z: the node agent (ScanExemption shop/agent)"
    assert [e["grantedBy"] for e in shop.report()["exceptions"]] == ["ScanExemption shop/agent"]

    for objects, warning in ((exempted(False, ("agent", "2030-01-01T00:00:00Z")), 'the policy "default" does not let namespaces exempt anything'),
                             (exempted(True, ("old", "2026-01-02T00:00:00Z")), "(ScanExemption shop/old) ended at 2026-01-02T00:00:00Z"),
                             (good[1:], "which policy applies in its namespace is not known")):
        done = shop.run("--fail-on", "critical", text=pods(privileged, *objects))
        assert done.returncode == 2 and warning in done.stdout, done.stdout
        assert [r["exception"] for r in results(shop.report(), "privileged")] == [None]


def test_an_accepted_failure_does_not_fail(shop):
    policy = shop.folder / "policy.yaml"
    policy.write_text("apiVersion: initscan.io/v1alpha1\nkind: AuditPolicy\nmetadata: {name: test}\nspec:\n  exceptions:\n"
                      "  - {check: privileged, namespace: shop, reason: it is the node agent, expiresAt: 2099-01-01T00:00:00Z}\n")
    text = pods(pod(container={"securityContext": {"privileged": True}}))
    assert shop.run("--fail-on", "critical", text=text).returncode == 2
    assert shop.run("--fail-on", "critical", "--policy", policy, text=text).returncode != 2
    assert shop.report()["policy"] == "test"


def test_skipped_namespaces_are_counted(shop):
    policy = shop.folder / "policy.yaml"
    policy.write_text("apiVersion: initscan.io/v1alpha1\nkind: AuditPolicy\nmetadata: {name: test}\nspec: {skipNamespaces: ['sh*']}\n")
    done = shop.run("--policy", policy, text=pods(pod()))
    assert done.stdout.startswith("0 pods with 0 containers of 0 workloads; 1 pod skipped by policy\n")


def running(name, phase="Running", **container):
    """A pod whose one container runs, or the status of one that has ended."""
    status = {"phase": phase}
    if phase == "Running":
        status["containerStatuses"] = [{"name": "web", "imageID": "example/web@sha256:" + "b" * 64,
                                        "state": {"running": {"startedAt": "2026-01-01T00:00:00Z"}}}]
    return pod(name, container=container, status=status)


def test_what_has_ended_is_not_judged(shop):
    done = shop.run(text=pods(running("done", "Succeeded"), running("evicted", "Failed"), running("up")))
    assert done.stdout.startswith("1 pod with 1 container of 1 workload; 2 pods that have ended are not judged\n")
    assert [w["name"] for w in shop.report()["workloads"]] == ["up"]
    assert shop.report()["summary"]["endedPods"] == 2


def gated(name, status, **spec):
    """A pod as the injector leaves it in volume mode."""
    policy = b"{}"
    security = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}, "readOnlyRootFilesystem": True,
                "runAsGroup": 65532, "runAsNonRoot": True, "runAsUser": 65532, "seccompProfile": {"type": "RuntimeDefault"}}
    gate = {"name": "initscan-gate", "image": "example/initscan@sha256:" + "f" * 64, "workingDir": "/", "securityContext": security,
            "args": ["gate", "--rootfs=0=/initscan/images/0", "--image=0=example/web:1",
                     "--policy-inline=" + base64.b64encode(policy).decode(), "--policy-sha256=" + hashlib.sha256(policy).hexdigest(),
                     "--termination-log=/dev/termination-log"],
            "volumeMounts": [{"name": "initscan-image-0", "mountPath": "/initscan/images/0", "readOnly": True}]}
    volume = {"name": "initscan-image-0", "image": {"reference": "example/web:1"}}
    return pod(name, spec={"initContainers": [gate], "volumes": [volume], **spec}, status=status)


REFUSED = {"phase": "Pending", "initContainerStatuses": [{
    "name": "initscan-gate", "restartCount": 4, "state": {"waiting": {"reason": "CrashLoopBackOff"}},
    "lastState": {"terminated": {"exitCode": 2, "message": "initscan: FAIL 1 of policy \"default\"\nCVE-2026-1\x1b[2J"}}}],
    "containerStatuses": [{"name": "web", "state": {"waiting": {"reason": "PodInitializing"}}}]}
PASSED = {"phase": "Running", "initContainerStatuses": [{"name": "initscan-gate", "state": {"terminated": {"exitCode": 0}}}],
          "containerStatuses": [{"name": "web", "imageID": "example/web@sha256:" + "b" * 64,
                                 "state": {"running": {"startedAt": "2026-01-01T00:00:00Z"}}}]}
LABELLED = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": {"initscan.io/inject": "enabled"}}}


def test_a_pod_that_the_gate_blocks_is_said_to_be_blocked(shop):
    done = shop.run(text=pods(gated("web-1", REFUSED, nodeName="n"), LABELLED,
                              {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n"},
                               "status": {"nodeInfo": {"containerRuntimeVersion": "containerd://2.1.4"}}},
                              {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default", "namespace": "shop"}}))
    assert done.returncode == 0
    assert "Kept from starting by initscan's gate (1)\n  shop/Pod/web-1: 1 pod: initscan: FAIL 1 of policy \"default\"\n" in done.stdout
    report = shop.report()
    assert report["complete"] and report["summary"]["blockedPods"] == 1 and report["summary"]["containers"] == 1
    assert report["workloads"][0]["blockedWhy"] == 'initscan: FAIL 1 of policy "default"'


def test_initscans_own_containers_are_nobodys_to_mend(shop):
    shop.run(text=pods(gated("web-1", PASSED), LABELLED))
    (workload,) = shop.report()["workloads"]
    assert [c["name"] for c in workload["containers"]] == ["web"]
    assert not [r for r in workload["results"] if "initscan" in r["container"]]
    assert not [r for r in workload["results"] if r["check"] in ("never-scanned", "gate-changed", "gate-image")]


def test_a_gate_of_another_kind_is_told(shop):
    forged = gated("web-1", PASSED)
    forged["spec"]["initContainers"][0]["args"] = ["gate", "--help"]
    shop.run(text=pods(forged, LABELLED))
    assert {r["check"] for r in shop.report()["workloads"][0]["results"] if r["outcome"] == "fail"} >= {"gate-changed", "never-scanned"}
    assert [c["name"] for c in shop.report()["workloads"][0]["containers"]] == ["initscan-gate", "web"]


def test_an_image_that_was_changed_behind_the_gate_is_told(shop):
    changed = gated("web-1", PASSED)
    changed["spec"]["containers"][0]["image"] = "example/web:evil"
    shop.run(text=pods(changed, LABELLED))
    (found,) = results(shop.report(), "gate-image")
    assert (found["outcome"], found["message"]) == ("fail", "its gate did not scan the image example/web:evil")


def test_secrets_are_found_and_never_repeated(shop):
    secret = "aB3" + "dE5fG7hJ9"
    there = [pod("args", container={"args": ["--db-password=" + secret]}), pod("next", container={"args": ["--token", secret]}),
             pod("shell", container={"command": ["sh", "-c", f"TOKEN={secret} exec tool"]}),
             pod("env", container={"env": [{"name": "PGPASSWORD", "value": secret}]}),
             pod("dsn", container={"env": [{"name": "DSN", "value": f"Server=db;Password={secret};"}]}),
             pod("header", container={"livenessProbe": {"httpGet": {"port": 80, "httpHeaders": [{"name": "Authorization", "value": "Bearer " + secret}]}}}),
             pod("hook", container={"lifecycle": {"preStop": {"exec": {"command": ["curl", f"https://u:{secret}@a/"]}}}})]
    none = [pod("reference", container={"args": ["--db-password=$(PW)", "--token", "/run/t"], "env": [{"name": "PGPASSWORD", "value": ""}]})]
    done = shop.run("--format", "html,md,json,csv,sarif,junit,prom", text=pods(*there, *none))
    seen = {w["name"] for w in shop.report()["workloads"] if any(r["check"] == "literal-secret" and r["outcome"] == "fail" for r in w["results"])}
    assert seen == {p["metadata"]["name"] for p in there}
    for report in (shop.folder / "reports").iterdir():
        assert secret not in report.read_text(), report.name
    assert secret not in done.stdout


def test_sarif_has_no_more_results_than_its_reader_takes(shop):
    shop.run("--format", "sarif", text=pods(*(running(f"p{i}") for i in range(2500))))
    (run,) = json.loads((shop.folder / "reports" / "audit.sarif").read_text())["runs"]
    assert len(run["results"]) == 25_000
    assert "more results, none worse than these" in json.dumps(run["invocations"])


def rbac(role_rules, subject):
    group = {"apiVersion": "rbac.authorization.k8s.io/v1"}
    return [{**group, "kind": "ClusterRole", "metadata": {"name": "ops"}, "rules": role_rules},
            {**group, "kind": "Role", "metadata": {"name": "none", "namespace": "shop"}, "rules": []},
            {**group, "kind": "RoleBinding", "metadata": {"name": "none", "namespace": "shop"},
             "roleRef": {"kind": "Role", "name": "none"}, "subjects": []},
            {**group, "kind": "ClusterRoleBinding", "metadata": {"name": "ops"}, "roleRef": {"kind": "ClusterRole", "name": "ops"},
             "subjects": [subject]}]


def test_who_may_get_around_is_told(shop):
    proxy = [{"apiGroups": [""], "resources": ["nodes/proxy"], "verbs": ["get"]}]
    robot = {"kind": "ServiceAccount", "namespace": "shop", "name": "robot"}
    done = shop.run(text=pods(pod(spec={"serviceAccountName": "robot"}), *rbac(proxy, robot)))
    assert "May get around initscan (1)\n  ServiceAccount shop/robot: nodes/proxy (ClusterRoleBinding ops)\n" in done.stdout
    (cluster,) = shop.report()["clusters"]
    assert cluster["detours"] == [{"kind": "ServiceAccount", "namespace": "shop", "name": "robot", "rights": ["nodes/proxy"], "in": "",
                                   "binding": "ClusterRoleBinding ops"}]
    (found,) = results(shop.report(), "detour-rights")
    assert (found["outcome"], found["evidence"]) == ("fail", "ClusterRoleBinding ops")
    shop.run(text=pods(pod(), *rbac(proxy, {"kind": "User", "name": "alice\x1b[2J"})))
    assert results(shop.report(), "detour-rights") == [] and len(shop.report()["clusters"][0]["detours"]) == 1


# Input that cannot be read

@pytest.mark.parametrize(
    "text, gap",
    [
        ("", "pods: no Pod in the input; kubectl get pods -A -o json lists what runs"),
        ("Error from server (Forbidden): pods is forbidden\n", "pods in standard input: an object without a kind"),
        (pods(pod("p", spec={"hostPID": 1})), "pod shop/p: spec.hostPID: want true or false"),
        (pods(pod())[:-20], "pods in standard input: ends inside the object that starts at byte 0"),
        (pods(pod(), {"apiVersion": "v1", "kind": "Status", "status": "Failure", "message": "the server is overloaded"}),
         "pods in standard input: .items[1]: the API server's refusal takes the place of objects: the server is overloaded"),
        ('{"kind":"SecretList","apiVersion":"v1","metadata":{},"items":[]}',
         "pods: no Pod in the input; kubectl get pods -A -o json lists what runs"),
        ('{"kind":"PodList","apiVersion":"v1","metadata":{},"items":{}}', "pods in standard input: items: want a list"),
        ('{"kind":"List","items":[{"kind":"Pod"', "pods in standard input: ends inside the object that starts at byte 0"),
        (pods(pod("p", container={"securityContext": {"runAsUser": "root"}})),
         "pod shop/p: spec.containers[0].securityContext.runAsUser: want a whole number"),
    ],
)
def test_what_cannot_be_read_is_a_gap_and_exit_code_1(shop, text, gap):
    done = shop.run(text=text)
    assert done.returncode == 1, done.stdout
    assert done.stderr == ""
    assert gap in shop.gaps()
    assert "Could not be read" in done.stdout
    assert gap in done.stdout
    assert not shop.report()["complete"]


def page(name, goes_on):
    return json.dumps({"apiVersion": "v1", "kind": "PodList", "metadata": {"continue": goes_on}, "items": [pod(name)]})


def test_a_list_without_its_last_page_is_a_gap(shop):
    assert shop.run(text=page("a", "next")).returncode == 1
    assert shop.gaps() == ["pods: the list of pods continues after the pages that were given (metadata.continue)"]
    assert shop.run(text=page("a", "next") + page("b", "")).returncode == 0


def test_a_failure_outweighs_a_gap(shop):
    text = pods(pod(container={"securityContext": {"privileged": True}})) + '{"kind":'
    assert shop.run("--fail-on", "high", text=text).returncode == 2


def test_a_pod_of_50_mb(shop):
    huge = pod("huge", metadata={"annotations": {"x": "x" * (50 << 20)}})
    done = shop.run(text=pods(pod("before"), huge, pod("after")))
    assert done.returncode == 1
    assert [w["name"] for w in shop.report()["workloads"]] == ["after", "before"]
    assert shop.gaps() == [f"pods in standard input: .items[1]: {len(json.dumps(huge))} bytes; the limit of one object is 8388608"]


def test_yaml_beyond_its_limit_names_the_way_out(shop):
    text = "kind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - {name: a, image: a, args: [" + "x, " * (3 << 20) + "]}\n"
    assert shop.run(text=text).returncode == 1
    assert any("more than 8388608 bytes of YAML; take JSON instead: kubectl get -o json" in gap for gap in shop.gaps())


def nulled(value):
    return {key: None for key in value}


def test_nulls_are_as_good_as_nothing(shop):
    full = pod(metadata={"labels": None, "annotations": None, "ownerReferences": None, "creationTimestamp": None},
               spec=nulled(["volumes", "initContainers", "ephemeralContainers", "securityContext", "nodeName", "hostPID", "os",
                            "serviceAccountName", "automountServiceAccountToken", "hostUsers", "resources", "tolerations"]),
               container=nulled(["command", "args", "env", "envFrom", "ports", "resources", "securityContext", "volumeMounts",
                                 "livenessProbe", "lifecycle", "imagePullPolicy", "restartPolicy"]),
               status=None)
    hollow = pod("hollow", container={"securityContext": nulled(["capabilities", "seccompProfile", "privileged", "runAsUser"])},
                 status=nulled(["phase", "containerStatuses", "initContainerStatuses"]))
    done = shop.run(text=pods(full, hollow))
    assert (done.returncode, done.stderr) == (0, "")
    # null is as good as absent: both say the same, but for their names
    first, second = shop.report()["workloads"]
    assert [(r["check"], r["outcome"], r["value"]) for r in first["results"]] == [
        (r["check"], r["outcome"], r["value"]) for r in second["results"]]


def test_words_that_nobody_knows_yet(shop):
    strange = pod(spec={"os": {"name": "plan9"}, "restartPolicy": "Perhaps", "somethingNew": {"x": [1]}},
                  container={"imagePullPolicy": "Sometimes", "securityContext": {"seccompProfile": {"type": "Stricter"},
                             "procMount": "Some", "appArmorProfile": {"type": "New"}},
                             "env": [{"name": "A", "valueFrom": {"vaultRef": {"x": 1}}}]},
                  status={"phase": "Dreaming", "containerStatuses": [{"name": "web", "state": {"sleeping": {}}}]})
    done = shop.run(text=pods(strange))
    assert (done.returncode, done.stderr) == (0, "")
    assert results(shop.report(), "writable-root")[0]["outcome"] in ("fail", "unknown", "skip")


def test_clocks_that_are_wrong_break_nothing(shop):
    """A pod of next century and one of 1970: neither negative ages nor an overflow."""
    for when in ("2199-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:60Z"):
        running = {"name": "web", "state": {"running": {"startedAt": when}}, "imageID": "example/web@sha256:" + "0" * 64}
        done = shop.run("--format", "html,md,json,csv,sarif,junit,prom",
                        text=pods(pod(metadata={"creationTimestamp": when}, status={"phase": "Running", "containerStatuses": [running]})))
        assert (done.returncode, done.stderr) == (0, ""), when
        assert not any(f"-{digit}" in r["value"] for digit in range(10) for r in results(shop.report(), "age"))


def test_a_namespace_that_is_gone(shop):
    """Its pods were listed before it was deleted; the others' namespace is known."""
    there = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
    gone = pod("late", metadata={"namespace": "gone"})
    done = shop.run(text=pods(pod(), gone, there))
    assert done.returncode == 0, done.stdout
    assert {w["namespace"] for w in shop.report()["workloads"]} == {"shop", "gone"}


def test_names_cannot_move_the_cursor_or_add_a_line(shop):
    evil = "x\x1b[2J\nall fine"
    done = shop.run("--fail-on", "critical", text=pods(pod(evil, metadata={"namespace": "\x1b]0;title\x07"})))
    assert "\x1b" not in done.stdout and "\x07" not in done.stdout
    assert "\nall fine" not in done.stdout


# What the command line takes

@pytest.mark.parametrize(
    "argv, fact",
    [
        ([], "A subcommand is required"),
        (["run"], "--report-dir is required"),
        (["run", "--report-dir", "r", "--from-file", "-", "--context", "a"], "excludes"),
        (["run", "--report-dir", "r", "--db", "x"], "--db needs SBOMs to match with it: --sboms DIR or --server URL"),
        (["run", "--report-dir", "r", "--sboms", "x"], "--sboms and --server need an index of advisories: --db FILE"),
        (["run", "--report-dir", "r", "--db", "x", "--server", "https://a", "--sboms", "x"], "excludes"),
        *((["run", "--report-dir", "r", option, url], f'{option}: "{url}": want https://HOST:PORT of an initscan-server')
          for option in ("--server", "--report-to") for url in ("http://a", "a:8443", "https://user:word@a", "https://a?b", "https://")),
        (["run", "--report-dir", "r", "--format", "pdf"], "--format: pdf not in {html,md,json,csv,sarif,junit,prom}"),
        (["run", "--report-dir", "r", "--fail-on", "bad"], "--fail-on: bad not in"),
        (["run", "--report-dir", "r", "--kubelet-insecure-tls"], "--kubelet-insecure-tls requires --write-layers"),
        (["explain", "none"], 'no check "none"; initscan-audit explain lists them'),
        (["diff", "a"], "new is required"),
    ],
)
def test_wrong_usage_is_one_line_and_64(audit, argv, fact, tmp_path):
    done = run(audit, *argv, input="", cwd=tmp_path)
    assert done.returncode == 64, done.stderr
    assert done.stderr.startswith("initscan-audit: error: ") and fact in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "argv, fact",
    [
        (["--from-file", "/none.json"], "/none.json: cannot open: No such file or directory"),
        (["--from-file", "-", "--policy", "/none.yaml"], "/none.yaml: cannot open: No such file or directory"),
        (["--from-file", "-", "--compare", "/none.json"], "/none.json: cannot open: No such file or directory"),
        (["--from-file", "-", "--db", "/none.db", "--sboms", "/"], "/none.db: cannot open: No such file or directory"),
        (["--from-file", "-", "--report-to", "https://a", "--server-token", "/none"], "--report-to: /none: cannot open: No such file or directory"),
        (["--from-file", "-", "--report-to", "https://a", "--server-ca", "/none"], "--report-to: /none: cannot open: No such file or directory"),
        (["--kubeconfig", "/none"], "/none: cannot open: No such file or directory"),
    ],
)
def test_what_cannot_be_opened_is_named(audit, argv, fact, tmp_path):
    done = run(audit, "run", *argv, "--report-dir", tmp_path, input=pods(pod()))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"initscan-audit: error: {fact}\n"


def test_no_cluster_is_wrong_usage(audit, tmp_path):
    done = run(audit, "run", "--report-dir", tmp_path, env={"HOME": str(tmp_path)})
    assert done.returncode == 64
    assert "no cluster: no --kubeconfig" in done.stderr


def test_a_context_needs_a_kubeconfig(audit, tmp_path):
    """In a pod the cluster around it must not be taken for the one that was named."""
    if run("unshare", "-rm", "mount", "-t", "tmpfs", "none", "/var/run").returncode != 0:
        pytest.skip("needs mount namespaces")
    script = 'mkdir -p "$S" && echo t >"$S/token" && echo n >"$S/namespace" && touch "$S/ca.crt"; exec "$0" "$@"'
    env = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "S": "/var/run/secrets/kubernetes.io/serviceaccount",
           "KUBERNETES_SERVICE_HOST": "127.0.0.1", "KUBERNETES_SERVICE_PORT": "1"}
    done = run("unshare", "-rm", "sh", "-c", f'mount -t tmpfs none /var/run && {script}', audit, "run", "--context", "prod",
               "--report-dir", tmp_path, env=env)
    assert done.returncode == 64, done.stderr
    assert done.stderr == ("initscan-audit: error: --context: prod: there is no kubeconfig, and the cluster that this runs in has no "
                           "contexts\n")


def test_a_cluster_that_is_not_there_is_a_gap(audit, tmp_path):
    """Reports are still written: that the audit could not look must be seen where its reports are looked at."""
    config = {"current-context": "c", "contexts": [{"name": "c", "context": {"cluster": "c"}}],
              "clusters": [{"name": "c", "cluster": {"server": "https://127.0.0.1:1"}}]}
    (tmp_path / "config").write_text(json.dumps(config))
    done = run(audit, "run", "--kubeconfig", tmp_path / "config", "--timeout", "20", "--report-dir", tmp_path)
    assert done.returncode == 1
    report = json.loads((tmp_path / "audit.json").read_text())
    gaps = {gap["part"]: gap["reason"] for gap in report["clusters"][0]["gaps"]}
    assert gaps["pods"] == "https://127.0.0.1:1: cannot connect: Connection refused"
    assert set(gaps) >= {"nodes", "namespaces", "services", "poddisruptionbudgets"}


# explain and diff

def test_explain_knows_every_check(audit):
    listed = run(audit, "explain").stdout
    ids = [line.split()[0] for line in listed.splitlines() if line.startswith("  ")]
    assert len(ids) > 20 and len(set(ids)) == len(ids)
    for check in ids:
        done = run(audit, "explain", check)
        assert done.returncode == 0
        assert done.stdout.startswith(f"{check}: ") and "\nWhy: " in done.stdout and "\nRemedy: " in done.stdout


def test_compare_and_diff_say_the_same(audit, shop, tmp_path):
    shop.run(text=pods(pod(container={"securityContext": {"privileged": True}})))
    old = tmp_path / "old.json"
    (shop.folder / "reports" / "audit.json").rename(old)
    done = shop.run("--compare", old, text=pods(pod(spec={"hostPID": True})))
    assert done.returncode == 0, done.stderr
    new = shop.report()
    assert "privileged" in {fixed["check"] for fixed in new["fixed"]}
    assert results(new, "host-pid")[0]["change"] == "new"
    told = run(audit, "diff", old, shop.folder / "reports" / "audit.json")
    assert told.returncode == 0
    new_part, fixed_part = told.stdout.split("Fixed (")
    assert "host-pid" in new_part and "privileged " in fixed_part
    severity = run(audit, "diff", old, shop.folder / "reports" / "audit.json", "--fail-on", "high")
    assert severity.returncode == 2
    assert "No difference" in run(audit, "diff", old, old, "--fail-on", "low").stdout


def test_what_has_no_pods_any_more_is_gone_and_not_fixed(audit, shop, tmp_path):
    shop.run(text=pods(pod(container={"securityContext": {"privileged": True}})))
    old = tmp_path / "old.json"
    (shop.folder / "reports" / "audit.json").rename(old)
    assert shop.run(text=pods(pod(name="another"))).returncode == 0
    told = run(audit, "diff", old, shop.folder / "reports" / "audit.json")
    assert told.returncode == 0
    assert "Fixed" not in told.stdout
    assert "privileged " in told.stdout.split("Gone with their pods (")[1]


def test_compare_and_history_call_gone_what_was_scaled_to_nothing(shop, tmp_path):
    history, old = shop.folder / "history.db", tmp_path / "old.json"
    shop.run("--history", history, text=pods(pod(container={"securityContext": {"privileged": True}})))
    (shop.folder / "reports" / "audit.json").rename(old)
    for option in (["--compare", old], ["--history", history]):
        done = shop.run(*option, text=pods(pod(name="another")))
        assert done.returncode == 0, done.stderr
        report = shop.report()
        assert report["fixed"] == []
        assert "privileged" in {gone["check"] for gone in report["gone"]}
        assert f", 0 fixed, {len(report['gone'])} gone with their pods" in done.stdout, done.stdout
        page, text = ((shop.folder / "reports" / name).read_text() for name in ("audit.html", "audit.md"))
        assert "Gone with their pods, not fixed" in page and "## Gone with their pods: not running, and not fixed" in text


def test_what_diff_cannot_see_is_not_fixed(audit, shop, tmp_path):
    shop.run(text=pods(pod(container={"securityContext": {"privileged": True}})))
    old = tmp_path / "old.json"
    (shop.folder / "reports" / "audit.json").rename(old)
    assert shop.run(text='{"kind":"List","items":[').returncode == 1
    told = run(audit, "diff", old, shop.folder / "reports" / "audit.json", "--fail-on", "low")
    assert told.returncode == 1
    assert "Fixed" not in told.stdout and "No longer known" in told.stdout


def test_history_may_be_kept_beside_the_reports(shop):
    done = shop.run("--history", shop.folder / "reports" / "history.db", text=pods(pod()))
    assert done.returncode == 0, done.stderr
    assert (shop.folder / "reports" / "history.db").is_file()


def test_history_keeps_a_record_of_each_run(shop):
    history = shop.folder / "history.db"
    assert shop.run("--history", history, text=pods(pod(container={"securityContext": {"privileged": True}}))).returncode == 0
    assert shop.report()["comparedWith"] is None
    assert shop.run("--history", history, text=pods(pod())).returncode == 0
    assert "privileged" in {fixed["check"] for fixed in shop.report()["fixed"]}
    assert sqlite3.connect(history).execute("select count(*) from sqlite_master").fetchone()[0] > 0


def test_pods_of_a_real_cluster(shop):
    packed = shared_data("api-server", "pods-kubectl-list-A.json.zst")
    text = subprocess.run(["zstdcat", packed], capture_output=True, text=True, check=True).stdout
    done = shop.run(text=text)
    assert done.returncode == 0, done.stdout
    assert shop.gaps() == []
    assert sum(w["pods"] for w in shop.report()["workloads"]) == len(json.loads(text)["items"])


def test_pages_of_a_real_api_server(shop):
    """PodLists as they came over the wire: their items say no kind. These are the first two of six."""
    files = [shared_data("api-server", f"pods-page{n}-limit5.json") for n in (1, 2)]
    done = shop.run(files=files)
    assert done.returncode == 1, done.stdout
    assert sum(w["pods"] for w in shop.report()["workloads"]) == 10
    assert shop.gaps() == ["pods: the list of pods continues after the pages that were given (metadata.continue)"]


def test_what_a_real_kubelet_reported_of_injected_pods(shop):
    """Both modes; passed, refused, undecided, killed, and forged ones in a namespace that nobody guards."""
    subprocess.run(["tar", "--zstd", "-xf", shared_data("pod-status", "pod-status.tar.zst"), "-C", shop.folder], check=True)
    told = {p.name: json.loads(p.read_text()) for p in shop.folder.rglob("*.json")}
    there = {name: pod for name, pod in told.items() if pod.get("kind") == "Pod"}
    assert len(there) > 50
    for name, one in there.items():
        one["metadata"]["name"], one["metadata"]["uid"] = name[:-len(".json")], name
        one["metadata"].pop("ownerReferences", None)
    done = shop.run(text=pods(*there.values()))
    assert done.returncode == 0, done.stdout
    workloads = {w["name"]: w for w in shop.report()["workloads"]}
    changed = {name for name, w in workloads.items() if any(r["check"] == "gate-changed" for r in w["results"])}
    assert changed and all(name.startswith("plain-forged-") for name in changed)
    assert not [r for name, w in workloads.items() if name not in changed for r in w["results"] if r["container"].startswith("initscan-")]
    blocked = {name for name, w in workloads.items() if w["blockedPods"]}
    assert {"volume-bad-1-crashloop-restarts3", "copy-undecided-crashloop-restarts1", "volume-oom-137"} <= blocked
    assert not [name for name in blocked if "good" in name or "forged" in name or "passed" in name]
    unscanned = {name for name, w in workloads.items() if any(r["check"] == "gate-image" for r in w["results"])}
    assert unscanned == {"volume-ephemeral-unscanned-running", "copy-ephemeral-unscanned-running"}

"""What deploy/kustomize/audit renders is what a real API server takes, and lets the audit do what it needs and no more."""

import json

import pytest

from deployment import rendered
from renderer import KUSTOMIZE, documents
from support import program, run
from test_audit_reports import APIS, definition

COMPONENTS = sorted(p.name for p in (KUSTOMIZE / "components").iterdir() if p.name.startswith("audit-"))
AUDIT = "system:serviceaccount:initscan-audit:initscan-audit"


def with_components(cluster, folder, *names):
    (folder / "kustomization.yaml").write_text(json.dumps({
        "apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", "resources": ["kustomize/audit"],
        "components": [f"kustomize/components/{name}" for name in names]}))
    (folder / "kustomize").symlink_to(KUSTOMIZE)
    done = cluster.kubectl("kustomize", folder)
    assert done.returncode == 0, done.stderr
    return documents(done.stdout)


def by_kind(objects, kind):
    return next(o for o in objects if o["kind"] == kind)


def arguments(objects):
    return by_kind(objects, "CronJob")["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]["args"]


@pytest.fixture(scope="module")
def installed(cluster, tmp_path_factory):
    """Everything with every component, kept: strict about fields, and without a warning."""
    objects = with_components(cluster, tmp_path_factory.mktemp("audit"), *COMPONENTS)
    for one in (o for o in objects if o["kind"] == "Namespace"):
        cluster.apply(one)
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
    done = cluster.kubectl("apply", "--server-side", "--validate=strict", "-f", "-", input=text)
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stderr, done.stderr
    yield objects
    cluster.kubectl("delete", "--ignore-not-found", "--wait=false", "-f", "-", input=text, check=True)


def test_there_is_a_component_for_each_choice(installed):
    assert COMPONENTS == ["audit-configmap-history", "audit-pushgateway", "audit-report-objects", "audit-rotation", "audit-server", "audit-write-layers"]
    words = arguments(installed)
    assert "--write-layers" in words and "--history-configmap=initscan-audit/initscan-audit-history" in words
    assert "--report-objects=openreports" in words
    assert "--apply-rotation" in words and "--confirm-rotation" not in words
    assert any(word.startswith("--pushgateway=http://") for word in words)
    server = "https://initscan-server.initscan-system.svc:8443"
    assert {f"--server={server}", f"--report-to={server}", "--server-token=/server/token", "--server-ca=/server/ca.crt"} <= set(words)
    assert not any(word.startswith("--history=") for word in words)
    assert "PersistentVolumeClaim" not in {o["kind"] for o in installed}


def test_without_components_it_keeps_everything_on_a_volume(cluster):
    objects = rendered("audit")
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": [o for o in objects if o["kind"] not in ("Namespace",)]})
    cluster.apply(by_kind(objects, "Namespace"))
    done = cluster.kubectl("apply", "--server-side", "--force-conflicts", "--dry-run=server", "--validate=strict", "-f", "-", input=text)
    assert done.returncode == 0 and "Warning" not in done.stderr, done.stderr
    assert by_kind(objects, "PersistentVolumeClaim")
    assert "--history=/reports/history.db" in arguments(objects)
    assert "--apply-rotation" not in arguments(objects)
    assert {o["metadata"]["name"] for o in objects if o["kind"] == "ClusterRole"} == {"initscan-audit"}


def test_the_cron_job_keeps_to_itself(installed):
    spec = by_kind(installed, "CronJob")["spec"]
    job = spec["jobTemplate"]["spec"]
    assert spec["concurrencyPolicy"] == "Forbid"
    assert 0 < spec["startingDeadlineSeconds"] and spec["successfulJobsHistoryLimit"] <= 3 and spec["failedJobsHistoryLimit"] <= 3
    assert 0 < job["activeDeadlineSeconds"] <= 3600
    container = job["template"]["spec"]["containers"][0]
    assert container["securityContext"] == {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
    written = {m["mountPath"] for m in container["volumeMounts"] if not m.get("readOnly")}
    assert written == {"/reports"}


def test_its_pod_is_restricted(cluster, installed):
    """The namespace enforces it: the API server itself says whether the pod would be admitted."""
    template = by_kind(installed, "CronJob")["spec"]["jobTemplate"]["spec"]["template"]
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "audit", "namespace": "initscan-audit"}, "spec": template["spec"]}
    done = cluster.kubectl("create", "--dry-run=server", "-f", "-", input=json.dumps(pod))
    assert done.returncode == 0 and "Warning" not in done.stderr, done.stderr
    pod["spec"]["containers"][0]["securityContext"]["allowPrivilegeEscalation"] = True
    assert "violates PodSecurity" in cluster.kubectl("create", "--dry-run=server", "-f", "-", input=json.dumps(pod)).stderr


def may(cluster, verb, resource, *more):
    return cluster.kubectl("auth", "can-i", verb, resource, "--as", AUDIT, *more).stdout.strip() == "yes"


@pytest.mark.parametrize("resource", ["pods", "namespaces", "nodes", "replicasets.apps", "jobs.batch", "serviceaccounts", "services",
                                      "ingresses.networking.k8s.io", "poddisruptionbudgets.policy", "runtimeclasses.node.k8s.io",
                                      "roles.rbac.authorization.k8s.io", "clusterroles.rbac.authorization.k8s.io",
                                      "rolebindings.rbac.authorization.k8s.io", "clusterrolebindings.rbac.authorization.k8s.io"])
def test_it_may_list_what_it_reads_and_change_none_of_it(cluster, installed, resource):
    assert may(cluster, "list", resource, "-A")
    for verb in ("watch", "create", "update", "patch", "delete", "deletecollection"):
        assert not may(cluster, verb, resource, "-A"), verb


@pytest.mark.parametrize("resource", ["scanexemptions", "clusterscanpolicies"])
def test_it_may_list_initscans_own_objects_installed_or_not(cluster, installed, resource):
    def allowed(verb):
        review = {"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview",
                  "spec": {"user": AUDIT, "resourceAttributes": {"group": "initscan.io", "resource": resource, "verb": verb}}}
        done = cluster.kubectl("create", "-f", "-", "-o", "json", input=json.dumps(review), check=True)
        return json.loads(done.stdout)["status"]["allowed"]

    assert [verb for verb in ("get", "list", "watch", "create", "update", "patch", "delete") if allowed(verb)] == ["get", "list"]


@pytest.mark.parametrize("resource", ["deployments.apps", "statefulsets.apps", "daemonsets.apps"])
def test_it_may_restart_workloads_and_no_more(cluster, installed, resource):
    assert may(cluster, "get", resource, "-A") and may(cluster, "patch", resource, "-A")
    for verb in ("list", "watch", "create", "update", "delete", "deletecollection"):
        assert not may(cluster, verb, resource, "-A"), verb


def test_it_may_nothing_that_leads_further(cluster, installed):
    for verb, resource, part in (("list", "secrets", ""), ("get", "secrets", ""), ("list", "configmaps", ""), ("get", "nodes", "proxy"), ("create", "pods", "exec"),
                                 ("get", "pods", "log"), ("create", "serviceaccounts", "token"),
                                 ("escalate", "clusterroles", ""), ("bind", "clusterroles", ""), ("*", "*", "")):
        assert not may(cluster, verb, resource, "-A", f"--subresource={part}"), (verb, resource, part)
    assert may(cluster, "get", "nodes", "--subresource=stats")
    assert may(cluster, "patch", "configmaps/initscan-audit-history", "-n", "initscan-audit")
    assert not may(cluster, "patch", "configmaps/initscan-audit-policy", "-n", "initscan-audit"), "it would grant itself exceptions"


@pytest.fixture(scope="module")
def as_deployed(cluster, installed, tmp_path_factory):
    """run(*more): the program with the CronJob's own arguments, policy and service account."""
    folder = tmp_path_factory.mktemp("run")
    made = [*definition(*APIS["openreports"])]
    cluster.apply(*made)
    for one in made:
        cluster.kubectl("wait", "--for=condition=Established", f"crd/{one['metadata']['name']}", "--timeout=30s", check=True)
    token = cluster.kubectl("create", "token", "initscan-audit", "-n", "initscan-audit", check=True).stdout.strip()
    kubeconfig = json.loads(cluster.kubeconfig("admin").read_text())
    kubeconfig["users"][0]["user"] = {"token": token}
    (folder / "kubeconfig").write_text(json.dumps(kubeconfig))
    (folder / "policy.yaml").write_text(by_kind(installed, "ConfigMap")["data"]["policy.yaml"])
    # Nobody answers for the gateway, the kubelets and the server here: there is none of them.
    words = [w for w in arguments(installed) if not w.startswith(("--pushgateway", "--write-layers", "--server", "--report-to", "--db"))]
    words = [w.replace("/policy/", f"{folder}/").replace("/reports", f"{folder}/reports") for w in words]

    def start(*more):
        done = run(program("initscan-audit"), *words, f"--kubeconfig={folder}/kubeconfig", *more)
        done.report = json.loads((folder / "reports" / "audit.json").read_text())
        return done

    yield start
    cluster.kubectl("delete", "crd", *(one["metadata"]["name"] for one in made), check=True)


def test_its_rights_are_enough(cluster, as_deployed):
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "lonely", "namespace": "plain", "labels": {"team": "shop"}},
           "spec": {"containers": [{"name": "app", "image": "example/web"}]}}
    cluster.apply(pod)
    done = as_deployed()
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert [c["gaps"] for c in done.report["clusters"]] == [[]]
    (workload,) = [w for w in done.report["workloads"] if w["name"] == "lonely"]
    assert workload["team"] == "shop" and "writable-root" in {r["check"] for r in workload["results"]}
    reports = cluster.read("reports.openreports.io", "-n", "plain")["items"]
    (report,) = [r for r in reports if r["scope"]["name"] == "lonely"]
    assert report["metadata"]["ownerReferences"][0]["uid"] == workload["uid"]
    assert cluster.read("configmap", "initscan-audit-history", "-n", "initscan-audit")["binaryData"]
    assert as_deployed().report["comparedWith"] == done.report["made"], "the next one finds this one"


def test_a_right_less_is_a_gap_and_not_fine(cluster, as_deployed):
    cluster.kubectl("patch", "clusterrole", "initscan-audit", "--type=json", "-p", '[{"op": "remove", "path": "/rules/0"}]', check=True)
    before = len(cluster.read("reports.openreports.io", "-A")["items"])
    done = as_deployed()
    assert done.returncode == 1, done.stdout
    (gap,) = done.report["clusters"][0]["gaps"]
    assert gap["part"] == "pods" and "403 Forbidden" in gap["reason"]
    assert not done.report["complete"]
    assert len(cluster.read("reports.openreports.io", "-A")["items"]) == before > 0, "what was not read is not clean"

"""The audit's reports as objects of a real API server, in both of their interfaces."""

import json

import pytest

from support import program, run

APIS = {
    "openreports": ("openreports.io", "v1alpha1", "Report", ["source", "configuration"]),
    "policy_report": ("wgpolicyk8s.io", "v1alpha2", "PolicyReport", []),
}


def definition(group, version, kind, more):
    """As much of the interface's own definition as says which fields there are: strict, so that another is seen."""
    text, number = {"type": "string"}, {"type": "integer"}
    severity = {"type": "string", "enum": ["critical", "high", "medium", "low", "info"]}
    outcome = {"type": "string", "enum": ["pass", "fail", "warn", "error", "skip"]}
    reference = {"type": "object", "properties": {k: text for k in ("apiVersion", "kind", "name", "namespace", "uid", "fieldPath", "resourceVersion")}}
    result = {"type": "object", "required": ["policy"], "properties": {
        **{k: text for k in ("source", "policy", "rule", "category", "message")}, "severity": severity, "result": outcome,
        "scored": {"type": "boolean"}, "resources": {"type": "array", "items": reference},
        "timestamp": {"type": "object", "required": ["seconds", "nanos"], "properties": {"seconds": {"type": "integer", "format": "int64"}, "nanos": {"type": "integer", "format": "int32"}}},
        "properties": {"type": "object", "additionalProperties": text}}}
    limits = {"type": "object", "properties": {"maxResults": number, "statusFilter": {"type": "array", "items": outcome}}}
    optional = {"source": text, "configuration": {"type": "object", "required": ["limits"], "properties": {"limits": limits}}}
    schema = {"type": "object", "properties": {
        "scope": reference, "summary": {"type": "object", "properties": {k: number for k in ("pass", "fail", "warn", "error", "skip")}},
        "results": {"type": "array", "items": result}, **{k: optional[k] for k in more}}}
    for scope, prefix in (("Namespaced", ""), ("Cluster", "Cluster")):
        names = {"kind": prefix + kind, "plural": f"{(prefix + kind).lower()}s"}
        yield {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": f"{names['plural']}.{group}"},
               "spec": {"group": group, "scope": scope, "names": names,
                        "versions": [{"name": version, "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}]}}


class Reports:
    def __init__(self, cluster, api):
        self.cluster, self.api = cluster, api
        self.group, _, kind, _ = APIS[api]
        self.plural = f"{kind.lower()}s"

    def write(self, *workloads, gap="nodes", user="admin"):
        return run(program("tests/audit_objects"), self.cluster.kubeconfig(user), self.api, gap, input=json.dumps(workloads))

    def written(self, *workloads, **options):
        done = self.write(*workloads, **options)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def there(self):
        listed = self.cluster.read(f"{self.plural}.{self.group}", "-A")
        return {r["metadata"]["name"]: r for r in listed["items"]}

    def create(self, document):
        self.cluster.apply(document)


@pytest.fixture(scope="module", params=list(APIS))
def reports(request, cluster):
    made = list(definition(*APIS[request.param]))
    cluster.apply(*made)
    for one in made:
        cluster.kubectl("wait", "--for=condition=Established", f"crd/{one['metadata']['name']}", "--timeout=30s", check=True)
    yield Reports(cluster, request.param)
    cluster.kubectl("delete", "crd", *(one["metadata"]["name"] for one in made), check=True)


@pytest.fixture(scope="module")
def owner(cluster):
    """A Deployment as the audit sees it: with the uid that the API server gave it."""
    labels = {"app": "web"}
    cluster.apply({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "plain"},
                   "spec": {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "app", "image": "example/web"}]}}}})
    uid = cluster.read("deployment", "web", "-n", "plain")["metadata"]["uid"]
    return {"namespace": "plain", "kind": "Deployment", "name": "web", "uid": uid}


def test_an_interface_that_is_not_installed_is_named(cluster, owner):
    done = Reports(cluster, "policy_report").write({**owner, "fails": ["age"]})
    assert done.returncode == 1
    assert "is wgpolicyk8s.io/v1alpha2 installed in the cluster?" in done.stderr, done.stderr


def test_an_owner_with_results_has_a_report(cluster, reports, owner):
    done = reports.written({**owner, "fails": ["writable-root"], "open": ["write-layer"]})
    assert done == {"written": 2, "removed": 0, "failed": []}
    (name, report), = reports.there().items()
    assert name.startswith("initscan-deployment-web-")
    assert report["metadata"]["namespace"] == "plain"
    assert report["metadata"]["ownerReferences"][0] == {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "uid": owner["uid"]}
    assert report["scope"]["uid"] == owner["uid"]
    assert report["summary"] == {"pass": 7, "fail": 1, "warn": 0, "error": 1, "skip": 0}
    assert [(r["rule"], r["result"], r["severity"]) for r in report["results"]] == [("writable-root", "fail", "high"), ("write-layer", "error", "high")]
    of_cluster = cluster.read(f"cluster{reports.plural}.{reports.group}", "initscan-audit")
    assert of_cluster["results"][0]["message"] == "nodes: 403 Forbidden"


def test_nothing_in_it_is_unknown_to_the_interface(cluster, reports, owner):
    """The API server drops what it does not know: what is there must be what was sent, read back strictly."""
    reports.written({**owner, "fails": ["writable-root"]})
    (report,) = reports.there().values()
    report["metadata"] = {k: report["metadata"][k] for k in ("name", "namespace", "labels", "ownerReferences")}
    done = cluster.kubectl("apply", "--server-side", "--force-conflicts", "--dry-run=server", "--validate=strict", "-f", "-", input=json.dumps(report))
    assert done.returncode == 0, done.stderr
    kept = {"policy", "rule", "category", "severity", "timestamp", "result", "scored", "message", "properties", "source"}
    assert set(report["results"][0]) == kept


def test_the_same_audit_again_writes_nothing_new(reports, owner):
    reports.written({**owner, "fails": ["writable-root"]})
    before = {n: r["metadata"]["resourceVersion"] for n, r in reports.there().items()}
    reports.written({**owner, "fails": ["writable-root"]})
    assert {n: r["metadata"]["resourceVersion"] for n, r in reports.there().items()} == before


def test_results_that_are_gone_leave_the_report(reports, owner):
    reports.written({**owner, "fails": ["writable-root", "age"]})
    reports.written({**owner, "fails": ["age"]})
    (report,) = reports.there().values()
    assert [r["rule"] for r in report["results"]] == ["age"]


def test_an_owner_that_is_clean_or_gone_loses_its_report(reports, owner):
    other = {**owner, "kind": "StatefulSet", "name": "db", "uid": ""}
    reports.written({**owner, "fails": ["age"]}, {**other, "fails": ["age"]})
    assert len(reports.there()) == 2
    assert reports.written({**owner, "fails": ["age"]})["removed"] == 1
    assert reports.written({**owner, "fails": []})["removed"] == 1
    assert reports.there() == {}


def test_nothing_is_removed_where_pods_could_not_be_read(reports, owner):
    reports.written({**owner, "fails": ["age"]})
    assert reports.written(gap="pods") == {"written": 1, "removed": 0, "failed": []}
    assert len(reports.there()) == 1


def test_reports_of_others_stay(cluster, reports, owner):
    reports.written({**owner, "fails": ["age"]})
    (report,) = reports.there().values()
    foreign = {**report, "metadata": {"name": "kyverno-1", "namespace": "plain", "labels": {"app.kubernetes.io/managed-by": "kyverno"}}}
    cluster.apply(foreign)
    reports.written()
    assert set(reports.there()) == {"kyverno-1"}
    cluster.kubectl("delete", f"{reports.plural}.{reports.group}", "kyverno-1", "-n", "plain", check=True)


def test_a_namespace_that_is_gone_does_not_keep_the_others_back(reports, owner):
    done = reports.written({**owner, "namespace": "gone", "fails": ["age"]}, {**owner, "fails": ["age"]})
    assert done["written"] == 2
    (line,) = done["failed"]
    assert line.startswith("PATCH /apis/") and "404" in line and '"gone"' in line


def test_who_may_not_is_told_so(reports, owner):
    done = reports.write({**owner, "fails": ["age"]}, user="developer")
    assert done.returncode == 1
    assert "403 Forbidden" in done.stderr and reports.group in done.stderr

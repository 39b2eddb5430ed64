"""What became of policies and exemptions stands in their status, where `kubectl get` shows it."""

import json
import time

import pytest

from enforcement import until
from test_cluster import create_custom, custom, path_of, running  # noqa: F401
from test_admission import created, pod


@pytest.fixture(scope="module")
def space(cluster, running):  # noqa: F811
    name = "statuses"
    cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {
        "name": name, "labels": {"initscan.io/inject": "enabled"}, "annotations": {"initscan.io/policy": "statuses"}}})
    rules = {"allowed": True, "maxDays": 30}
    assert create_custom(cluster, custom("ClusterScanPolicy", "statuses", namespaceExemptions=rules)).returncode == 0
    return name


def later(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


def status_of(cluster, document):
    done = cluster.ask("GET", path_of(document) + "/" + document["metadata"]["name"], user="admin")
    return json.loads(done.stdout).get("status", {}) if done.returncode == 0 else {}


def wait_for(cluster, document, wanted):
    until(lambda: wanted(status_of(cluster, document)) or status_of(cluster, document), "the status does not come")


def condition(status, kind):
    return next((c for c in status.get("conditions", []) if c["type"] == kind), {})


def put(cluster, document):
    done = create_custom(cluster, document)
    assert done.returncode == 0, done.stderr
    return document


def test_a_policy_says_in_how_many_namespaces_it_holds(cluster, space):
    policy = custom("ClusterScanPolicy", "statuses")
    wait_for(cluster, policy, lambda s: s.get("namespaces") == 1 and condition(s, "Accepted").get("status") == "True")
    assert condition(status_of(cluster, policy), "Degraded")["status"] == "False"
    own = put(cluster, custom("ScanPolicy", "own", space, failOn={"severity": "high"}))
    wait_for(cluster, own, lambda s: s.get("namespaces") == 1 and s["observedGeneration"] == 1)


def test_the_observed_generation_follows(cluster, space):
    own = put(cluster, custom("ScanPolicy", "changing", space, failOn={"severity": "high"}))
    wait_for(cluster, own, lambda s: s.get("observedGeneration") == 1)
    since = condition(status_of(cluster, own), "Accepted")["lastTransitionTime"]
    cluster.ask("PATCH", path_of(own) + "/changing", {"spec": {"failOn": {"severity": "low"}}}, "admin", "application/merge-patch+json")
    wait_for(cluster, own, lambda s: s.get("observedGeneration") == 2)
    assert condition(status_of(cluster, own), "Accepted")["lastTransitionTime"] == since


def test_an_exemption_is_active_until_it_expires(cluster, space):
    short = put(cluster, custom("ScanExemption", "short", space, id="CVE-2024-0001", reason="not reachable", expiresAt=later(5)))
    wait_for(cluster, short, lambda s: s.get("state") == "Active")
    wait_for(cluster, short, lambda s: s.get("state") == "Expired")


def test_an_exemption_that_is_not_allowed_says_why(cluster, space):
    long = put(cluster, custom("ScanExemption", "long", space, package="openssl", reason="later", expiresAt=later(86400 * 60)))
    wait_for(cluster, long, lambda s: s.get("state") == "Refused")
    said = condition(status_of(cluster, long), "Accepted")
    assert said["status"] == "False" and "longer than the 30 days" in said["message"]


def test_a_check_can_be_exempted(cluster, space):
    check = put(cluster, custom("ScanExemption", "check", space, check="mutable-root", reason="a cache", expiresAt=later(86400)))
    wait_for(cluster, check, lambda s: s.get("state") == "Active")


def test_kubectl_shows_it(cluster, space):
    wait_for(cluster, custom("ScanExemption", "long", space), lambda s: s.get("state") == "Refused")
    shown = cluster.kubectl("get", "scanexemptions", "-n", space, check=True).stdout
    assert "STATE" in shown and "Refused" in shown
    shown = cluster.kubectl("get", "clusterscanpolicy", "statuses", check=True).stdout.splitlines()
    assert shown[0].split()[:6] == ["NAME", "FAILS", "ON", "ENFORCEMENT", "EXEMPTIONS", "NAMESPACES"] and "True" in shown[1]


def test_what_has_not_changed_is_not_written(cluster, space, running):  # noqa: F811
    policy = custom("ClusterScanPolicy", "statuses")
    wait_for(cluster, policy, lambda s: s.get("namespaces") == 1)
    read = lambda: json.loads(cluster.ask("GET", path_of(policy) + "/statuses", user="admin").stdout)["metadata"]["resourceVersion"]
    before = read()
    created(cluster.create(pod(space)))
    for name in ("statuses-then", "statuses-thereafter"):  # the second is written by a round that saw the pod from its start
        following = put(cluster, custom("ClusterScanPolicy", name))
        wait_for(cluster, following, lambda s: s.get("observedGeneration") == 1)
    assert read() == before


def test_the_injector_may_write_statuses_and_nothing_else_of_them(cluster, space):
    policy = path_of(custom("ClusterScanPolicy", "statuses")) + "/statuses"
    merge = "application/merge-patch+json"
    assert cluster.ask("PATCH", policy, {"spec": {"onlyFixed": True}}, "injector", merge).status == 403
    assert cluster.ask("PATCH", policy + "/status", {"spec": {"onlyFixed": True}}, "injector", merge).returncode == 0
    assert "onlyFixed" not in json.loads(cluster.ask("GET", policy, user="admin").stdout)["spec"]

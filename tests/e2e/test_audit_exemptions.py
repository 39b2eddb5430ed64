"""What initscan's own objects of a real API server accept of the audit's findings, and what they cannot."""

import json
import time

import pytest

from renderer import KUSTOMIZE, documents
from test_audit_cluster import RIGHTS, audit, contexts, gaps_of, grant

SPACE = "exempted"
OBJECT = f"one: ScanExemption {SPACE}"  # of the context "one"


def later(days):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400 * days))


def policy(**exemptions):
    return {"apiVersion": "initscan.io/v1alpha1", "kind": "ClusterScanPolicy", "metadata": {"name": "default"},
            "spec": {"namespaceExemptions": exemptions}}


def exemption(name, check, days):
    return {"apiVersion": "initscan.io/v1alpha1", "kind": "ScanExemption", "metadata": {"name": name, "namespace": SPACE},
            "spec": {"check": check, "reason": "2.4 brings it", "expiresAt": later(days)}}


@pytest.fixture(scope="module")
def cluster(fresh_cluster):
    """One pod of an owner who would like some of its failures to be accepted."""
    grant(fresh_cluster, "auditor", RIGHTS)
    definitions = documents((KUSTOMIZE / "base" / "crds.yaml").read_text())
    fresh_cluster.apply(*definitions)
    for one in definitions:
        fresh_cluster.kubectl("wait", "--for=condition=Established", f"crd/{one['metadata']['name']}", "--timeout=30s", check=True)
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "namespace": SPACE},
           "spec": {"containers": [{"name": "app", "image": "example/web:1"}]}}
    fresh_cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": SPACE}}, pod)
    return fresh_cluster


def judged(cluster, folder, user="auditor"):
    done, report = audit(folder, contexts(cluster, folder, one=user))
    accepted = {r["check"]: r["exception"] for w in report["workloads"] if w["namespace"] == SPACE
                for r in w["results"] if r["exception"]}
    return done, report, accepted


def test_as_far_as_the_clusters_policy_lets_it(cluster, tmp_path):
    wishes = [exemption("root", "writable-root", 20), exemption("long", "seccomp", 60), exemption("none", "no-such-check", 20)]
    cluster.apply(*wishes)
    done, report, accepted = judged(cluster, tmp_path)
    assert (done.returncode, accepted) == (0, {}), "there is no policy that would allow it"
    assert any('there is no ClusterScanPolicy "default"' in w for w in report["warnings"])

    cluster.apply(policy(allowed=False))
    assert judged(cluster, tmp_path)[2] == {}

    cluster.apply(policy(allowed=True, maxSeverity="high", maxDays=30))
    done, report, accepted = judged(cluster, tmp_path)
    assert accepted == {"writable-root": f"accepted until {wishes[0]['spec']['expiresAt']}: 2.4 brings it ({OBJECT}/root)"}
    assert gaps_of(report) == {}
    assert [e["grantedBy"] for e in report["exceptions"]] == [f"{OBJECT}/root"]
    assert report["warnings"] == [
        f"{OBJECT}/long accepts nothing: it lasts longer than the 30 days that the policy \"default\" allows",
        f"{OBJECT}/none accepts nothing: there is no check \"no-such-check\""]

    cluster.apply(policy(allowed=True, maxSeverity="low", maxDays=30))
    done, report, accepted = judged(cluster, tmp_path)
    assert accepted == {} and any("writable-root is" in w and "worse than the low" in w for w in report["warnings"])


def test_what_has_ended_counts_again(cluster, tmp_path):
    cluster.apply(policy(allowed=True, maxSeverity="critical", maxDays=30), exemption("root", "writable-root", -1))
    done, report, accepted = judged(cluster, tmp_path)
    assert accepted == {}
    assert any(f"({OBJECT}/root) ended at" in w for w in report["warnings"])
    page = json.loads((tmp_path / "audit.json").read_text())["exceptions"]
    assert [e["reason"] for e in page] == ["2.4 brings it"], "and is shown"


def test_a_403_is_a_gap_and_accepts_nothing(cluster, tmp_path):
    cluster.apply(policy(allowed=True, maxDays=30), exemption("root", "writable-root", 20))
    grant(cluster, "half-auditor", [rule for rule in RIGHTS if rule["apiGroups"] != ["initscan.io"]])
    done, report, accepted = judged(cluster, tmp_path, user="half-auditor")
    assert done.returncode == 1 and accepted == {}
    gaps = gaps_of(report)
    assert set(gaps) == {"scanexemptions", "clusterscanpolicies"} and all("403 Forbidden" in why for why in gaps.values())
    assert not report["complete"]

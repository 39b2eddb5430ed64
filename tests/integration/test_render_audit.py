"""The audit: kustomize and the chart initscan-audit render the same objects, setting by setting."""

import json

import pytest
import yaml

from renderer import CHARTS, KUSTOMIZE, assert_same, assert_schema_knows_values, by_name, charted, composed, kustomized, templated
from support import BIN, run

CHART = CHARTS / "initscan-audit"
# What Helm does otherwise by default, for its own reasons.
SAME = {"createNamespace": True, "volume": {"keep": False}}
CRON_JOB = ("CronJob", "initscan-audit", "initscan-audit")
VOLUME = ("PersistentVolumeClaim", "initscan-audit", "initscan-audit-reports")

COMPONENTS = {
    "audit-write-layers": {"writeLayers": True},
    "audit-pushgateway": {"pushgateway": "http://prometheus-pushgateway.monitoring:9091"},
    "audit-report-objects": {"reportObjects": "openreports"},
    "audit-server": {"server": "https://initscan-server.initscan-system.svc:8443"},
    "audit-rotation": {"rotation": "dry-run"},
    "audit-configmap-history": {"history": "configmap"},
}


def chart(folder, values=None, namespace="initscan-audit"):
    return templated(folder, values or {}, "-namespace", namespace, chart=CHART)


def arguments(objects):
    return by_name(objects)[CRON_JOB]["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]["args"]


def test_every_component_is_compared():
    assert sorted(p.name for p in (KUSTOMIZE / "components").glob("audit-*")) == sorted(COMPONENTS)


def test_they_are_the_same(tmp_path):
    assert_same(kustomized(KUSTOMIZE / "audit"), chart(tmp_path, SAME))


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_is_a_setting_of_the_chart(tmp_path, name):
    assert_same(composed(tmp_path / "one", "audit", [name]), chart(tmp_path, {**SAME, **COMPONENTS[name]}))


def test_components_combine_as_settings_do(tmp_path):
    settings = {key: value for values in COMPONENTS.values() for key, value in values.items()}
    assert_same(composed(tmp_path / "all", "audit", COMPONENTS), chart(tmp_path, {**SAME, **settings}))


def test_one_image_reaches_both(tmp_path):
    digest = "sha256:" + "1" * 64
    ours = composed(tmp_path / "image", "audit", [], images=[{"name": "initscan", "newName": "registry.example.com/scan", "digest": digest}])
    assert_same(ours, chart(tmp_path, {**SAME, "image": f"registry.example.com/scan@{digest}"}))


def test_by_default_the_history_outlives_the_release_and_the_namespace_is_helms(tmp_path):
    want, got = by_name(chart(tmp_path, SAME)), by_name(chart(tmp_path))
    del want["Namespace", "", "initscan-audit"]
    assert got[VOLUME]["metadata"].pop("annotations") == {"helm.sh/resource-policy": "keep"}
    assert got == want


def test_a_release_in_another_namespace_names_it_everywhere(tmp_path):
    settings = {**SAME, "history": "configmap", "writeLayers": True, "reportObjects": "openreports", "rotation": "confirm"}
    objects = chart(tmp_path, settings, namespace="security")
    named = [o["metadata"].get("namespace", "security") for o in objects] + [s["namespace"] for o in objects for s in o.get("subjects", [])]
    assert set(named) == {"security"} and len(named) > 15
    assert ("Namespace", "", "security") in by_name(objects)
    assert "--history-configmap=security/initscan-audit-history" in json.dumps(objects)


def test_settings_reach_the_job(tmp_path):
    objects = chart(tmp_path, {
        "schedule": "@daily", "timeZone": "Europe/Vienna", "formats": ["json", "junit"], "priorityClassName": "low",
        "imagePullSecrets": [{"name": "registry"}], "nodeSelector": {"pool": "system"}, "volume": {"size": "5Gi", "storageClassName": "fast"},
        "tolerations": [{"key": "pool", "operator": "Exists"}], "resources": {"requests": {"cpu": 1}, "limits": {"memory": "1Gi"}}})
    job = by_name(objects)[CRON_JOB]["spec"]
    spec = job["jobTemplate"]["spec"]["template"]["spec"]
    assert (job["schedule"], job["timeZone"]) == ("@daily", "Europe/Vienna")
    assert "--format=json,junit" in arguments(objects) and spec["priorityClassName"] == "low"
    assert spec["imagePullSecrets"] == [{"name": "registry"}] and spec["nodeSelector"] == {"pool": "system"}
    assert spec["tolerations"] == [{"key": "pool", "operator": "Exists"}]
    assert spec["containers"][0]["resources"] == {"requests": {"cpu": 1, "memory": "128Mi"}, "limits": {"memory": "1Gi"}}
    claim = by_name(objects)[VOLUME]["spec"]
    assert claim["storageClassName"] == "fast" and claim["resources"]["requests"]["storage"] == "5Gi"


@pytest.mark.parametrize("url, port", [("http://gateway", 80), ("https://gateway/path", 443), ("http://10.0.0.1:9091/", 9091), ("http://[fd00::1]:9091", 9091)])
def test_the_gateways_port_is_open(tmp_path, url, port):
    egress = by_name(chart(tmp_path, {"pushgateway": url}))["NetworkPolicy", "initscan-audit", "initscan-audit"]["spec"]["egress"]
    assert egress[-1] == {"ports": [{"protocol": "TCP", "port": port}]}


def test_the_policy_is_one_that_the_audit_reads(tmp_path):
    policy = {"maxAgeDays": 7, "exceptions": [{"check": "writable-root", "namespace": "shop", "reason": "until: the\nmove", "expiresAt": "2026-12-31T00:00:00Z"}]}
    text = by_name(chart(tmp_path, {"policy": policy}))["ConfigMap", "initscan-audit", "initscan-audit-policy"]["data"]["policy.yaml"]
    assert yaml.safe_load(text)["spec"] == policy
    (tmp_path / "policy.yaml").write_text(text)
    (tmp_path / "none.json").write_text('{"apiVersion": "v1", "kind": "List", "items": []}')
    done = run(BIN / "initscan-audit", "run", "--from-file", tmp_path / "none.json", "--policy", tmp_path / "policy.yaml", "--report-dir", tmp_path / "reports")
    assert done.stderr == "" and "matches nothing" in done.stdout, "the exception was read, and there is nothing here to except"


def test_the_arguments_are_those_that_the_audit_takes(tmp_path):
    """It goes wrong only for want of a cluster."""
    args = arguments(chart(tmp_path, {"writeLayers": True, "reportObjects": "policyreports", "rotation": "confirm", "pushgateway": "http://gateway:9091"}))
    assert {"--write-layers", "--report-objects=policyreports", "--apply-rotation", "--confirm-rotation"} <= set(args)
    text = by_name(chart(tmp_path))["ConfigMap", "initscan-audit", "initscan-audit-policy"]["data"]["policy.yaml"]
    (tmp_path / "policy.yaml").write_text(text)
    (tmp_path / "reports").mkdir()
    words = [a.replace("=/policy/", f"={tmp_path}/").replace("=/reports", f"={tmp_path}/reports") for a in args]
    done = run(BIN / "initscan-audit", *words, env={"HOME": str(tmp_path)})
    assert (done.returncode, done.stderr.split(": ")[2]) == (64, "no cluster"), done.stderr


REFUSED = {
    "a key that nobody knows": ({"writelayers": True}, "Additional property writelayers is not allowed"),
    "another word": ({"rotation": "yes"}, "rotation must be one of"),
    "a schedule of four fields": ({"schedule": "17 3 * *"}, "schedule: Does not match pattern"),
    "no formats": ({"formats": []}, "Array must have at least 1 items"),
    "a gateway that is no URL": ({"pushgateway": "gateway:9091"}, "pushgateway: Does not match pattern"),
    "a server without TLS": ({"server": "http://initscan-server:8443"}, "server: Does not match pattern"),
    "no image": ({"image": ""}, "say which image of initscan"),
    "a size that is none": ({"volume": {"size": "much"}}, "volume.size: Does not match pattern"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_the_chart_refuses_what_would_not_work(tmp_path, name):
    values, text = REFUSED[name]
    done = charted(tmp_path, values, chart=CHART)
    assert done.returncode == 1 and text in done.stderr, done.stdout[:500] + done.stderr


def test_values_and_schema_know_the_same_keys():
    assert_schema_knows_values(CHART)

"""The dashboard of scans asks for metrics and labels that a running `watch` and a running `serve` export."""

import json
import re

import pytest

from scan_server import SBOM, ScanServer, make_index, report_of
from support import PROJECT, program

from test_server_watch import TURN, create, ended, pod, report, scans, space, until, watch  # noqa: F401 (fixtures)

DASHBOARD = PROJECT / "deploy" / "grafana" / "initscan-scans.json"
OF_A_SCRAPE = {"job", "instance", "pod"}


def exported(text):
    """The labels of each series' name."""
    labels = {}
    for name, of_one in re.findall(r"^(initscan_\w+)(?:\{(.*)\})? \S+$", text, re.MULTILINE):
        labels.setdefault(name, set()).update(re.findall(r'(\w+)="', of_one))
    return labels


def asked(expression):
    """The labels that are asked for of each name; those of the aggregation around it are asked of all."""
    grouped = {label.strip() for group in re.findall(r"by \(([^)]*)\)", expression) for label in group.split(",")}
    return {name: set(re.findall(r"(\w+)\s*[!=]~?", of_one)) | grouped
            for name, of_one in re.findall(r"\b(initscan_\w+)(?:\{([^}]*)\})?", expression)}


@pytest.fixture
def served(initscan, tmp_path):
    (tmp_path / "served").mkdir()
    made = ScanServer(program("initscan-server"), tmp_path / "served", make_index(initscan, tmp_path / "advisories.db"))
    assert made.ask("POST", "/v1/scan", SBOM, "ci")[0] == 200
    assert made.ask("POST", "/v1/reports", report_of(), "gate")[0] == 201
    yield made
    made.close()


def test_its_panels_ask_for_what_there_is(cluster, watch, served):  # noqa: F811
    create(cluster, pod("refused"))
    scan = ended("undecided", "1" * 64)
    scan["terminated"]["message"] = scan["terminated"]["message"].replace(" ms=", " index=2026-11-20T00:00:00Z ms=")
    scan["terminated"]["finishedAt"] = watch.now()
    report(cluster, "refused", scan)
    until(lambda: watch.figure(scans("undecided", "no-data")) == 1, watch.log.read_text)
    until(lambda: watch.figure("initscan_advisory_data_timestamp_seconds") == 1795132800, watch.log.read_text)
    assert watch.figure("initscan_certificate_expiry_seconds") > 3600

    there = exported(watch.get("/metrics"))
    for name, labels in exported(served.ask("GET", "/metrics", token="prometheus")[2].decode()).items():
        there.setdefault(name, set()).update(labels)
    panels = json.loads(DASHBOARD.read_text())["panels"]
    assert len(panels) > 15
    wrong = [f"{panel['title']}: {name} has no {sorted(labels - there.get(name, set()) - OF_A_SCRAPE) or 'such series'}"
             for panel in panels for target in panel["targets"] for name, labels in asked(target["expr"]).items()
             if name not in there or labels - there[name] - OF_A_SCRAPE]
    assert not wrong, "\n".join(wrong)
    variables = [v["definition"] for v in json.loads(DASHBOARD.read_text())["templating"]["list"] if v["type"] == "query"]
    for name, label in re.findall(r"label_values\((\w+), (\w+)\)", " ".join(variables)):
        assert label in there[name]

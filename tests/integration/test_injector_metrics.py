"""A real Prometheus scrapes a real injector, configured as deploy/prometheus/scrape.yaml says."""

import json

import pytest
import yaml

from prometheus_server import Server, until
from support import PROJECT
from test_audit_report import need
from webhook import Webhook

POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "shop", "namespace": "shop"},
       "spec": {"containers": [{"name": "shop", "image": "example.com/shop:1"}]}}
REVIEW = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
    "uid": "1", "operation": "CREATE", "namespace": "shop", "kind": {"group": "", "version": "v1", "kind": "Pod"},
    "resource": {"group": "", "version": "v1", "resource": "pods"}, "object": POD}}


@pytest.fixture
def webhook(injector, tmp_path):
    made = Webhook(injector, tmp_path)
    yield made
    made.close()


@pytest.fixture
def prometheus(webhook, tmp_path):
    need("prometheus")
    jobs = yaml.safe_load((PROJECT / "deploy" / "prometheus" / "scrape.yaml").read_text())["scrape_configs"]
    (job,) = (job for job in jobs if job["job_name"] == "initscan-injector")
    # Where injectors are found, and what signed their certificate, is the cluster's; Debian's Prometheus knows none.
    del job["kubernetes_sd_configs"], job["relabel_configs"]
    job["static_configs"] = [{"targets": [f"127.0.0.1:{webhook.port}"]}]
    job["tls_config"] = {"ca_file": str(webhook.certificate), "server_name": "localhost"}
    (tmp_path / "prometheus.yml").write_text(json.dumps({"global": {"scrape_interval": "1s"}, "scrape_configs": [job]}))
    made = Server(tmp_path, "prometheus", "--web.listen-address", f"--config.file={tmp_path}/prometheus.yml",
                  f"--storage.tsdb.path={tmp_path}/data")
    yield made
    made.close()


def test_what_the_injector_answered_is_in_prometheus(webhook, prometheus):
    for _ in range(3):
        assert webhook.review(REVIEW)["response"]["allowed"]
    until(prometheus, 'sum(initscan_admission_requests_total{job="initscan-injector", decision="patched"})', 3)
    until(prometheus, 'up{job="initscan-injector"}', 1)

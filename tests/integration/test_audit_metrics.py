"""The audit's metrics and alert rules in a real Prometheus, through a real Pushgateway. All of it on loopback."""

import base64
import http.server
import json
import re
import ssl
import threading

import pytest
import yaml

from support import PROJECT, program, run

from prometheus_server import Server, ask, free_port, until
from test_audit_report import need, sample


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    return sample(tmp_path_factory.mktemp("metrics"), 320)


def test_promtool_takes_the_metrics(reports):
    with open(reports / "audit.prom") as text:
        checked = run(need("promtool"), "check", "metrics", stdin=text)
    assert checked.returncode == 0 and not checked.stderr, checked.stderr + checked.stdout


def test_promtool_refuses_what_is_wrong():
    """So that the test above can fail."""
    assert run(need("promtool"), "check", "metrics", input="initscan_audit_gaps{a=\"\n").returncode != 0


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    need("prometheus-pushgateway")
    made = Server(tmp_path_factory.mktemp("gateway"), "prometheus-pushgateway", "--web.listen-address")
    yield made
    made.close()


@pytest.fixture(scope="module")
def prometheus(gateway, tmp_path_factory):
    need("prometheus")
    folder = tmp_path_factory.mktemp("prometheus")
    (folder / "prometheus.yml").write_text(json.dumps({
        "global": {"scrape_interval": "1s"},
        "scrape_configs": [{"job_name": "gateway", "honor_labels": True, "static_configs": [{"targets": [f"127.0.0.1:{gateway.port}"]}]}]}))
    made = Server(folder, "prometheus", "--web.listen-address", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data")
    yield made
    made.close()


def push(reports, gateway, workloads):
    return run(program("tests/audit_sample"), reports, workloads, gateway.url)


def test_what_is_pushed_is_what_prometheus_has(tmp_path, gateway, prometheus):
    assert push(tmp_path, gateway, 320).returncode == 0
    report = json.loads((tmp_path / "audit.json").read_text())
    failing = sum(r["pods"] for w in report["workloads"] for r in w["results"] if r["outcome"] == "fail" and r["exception"] is None)
    until(prometheus, "sum(initscan_audit_containers)", failing)
    until(prometheus, "initscan_audit_last_success_timestamp_seconds", 1795553520)
    until(prometheus, 'sum(initscan_audit_workloads{action="rotate-now"})', report["summary"]["workloads"]["rotate-now"])
    labels = {name for series in ask(prometheus, '{__name__=~"initscan_audit_.*"}') for name, _ in series}
    assert labels <= {"__name__", "job", "instance", "cluster", "namespace", "check", "action", "severity"}
    spaces = {value for series in ask(prometheus, "initscan_audit_workloads") for name, value in series if name == "namespace"}
    assert "<script>document.title='broken'</script>" in spaces, "a hostile label is kept as text"


def test_a_push_takes_the_place_of_the_one_before(tmp_path, gateway, prometheus):
    assert push(tmp_path, gateway, 320).returncode == 0
    assert push(tmp_path, gateway, 8).returncode == 0
    until(prometheus, "sum(initscan_audit_workloads)", 8)


def test_a_gateway_that_is_not_there_or_says_no_is_named(tmp_path, gateway):
    lost = run(program("tests/audit_sample"), tmp_path, 8, "http://user:secret@127.0.0.1:1")
    assert lost.returncode == 1 and "secret" not in lost.stderr
    assert lost.stderr.startswith("audit_sample: error: http://127.0.0.1:1/metrics/job/initscan-audit: "), lost.stderr
    refused = run(program("tests/audit_sample"), tmp_path, 8, f"{gateway.url}/metrics/job@base64/!")
    assert refused.returncode == 1 and "HTTP 400: " in refused.stderr, refused.stderr
    wrong = run(program("tests/audit_sample"), tmp_path, 8, "file:///etc/passwd")
    assert "want http://HOST:PORT or https://HOST:PORT" in wrong.stderr


@pytest.fixture
def behind_tls(tmp_path):
    """A gateway behind TLS that keeps what it is given."""
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
        "-addext", "subjectAltName=DNS:localhost", "-keyout", tmp_path / "key.pem", "-out", tmp_path / "cert.pem", check=True)
    seen = []

    class Gateway(http.server.BaseHTTPRequestHandler):
        def do_PUT(self):
            seen.append((self.path, self.headers["Authorization"], self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(202)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Gateway)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port, tmp_path / "cert.pem", seen
    server.shutdown()
    thread.join()
    server.server_close()


def test_over_tls_only_to_whom_it_trusts(tmp_path, behind_tls):
    port, certificate, seen = behind_tls
    url = f"https://user:p%40ss@localhost:{port}/push/"
    stranger = run(program("tests/audit_sample"), tmp_path, 8, url, env={"SSL_CERT_FILE": "/dev/null"})
    assert stranger.returncode == 1 and "name a file of the authorities to trust in the environment's SSL_CERT_FILE" in stranger.stderr
    assert run(program("tests/audit_sample"), tmp_path, 8, url.replace("localhost", "127.0.0.1"), env={"SSL_CERT_FILE": certificate}).returncode == 1
    assert not seen
    done = run(program("tests/audit_sample"), tmp_path, 8, url, env={"SSL_CERT_FILE": certificate})
    assert done.returncode == 0, done.stderr
    (path, authorization, body), = seen
    assert path == "/push/metrics/job/initscan-audit"
    assert authorization == "Basic " + base64.b64encode(b"user:p@ss").decode()
    assert body == (tmp_path / "audit.prom").read_bytes()


RULES = PROJECT / "deploy" / "prometheus" / "initscan-rules.yaml"
DASHBOARD = PROJECT / "deploy" / "grafana" / "initscan-audit.json"


def known_metrics(reports):
    """What the programs really have."""
    exported = {line.split()[2] for line in (reports / "audit.prom").read_text().splitlines() if line.startswith("# TYPE")}
    sources = ("injector/admission/metrics.cc", "server/api/metrics.cc", "server/metrics/scan_metrics.cc")
    return exported.union(*(re.findall(r'"(initscan_[a-z_]+)"', (PROJECT / source).read_text()) for source in sources))


def expressions(*dashboards):
    rules = [rule["expr"] for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]
    panels = [target["expr"] for board in dashboards for panel in json.loads(board.read_text())["panels"] for target in panel["targets"]]
    return rules, panels


def test_alert_rules_do_what_they_say():
    checked = run(need("promtool"), "check", "rules", "--lint=all", "--lint-fatal", RULES)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    tested = run("promtool", "test", "rules", RULES.with_suffix(".test.yaml"))
    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_each_alert_is_tested():
    fire = [t for case in yaml.safe_load(RULES.with_suffix(".test.yaml").read_text())["tests"] for t in case["alert_rule_test"] if t["exp_alerts"]]
    alerts = {rule["alert"] for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]}
    assert {t["alertname"] for t in fire} == alerts


def test_rules_and_panels_ask_for_metrics_that_there_are(reports, tmp_path):
    rules, panels = expressions(*DASHBOARD.parent.glob("*.json"))
    asked = {name.removesuffix("_bucket") for text in rules + panels for name in re.findall(r"\binitscan_[a-z_]+", text)}
    assert asked and asked <= known_metrics(reports), asked - known_metrics(reports)
    # promtool parses expressions in rules alone.
    recorded = [{"record": f"panel:{i}", "expr": text.replace("$cluster", ".*").replace("$namespace", ".*")} for i, text in enumerate(panels)]
    (tmp_path / "panels.yaml").write_text(json.dumps({"groups": [{"name": "panels", "rules": recorded}]}))
    checked = run(need("promtool"), "check", "rules", tmp_path / "panels.yaml")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_panels_have_something_to_show(tmp_path, gateway, prometheus):
    assert push(tmp_path, gateway, 320).returncode == 0
    until(prometheus, "sum(initscan_audit_workloads)", 320)
    for text in expressions(DASHBOARD)[1]:
        assert ask(prometheus, text.replace("$cluster", ".*").replace("$namespace", ".*")), text

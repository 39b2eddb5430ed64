"""kustomize and Helm render the same objects, setting by setting, and the chart refuses what it does not know."""

import base64
import copy
import hashlib
import json

import pytest

import renderer
from renderer import CHART, KUSTOMIZE, assert_same, assert_schema_knows_values, by_name, charted, kustomized, templated
from support import program, run

# What Helm does otherwise by default, for its own reasons; without them both have to be the same.
SAME = {"createNamespace": True, "crds": {"keep": False}}

OVERLAYS = {
    "enforce": {},
    "report-only": {"enforcement": "report"},
    "cert-manager": {"certificates": "cert-manager"},
    "webhook-only": {"enforcedBy": "webhook"},
    "openshift": {"openshift": True},
    "mutating-policy": {"injectedBy": "policy"},
    "single-replica": {"replicas": 1},
}

# Components that are combined by whoever needs them, and combinations of what the overlays choose.
COMBINED = {
    "service-ca": (["openshift", "service-ca"], {"openshift": True, "certificates": "service-ca"}),
    "certificate-files": (["certificate-files"], {"certificates": "files"}),
    "webhook-only with cert-manager": (["webhook-only", "cert-manager"], {"enforcedBy": "webhook", "certificates": "cert-manager"}),
    "report-only with one replica": (["report-only", "single-replica"], {"enforcement": "report", "replicas": 1}),
    "volumes-only": (["volumes-only"], {"volumesOnly": True}),
    "volumes-only without an injector": (["mutating-policy", "volumes-only"], {"injectedBy": "policy", "volumesOnly": True}),
    "release-blocked": (["release-blocked"], {"releaseBlocked": True}),
    "service-monitor": (["service-monitor"], {"serviceMonitor": True}),
    "server-api": (["server-api"], {"serverApi": {"enabled": True}}),
    "server-api with a volume": (["server-api", "server-volume"], {"serverApi": {"enabled": True, "volumeSize": "2Gi"}}),
    "server-api with PostgreSQL": (["server-api", "server-postgresql"],
                                   {"serverApi": {"enabled": True, "postgresqlSecret": "initscan-server-postgresql"}}),
    "server-api with updates": (["server-api", "server-updates"], {"serverApi": {"enabled": True, "updates": {"ecosystems": ["Debian", "Alpine"]}}}),
    "server-api on OpenShift": (["server-api", "openshift", "service-ca"],
                                {"serverApi": {"enabled": True}, "openshift": True, "certificates": "service-ca"}),
    "server-api with cert-manager": (["server-api", "cert-manager"], {"serverApi": {"enabled": True}, "certificates": "cert-manager"}),
    "gates that report": (["server-api", "gate-reports"], {"serverApi": {"enabled": True, "gateReports": True}}),
    "gates that ask the server, with cert-manager": (["server-api", "cert-manager", "gate-reports", "gate-matching"],
        {"serverApi": {"enabled": True, "gateReports": True, "gateMatching": True}, "certificates": "cert-manager"}),
    "gates that report on OpenShift": (["server-api", "openshift", "service-ca", "gate-reports"],
        {"serverApi": {"enabled": True, "gateReports": True}, "openshift": True, "certificates": "service-ca"}),
    "mutating-policy that reports": (["mutating-policy", "report-only"], {"injectedBy": "policy", "enforcement": "report"}),
}

FINAL_STATE = ("FinalState", "initscan-system", "initscan-final-state")
INJECTOR = ("Deployment", "initscan-system", "initscan-injector")
SERVER = ("Deployment", "initscan-system", "initscan-server")


@pytest.fixture
def composed(tmp_path):
    """composed(component...): a kustomization of the base and some components."""
    return lambda *components, **more: renderer.composed(tmp_path / "composed", "base", components, **more)


def test_every_overlay_is_compared():
    assert sorted(p.name for p in (KUSTOMIZE / "overlays").iterdir()) == sorted(OVERLAYS)


@pytest.mark.parametrize("name", OVERLAYS)
def test_an_overlay_is_a_setting_of_the_chart(tmp_path, name):
    assert_same(kustomized(KUSTOMIZE / "overlays" / name), templated(tmp_path, {**SAME, **OVERLAYS[name]}))


@pytest.mark.parametrize("name", COMBINED)
def test_components_combine_as_settings_do(tmp_path, composed, name):
    components, values = COMBINED[name]
    assert_same(composed(*components), templated(tmp_path, {**SAME, **values}))


def test_one_image_reaches_every_place_of_both(tmp_path, composed):
    digest = "sha256:" + "1" * 64
    image = f"registry.example.com/scan/initscan@{digest}"
    kustomize = composed(images=[{"name": "initscan", "newName": "registry.example.com/scan/initscan", "digest": digest}])
    assert_same(kustomize, templated(tmp_path, {**SAME, "image": image}))
    text = json.dumps(kustomize)
    assert text.count(image) == 4
    for program in (INJECTOR, SERVER):
        assert '"initscan"' not in json.dumps(by_name(kustomize)[program]["spec"]["template"]["spec"])


def test_one_image_reaches_pods_without_an_injector(tmp_path, composed):
    image = "registry.example.com/initscan:2"
    kustomize = composed("mutating-policy", images=[{"name": "initscan", "newName": "registry.example.com/initscan", "newTag": "2"}])
    assert_same(kustomize, templated(tmp_path, {**SAME, "injectedBy": "policy", "image": image}))
    data = by_name(kustomize)[FINAL_STATE]["data"]
    assert (data["image"], data["images"]) == (image, image)


def test_by_default_the_chart_keeps_the_policies_and_leaves_the_namespace_to_helm(tmp_path):
    want = by_name(templated(tmp_path, SAME))
    got = by_name(templated(tmp_path, {}))
    del want["Namespace", "", "initscan-system"]
    assert sorted(got) == sorted(want)
    for key, document in got.items():
        document = copy.deepcopy(document)
        if key[0] == "CustomResourceDefinition" and key[2] != "finalstates.initscan.io":  # which Helm never takes away
            assert document["metadata"].pop("annotations") == {"helm.sh/resource-policy": "keep"}
        assert document == want[key]


def test_a_release_in_another_namespace_names_it_everywhere(tmp_path):
    there = templated(tmp_path, SAME, "-namespace", "security")
    text = json.dumps(there)
    assert "initscan-system" not in text
    assert json.dumps(templated(tmp_path, SAME)).replace("initscan-system", "security") == text


@pytest.mark.parametrize("name", OVERLAYS)
def test_every_object_carries_the_label_by_which_it_is_found(name):
    for document in kustomized(KUSTOMIZE / "overlays" / name):
        assert document["metadata"]["labels"]["app.kubernetes.io/part-of"] == "initscan", document["metadata"]["name"]


def injector_of(objects):
    spec = by_name(objects)[INJECTOR]["spec"]["template"]["spec"]
    return spec, spec["containers"][0]


@pytest.mark.parametrize("certificates, trusted", [
    ("own", {"ca": {"secret": {"name": "initscan-injector-tls", "key": "ca.crt"}}}),
    ("cert-manager", {"ca": {"secret": {"name": "initscan-injector-certificate", "key": "ca.crt"}}}),
    ("files", {"ca": {"secret": {"name": "initscan-injector-certificate", "key": "ca.crt"}}}),
    ("service-ca", {"caFile": "/etc/prometheus/configmaps/serving-certs-ca-bundle/service-ca.crt"}),
])
def test_prometheus_trusts_who_signed_the_certificate(tmp_path, certificates, trusted):
    objects = templated(tmp_path, {"serviceMonitor": True, "certificates": certificates})
    (endpoint,) = by_name(objects)["ServiceMonitor", "initscan-system", "initscan-injector"]["spec"]["endpoints"]
    assert endpoint["tlsConfig"] == {"serverName": "initscan-injector.initscan-system.svc", **trusted}


def test_settings_of_the_injector_reach_its_pod(tmp_path):
    image = "registry.example.com/index@sha256:" + "2" * 64
    objects = templated(tmp_path, {"indexImage": image, "acceptedImages": ["initscan:before"], "architectures": ["amd64", "arm64"],
                                   "alwaysPull": True, "injector": {
        "mode": "copy", "logLevel": "debug", "port": 10250, "hostNetwork": True, "priorityClassName": "high",
        "imagePullSecrets": [{"name": "registry"}], "nodeSelector": {"pool": "system"},
        "tolerations": [{"key": "pool", "operator": "Exists"}], "resources": {"requests": {"cpu": 1}, "limits": {"memory": "1Gi"}}}})
    spec, container = injector_of(objects)
    args = ["serve", "--listen=0.0.0.0:10250", "--image=$(INITSCAN_IMAGE)", "--mode=copy", "--cluster",
            "--namespace=initscan-system", f"--index-image={image}", "--architecture=amd64", "--architecture=arm64",
            "--always-pull", "--log-level=debug"]
    assert container["args"] == args and container["ports"] == [{"name": "https", "containerPort": 10250}]
    assert container["resources"]["requests"]["cpu"] == 1 and container["resources"]["limits"] == {"memory": "1Gi"}
    assert spec["hostNetwork"] and spec["dnsPolicy"] == "ClusterFirstWithHostNet" and spec["priorityClassName"] == "high"
    assert spec["imagePullSecrets"] == [{"name": "registry"}] and spec["nodeSelector"] == {"pool": "system"}
    assert spec["tolerations"] == [{"key": "pool", "operator": "Exists"}]
    data = by_name(objects)["ConfigMap", "initscan-system", "initscan-final-state"]["data"]
    assert data == {"image": "initscan", "images": "initscan initscan:before", "indexImages": image,
                    "architectures": "amd64 arm64", "volumesOnly": "false", "alwaysPull": "true", "assignedUser": "false"}
    rule = by_name(objects)["NetworkPolicy", "initscan-system", "initscan-injector"]["spec"]["ingress"]
    assert rule == [{"ports": [{"protocol": "TCP", "port": 10250}]}]


def test_the_arguments_are_those_that_the_injector_takes(tmp_path, injector):
    """The chart's words, said to the program: it goes wrong only for want of a cluster."""
    _, container = injector_of(templated(tmp_path, {
        "certificates": "files", "indexImage": "index", "architectures": ["amd64"], "alwaysPull": True, "openshift": True,
        "enforcedBy": "webhook", "acceptedImages": ["initscan:before"], "releaseBlocked": True, "volumesOnly": True, "injector": {"logLevel": "debug"},
        "serverApi": {"enabled": True, "gateReports": True, "gateMatching": True}}))
    server = "https://initscan-server.initscan-system.svc:8443"
    assert {"--assigned-user", "--volumes-only", "--accept-image=initscan:before", "--release-blocked", f"--report-to={server}", f"--server={server}",
            "--server-ca=/server-ca/ca.crt"} <= set(container["args"])
    words = [a.replace("/certificate/", f"{tmp_path}/") for a in container["args"]]
    done = run(injector, *words, env={"INITSCAN_IMAGE": "initscan"})
    assert done.returncode == 1 and "not in a pod: KUBERNETES_SERVICE_HOST" in done.stderr, done.stderr


def test_every_pod_of_the_server_says_what_its_program_takes(tmp_path):
    """The words of both pods, said to the program: they are understood, and it goes wrong only for want of a cluster."""
    objects = by_name(templated(tmp_path, {"serverApi": {"enabled": True}}))
    wants = {"initscan-server": (64, "this is not a pod"), "initscan-server-api": (1, "not in a pod: KUBERNETES_SERVICE_HOST")}
    for name, (code, words_of_error) in wants.items():
        (container,) = objects["Deployment", "initscan-system", name]["spec"]["template"]["spec"]["containers"]
        words = [word.replace("/var/lib/initscan", str(tmp_path)).replace("/certificate/", f"{tmp_path}/") for word in container["args"]]
        done = run(program("initscan-server"), *words, env={"INITSCAN_IMAGE": "initscan"})
        assert (done.returncode, words_of_error in done.stderr) == (code, True), done.stderr


def test_what_fetches_advisories_holds_no_token_and_says_what_its_program_takes(tmp_path):
    image = "registry.example.com/index@sha256:" + "2" * 64
    updates = {"ecosystems": ["Debian:12"], "osv": "https://127.0.0.1:9/osv", "everyHours": 24}
    for index, seed in (("", "/usr/share/initscan/advisories.db"), (image, "/index/advisories.db")):
        objects = by_name(templated(tmp_path, {"serverApi": {"enabled": True, "updates": updates}, "indexImage": index}))
        spec = objects["Deployment", "initscan-system", "initscan-server-api"]["spec"]["template"]["spec"]
        serve, update = spec["containers"]
        assert spec["automountServiceAccountToken"] is False
        mounts = [{mount["name"] for mount in container["volumeMounts"]} for container in (serve, update)]
        assert "token" in mounts[0] and mounts[1] <= {"fresh-index", "index"}
        assert "--index=/var/lib/initscan-index/advisories.db" in serve["args"] and f"--seed={seed}" in update["args"]
        assert all({volume["name"] for volume in spec["volumes"]} >= names for names in mounts)
    words = [word.replace("/var/lib/initscan-index", str(tmp_path)) for word in update["args"] if not word.startswith(("--seed", "--every"))]
    done = run(program("initscan"), *words)
    assert done.returncode == 1 and "127.0.0.1:9/osv/Debian/all.zip" in done.stderr, done.stderr


def test_the_servers_api_reads_the_index_where_it_is(tmp_path):
    image = "registry.example.com/index@sha256:" + "2" * 64
    objects = by_name(templated(tmp_path, {"serverApi": {"enabled": True}, "indexImage": image}))
    spec = objects["Deployment", "initscan-system", "initscan-server-api"]["spec"]["template"]["spec"]
    (container,) = spec["containers"]
    assert "--index=/index/advisories.db" in container["args"]
    assert {"name": "index", "mountPath": "/index", "readOnly": True} in container["volumeMounts"]
    assert {"name": "index", "image": {"reference": image}} in spec["volumes"]
    (same,) = [volume for volume in spec["volumes"] if volume["name"] == "store"]
    assert same == {"name": "store", "emptyDir": {"sizeLimit": "2Gi"}}


def test_a_port_of_the_servers_service_leads_to_the_pods_that_have_it(tmp_path):
    objects = by_name(templated(tmp_path, {"serverApi": {"enabled": True}}))
    service = objects["Service", "initscan-system", "initscan-server"]["spec"]
    has = {}
    for name in ("initscan-server", "initscan-server-api"):
        spec = objects["Deployment", "initscan-system", name]["spec"]
        labels = spec["template"]["metadata"]["labels"]
        assert service["selector"].items() <= labels.items() and spec["selector"]["matchLabels"].items() <= labels.items()
        has[name] = ({port["name"] for port in spec["template"]["spec"]["containers"][0]["ports"]}, labels, spec["selector"]["matchLabels"])
    assert {port["targetPort"]: [name for name in has if port["targetPort"] in has[name][0]] for port in service["ports"]} == {
        "metrics": ["initscan-server"], "api": ["initscan-server-api"]}
    # Neither Deployment takes the other's pods for its own.
    assert not has["initscan-server"][2].items() <= has["initscan-server-api"][1].items()
    assert not has["initscan-server-api"][2].items() <= has["initscan-server"][1].items()


def test_a_policy_of_ones_own_travels_with_its_hash(tmp_path):
    policy = '{"apiVersion":"initscan.io/v1alpha1","kind":"ScanPolicy","metadata":{"name":"own"},"spec":{"failOn":{"severity":"low"}}}'
    objects = templated(tmp_path, {"injectedBy": "policy", "policy": policy})
    data = by_name(objects)[FINAL_STATE]["data"]
    digest = hashlib.sha256(policy.encode()).hexdigest()
    assert base64.b64decode(data["policyInline"]).decode() == policy
    assert data["policySha256"] == digest and data[f"policy.{digest}"] == "pinned"


def test_the_policy_that_comes_with_it_is_the_programs_own(initscan, tmp_path):
    """An empty policy says nothing of its own, so the program prints what it does by default."""
    (tmp_path / "policy.yaml").write_text("apiVersion: initscan.io/v1alpha1\nkind: ScanPolicy\nmetadata: {name: default}\n")
    printed = run(initscan, "policy", tmp_path / "policy.yaml", check=True).stdout.splitlines()
    data = by_name(kustomized(KUSTOMIZE / "overlays" / "mutating-policy"))[FINAL_STATE]["data"]
    assert base64.b64decode(data["policyInline"]).decode() == printed[0]
    assert f"sha256 {data['policySha256']}" == printed[1] and data[f"policy.{data['policySha256']}"] == "pinned"


def test_what_only_reports_refuses_no_pod(tmp_path):
    objects = templated(tmp_path, {"volumesOnly": True, "enforcement": "report"})
    assert "--volumes-only" not in injector_of(objects)[1]["args"]
    assert by_name(objects)["ConfigMap", "initscan-system", "initscan-final-state"]["data"]["volumesOnly"] == "true"


REFUSED = {
    "a key that nobody knows": ({"replica": 3}, "Additional property replica is not allowed"),
    "a key of the injector that nobody knows": ({"injector": {"Port": 1}}, "Additional property Port is not allowed"),
    "another word": ({"enforcement": "warn"}, "enforcement must be one of"),
    "no replica": ({"replicas": 0}, "Must be greater than or equal to 1"),
    "text for a number": ({"replicas": "2"}, "Invalid type"),
    "no image": ({"image": ""}, "say which image of initscan"),
    "an image with a space": ({"image": "a b"}, "Does not match pattern"),
    "a port that is none": ({"injector": {"port": 70000}}, "Must be less than or equal to 65535"),
    "a webhook's judgement without an injector": ({"injectedBy": "policy", "enforcedBy": "webhook"}, "enforcedBy does not match"),
    "a release of pods without an injector": ({"injectedBy": "policy", "releaseBlocked": True}, "releaseBlocked does not match"),
    "the server's API without an injector": ({"injectedBy": "policy", "serverApi": {"enabled": True}}, "serverApi.enabled does not match"),
    "a volume of no size that is known": ({"serverApi": {"volumeSize": "big"}}, "Does not match pattern"),
    "a Secret of no name that can be": ({"serverApi": {"postgresqlSecret": "No"}}, "Does not match pattern"),
    "gates that report to nobody": ({"serverApi": {"gateReports": True}}, "serverApi.enabled does not match"),
    "gates that ask and do not report": ({"serverApi": {"enabled": True, "gateMatching": True}}, "serverApi.gateReports does not match"),
    "two places for reports": ({"serverApi": {"volumeSize": "2Gi", "postgresqlSecret": "a"}}, "serverApi.volumeSize does not match"),
    "OpenShift without an injector": ({"injectedBy": "policy", "openshift": True}, "openshift does not match"),
    "collectors where none may run": ({"volumesOnly": True, "injector": {"mode": "copy"}}, "injector.mode must be one of"),
    "a webhook that only reports": ({"enforcement": "report", "enforcedBy": "webhook"}, "enforcedBy does not match"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_the_chart_refuses_what_would_not_work(tmp_path, name):
    values, text = REFUSED[name]
    done = charted(tmp_path, values)
    assert done.returncode == 1 and text in done.stderr, done.stdout[:500] + done.stderr


TOO_OLD = {
    "1.27": ({"enforcedBy": "webhook"}, "the chart wants Kubernetes >=1.28"),
    "1.29": ({}, "Kubernetes v1.29.0 has no ValidatingAdmissionPolicy: set enforcedBy=webhook"),
    "1.35": ({"injectedBy": "policy"}, "Kubernetes v1.35.0 has no MutatingAdmissionPolicy: set injectedBy=webhook"),
}


@pytest.mark.parametrize("version", TOO_OLD)
def test_a_cluster_that_is_too_old_is_told(tmp_path, version):
    values, text = TOO_OLD[version]
    done = charted(tmp_path, values, "-kube-version", f"v{version}.0")
    assert done.returncode == 1 and text in done.stderr, done.stderr


@pytest.mark.parametrize("version, values", [("1.28.0", {"enforcedBy": "webhook"}), ("1.30.4-eks-1", {}), ("1.36.0", {"injectedBy": "policy"})])
def test_a_cluster_that_is_just_new_enough_is_served(tmp_path, version, values):
    templated(tmp_path, values, "-kube-version", f"v{version}")


def test_values_and_schema_know_the_same_keys():
    assert_schema_knows_values(CHART)

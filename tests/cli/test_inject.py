"""`initscan-injector inject`: messages and exit codes."""

import json
import os
import subprocess

import pytest
import yaml

from scan_server import make_certificate
from support import run

POD = "kind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a, image: 'a:1'}]}\n"


def inject(injector, *argv, text=POD):
    return run(injector, "inject", "--image", "example/initscan:1", *argv, "-f", "-", input=text)


def test_a_pod_from_standard_input(injector):
    done = inject(injector)
    assert done.returncode == 0
    assert done.stderr == "Pod/p: injected\n"
    pod = yaml.safe_load(done.stdout)
    assert [c["name"] for c in pod["spec"]["initContainers"]] == ["initscan-install", "initscan-collect-0", "initscan-gate"]


def test_no_collector_where_images_are_only_mounted(injector):
    for mode in ("volume", "auto"):
        done = inject(injector, "--volumes-only", "--mode", mode)
        assert (done.returncode, done.stderr) == (0, "Pod/p: injected\n")
        assert [c["name"] for c in yaml.safe_load(done.stdout)["spec"]["initContainers"]] == ["initscan-gate"]
    done = inject(injector, "--volumes-only", "--mode", "volume", text=POD.replace("a:1", "a:latest"))
    assert done.returncode == 1 and done.stdout == POD.replace("a:1", "a:latest")
    assert done.stderr.endswith('but "a:latest" is a tag that is pulled again at each start: name it by digest, or with imagePullPolicy: IfNotPresent\n')


def test_no_collector_and_nothing_but_collectors_is_wrong_usage(injector):
    done = inject(injector, "--volumes-only", "--mode", "copy")
    assert done.returncode == 64 and done.stdout == ""
    assert done.stderr == "initscan-injector: error: --volumes-only needs --mode=volume or --mode=auto: in mode copy each image is collected\n"


def test_twice_changes_nothing(injector):
    once = inject(injector, "--mode", "volume")
    twice = inject(injector, "--mode", "volume", text=once.stdout)
    assert twice.stderr == "Pod/p: unchanged\n"
    assert twice.stdout == once.stdout


def test_uninject_takes_out_what_inject_put_in(injector):
    text = POD.replace("{containers:", "{volumes: [{name: data, emptyDir: {}}], initContainers: [{name: s, image: 's:1'}], containers:")
    once = inject(injector, text=text)
    done = run(injector, "uninject", "-f", "-", input=once.stdout)
    assert (done.returncode, done.stderr) == (0, "Pod/p: removed\n")
    pod = yaml.safe_load(done.stdout)
    assert pod == yaml.safe_load(text)
    assert run(injector, "uninject", "-f", "-", input=text).stderr == "Pod/p: unchanged\n"


def test_a_gate_is_told_of_servers_and_uninject_forgets_them(injector, tmp_path):
    certificate, _ = make_certificate(tmp_path)
    servers = ("--report-to", "https://a:1/", "--server", "https://b:2", "--server-ca", certificate)
    done = inject(injector, *servers)
    assert (done.returncode, done.stderr) == (0, "Pod/p: injected\n")
    spec = yaml.safe_load(done.stdout)["spec"]
    inline = "".join(certificate.read_text().split("-----")[2].split())
    told = ["--report-to=https://a:1", "--server=https://b:2", "--server-token=/initscan/token/token", f"--server-ca-inline={inline}"]
    assert [a for a in spec["initContainers"][-1]["args"] if a.startswith(("--report", "--server"))] == told
    assert inject(injector, *servers, text=done.stdout).stderr == "Pod/p: unchanged\n"
    silent = inject(injector, text=done.stdout)
    assert silent.stderr == "Pod/p: injected\n" and "initscan-token" not in silent.stdout and "--server" not in silent.stdout
    assert yaml.safe_load(run(injector, "uninject", "-f", "-", input=done.stdout).stdout) == yaml.safe_load(POD)


def test_an_authority_that_is_none_is_told(injector, tmp_path):
    ca = tmp_path / "ca.crt"
    for text, fact in ((None, "cannot open: No such file or directory"), ("", "want certificates in PEM"),
                       ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "a certificate in it cannot be read")):
        if text is not None:
            ca.write_text(text)
        done = inject(injector, "--report-to", "https://a", "--server-ca", ca)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == f"initscan-injector: error: {ca}: {fact}\n"


CONTAINERS = "{containers: [{name: a, image: 'a:1'}]}"


@pytest.mark.parametrize("metadata", ["name: p", "name: p\n  labels: {app: x}", "name: p\n  labels: {}", "name: p\n  annotations: {a: b}", "labels: {app: x}"])
def test_a_pod_is_labelled_and_the_label_goes_again(injector, metadata):
    text = f"kind: Pod\nmetadata:\n  {metadata}\nspec:\n  containers: [{{name: a, image: 'a:1'}}]\n"
    injected = run(injector, "inject", "--image", "i", "-f", "-", input=text)
    assert injected.returncode == 0, injected.stderr
    assert yaml.safe_load(injected.stdout)["metadata"]["labels"]["initscan.io/injected"] == "true"
    undone = run(injector, "uninject", "-f", "-", input=injected.stdout)
    assert yaml.safe_load(undone.stdout) == yaml.safe_load(text), undone.stdout + undone.stderr


@pytest.mark.parametrize("more", [
    "imagePullPolicy: Always", "imagePullPolicy: IfNotPresent", "imagePullPolicy: Never",
    "image: a", "image: a, imagePullPolicy: Always", "image: 'a@sha256:1', imagePullPolicy: Always",
    "resources: {limits: {cpu: 1, memory: 1Gi}}", "volumeMounts: []",
])
@pytest.mark.parametrize("mode", ["copy", "volume"])
def test_uninject_gives_back_what_a_container_said(injector, more, mode):
    name = "name: a" if "image:" in more else "name: a, image: 'a:1'"
    text = f"kind: Pod\nmetadata: {{name: p}}\nspec: {{containers: [{{{name}, {more}}}]}}\n"
    assert_inverse(injector, text, mode)


@pytest.mark.parametrize("text", [
    "kind: Pod\nspec: " + CONTAINERS,
    "kind: Pod\nmetadata: {}\nspec: " + CONTAINERS,
    "kind: Pod\nmetadata: {annotations: {}}\nspec: " + CONTAINERS,
    "kind: Pod\nmetadata: {name: p, annotations: {k: v}}\nspec: " + CONTAINERS,
    "kind: Pod\nmetadata: {name: p}\nspec: {initContainers: [], volumes: [], containers: [{name: a, image: a}]}",
    "kind: Deployment\nmetadata: {name: d}\nspec: {template: {spec: " + CONTAINERS + "}}",
    "kind: Pod\nmetadata: {name: p}\nspec: {volumes: [{name: m, image: {reference: m}}, "
    "{name: n, image: {reference: n, pullPolicy: Always}}], containers: [{name: a, image: 'a:1'}]}",
    "kind: Pod\nmetadata: {name: p}\nspec: {initContainers: [{name: i, image: i, imagePullPolicy: Always}, "
    "{name: s, image: s, restartPolicy: Always}], containers: [{name: a, image: 'a:1'}]}",
])
def test_uninject_leaves_nothing_behind(injector, text):
    assert_inverse(injector, text, "copy")
    assert_inverse(injector, text, "volume")


def assert_inverse(injector, text, mode):
    once = inject(injector, "--mode", mode, text=text)
    assert once.returncode == 0 and "initscan-gate" in once.stdout, once.stderr
    back = run(injector, "uninject", "-f", "-", input=once.stdout)
    assert back.returncode == 0 and yaml.safe_load(back.stdout) == yaml.safe_load(text)


def test_uninject_takes_no_strangers_word(injector):
    """A forged note changes nothing but what a note may: a pull policy that the injector would have changed."""
    note = '{"before":{"containers":{"a":"Never","b":7},"volumes":[],"empty":{"x":1}}}'
    text = f"kind: Pod\nmetadata: {{name: p, annotations: {{initscan.io/status: '{note}'}}}}\nspec: {CONTAINERS}\n"
    done = run(injector, "uninject", "-f", "-", input=text)
    assert done.returncode == 0 and yaml.safe_load(done.stdout) == yaml.safe_load("kind: Pod\nmetadata: {name: p}\nspec: " + CONTAINERS)


def test_a_deep_note_is_no_note(injector):
    note = '{"before":' * 50_000 + "1" + "}" * 50_000
    text = json.dumps({"kind": "Pod", "metadata": {"name": "p", "annotations": {"initscan.io/status": note}}, "spec": {"containers": [{"name": "a", "image": "a:1"}]}})
    for command in ("inject", "uninject"):
        done = run(injector, command, "-f", "-", input=text)
        assert done.returncode == 0, done.stderr


SERVICE = "# why it is here\napiVersion: v1\nkind: Service   # kept\nmetadata: {name: s}\nspec:\n  x: |\n    a\n\n"


@pytest.mark.parametrize("other", [
    SERVICE,
    "%YAML 1.2\n---\n" + SERVICE + "...\n",
    "\ufeff" + SERVICE,
    SERVICE.replace("\n", "\r\n"),
    "kind: ConfigMap\nmetadata:\n  name: c\ndata: {a: &x 1, b: *x}\n",
    "kind: ConfigMap\nmetadata:\n  name: c\ndata:\n  bad: [never closed\n",
    "--- # first\nkind: CustomResourceDefinition\nmetadata:\n  name: c.example.com\nspec: {}\n---\n# nothing\n---\n",
    '{"kind": "Service",   "metadata": {"name": "s"}}\n',
])
def test_what_is_not_touched_is_copied_byte_for_byte(injector, other):
    separator = "" if other.endswith(("...\n", "---\n")) else "---\n"
    both = injected_bytes(injector, other + separator + POD)
    assert both.startswith((other + separator).encode()) and b"initscan-gate" in both
    assert injected_bytes(injector, other) == other.encode()


def injected_bytes(injector, text):
    """With their line ends, which reading text would take away."""
    done = subprocess.run([str(injector), "inject", "-f", "-"], input=text.encode(), capture_output=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_comments_around_a_document_that_changes_stay(injector):
    text = "# licence\n---\n# about p\n" + POD + "# the end\n"
    done = inject(injector, text=text)
    assert done.stdout.startswith("# licence\n---\n# about p\nkind: Pod\n") and done.stdout.endswith("\n# the end\n")


def test_windows_lines_stay_windows_lines(injector):
    raw = injected_bytes(injector, POD.replace("\n", "\r\n"))
    assert b"initscan-gate" in raw and raw.count(b"\n") == raw.count(b"\r\n") > 10


ITEM = '{"metadata":{"name":"p"},"spec":{"containers":[{"name":"a","image":"a:1"}]}}'
TEMPLATE = '{"metadata":{"name":"d"},"spec":{"template":' + ITEM + "}}"


@pytest.mark.parametrize("text, pods", [
    ('{"kind":"PodList","items":[' + ITEM + "," + ITEM + "]}", 2),
    ('{"kind":"DeploymentList","apiVersion":"apps/v1","items":[' + TEMPLATE + "]}", 1),
    ("kind: List\nitems:\n- kind: List\n  items:\n  - " + ITEM.replace("{", '{"kind":"Pod",', 1) + "\n", 1),
    ("kind: StatefulSetList\nitems: [" + TEMPLATE + "]\n", 1),
    (ITEM.replace("{", '{"kind":"Pod",', 1) * 3, 3),
    (ITEM.replace("{", '{"kind":"Pod",', 1) + "\n\n" + ITEM.replace("{", '{"kind":"Pod",', 1) + "\n---\n" + POD, 3),
    ("{kind: Pod, spec: {containers: [{name: a, image: 'a:1'}]}}", 1),
    ("kind: PodList\nitems: []\n", 0),
    ("apiVersion: batch.example.com/v1\nkind: Job\nmetadata: {name: j}\nspec: {tasks: []}\n", 0),
])
def test_pods_are_found_wherever_kubectl_finds_them(injector, text, pods):
    done = inject(injector, text=text)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("initscan.io/status") == pods
    assert inject(injector, text=done.stdout).stdout == done.stdout


# Each of these is a pod to kubectl, whatever its lines look like.
@pytest.mark.parametrize("text", [
    '"kind": Pod\nmetadata:\n  name: p\nspec: ' + CONTAINERS,
    "kind : Pod\nmetadata:\n  name: p\nspec: " + CONTAINERS,
    "kind: ConfigMap\nmetadata:\n  name: p\nkind: Pod\nspec: " + CONTAINERS,
    "? kind\n: Pod\nmetadata:\n  name: p\nspec: " + CONTAINERS,
    "metadata:\n  name: p\nkind: &k Pod\nspec: " + CONTAINERS,
    "  kind: Pod\n  metadata:\n    name: p\n  spec: " + CONTAINERS,
    "metadata:\n  name: p\n!!str kind: Pod\nspec: " + CONTAINERS,
    "x: &x {kind: Pod}\nmetadata:\n  name: p\n<<: *x\nspec: " + CONTAINERS,
])
def test_a_pod_is_a_pod_however_it_is_written(injector, text):
    done = inject(injector, text=text)
    assert done.returncode == 0 and "Pod/p: injected" in done.stderr


def test_lines_that_readers_see_differently_are_written_anew(injector):
    """YAML 1.1 ends a line at U+2028, and a key would stand behind it: written anew, it means to each what it meant here."""
    text = "kind: ConfigMap\nmetadata:\n  name: c\nx: a\u2028kind: Pod\n"
    done = inject(injector, text=text)
    assert (done.returncode, "\u2028" in done.stdout) in ((0, False), (1, True)), done.stdout


@pytest.mark.parametrize("text, fact", [
    (POD.replace("'a:1'", "''"), 'Pod/p: container "a" has no image'),
    ("kind: Pod\nmetadata: [\n", "3: not YAML: end of sequence flow not found"),
    ("kind: PodList\nmetadata: {name: l}\nitems: {}\n", "PodList/l: want a list for items"),
    ("a: b\n", "want an object with a kind"),
    ('{"a":' * 201 + "1" + "}" * 201 + "\n", "1: JSON nested more than 200 deep"),
])
def test_a_bad_document_stops_no_other(injector, text, fact):
    done = inject(injector, text=text + "---\n" + POD)
    assert done.returncode == 1
    assert done.stdout.startswith(text) and "initscan-gate" in done.stdout
    assert done.stderr == f"Pod/p: injected\ninitscan-injector: error: standard input: {fact}\n"
    after = inject(injector, text=POD + "---\n" + text)
    assert after.returncode == 1 and after.stdout.endswith(text)
    if fact[0].isdigit():
        assert f"standard input: {int(fact.split(':')[0]) + 4}: " in after.stderr, "lines count from the file's first"


def test_a_bad_item_stops_no_other(injector):
    done = inject(injector, text="kind: PodList\nitems: [" + ITEM + ", " + ITEM.replace("a:1", "") + "]\n")
    assert done.returncode == 1 and done.stdout.count("initscan-gate") == 1
    assert 'error: standard input: Pod/p: container "a" has no image' in done.stderr


def test_a_large_manifest_of_other_kinds_takes_no_time(injector):
    """As an operator's installation: megabytes of definitions around a few workloads."""
    field = "                  description: a field of many: words, and more of them\n                  type: string\n"
    crd = ("apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: a.example.com\nspec:\n  x:\n"
           + "".join(f"                f{i}:\n{field}" for i in range(1000)))
    text = "---\n".join([crd] * 20 + [POD])
    assert len(text) > 2_000_000
    start = os.times()
    done = inject(injector, text=text)
    end = os.times()
    assert done.returncode == 0 and done.stdout.startswith("---\n".join([crd] * 20))
    assert end.children_user + end.children_system - start.children_user - start.children_system < 1.0


def test_without_an_image_it_is_the_releases_own(injector):
    done = run(injector, "inject", "-f", "-", input=POD)
    version = run(injector, "--version").stdout.split()[-1]
    assert yaml.safe_load(done.stdout)["spec"]["initContainers"][-1]["image"] == f"initscan:{version}"


def test_a_policy_that_is_wrong_stops_it(injector, tmp_path):
    policy = tmp_path / "p.yaml"
    policy.write_text("kind: ScanPolicy\n")
    done = inject(injector, "--policy", policy)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"initscan-injector: error: {policy}: 1:1: the policy without apiVersion\n"


@pytest.mark.parametrize(
    "text, fact",
    [
        ("", "is empty"),
        ("a: [\n", "2: not YAML: end of sequence flow not found"),
        ("kind: Pod\nmetadata: {name: p}\nspec: {}\n", "Pod/p: spec: no containers"),
    ],
)
def test_a_bad_manifest_is_one_line_and_comes_out_as_it_was(injector, text, fact):
    done = inject(injector, text=text)
    assert (done.returncode, done.stdout) == (1, text)
    assert done.stderr == f"initscan-injector: error: standard input: {fact}\n"


@pytest.mark.parametrize(
    "argv, fact",
    [
        ([], "A subcommand is required"),
        (["serve", "--tls-cert", "c", "--tls-key", "k"], "--image is required"),
        (["inject", "--image", "x"], "--filename is required"),
        (["inject", "--image", "x", "-f", "-", "--mode", "sidecar"], "--mode: sidecar not in {auto,copy,volume}"),
        (["serve", "--image", "x", "--tls-cert", "c", "--tls-key", "k", "--listen", "nowhere"],
         '--listen: want ADDRESS:PORT, got "nowhere"'),
        (["inject", "-f", "-", "--report-to", "https://a"], "--report-to and --server need --server-ca: gates know no authority of their own"),
        (["inject", "-f", "-", "--server-ca", "ca.crt"], "--server-ca needs a server to be named (--report-to, --server)"),
        (["inject", "-f", "-", "--server-ca", "c", "--server", "http://a"], "--server: want https://HOST:PORT, without a query or a user"),
        (["inject", "-f", "-", "--server-ca", "c", "--report-to", "https://a|--quiet"], "--report-to: want https://HOST:PORT"),
    ],
)
def test_wrong_usage_is_64_and_says_what(injector, argv, fact):
    done = run(injector, *argv, input="")
    assert done.returncode == 64, done.stderr
    assert done.stderr.startswith(f"initscan-injector: error: {fact}") or f" error: {fact}" in done.stderr.splitlines()[-1]


def test_serve_names_what_it_cannot_read(injector):
    done = run(injector, "serve", "--image", "x", "--tls-cert", "/none.pem", "--tls-key", "/none.pem",
               "--listen", "127.0.0.1:0")
    assert done.returncode == 1
    assert "initscan-injector: error: /none.pem: cannot open: No such file or directory" in done.stderr


def test_a_fifo_as_a_certificate_is_an_error_and_waits_for_nobody(injector, tmp_path):
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "config").write_text(json.dumps({
        "current-context": "t", "contexts": [{"name": "t", "context": {"cluster": "t", "user": "t"}}],
        "clusters": [{"name": "t", "cluster": {"server": "https://localhost:1", "certificate-authority": "fifo"}}],
        "users": [{"name": "t", "user": {"tokenFile": "fifo"}}]}))
    serve = ["serve", "--image", "x", "--listen", "127.0.0.1:0"]
    for argv in ([*serve, "--tls-cert", tmp_path / "fifo", "--tls-key", tmp_path / "fifo"],
                 [*serve, "--tls-cert", "/dev/zero", "--tls-key", "/dev/zero"],
                 [*serve, "--kubeconfig", tmp_path / "fifo"], [*serve, "--kubeconfig", tmp_path / "config"]):
        done = run(injector, *argv, timeout=20)
        assert done.returncode == 1 and ": is not a regular file; want one" in done.stderr, done.stderr


@pytest.mark.parametrize("command", ["inject", "uninject"])
@pytest.mark.parametrize("opening", ['{"a":', "["])
def test_deep_json_is_one_line(injector, command, opening):
    pod = '{"kind":"Pod","metadata":{"annotations":' + opening * 100_000 + '}}'
    options = ["--image", "x"] if command == "inject" else []
    done = run(injector, command, "-f", "-", *options, input=pod)
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert "JSON nested more than 200 deep" in done.stderr


def test_help_and_version_say_what_it_is(injector):
    assert "Exit codes: 0 done, 1 failed, 2 check has found something wrong, 64 wrong usage." in run(injector, "--help").stdout
    assert run(injector, "--version").stdout.startswith("initscan-injector ")

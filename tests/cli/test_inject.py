"""`initscan-injector inject`: messages and exit codes."""

import json
import os

import pytest
import yaml

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
    assert pod["metadata"].pop("annotations") == {}
    assert pod == yaml.safe_load(text)
    assert run(injector, "uninject", "-f", "-", input=text).stderr == "Pod/p: unchanged\n"


def test_a_policy_that_is_wrong_stops_it(injector, tmp_path):
    policy = tmp_path / "p.yaml"
    policy.write_text("kind: ScanPolicy\n")
    done = inject(injector, "--policy", policy)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"initscan-injector: error: {policy}: 1: the policy without apiVersion\n"


@pytest.mark.parametrize(
    "text, fact",
    [
        ("", "is empty"),
        ("a: [\n", "2: not YAML: end of sequence flow not found"),
        ("kind: Pod\nmetadata: {name: p}\nspec: {}\n", "Pod/p: spec: no containers"),
    ],
)
def test_a_bad_manifest_is_one_line(injector, text, fact):
    done = inject(injector, text=text)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"initscan-injector: error: standard input: {fact}\n"


@pytest.mark.parametrize(
    "argv, fact",
    [
        ([], "A subcommand is required"),
        (["inject", "-f", "-"], "--image is required"),
        (["inject", "--image", "x"], "--filename is required"),
        (["inject", "--image", "x", "-f", "-", "--mode", "sidecar"], "--mode: sidecar not in {auto,copy,volume}"),
        (["serve", "--image", "x", "--tls-cert", "c", "--tls-key", "k", "--listen", "nowhere"],
         '--listen: want ADDRESS:PORT, got "nowhere"'),
    ],
)
def test_wrong_usage(injector, argv, fact):
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
        assert done.returncode == 1 and ": is no regular file; want one" in done.stderr, done.stderr


@pytest.mark.parametrize("command", ["inject", "uninject"])
@pytest.mark.parametrize("opening", ['{"a":', "["])
def test_deep_json_is_one_line(injector, command, opening):
    pod = '{"kind":"Pod","metadata":{"annotations":' + opening * 100_000 + '}}'
    options = ["--image", "x"] if command == "inject" else []
    done = run(injector, command, "-f", "-", *options, input=pod)
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert "JSON nested more than 200 deep" in done.stderr


def test_help_and_version(injector):
    assert "Exit codes: 0 done, 1 could not, 2 check has found something wrong, 64 wrong usage." in run(injector, "--help").stdout
    assert run(injector, "--version").stdout.startswith("initscan-injector ")

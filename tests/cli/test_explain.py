"""`explain -f`, `check` without a cluster, and the same program as a kubectl plugin: messages and exit codes."""

import json

import pytest

from support import BIN, run

POD = "kind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a, image: 'a:1'}]}\n"
IMAGE = "example/initscan:1"


def explain(injector, *argv, text=POD):
    return run(injector, "explain", "--image", IMAGE, *argv, "-f", "-", input=text)


def test_a_file_is_explained_with_what_is_added(injector):
    done = explain(injector)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[:3] == ["Pod/p: injected: the scanner is inserted before its containers", "--- without initscan",
                         "+++ as the injector makes it, in a labelled namespace"]
    added = [line for line in lines[3:] if line.startswith("+")]
    assert "+  - name: initscan-gate" in added and not [line for line in lines[3:] if line.startswith("-")]


def test_the_diff_leads_from_the_one_to_the_other(injector, tmp_path):
    """patch(1) makes of the manifest what `inject` makes of it."""
    want = run(injector, "inject", "--image", IMAGE, "-f", "-", input=POD).stdout
    (tmp_path / "pod.yaml").write_text(run(injector, "uninject", "-f", "-", input=want).stdout)
    diff = explain(injector).stdout.split("\n", 1)[1]
    done = run("patch", tmp_path / "pod.yaml", input=diff)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "pod.yaml").read_text() == want


def test_what_is_already_injected_is_explained_the_same(injector):
    injected = run(injector, "inject", "--image", IMAGE, "-f", "-", input=POD).stdout
    assert "+  - name: initscan-gate" in explain(injector, text=injected).stdout


@pytest.mark.parametrize("text, line", [
    ("kind: Pod\nmetadata: {name: w}\nspec: {os: {name: windows}, containers: [{name: a, image: a}]}\n",
     "Pod/w: windows: it is a Windows pod, and those are not scanned"),
    ("kind: Pod\nmetadata: {name: k, namespace: kube-system}\nspec: {containers: [{name: a, image: a}]}\n",
     "Pod/k: excluded-namespace: its namespace keeps the cluster alive, and is never injected"),
    ("kind: ConfigMap\nmetadata: {name: c}\n", "ConfigMap/c: not-a-workload: it has no pods"),
])
def test_what_is_not_injected_says_why(injector, text, line):
    done = explain(injector, text=text)
    assert (done.returncode, done.stdout) == (0, line + "\n")


def test_text_of_the_manifest_is_safe_on_a_terminal(injector):
    text = json.dumps({"kind": "Pod", "metadata": {"name": "p\x1b[2J"}, "spec": {"containers": [{"name": "a", "image": "a\u202e:1"}]}})
    done = explain(injector, text=text)
    assert done.returncode == 0 and "\x1b" not in done.stdout and "\u202e" not in done.stdout


@pytest.mark.parametrize("argv, fact", [
    (["explain"], "explain: want POD or KIND/NAME, or -f FILE"),
    (["explain", "p", "-f", "-"], "explain: want POD or KIND/NAME, or -f FILE"),
    (["explain", "service/p"], 'explain: "service" has no pods; kinds are pod, deployment, statefulset, daemonset, '
                               "replicaset, replicationcontroller, job, cronjob"),
    (["explain", "deploy/"], 'explain: want POD or KIND/NAME, got "deploy/"'),
    (["check", "--format", "yaml"], "--format: yaml not in {table,json}"),
])
def test_wrong_usage_is_64_and_says_what(injector, argv, fact):
    done = run(injector, *argv, input="")
    assert done.returncode == 64 and f" error: {fact}" in done.stderr, done.stderr


@pytest.mark.parametrize("argv", [["check"], ["explain", "p"]])
def test_without_a_cluster_it_says_so(injector, argv, tmp_path):
    done = run(injector, *argv, env={"HOME": str(tmp_path)})
    assert (done.returncode, done.stdout) == (64, "")
    assert done.stderr == ("initscan-injector: error: no cluster: no --kubeconfig, no $KUBECONFIG, no ~/.kube/config, "
                           "and this is not a pod\n")


@pytest.mark.parametrize("argv", [["check"], ["explain", "p"]])
def test_an_api_server_that_is_not_there_is_undecided(injector, argv, tmp_path):
    config = tmp_path / "config"
    config.write_text(json.dumps({
        "current-context": "t", "contexts": [{"name": "t", "context": {"cluster": "t"}}],
        "clusters": [{"name": "t", "cluster": {"server": "https://127.0.0.1:1"}}]}))
    done = run(injector, *argv, "--kubeconfig", config)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "initscan-injector: error: https://127.0.0.1:1: cannot connect: Connection refused\n"


def test_the_plugin_is_the_same_program_without_the_server(injector):
    plugin = BIN / "kubectl-initscan"
    assert plugin.is_symlink() and plugin.resolve() == injector.resolve()
    text = run(plugin, "--help").stdout
    assert all(command in text for command in ("inject", "uninject", "check", "explain")) and "serve" not in text
    assert run(plugin, "--version").stdout.startswith("kubectl initscan ")
    done = run(plugin, "serve", "--image", "x")
    assert done.returncode == 64 and done.stderr.startswith("kubectl initscan: error: "), done.stderr
    assert run(plugin, "inject", "--image", IMAGE, "-f", "-", input=POD).stderr == "Pod/p: injected\n"


def test_what_has_to_be_said_has_no_default(injector):
    image = next(line for line in run(injector, "serve", "--help").stdout.splitlines() if line.lstrip().startswith("--image "))
    assert "REQUIRED" in image and "REFERENCE=" not in image, image
    assert "--image" in run(injector, "explain", "--help").stdout.split("Examples:")[1]

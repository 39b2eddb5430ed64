"""What real kubelets reported of injected pods, read as the server reads it: each recorded moment, and the watches event by event."""

import json
import re
import subprocess

import pytest
import yaml

from support import program, run, shared_data

SCANNER = "registry.example.com/initscan@sha256:f8734ee2e1a2150529dc9ba57d068dde6a83cd8842d5fc20566b8bc1f41cab87"
ROW = re.compile(r"^\| ((?:volume|copy|plain)-\S+\.json) \| (\d+) \| (.*?) \| (.*) \|$", re.MULTILINE)
POLICY = re.compile(r"--policy-sha256=([0-9a-f]{64})")
PULLS = {"ErrImagePull", "ImagePullBackOff"}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """The archive, unpacked, and what its README says of each file."""
    folder = tmp_path_factory.mktemp("pod-status")
    archive = shared_data("pod-status", "pod-status.tar.zst")
    subprocess.run(["tar", "--zstd", "-xf", archive, "-C", folder], check=True)
    table = {name: (number, what, states) for name, number, what, states in ROW.findall((archive.parent / "README.md").read_text())}
    return folder, table


def read(pods, rules="labelled"):
    lines = "".join(json.dumps(pod) + "\n" for pod in pods)
    indexes = [volume["image"]["reference"] for pod in pods for volume in pod["spec"].get("volumes") or [] if volume["name"] == "initscan-db"]
    accepted = {"images": SCANNER, "indexImages": " ".join(indexes), **{f"policy.{policy}": "" for policy in POLICY.findall(lines)}}
    done = run(program("tests/read_pods"), json.dumps(accepted), rules, input=lines)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def told(states):
    """A row's column "states": the pod's phase, whether it is being deleted, and what each container is at."""
    phase, *containers = states.split("; ")
    by_name = dict(words.split(" ", 1) for words in containers)
    return phase.removesuffix(" (deleting)"), "(deleting)" in phase, by_name


def scans_told(states, pod, is_out_of_memory):
    """The exit codes and the reasons that a row gives the gate's runs, the earlier first."""
    gate = told(states)[2].get("i-gate", "")
    codes = re.findall(r"last (\d+)", gate) + re.findall(r"^(\d+)", gate)
    if len(runs_in(pod)) < len(codes):
        codes = codes[1:]  # a pod that is deleted while its gate waits shows the end of the same run once more
    killed = "out-of-memory" if is_out_of_memory else "killed"
    return [(int(code), killed if code == "137" else "no-line") for code in codes]


def runs_in(pod):
    """The ended runs of the gate by their container: whether each is the present state, and its exit code."""
    gates = [one for one in pod["status"].get("initContainerStatuses", []) if one["name"] == "initscan-gate"]
    ended = [(when, gate[when]["terminated"]) for gate in gates for when in ("state", "lastState") if "terminated" in gate[when]]
    return {f"{pod['metadata']['uid']}/{run['containerID']}": (when, run["exitCode"]) for when, run in ended}


def state_told(name, states):
    phase, is_deleted, containers = told(states)
    gate = containers.get("i-gate", "")
    own = {n: state for n, state in containers.items() if not n.startswith("i-")}
    if name.startswith("plain"):
        if phase == "Failed":
            return "ended"
        return "unproven" if "i-gate" in containers and "app-container" not in name else "unlabelled"
    if "i-gate" not in containers and any(own.values()):
        return "older_than_label"
    has_passed = gate.startswith("0") or any(state.startswith(("running", "0")) for state in own.values())
    if is_deleted or (has_passed and phase in ("Succeeded", "Failed")):
        return "ended"
    if has_passed:
        return "scanned"
    for n, state in containers.items():
        if n.startswith("i-") and state.split()[0] in PULLS:
            return "blocked image_pull"
    code = (re.findall(r"^(\d+)", gate) or re.findall(r"last (\d+)", gate) or [""])[0]
    return {"": "scanning", "2": "blocked gate_failed"}.get(code, "blocked undecided")


def test_each_recorded_moment_is_read_as_it_was(recorded):
    folder, table = recorded
    wrong, seen = [], 0
    for name, (_, what, states) in sorted(table.items()):
        document = json.loads((folder / name).read_text())
        if document["kind"] != "Pod":
            continue
        seen += 1
        is_unlabelled = name.startswith(("plain", "volume-unlabelled-new", "copy-unlabelled-new"))
        reading = read([document], "" if is_unlabelled else "labelled")[0]
        state = " ".join(word for word in (reading["state"], reading["blockedBy"]) if word)
        want = "unlabelled" if is_unlabelled and not name.startswith("plain") else state_told(name, states)
        scans = [] if name.startswith("plain") else scans_told(states, document, "oom" in name)
        got = [(scan["exit"], scan["reason"]) for scan in reading["scans"]]
        if state != want or got != scans:
            wrong.append(f"{name} ({what}: {states}): {state} {got}, not {want} {scans}")
        assert all(scan["verdict"] == "undecided" and not scan["line"] for scan in reading["scans"]), "of a release without a line"
        assert len({scan["key"] for scan in reading["scans"]}) == len(reading["scans"])
    assert seen > 100 and not wrong, "\n".join(wrong)


def test_what_runs_unscanned_is_known_where_the_node_says_so(recorded):
    folder, table = recorded
    for name in table:
        document = json.loads((folder / name).read_text())
        if document["kind"] != "Pod" or not name.startswith(("volume", "copy")):
            continue
        reading = read([document])[0]
        if "ephemeral-unscanned" in name:
            assert reading["sameness"] == "other", name
        elif name in ("copy-good-running.json", "copy-ephemeral-running.json", "copy-side-job-sidecar-running.json"):
            assert reading["sameness"] == "same", name
        else:
            assert reading["sameness"] != "other", name


@pytest.mark.parametrize("watch", ["watch-volume", "watch-copy"])
def test_a_watch_counts_each_run_once_and_misses_none(recorded, watch):
    folder, _ = recorded
    events = [json.loads(line) for line in (folder / f"{watch}.ndjson").read_text().splitlines()]
    pods = [event["object"] for event in events if event["type"] != "BOOKMARK"]
    keys, runs = {}, {}
    for pod, reading in zip(pods, read(pods)):
        for scan in reading["scans"]:
            assert keys.setdefault(scan["key"], scan) == scan, "one run, and always the same"
        runs.update(runs_in(pod))
    assert {key: scan["exit"] for key, scan in keys.items()} == {key: code for key, (_, code) in runs.items()}
    assert len(keys) >= 8
    first_seen_later = [key for key, (when, _) in runs.items() if when == "lastState"]
    assert first_seen_later, "some are nowhere but in lastState"


@pytest.mark.parametrize("mode", ["copy", "volume"])
def test_what_the_injector_makes_is_a_gate_of_ours(injector, mode):
    """The one makes it, the other knows it: of each kind of pod that has something more in it."""
    pods = [{"containers": [{"name": "a", "image": "a:1"}]},
            {"containers": [{"name": "a", "image": "a:1"}, {"name": "b", "image": "b:1"}], "initContainers": [{"name": "i", "image": "i:1"}]},
            {"containers": [{"name": "a", "image": "a:1", "resources": {"requests": {"cpu": "1", "memory": "1Gi"}}}],
             "securityContext": {"appArmorProfile": {"type": "Localhost", "localhostProfile": "x"}, "seLinuxOptions": {"type": "spc_t", "level": "s0"}}},
            {"containers": [{"name": "a", "image": "a:1"}], "hostUsers": False},
            {"containers": [{"name": "a", "image": "a:1", "imagePullPolicy": "Always"}]}]
    documents = []
    for spec in pods:
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "n", "uid": "u"}, "spec": spec}
        done = run(injector, "inject", "--mode", mode, "--image", SCANNER, "-f", "-", input=json.dumps(pod))
        assert done.returncode == 0, done.stderr
        document = yaml.safe_load(done.stdout)
        for container in document["spec"]["initContainers"]:
            container.setdefault("resources", {})  # what the API server adds
            if container["name"].startswith("initscan-"):
                container.setdefault("terminationMessagePolicy", "File")
        documents.append(document)
    assert [reading["state"] for reading in read(documents)] == ["scanning"] * len(pods)


def test_a_bookmark_is_no_pod(recorded):
    reading = read([{"kind": "Pod", "apiVersion": "v1", "metadata": {"resourceVersion": "9"}, "spec": {"containers": None}, "status": {}}])[0]
    assert reading["scans"] == []


def test_nothing_that_is_forged_counts(recorded):
    folder, table = recorded
    pods = [json.loads((folder / name).read_text()) for name in table if name.startswith("plain-forged")]
    watched = [json.loads(line)["object"] for line in (folder / "watch-plain.ndjson").read_text().splitlines()]
    assert len(pods) >= 9
    for rules in ("", "labelled", "labelled reports"):
        for pod, reading in zip(pods + watched, read(pods + watched, rules)):
            assert reading["scans"] == [] and reading["state"] not in ("scanned", "blocked"), pod["metadata"].get("name")

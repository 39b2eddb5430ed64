"""The main job: podman plays an injected pod; only an image that passes ever starts."""

import json
import textwrap

import pytest
import yaml

from support import gate_message, run

POLICY = textwrap.dedent(
    """\
    apiVersion: initscan.io/v1alpha1
    kind: ScanPolicy
    metadata: {name: strict}
    spec: {failOn: {severity: negligible}}
    """
)


def pod(name, image):
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": "shop"},
        "spec": {
            "restartPolicy": "Never",
            "containers": [
                {"name": "app", "image": image, "imagePullPolicy": "Never",
                 "command": ["/bin/sh", "-c", "echo application started"]}
            ],
        },
    }


class Played:
    """What was seen of one injected pod."""

    def __init__(self, podman, name, manifest, termination_log):
        self.podman, self.name = podman, name
        self.output = podman("kube", "play", "--network", "host", manifest)
        self.containers = [c["name"] for c in yaml.safe_load(manifest.read_text())["spec"]["initContainers"]]
        podman("wait", f"{name}-app") if self.state("app")["Status"] != "created" else None
        message = termination_log.read_text()
        assert len(message.encode()) <= 4096
        self.line, self.words = gate_message(message)

    def state(self, container):
        return self.podman.state(f"{self.name}-{container}")

    def logs(self, container):
        logged = self.podman("logs", f"{self.name}-{container}")
        return logged.stdout + logged.stderr


@pytest.fixture
def play(podman, injector, scanner_image, tmp_path):
    """Injects a pod as a user does and plays it; the test stands in for the kubelet's termination log."""
    down = []

    def play_it(name, image, change=lambda document: None):
        source, policy, manifest = tmp_path / f"{name}.json", tmp_path / "policy.yaml", tmp_path / f"{name}.injected.yaml"
        source.write_text(yaml.safe_dump(pod(name, image)))
        policy.write_text(POLICY)
        injected = run(injector, "inject", "--mode", "copy", "--image", scanner_image, "--policy", policy, "-f", source)
        assert injected.returncode == 0, injected.stderr
        document = yaml.safe_load(injected.stdout)
        change(document)

        log = tmp_path / f"{name}.termination-log"
        log.touch()
        log.chmod(0o666)
        gate = document["spec"]["initContainers"][-1]
        assert gate["name"] == "initscan-gate"
        gate.setdefault("volumeMounts", []).append({"name": "kubelet", "mountPath": "/dev/termination-log"})
        document["spec"]["volumes"].append({"name": "kubelet", "hostPath": {"path": str(log), "type": "File"}})
        manifest.write_text(yaml.safe_dump(document))
        podman("kube", "down", manifest)
        down.append(manifest)
        return Played(podman, name, manifest, log)

    yield play_it
    for manifest in down:
        podman("kube", "down", manifest)


def test_an_unpatched_image_never_starts(play, podman, minbase_root):
    played = play("unpatched", podman.image_of(minbase_root, "localhost/debian12:unpatched"))

    gate = played.state("initscan-gate")
    assert gate["ExitCode"] == 2, played.logs("initscan-gate")
    assert played.state("app")["Status"] == "created", "the application was started"
    assert played.state("app")["StartedAt"].startswith("0001-01-01"), "the application was started"
    assert "application started" not in played.logs("app")

    first = played.words.splitlines()[0]
    assert first.startswith("initscan: FAIL "), played.words
    assert ' of policy "strict": CVE-' in first
    assert "perl-base 5.36.0-" in played.words
    assert played.line["verdict"] == "fail"
    assert sum(int(played.line[severity].split("/")[0]) for severity in ("critical", "high", "medium", "low")) > 0


def test_a_patched_image_runs(play, podman, minbase_patched_root):
    played = play("patched", podman.image_of(minbase_patched_root, "localhost/debian12:patched"))

    # podman takes init containers away once they have passed.
    assert played.containers == ["initscan-install", "initscan-collect-0", "initscan-gate"]
    assert played.words.startswith('initscan: PASS of policy "strict": 1 image, '), played.output
    assert played.logs("app").strip() == "application started"
    assert played.state("app")["ExitCode"] == 0


def test_an_image_without_advisories_never_starts(play, podman, alpine_root):
    """The index knows Debian only: what cannot be decided fails closed, with another exit code."""
    played = play("alpine", podman.image_of(alpine_root("3.20.3"), "localhost/alpine:3.20.3"))

    assert played.state("initscan-gate")["ExitCode"] == 1, played.logs("initscan-gate")
    assert played.state("app")["Status"] == "created"
    assert played.words.startswith('initscan: UNDECIDED of policy "strict": ')
    assert "Alpine:v3.20" in played.words


CLEAN = json.dumps({
    "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": [
        {"type": "operating-system", "name": "debian", "version": "12"},
        {"type": "library", "name": "tzdata", "version": "2024a-0",
         "purl": "pkg:deb/debian/tzdata@2024a-0?distro=debian-12&upstream=tzdata"},
    ]})
FORGERIES = {
    # What the image brings runs in the collector's place, as where its VOLUME lies over our folder.
    "instead": f"echo '{CLEAN}' >/initscan/sbom/0/sbom.json",
    "with a seal": f"cd /initscan/sbom/0 && echo '{CLEAN}' >sbom.json && printf '%064d' 0 >sbom.json.hmac",
    # Our collector runs, and then its document is exchanged.
    "afterwards": "/initscan/bin/initscan-collect --root=/ --output=/initscan/sbom/0/sbom.json --seal=/initscan/bin/nonce"
                  f" && echo '{CLEAN}' >/initscan/sbom/0/sbom.json",
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_sbom_starts_nothing(play, podman, minbase_root, forgery):
    def forge(document):
        collector = document["spec"]["initContainers"][1]
        assert collector["name"] == "initscan-collect-0"
        collector["command"], collector["args"] = ["/bin/sh", "-c"], [FORGERIES[forgery]]

    name = "forged-" + forgery.replace(" ", "-")
    played = play(name, podman.image_of(minbase_root, "localhost/debian12:unpatched"), forge)

    assert played.state("initscan-gate")["ExitCode"] == 1, played.logs("initscan-gate")
    assert played.state("app")["Status"] == "created", "the application was started"
    assert played.words.startswith('initscan: UNDECIDED of policy "strict": ')
    assert "seal" in played.words.splitlines()[0]


@pytest.mark.parametrize("state, code", [("unpatched", 2), ("patched", 0)])
def test_volume_mode_decides_in_one_container(podman, scanner_image, request, tmp_path, state, code):
    """podman 4.3 plays no image volumes; it mounts images, which is what the kubelet does for one."""
    root = request.getfixturevalue("minbase_root" if state == "unpatched" else "minbase_patched_root")
    image = podman.image_of(root, f"localhost/debian12:{state}")
    policy = tmp_path / "policy.yaml"
    policy.write_text(POLICY)
    done = podman(
        "run", "--rm", "--network", "host", "--read-only", "--cap-drop", "all", "--security-opt", "no-new-privileges",
        "--mount", f"type=image,source={image},destination=/initscan/images/0",
        "--volume", f"{policy}:/policy.yaml:ro", scanner_image,
        "gate", "--rootfs=0=/initscan/images/0", f"--image=0={image}", "--policy=/policy.yaml", "--format=json")
    assert done.returncode == code, done.stdout + done.stderr
    (verdict,) = json.loads(done.stdout)["images"]
    assert verdict["image"] == image and verdict["packages"] > 50
    assert verdict["confinement"] in ("seccomp+landlock", "seccomp")
    assert verdict["undecided"] == []

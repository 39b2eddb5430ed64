"""The patch that the audit proposes works: real programs start and answer with it, and do not without its volumes."""

import copy
import json
import time

import pytest
import yaml

from audit_services import IMAGE, LEFT_OUT, SERVICES, services_root, strategic_merge
from support import program, run

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def image(podman, minbase_root):
    """All five programs in one image."""
    if podman("image", "exists", IMAGE).returncode != 0:
        root = services_root(minbase_root)
        excluded = " ".join(f"--exclude=./{path}" for path in LEFT_OUT)
        made = podman.script(f'tar {excluded} --one-file-system -C "$1" -c . | play_podman import -q '
                             "--change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' - \"$2\"", root, IMAGE)
        assert made.returncode == 0, made.stderr
    return IMAGE


def proposed(pod, folder, observed=None):
    """The patch, and the notes beside it, as the audit reports them of this pod."""
    manifest = folder / "pod.json"
    manifest.write_text(json.dumps(pod))
    options = ["--observed-writes", observed] if observed else []
    done = run(program("initscan-audit"), "run", "--from-file", manifest, "--report-dir", folder, "--format", "json", *options)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    (workload,) = json.loads((folder / "audit.json").read_text())["workloads"]
    return yaml.safe_load(workload["patch"]), "\n".join(workload["patchNotes"])


def mount_paths(patch):
    (container,) = patch["spec"]["containers"]
    return {mount["mountPath"] for mount in container["volumeMounts"]}


def without_volumes(patch):
    patch = copy.deepcopy(patch)
    patch["spec"].pop("volumes")
    for container in patch["spec"]["containers"]:
        container.pop("volumeMounts")
    return patch


def as_podman_takes_it(pod, folder):
    """An emptyDir as the kubelet makes it: empty, for everybody. podman would fill it with what the image has there.
    And it takes no ports on the host's network."""
    for container in pod["spec"]["containers"]:
        container.pop("ports")
    for volume in pod["spec"].get("volumes", []):
        if "emptyDir" in volume:
            path = folder / volume["name"]
            path.mkdir()
            path.chmod(0o777)
            volume.pop("emptyDir")
            volume["hostPath"] = {"path": str(path), "type": "Directory"}
    return pod


PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Played:
    def __init__(self, podman, service, pod, folder):
        self.podman = podman
        self.container = f"{pod['metadata']['name']}-app"
        self.manifest = folder / "played.yaml"
        self.manifest.write_text(yaml.safe_dump(pod))
        service.execute = self.execute
        self.service = service
        self.down()
        done = podman("kube", "play", "--network", "host", self.manifest)
        self.said = done.stdout + done.stderr

    def execute(self, *argv):
        """Runs a command in the container, also where podman itself runs in a chroot: there, `podman exec` would enter the
        container's mounts at their first root, which is the machine's, and not the container's."""
        target = ("--target", str(self.podman.state(self.container)["Pid"]))
        return run("nsenter", *target, "--mount", "--pid", "--ipc", "--root", "env", "-i", "--chdir=/", f"PATH={PATH}", *argv)

    def answer(self):
        """Its first answer that counts; else the last thing that went wrong."""
        deadline = time.monotonic() + self.service.seconds
        seen = "nothing"
        while time.monotonic() < deadline:
            try:
                seen = self.service.ask(self.service)
                if seen == self.service.want:
                    return seen
            except (OSError, AssertionError) as error:
                seen = repr(error)
            if (state := self.podman.state(self.container)["Status"]) != "running":
                return f"it is {state}: {self.said}{self.logs()}"
            time.sleep(0.3)
        return seen

    def logs(self):
        logged = self.podman("logs", self.container)
        return logged.stdout + logged.stderr

    def down(self):
        self.podman("kube", "down", self.manifest)


@pytest.fixture
def play(podman, image):
    played = []

    def start(service, pod, folder):
        folder.mkdir(exist_ok=True)
        played.append(Played(podman, service, as_podman_takes_it(pod, folder), folder))
        return played[-1]

    yield start
    for one in played:
        one.down()


@pytest.mark.parametrize("name", SERVICES)
def test_the_patched_container_starts_and_answers(play, name, tmp_path):
    service = SERVICES[name]()
    pod = service.pod(tmp_path)
    patch, notes = proposed(pod, tmp_path)
    assert "write paths guessed: its command says" in notes
    (container,) = patch["spec"]["containers"]
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert container["securityContext"]["capabilities"]["drop"] == ["ALL"]

    running = play(service, strategic_merge(copy.deepcopy(pod), patch), tmp_path / "with")
    assert running.answer() == service.want, running.said + running.logs()
    root = service.execute("sh", "-c", "touch /srv/x 2>&1; touch /usr/x 2>&1; grep -E '^(CapBnd|NoNewPrivs)' /proc/1/status")
    assert root.stdout.count("Read-only file system") == 2, root.stdout
    assert "NoNewPrivs:\t1" in root.stdout
    running.down()


@pytest.mark.parametrize("name", SERVICES)
def test_without_the_patchs_volumes_it_does_not(play, name, tmp_path):
    service = SERVICES[name]()
    service.seconds = min(service.seconds, 15)
    pod = service.pod(tmp_path)
    patch = without_volumes(proposed(pod, tmp_path)[0])
    stuck = play(service, strategic_merge(copy.deepcopy(pod), patch), tmp_path / "without")
    answer = stuck.answer()
    assert answer != service.want
    logs = stuck.logs()
    assert service.complaint in logs, answer + logs[-3000:]


# What each writes, as podman saw it; of Tomcat also what nobody knew beforehand.
OBSERVED = {
    "nginx": {"/run", "/tmp", "/var/lib/nginx", "/var/log/nginx"},
    "redis": {"/tmp", "/var/lib/redis", "/var/log/redis"},
    "java": {"/tmp", "/srv/tomcat/conf/Catalina", "/srv/tomcat/logs", "/srv/tomcat/temp", "/srv/tomcat/work"},
}


@pytest.mark.parametrize("name", OBSERVED)
def test_what_was_seen_to_be_written_is_enough(podman, play, name, tmp_path):
    service = SERVICES[name]()
    pod = service.pod(tmp_path)
    plain = play(service, copy.deepcopy(pod), tmp_path / "plain")
    assert plain.answer() == service.want, plain.said + plain.logs()
    listing = podman("diff", plain.container)
    assert listing.returncode == 0 and "A /" in listing.stdout, listing.stderr
    plain.down()

    observed = tmp_path / "writes" / "images" / IMAGE
    observed.parent.mkdir(parents=True)
    observed.write_text(listing.stdout)
    patch, notes = proposed(pod, tmp_path, tmp_path / "writes")
    assert "write paths observed" in notes and "guessed" not in notes
    assert mount_paths(patch) == OBSERVED[name], listing.stdout

    running = play(service, strategic_merge(copy.deepcopy(pod), patch), tmp_path / "with")
    assert running.answer() == service.want, running.said + running.logs()

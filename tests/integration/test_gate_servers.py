"""What gates are told of servers: the final-state policy accepts what the injector makes of it, as a whole, and nothing else."""

import copy

import pytest

from admission import NAMESPACES, Admission, deployed, injected, policy_of
from scan_server import make_certificate
from test_admission import append_arg, denied, gate_of, pod, renamed
from test_mutating_policy import PODS, by_name, of_ours
from test_policies import valid

URL = "https://initscan-server.initscan-system.svc:8443"
SERVERS = ("--report-to=", "--server=", "--server-token=", "--server-ca-inline=")
VOLUME = {"name": "initscan-token", "projected": {"defaultMode": 420, "sources": [
    {"serviceAccountToken": {"audience": "initscan", "expirationSeconds": 3600, "path": "token"}}]}}


def word_of(made):
    return "|".join(a for a in gate_of(made["spec"])["args"] if a.startswith(SERVERS)) or "none"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("authority"))[0]


@pytest.fixture(scope="module", params=["copy", "volume"])
def mode(request):
    return request.param


@pytest.fixture(scope="module", params=["--report-to", "--server", "both"])
def options(request, certificate):
    asked = ("--report-to", "--server") if request.param == "both" else (request.param,)
    return (*(word for option in asked for word in (option, URL)), "--server-ca", str(certificate))


@pytest.fixture(scope="module")
def plain(injector, mode):
    return injected(injector, pod(volumes=[{"name": "data", "emptyDir": {}}]), mode)


@pytest.fixture(scope="module")
def told(injector, mode, options):
    return injected(injector, pod(volumes=[{"name": "data", "emptyDir": {}}]), mode, *options)


def admission_of(made, overlay="enforce", **settings):
    digest = policy_of(made)
    accepted = {f"policy.{digest}": "default", **{f"policy.{n}.{digest}": "default" for n in NAMESPACES}}
    return Admission(deployed(overlay, {**accepted, **settings}))


@pytest.fixture(scope="module")
def telling(told):
    """A cluster in which gates are told of servers."""
    admission = admission_of(told, gateServers=word_of(told))
    yield admission
    admission.close()


@pytest.fixture(scope="module")
def silent(plain):
    admission = admission_of(plain)
    yield admission
    admission.close()


def test_what_the_injector_makes_is_admitted_where_it_is_told_so(telling, silent, told, plain):
    assert [v for v in told["spec"]["volumes"] if v["name"] == VOLUME["name"]] == [VOLUME]
    valid(telling, telling.create(told))
    valid(silent, silent.create(plain))
    denied(telling.create(plain), "arguments")  # it would hide what it finds
    denied(silent.create(told), "arguments")


def test_both_are_admitted_while_it_changes(told, plain):
    admission = admission_of(plain, gateServers=f"{word_of(told)} none")
    valid(admission, admission.create(told))
    valid(admission, admission.create(plain))
    admission.close()


def test_many_images_and_authorities_are_within_the_api_servers_budget(injector, mode, tmp_path):
    """As many as an injector takes of each, and three sets that are accepted: while an authority changes there are so many."""
    pem = ""
    for number in range(18):
        (folder := tmp_path / str(number)).mkdir()
        pem += make_certificate(folder)[0].read_text()
    (tmp_path / "ca.crt").write_text(pem)
    images = [{"name": f"app-{i}", "image": f"registry.example.com/team/application-{i}:1"} for i in range(100)]
    made = injected(injector, pod(containers=images), mode, "--report-to", URL, "--server", URL, "--server-ca", tmp_path / "ca.crt")
    word = word_of(made)
    assert len(word) > 9_000
    admission = admission_of(made, gateServers=" ".join((word.replace(URL, "https://a"), word.replace(URL, "https://b"), word)))
    valid(admission, admission.create(made))
    admission.close()
    many = pod(containers=images, serviceAccountName="default")
    objects = deployed("mutating-policy")
    next(o for o in objects if o["kind"] == "FinalState")["data"]["gateServers"] = f"{word} none"
    admission = Admission(objects)
    valid(admission, admission.create(many, is_bare=True))
    admission.close()


def test_a_namespace_that_reports_is_warned(telling, plain):
    there = renamed(plain)
    there["metadata"]["namespace"] = "reporting"
    done = telling.create(there)
    assert done.returncode == 0 and "arguments" in done.stderr, done.stderr


def without_args(*starts):
    return lambda s: gate_of(s).__setitem__("args", [a for a in gate_of(s)["args"] if not a.startswith(starts)])


def without_token(spec):
    gate_of(spec)["volumeMounts"] = [m for m in gate_of(spec)["volumeMounts"] if m["name"] != "initscan-token"]
    spec["volumes"] = [v for v in spec["volumes"] if v["name"] != "initscan-token"]


def with_args(change):
    return lambda s: gate_of(s).__setitem__("args", [change(a) if a.startswith(SERVERS) else a for a in gate_of(s)["args"]])


def on_token(**fields):
    def change(spec):
        (volume,) = (v for v in spec["volumes"] if v["name"] == "initscan-token")
        volume["projected"]["sources"][0]["serviceAccountToken"].update(fields)

    return change


def in_its_place(volume):
    return lambda s: s.__setitem__("volumes", [{"name": v["name"], **volume} if v["name"] == "initscan-token" else v for v in s["volumes"]])


def mounted_in(find):
    return lambda s: find(s).setdefault("volumeMounts", []).append({"name": "initscan-token", "mountPath": "/initscan/token", "readOnly": True})


ARGUMENTS, VOLUMES = "arguments", "volumes or mounts"
TAMPERINGS = {
    "no servers": (lambda s: (without_args(*SERVERS)(s), without_token(s)), ARGUMENTS),
    "no servers, and the token stays": (without_args(*SERVERS), ARGUMENTS),
    "no reports": (without_args("--report-to=", "--server="), ARGUMENTS),
    "another server": (with_args(lambda a: a.replace(URL, "https://evil.example.com")), ARGUMENTS),
    "another port": (with_args(lambda a: a.replace(":8443", ":8444")), ARGUMENTS),
    "another authority": (with_args(lambda a: a[:-4] + "AAAA" if "ca-inline" in a else a), ARGUMENTS),
    "any authority": (without_args("--server-ca-inline="), ARGUMENTS),
    "an authority out of a file": (append_arg("--server-ca=/tmp/ca.crt"), ARGUMENTS),
    "another token": (with_args(lambda a: "--server-token=/tmp/token" if "token" in a else a), ARGUMENTS),
    "no token": (without_args("--server-token="), ARGUMENTS),
    "a shorter wait": (append_arg("--report-seconds=1"), ARGUMENTS),
    "a longer wait": (append_arg("--server-seconds=600"), ARGUMENTS),
    "a server twice": (append_arg(f"--report-to={URL}"), ARGUMENTS),
    "no volume of the token": (lambda s: s.__setitem__("volumes", [v for v in s["volumes"] if v["name"] != "initscan-token"]), ARGUMENTS),
    "no mount of the token": (lambda s: gate_of(s).__setitem__(
        "volumeMounts", [m for m in gate_of(s)["volumeMounts"] if m["name"] != "initscan-token"]), ARGUMENTS),
    "the token elsewhere": (lambda s: [m.update(mountPath="/usr/share/initscan") for m in gate_of(s)["volumeMounts"] if m["name"] == "initscan-token"], VOLUMES),
    "a token for the API server": (on_token(audience=""), VOLUMES),
    "a token for somebody else": (on_token(audience="vault"), VOLUMES),
    "a token for long": (on_token(expirationSeconds=86400), VOLUMES),
    "another file": (on_token(path="index"), VOLUMES),
    "a folder in its place": (in_its_place({"emptyDir": {}}), VOLUMES),
    "a Secret in its place": (in_its_place({"secret": {"secretName": "own"}}), VOLUMES),
    "a ConfigMap beside it": (in_its_place({"projected": {"defaultMode": 420, "sources": [
        *VOLUME["projected"]["sources"], {"configMap": {"name": "own"}}]}}), VOLUMES),
    "a token that only root reads": (in_its_place({"projected": {**VOLUME["projected"], "defaultMode": 0}}), VOLUMES),
    "a container that mounts it": (mounted_in(lambda s: s["containers"][0]), "mounts one of its volumes"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_denied(telling, told, name):
    change, text = TAMPERINGS[name]
    bad = renamed(told)
    change(bad["spec"])
    denied(telling.create(bad), text)


def test_none_of_ours_but_the_gate_has_the_token(telling, told):
    for number, container in enumerate(told["spec"]["initContainers"]):
        if container["name"] == "initscan-gate":
            continue
        bad = renamed(told)
        mounted_in(lambda s: s["initContainers"][number])(bad["spec"])
        denied(telling.create(bad), VOLUMES)


def test_a_token_without_servers_is_denied(silent, plain):
    bad = renamed(plain)
    bad["spec"]["volumes"].append(copy.deepcopy(VOLUME))
    mounted_in(gate_of)(bad["spec"])
    denied(silent.create(bad), ARGUMENTS)


def test_it_attaches_nothing_to_the_token(telling, told):
    """Nor does a container that comes later mount it."""
    running = copy.deepcopy(told)
    running["status"] = {"initContainerStatuses": [{"name": "initscan-gate", "state": {"terminated": {"exitCode": 0}}}]}
    late = copy.deepcopy(running)
    late["spec"]["ephemeralContainers"] = [{"name": "late", "image": "example/shop:1", "imagePullPolicy": "IfNotPresent",
                                            "volumeMounts": [{"name": "initscan-token", "mountPath": "/t"}]}]
    denied(telling.update(running, late, subresource="ephemeralcontainers"), "mounts one of its volumes")


@pytest.mark.parametrize("name", PODS)
def test_the_mutating_policy_makes_what_the_injector_makes(injector, options, name):
    document = pod(serviceAccountName="default", **copy.deepcopy(PODS[name]))
    want = injected(injector, document, "volume", *options)
    objects = deployed("mutating-policy")
    next(o for o in objects if o["kind"] == "FinalState")["data"]["gateServers"] = word_of(want)
    admission = Admission(objects)
    spec = valid(admission, admission.create(document, is_bare=True))["spec"]
    ours, theirs = gate_of(spec), gate_of(want["spec"])
    assert [a for a in ours["args"] if a.startswith(SERVERS)] == [a for a in theirs["args"] if a.startswith(SERVERS)]
    assert ours["volumeMounts"] == theirs["volumeMounts"]
    assert by_name(of_ours(spec["volumes"])) == by_name(of_ours(want["spec"]["volumes"]))
    admission.close()


def test_the_mutating_policy_tells_of_none_where_none_are_accepted():
    for word in ("none", "none --report-to=https://former"):
        objects = deployed("mutating-policy")
        next(o for o in objects if o["kind"] == "FinalState")["data"]["gateServers"] = word
        admission = Admission(objects)
        spec = valid(admission, admission.create(pod(), is_bare=True))["spec"]
        assert not any(a.startswith(SERVERS) for a in gate_of(spec)["args"]) and VOLUME["name"] not in by_name(spec["volumes"])
        admission.close()

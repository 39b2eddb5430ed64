"""Every field of the API that could change what our containers do, changed in a pod that the injector made: the final-state
policy denies it, or pod_leaves.yaml says why it does not matter. A field that a newer API brings is neither, and fails here."""

import copy
import pathlib

import pytest
import yaml

from admission import Admission, deployed, injected, policy_of
from scan_server import make_certificate
from test_admission import pod
from test_gate_servers import URL, word_of

LISTED = yaml.safe_load((pathlib.Path(__file__).parent / "pod_leaves.yaml").read_text())

ONE_MORE = " in one more"
VALUES = {"boolean": [True, False], "integer": [0, 1, 7], "string": ["x", "/evil", "Always"], "number": [1]}
QUANTITY = ["1", "2Gi"]


@pytest.fixture(scope="module", params=["copy", "volume", "volume with a server"])
def judged(request, injector, tmp_path_factory):
    """An admission, and a pod that it lets pass."""
    mode, *has_server = request.param.split(maxsplit=1)
    servers = ("--report-to", URL, "--server", URL, "--server-ca", make_certificate(tmp_path_factory.mktemp("ca"))[0]) if has_server else ()
    made = injected(injector, pod(volumes=[{"name": "data", "emptyDir": {}}]), mode, *servers)
    digest = policy_of(made)
    admission = Admission(deployed("enforce", {f"policy.{digest}": "default", f"policy.shop.{digest}": "default", "gateServers": word_of(made)}))
    done = admission.create(made)
    assert done.returncode == 0, done.stderr
    yield admission, made, admission.last["object"]["spec"]
    admission.close()


def leaves(admission, start):
    """The fields below a list of the pod's, such as initContainers[]."""
    return {leaf["path"][len(start):]: leaf for leaf in admission.ask(leaves="spec") if leaf["path"].startswith(start)}


def is_of_the_pod(path):
    return not path.startswith(("containers[]", "initContainers[]", "ephemeralContainers[]", "volumes[]"))


def values_of(leaf):
    by_format = {"int-or-string": [8080], "date-time": ["2026-01-01T00:00:00Z"], "byte": ["eA=="]}
    by_type = by_format.get(leaf.get("format")) or VALUES.get(leaf["type"], QUANTITY)
    return [*leaf.get("enum", []), *by_type]


def steps(path):
    """'a.b[].c{}' -> ['a', 'b', 0, 'c', 'key']"""
    for part in path.split("."):
        name = part.rstrip("[]{}")
        if name:
            yield name
        if part.endswith("[]"):
            yield 0
        elif part.endswith("{}"):
            yield "example.com/key"


def put(at, path, value, is_more):
    """Sets the field; in lists that there are, in their first element or in one more."""
    walked = list(steps(path))
    for i, step in enumerate(walked):
        is_last = i == len(walked) - 1
        if step == 0:
            if not at or is_more:
                at.append({})
                step = len(at) - 1
        if is_last:
            at[step] = value
        elif isinstance(step, str):
            at = at.setdefault(step, [] if walked[i + 1] == 0 else {})
            if at is None:
                return
        else:
            at = at[step]


def without(at, path):
    """Takes the field away, where it stands."""
    *way, last = steps(path)
    for step in way:
        if step not in at if isinstance(step, str) else len(at) <= step:
            return
        at = at[step]
    if last in at if isinstance(last, str) else len(at) > last:
        del at[last]


def variants(made, leaf, path, at):
    """The pod with this field changed in each way; `at` finds what holds the field."""
    for is_more in (False, True) if "[]" in path else (False,):
        for value in values_of(leaf):
            changed = copy.deepcopy(made)
            put(at(changed["spec"]), path, value, is_more)
            yield changed, str(value) + (ONE_MORE if is_more else "")
    changed = copy.deepcopy(made)
    without(at(changed["spec"]), path)
    yield changed, "none"


def is_refused(said):
    """By the API itself: the field may not be there, or a value that is none of its words."""
    return any(": Forbidden: " in error or ": Unsupported value: " in error for error in said.get("invalid", []))


def admitted(judged, leaf, path, at):
    """How the field can be changed without being noticed. What the API itself forbids, whatever the value, is noticed."""
    admission, made, stored = judged
    ways, judged_ones = [], 0
    for changed, way in variants(made, leaf, path, at):
        done = admission.create(changed)
        judged_ones += way != "none" and admission.last.get("reason") != "BadRequest"
        if done.returncode == 0 and not is_refused(admission.last) and admission.last["object"]["spec"] != stored:
            ways.append(way)
    assert judged_ones, f"{path}: the API takes no value of this test, so nothing was tried"
    return ways


def row_of(kind, path):
    """The row that speaks for a field: its own, or that of what it is a part of."""
    return next((row for row in LISTED[kind] if path == row or path.startswith(row) and path[len(row)] in ".[{"), None)


def forgotten(kind, found):
    """`found`: field -> ways in which it is let pass. Those that no row speaks for."""
    lines = []
    for path, ways in found.items():
        row = row_of(kind, path)
        said = LISTED[kind].get(row)
        if isinstance(said, dict):
            ways = [way for way in ways if way.removesuffix(ONE_MORE) not in map(str, said["values"])]
        if ways and (said is None or isinstance(said, dict)):
            lines.append(f"{path}: {', '.join(ways)}")
    return lines


def check(kind, found, of=""):
    lines = forgotten(kind, found)
    assert lines == [], f"the policy lets these pass{of}, and pod_leaves.yaml does not say why:\n" + "\n".join(lines)


def own(items):
    return [i["name"] for i in items if i["name"].startswith("initscan-")]


def in_container(name):
    return lambda spec: next(c for c in spec["initContainers"] if c["name"] == name)


def in_volume(name):
    return lambda spec: next(v for v in spec["volumes"] if v["name"] == name)


def test_each_field_of_our_containers_is_guarded(judged):
    admission, made, _ = judged
    for name in own(made["spec"]["initContainers"]):
        found = {path: admitted(judged, leaf, path, in_container(name)) for path, leaf in leaves(admission, "initContainers[].").items()}
        check("containers", found, f" in {name}")


def test_each_field_of_our_volumes_is_guarded(judged):
    admission, made, _ = judged
    for name in own(made["spec"]["volumes"]):
        found = {path: admitted(judged, leaf, path, in_volume(name)) for path, leaf in leaves(admission, "volumes[].").items()}
        check("volumes", found, f" in {name}")


def test_each_field_of_the_pod_is_guarded_or_its_owners(judged):
    admission, _, _ = judged
    check("pod", {path: admitted(judged, leaf, path, lambda spec: spec) for path, leaf in leaves(admission, "").items() if is_of_the_pod(path)})


def test_every_row_speaks_for_a_field(judged):
    admission, _, _ = judged
    names = {"containers": leaves(admission, "initContainers[]."), "volumes": leaves(admission, "volumes[]."),
             "pod": {path: leaf for path, leaf in leaves(admission, "").items() if is_of_the_pod(path)}}
    assert sorted(LISTED) == sorted(names)
    for kind, rows in LISTED.items():
        assert set(rows) - {row_of(kind, path) for path in names[kind]} == set(), f"{kind}: the API has no such field"
        for row, said in rows.items():
            assert isinstance(said, str) or sorted(said) == ["values", "why"], row

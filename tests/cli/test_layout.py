"""Which room may include which: every edge of the layout that docs promise, and no others.

A room is a folder with sources. A program's own files (`main.cc`, `pipeline.*`, `collect.*`) and its `commands` put the
rooms together, and so may use every one of their program.
"""

import re
from collections import Counter

from support import PROJECT

NAMESPACE = re.compile(r"^namespace (initscan[\w:]*) \{$", re.MULTILINE)
INCLUDE = re.compile(r'^#include "((?:common|initscan|injector|audit|server)(?:/[a-z_]+)*)/[^"/]+"', re.MULTILINE)

COMMON = {
    "common": [],
    "common/time": ["common"],
    "common/text": ["common"],
    "common/crypto": ["common"],
    "common/gate": ["common", "common/text", "common/crypto"],
    "common/json": ["common", "common/text", "common/time"],
    "common/yaml": ["common", "common/text", "common/json"],
    "common/config": ["common", "common/text", "common/json", "common/yaml"],
    "common/cli": ["common", "common/text", "common/net", "common/http"],
    "common/net": ["common"],
    "common/http": ["common", "common/text", "common/crypto", "common/net"],
    "common/kube": ["common", "common/text", "common/time", "common/crypto", "common/json", "common/net"],
}
BASE = ["common", "common/text", "common/time", "common/crypto", "common/json", "common/yaml",
        "common/config"]

# The stages of a scan know the model and the leaf `version` (comparison functions, no data), never each other.
STAGES = ["source", "analyze", "sbom", "version", "advisory/feed", "match", "policy", "report", "confine", "courier"]
SCANNER = {
    "initscan/model": ["common", "common/text"],
    **{f"initscan/{stage}": [*BASE, "initscan/model", "initscan/version"] for stage in STAGES},
    "initscan/fetch": [*BASE, "common/http"],
    "initscan/registry": [*BASE, "common/http", "initscan/model", "initscan/fetch"],
    "initscan/advisory/index": [*BASE, "initscan/model", "initscan/version", "initscan/advisory/feed"],
    "initscan/advisory/overlay": [*BASE, "initscan/model", "initscan/advisory/feed", "initscan/advisory/index"],
}

POD = ["injector/pod"]
INJECT = ["injector/inject", *POD]
CLUSTER = ["injector/cluster", "injector/certificates", *INJECT]
DOCTOR = ["injector/doctor", *CLUSTER]
CONFIG = ["initscan/model", "initscan/policy"]  # what the injector uses of the scanner
INJECTOR = {
    "injector/pod": BASE,
    "injector/certificates": BASE,
    "injector/inject": [*BASE, "common/gate", "initscan/model", *INJECT],
    "injector/cluster": [*BASE, "common/gate", "common/kube", *CONFIG, *CLUSTER],
    "injector/admission": [*BASE, "common/gate", "common/http", *CLUSTER],  # of the cluster: the queue of events, and figures
    "injector/doctor": [*BASE, "common/gate", "common/kube", *DOCTOR],
    "injector/explain": [*BASE, "common/gate", "common/kube", *DOCTOR],
}

# Of the audit, in its order: a stage may use those before it. `collect` and `images` bring what these look at.
AUDIT_MODEL = [*BASE, "initscan/model", "initscan/policy", "audit/model"]
AUDIT_STAGES = ["check/pss", "check", "policy", "harden", "judge", "plan", "compare", "rotate", "report"]
AUDIT = {
    "audit/model": ["initscan/model", "initscan/policy"],
    **{f"audit/{stage}": [*AUDIT_MODEL, "common/kube", "common/http", *(f"audit/{s}" for s in AUDIT_STAGES[:place])]
       for place, stage in enumerate(AUDIT_STAGES)},
    "audit/collect": [*AUDIT_MODEL, "common/gate", "common/kube"],
    "audit/server": ["common", "common/text", "common/http"],
    "audit/images": [*AUDIT_MODEL, "initscan/advisory/index", "initscan/match", "initscan/sbom", "audit/server"],
}

# Of the server: rooms that know one thing each, and the API, which answers with them.
SERVER = {
    "server/store": [*BASE, "common/net", "initscan/model"],
    "server/pods": [*BASE, "common/gate", "initscan/model"],
    "server/watch": [*BASE, "common/kube", "initscan/model", "server/pods", "server/store"],
    "server/metrics": [*BASE, "initscan/model", "server/pods", "server/store", "server/watch"],
    "server/index": [*BASE, "initscan/advisory/index", "initscan/advisory/overlay"],
    "server/auth": [*BASE, "common/kube", "common/net", "server/pods"],
    "server/api": [*BASE, "common/http", "common/net", "initscan", "initscan/model", "initscan/match", "initscan/policy", "initscan/report", "initscan/sbom",
                   "initscan/version", "server/store", "server/index", "server/auth", "server/pods"],
}

ROOMS = {**COMMON, **SCANNER, **INJECTOR, **AUDIT, **SERVER}
PROGRAMS = {"initscan": ["common", "initscan"], "injector": ["common", "initscan/model", "initscan/policy", "injector"],
            "audit": ["common", "initscan/model", "initscan/policy", "audit"],
            "server": ["common", "initscan", "server"]}

# Of the library that every program uses, and of each program besides the scanner.
NAMESPACES = {"common": "initscan", "initscan": "initscan", **{name: f"initscan::{name}" for name in PROGRAMS if name != "initscan"}}


def sources():
    return [path for top in ("common", *PROGRAMS) for path in sorted((PROJECT / top).rglob("*.[hc]*")) if path.suffix in (".h", ".cc")]


def may_include(room, other):
    if room == other:
        return True
    program, _, inner = room.partition("/")
    if program in PROGRAMS and inner in ("", "commands"):
        return any(other == root or other.startswith(f"{root}/") for root in PROGRAMS[program])
    return other in ROOMS[room]


def test_each_room_includes_only_what_stands_below_it():
    edges = Counter()
    wrong = []
    for path in sources():
        room = path.parent.relative_to(PROJECT).as_posix()
        for other in INCLUDE.findall(path.read_text()):
            edges[room, other] += 1
            if not may_include(room, other):
                wrong.append(f"{path.relative_to(PROJECT)} includes {other}")
    assert sum(edges.values()) > 1000, "hardly anything was looked at"
    assert not wrong, "\n".join(wrong)


def test_the_table_knows_each_room_and_no_other():
    found = {path.parent.relative_to(PROJECT).as_posix() for path in sources()}
    found -= {*PROGRAMS, *(f"{program}/commands" for program in PROGRAMS)}
    assert found == set(ROOMS)


def test_the_rooms_have_no_cycle():
    """Of those, too, that the table permits: it is drawn in an order."""
    left = {room: {other for other in below if other != room} for room, below in ROOMS.items()}
    while left:
        free = [room for room, below in left.items() if not below & set(left)]
        assert free, f"a cycle among {sorted(left)}"
        for room in free:
            del left[room]


def test_unit_tests_mirror_the_sources():
    unit = PROJECT / "tests" / "unit"
    folders = {path.parent.relative_to(unit).as_posix() for path in unit.rglob("*_test.cc")}
    assert folders - {"audit"} <= set(ROOMS), folders - set(ROOMS)


def test_each_program_declares_in_its_namespace():
    """And its unit tests: so no name of one program can hide another's, and a name's owner shows where it is used."""
    seen = Counter()
    wrong = []
    for top, space in NAMESPACES.items():
        for folder in (PROJECT / top, PROJECT / "tests" / "unit" / top):
            for path in sorted(folder.rglob("*.[hc]*")):
                for name in NAMESPACE.findall(path.read_text()):
                    seen[top] += 1
                    program = "::".join(name.split("::")[:2])
                    is_others = program != space and program in NAMESPACES.values()
                    if is_others or not f"{name}::".startswith(f"{space}::"):
                        wrong.append(f"{path.relative_to(PROJECT)} declares in {name}, not in {space}")
    assert min(seen[top] for top in NAMESPACES) > 20, "hardly anything was examined"
    assert not wrong, "\n".join(wrong)

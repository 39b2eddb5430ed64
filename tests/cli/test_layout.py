"""The layout keeps what docs/contributors/contributing.md promises: stages do not include each other."""

import re

from support import PROJECT

INCLUDE = re.compile(r'^#include "initscan/([a-z_]+)/', re.MULTILINE)
STAGES = {"source", "layers", "analyze", "sbom", "version", "advisory", "match", "trust", "policy", "report", "confine"}
LEAVES = {"version"}  # comparison functions, no data: any stage may use them

AUDIT_INCLUDE = re.compile(r'^#include "audit/([a-z_]+)/', re.MULTILINE)
# Of the audit, in its order: a stage may use those before it. `collect` and `images` bring what these look at.
AUDIT_STAGES = ["check", "policy", "harden", "judge", "plan", "compare", "rotate", "report", "commands", "collect", "images"]
AUDIT_BRINGERS = {"collect", "images"}
AUDIT_PROGRAM = {"commands"}  # puts all of it together, as the pipeline does


def test_stages_do_not_include_each_other():
    seen = set()
    wrong = []
    for path in sorted((PROJECT / "initscan").glob("*/**/*.[hc]*")):
        stage = path.relative_to(PROJECT / "initscan").parts[0]
        if stage == "commands":
            continue  # put the stages together, as the pipeline does
        for other in INCLUDE.findall(path.read_text()):
            seen.add(other)
            if other in STAGES - LEAVES and other != stage:
                wrong.append(f"{path.relative_to(PROJECT)} includes {other}")
    assert "model" in seen, "nothing was looked at"
    assert not wrong, "\n".join(wrong)


def test_model_and_common_include_no_stage():
    for path in [*(PROJECT / "common").glob("**/*.[hc]*"), *(PROJECT / "initscan" / "model").glob("*.h")]:
        used = set(INCLUDE.findall(path.read_text())) - {"model"}
        assert not used, f"{path.relative_to(PROJECT)} includes {used}"


def test_audit_stages_use_only_those_before_them():
    wrong = []
    folders = sorted(p.name for p in (PROJECT / "audit").iterdir() if p.is_dir())
    assert set(folders) == {"model", *AUDIT_STAGES}
    for stage in sorted(set(folders) - AUDIT_PROGRAM):
        place = AUDIT_STAGES.index(stage) if stage != "model" else 0
        allowed = {"model", stage} if stage in AUDIT_BRINGERS | {"model"} else {"model", *AUDIT_STAGES[: place + 1]}
        for path in sorted((PROJECT / "audit" / stage).glob("**/*.[hc]*")):
            wrong += [f"{path.relative_to(PROJECT)} includes {other}"
                      for other in AUDIT_INCLUDE.findall(path.read_text()) if other not in allowed]
    assert not wrong, "\n".join(wrong)

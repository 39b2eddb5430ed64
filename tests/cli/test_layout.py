"""The layout keeps what docs/contributing.md promises: stages do not include each other."""

import re

from support import PROJECT

INCLUDE = re.compile(r'^#include "initscan/([a-z_]+)/', re.MULTILINE)
STAGES = {"source", "layers", "analyze", "sbom", "version", "advisory", "match", "trust", "policy", "report", "confine"}
LEAVES = {"version"}  # comparison functions, no data: any stage may use them


def test_stages_do_not_include_each_other():
    seen = set()
    wrong = []
    for path in sorted((PROJECT / "initscan").glob("*/*.[hc]*")):
        stage = path.parent.name
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

"""The kinds that deploy/ defines, as Kubernetes' own code reads them: what is refused, and what the documentation shows."""

import re

import pytest
import yaml

from admission import Admission, deployed
from support import PROJECT
from test_cluster import BAD_OBJECTS, GROUP, PLURALS, custom, exempting, hardening


@pytest.fixture(scope="module")
def kinds():
    admission = Admission(deployed("enforce"))
    yield admission
    admission.close()


def errors(kinds, document):
    """In the words of an API server that is asked strictly."""
    said = kinds.ask(custom=document)
    return said["errors"] + [f'unknown field "{path}"' for path in said["unknown"] or []]


@pytest.mark.parametrize("name", BAD_OBJECTS)
def test_the_schema_refuses_what_the_program_does(kinds, name):
    document, text = BAD_OBJECTS[name]
    assert any(text in error for error in errors(kinds, document)), errors(kinds, document)


GOOD = {
    "a policy of a namespace": custom("ScanPolicy", "x", "shop", failOn={"severity": "low", "unknownSeverity": "deny"}, onlyFixed=True),
    "an exemption": exempting(id="CVE-2024-0001", maxSeverity="high"),
    "a profile of the node": hardening(appArmorProfile={"type": "Localhost", "localhostProfile": "tight"}),
}


@pytest.mark.parametrize("name", GOOD)
def test_the_schema_accepts_what_the_program_does(kinds, name):
    assert errors(kinds, GOOD[name]) == []


class Plain(yaml.SafeLoader):
    """Times stay text, as JSON has them."""


Plain.yaml_implicit_resolvers = {first: [(tag, pattern) for tag, pattern in rules if not tag.endswith(":timestamp")]
                                 for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()}


def shown():
    """Every object of these kinds in the documentation and the examples. A ScanPolicy of no namespace is a file for the gate."""
    for path in sorted([*PROJECT.glob("docs/**/*.md"), *PROJECT.glob("deploy/examples/*.yaml"), PROJECT / "README.md"]):
        text = path.read_text()
        blocks = re.findall(r"^```ya?ml\n(.*?)^```", text, re.M | re.S) if path.suffix == ".md" else [text]
        for document in (d for block in blocks if GROUP in block for d in yaml.load_all(block, Plain) if isinstance(d, dict)):
            is_file = document.get("kind") == "ScanPolicy" and "namespace" not in document["metadata"]
            if document.get("kind") in PLURALS and not is_file:
                yield path.relative_to(PROJECT), document


def test_what_is_shown_is_accepted(kinds):
    found = list(shown())
    assert "ClusterScanPolicy" in {document["kind"] for _, document in found}
    for path, document in found:
        assert errors(kinds, document) == [], (path, document)

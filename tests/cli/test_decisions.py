"""Whoever decides by a failure decides by its code (`Errc`), never by words that are for people."""

import re

import pytest

from support import PROJECT

PROGRAMS = ("common", "initscan", "injector", "audit", "server")
NAMES = r"\w*(?:error|failure|message|refusal|reason|problem|complaint|sentence|what)\w*"
WORDS = r'(?:u8)?(?:"|k[A-Z])'  # a literal or a constant
SEARCH = re.compile(
    rf"\b{NAMES}(?:\(\))?(?:(?:\.|->)(?:text|message|what\(\)))?(?:\.|->)"
    rf"(?:find|rfind|contains|starts_with|ends_with|compare)\(\s*{WORDS}"
    rf"|\b(?:error\(\)|failure|error)(?:\.|->)text\s*[!=]=\s*{WORDS}"
    rf'|\btext_in\([^()]*"message"\)\.(?:find|rfind|contains|starts_with|ends_with)\(', re.IGNORECASE)

# The API server hands on what a policy says within a sentence of its own, and nowhere else.
EXEMPT = {"injector/doctor/denial.cc"}


def test_no_production_code_searches_the_text_of_an_error():
    sources = [path for top in PROGRAMS for path in sorted((PROJECT / top).rglob("*")) if path.suffix in (".h", ".cc")]
    assert len(sources) > 300, "hardly anything was looked at"
    found = {path.relative_to(PROJECT).as_posix(): SEARCH.findall(path.read_text()) for path in sources}
    assert EXEMPT <= set(found), "an exemption of nothing"
    wrong = [f"{path}: {text}" for path, texts in found.items() for text in texts if path not in EXEMPT]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("line", [
    'listed.error().text.find(": 404")',
    "listed.error().text.find(kNotThere)",
    'failure.find("certificate verify failed")',
    'message.find("initscan: ") != message.npos',
    'if (error.text == "not found")',
    'what.starts_with("x")',
    'text_in(answer, "message").contains("denied")',
])
def test_such_a_search_is_found(line):
    assert SEARCH.search(line)


@pytest.mark.parametrize("line", ["errors_.find(place)", "status.message.find('\\n')", "reason.find(pod.name)"])
def test_other_searches_are_not(line):
    assert not SEARCH.search(line)

"""JSON is written by `JsonWriter`, or from a tree by `json_text()`; and members of a tree are read by common/json/parts.h.
A document goes to simdjson by `parse_dom()` alone."""

import re

import pytest

from support import PROJECT

PROGRAMS = ("common", "initscan", "injector", "audit", "server")
LITERAL = re.compile(r'R"(\w*)\((.*?)\)\1"|"((?:\\.|[^"\\\n])*)"|\'(?:\\.|[^\'\\\n])+\'|//[^\n]*|/\*.*?\*/', re.DOTALL)
JSON = re.compile(r'[{\[]\s*"|"\w+"\s*:')
DUMP = re.compile(r"(?:\.|->)\s*dump\(")
PARSE = re.compile(r"parser_?(?:\.|->)(?:parse|iterate|load)(?:_many)?\(")
MEMBER = re.compile(r'(?:\.|->)value\(\s*"\w+",')

# Tells people what to type.
ADVICE = {"injector/doctor/pull.cc"}
TREES = {"common/json/tree_text.h"}
# The others read piece by piece what they have padded themselves: even nothing has an address then.
DOCUMENTS = {"common/json/parse_dom.h", "common/kube/client.cc", "initscan/advisory/feed/debian_json.cc"}
# Reads what is an error where it is of another type.
STRICT = {"initscan/commands/db_info.cc"}


def sources():
    found = {path.relative_to(PROJECT).as_posix(): path.read_text() for top in PROGRAMS
             for path in sorted((PROJECT / top).rglob("*")) if path.suffix in (".h", ".cc")}
    assert len(found) > 300, "hardly anything was looked at"
    return found


def json_in_literals(text):
    literals = [raw or re.sub(r"\\(.)", r"\1", plain) for _, raw, plain in LITERAL.findall(text)]
    return [literal for literal in literals if JSON.search(literal)]


@pytest.mark.parametrize("find, exempt", [(json_in_literals, ADVICE), (DUMP.findall, TREES), (MEMBER.findall, STRICT),
                                          (PARSE.findall, DOCUMENTS)], ids=["literals", "trees", "members", "documents"])
def test_json_is_written_and_read_in_one_way(find, exempt):
    found = {path: hits for path, text in sources().items() if (hits := find(text))}
    assert exempt <= set(found), "an exemption of nothing"
    wrong = [f"{path}: {hits[0]}" for path, hits in found.items() if path not in exempt]
    assert not wrong, "see common/json/writer.h, tree_text.h, parts.h and parse_dom.h:\n" + "\n".join(wrong)


@pytest.mark.parametrize("line", [
    r'text += "{\"op\":\"add\"";', 'f(R"({"op":"remove","path":)");', r'text += "[\"a\"";', r'f("\"patch\":\"");',
    'f(R"x(,"value":)x");', '\'"\'; f(R"([ "a" ])");',
])
def test_json_in_a_literal_is_found(line):
    assert json_in_literals(line)


@pytest.mark.parametrize("line", [
    r'f("kind is \"" + kind + "\"; want Pod");', r'f("without \".\", \"..\", \":\" or a slash");', '// {"a": 1}', "'{'; '\"'; f(\"a\");",
    r'policy + "\": "',
])
def test_other_literals_are_not(line):
    assert not json_in_literals(line)

"""The markup of the audit's page is in its files, and all that is in them is used.

That every placeholder is filled, and that every value has one, is for the compiler to say (audit/report/html_template.h).
"""

import re

from support import PROJECT

REPORT = PROJECT / "audit/report"
SOURCES = {path.name: path.read_text() for path in sorted(REPORT.glob("html*.cc"))}
FRAGMENTS = [(path.name, name) for path in sorted((REPORT / "page").glob("*.html"))
             for name in re.findall(r"^<!-- fragment (.*) -->$", path.read_text(), re.MULTILINE)]


def test_the_sources_hold_no_markup():
    assert SOURCES
    literals = [(name, literal) for name, text in SOURCES.items() for literal in re.findall(r'"((?:\\.|[^"\\\n])*)"', text)]
    assert not [found for found in literals if re.search(r"</?[a-z]", found[1])]


def test_every_fragment_is_used_and_has_a_name_of_its_own():
    names = [name for _, name in FRAGMENTS]
    assert names and len(set(names)) == len(names)
    used = set(re.findall(r'fill<"([^"]+)">', "".join(SOURCES.values())))
    assert used == set(names)


def test_every_file_of_markup_is_compiled_in():
    parts = re.search(r"foreach\(part IN ITEMS ([a-z ]+)\)", (REPORT / "CMakeLists.txt").read_text())[1].split()
    assert sorted(parts) == sorted(path.stem for path in (REPORT / "page").glob("*.html"))

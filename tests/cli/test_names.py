"""What initscan calls things in a cluster stands in common/names.h, and in no other source of the programs."""

import re

from support import PROJECT

NAMES = PROJECT / "common" / "names.h"
# Raw strings, strings, and comments, which are skipped.
TOKEN = re.compile(r'R"(\w*)\((.*?)\)\1"|"((?:\\.|[^"\\\n])*)"|//[^\n]*|/\*.*?\*/', re.DOTALL)
ALSO_A_PROGRAM = {"initscan-injector", "initscan-server"}


def literals(text):
    return [raw or plain for _, raw, plain in TOKEN.findall(text) if raw or plain]


def telling(name):
    """Whether it is a name that stands for nothing else."""
    return name not in ALSO_A_PROGRAM and ("/" in name.strip("/") or "." in name or name.startswith("initscan-") and name != "initscan-")


def spelled(text, names):
    """The names that its strings spell. The prefix of all is one where it stands alone."""
    return sorted({name for literal in literals(text) for name in names if re.search(rf"(?<![\w.]){re.escape(name)}", literal)}
                  | {literal for literal in literals(text) if literal == "initscan-"})


def names_of(text):
    return {literal for literal in literals(text) if telling(literal)}


def test_no_other_source_spells_them():
    names = names_of(NAMES.read_text())
    assert len(names) > 40, "the header is read wrong"
    sources = [path for top in ("common", "initscan", "injector", "audit", "server") for path in sorted((PROJECT / top).rglob("*.[hc]*"))
               if path.suffix in (".h", ".cc") and path != NAMES]
    assert len(sources) > 400, "hardly anything was looked at"
    found = {path: spelled(path.read_text(), names) for path in sources}
    wrong = [f"{path.relative_to(PROJECT)} spells {', '.join(words)}" for path, words in found.items() if words]
    assert not wrong, "use common/names.h:\n" + "\n".join(wrong)


def test_a_name_in_a_string_is_found_and_one_in_a_comment_is_not():
    names = names_of(NAMES.read_text())
    assert spelled('f("kubectl label namespace shop initscan.io/inject=enabled");', names) == ["initscan.io", "initscan.io/", "initscan.io/inject"]
    assert spelled('f(R"({"name":"initscan-gate"})");', names) == ["initscan-gate"]
    assert spelled('if (name.starts_with("initscan-")) {}  // as "initscan-gate" does', names) == ["initscan-"]
    assert spelled('// initscan-gate\n/* "initscan-seal" */ f("initscan-collect: error", "initscan/gate");', names) == []

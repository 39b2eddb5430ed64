"""What the docs say exists: pages, anchors, files, commands with their options, and the pictures of the README."""

import functools
import re
import shlex

import pytest

from support import PROJECT, program, run

PAGES = sorted([*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md"), *PROJECT.glob("deploy/**/*.md")])
PROGRAMS = ("initscan", "initscan-collect", "initscan-courier", "initscan-fetch", "initscan-injector", "initscan-audit", "initscan-registry", "initscan-server")
MAX_PICTURE_BYTES = 150_000
FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def named(page):
    return str(page.relative_to(PROJECT))


def prose(page):
    """The page without what it quotes: no link is meant in there."""
    return re.sub(r"`[^`\n]*`", "", FENCE.sub("", page.read_text()))


@functools.cache
def anchors(page):
    """A page's headings as its readers' browsers know them: GitHub's rule."""
    found = set()
    for heading in re.findall(r"^#+ +(.+?) *$", FENCE.sub("", page.read_text()), re.MULTILINE):
        plain = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()).replace(" ", "-")
        count = sum(1 for other in found if re.fullmatch(re.escape(plain) + r"(-\d+)?", other))
        found.add(f"{plain}-{count}" if count else plain)
    return found


def links(page):
    text = prose(page)
    return re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|srcset|href)="([^"]+)"', text)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page):
    broken = []
    for link in links(page):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or not target.is_relative_to(PROJECT):
            broken.append(link)
        elif anchor and anchor not in anchors(target):
            broken.append(f"{link}: no such heading")
    assert not broken


def test_every_page_is_reached_from_the_readme():
    reached, queue = set(), [PROJECT / "README.md"]
    while queue:
        page = queue.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        queue += [(page.parent / link.partition("#")[0]).resolve() for link in links(page) if not re.match(r"[a-z]+:|#", link)]
    assert [named(page) for page in PAGES if page.parts[len(PROJECT.parts)] == "docs" and page not in reached] == []


@functools.cache
def help_of(*command):
    done = run(program(command[0]), *command[1:], "--help")
    return done.stdout if done.returncode == 0 else ""


@functools.cache
def dev_commands():
    return set(re.findall(r"^  (\w+)", run(PROJECT / "dev", "--help").stdout, re.MULTILINE))


def commands_in(text):
    """Command lines of fenced blocks and of `code`, joined where a line ends in a backslash, one for each part of a pipe."""
    blocks = [block.replace("\\\n", " ") for block in FENCE.findall(text)]
    spans = re.findall(r"`([^`\n]+)`", FENCE.sub("", text))
    for line in [line for block in blocks for line in block.splitlines()] + spans:
        for part in re.split(r"\s(?:\||&&|;)\s|\s#\s|\s#$|>", line):
            yield part.strip().removeprefix("$ ")


def complaint(line):
    """What is wrong with a command that is one of ours; None for those that are right, or not ours."""
    try:
        words = shlex.split(line)
    except ValueError:
        return None
    if words[:1] == ["./dev"]:
        return None if len(words) == 1 or words[1] in dev_commands() | {"COMMAND"} else f"./dev has no {words[1]}"
    if words[:2] == ["kubectl", "initscan"]:
        words = ["initscan-injector", *words[2:]]
    if not words or (name := words[0].removeprefix("build/bin/")) not in PROGRAMS or len(words) == 1:
        return None
    path = [name]
    for word in words[1:]:
        if word.startswith("-") or not re.search(rf"^  {re.escape(word)} ", help_of(*path), re.MULTILINE) or not help_of(*path, word):
            break
        path.append(word)
    if len(path) == 1 and re.fullmatch(r"[a-z]+", words[1]) and name != "initscan-collect":
        return f"{name} has no command {words[1]}"
    shown = help_of(*path)
    for word in words[len(path):]:
        option = word.partition("=")[0]
        if re.fullmatch(r"--?[a-z][a-z0-9-]*", option) and not re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", shown):
            return f"{' '.join(path)} has no option {option}"
    return None


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_commands_exist_with_their_options(page):
    wrong = {line: found for line in commands_in(page.read_text()) if (found := complaint(line))}
    assert not wrong


@pytest.mark.parametrize("line, want", [
    ("initscan rootfs / --db x", None),
    ("initscan rootfs / --depth 3", "initscan rootfs has no option --depth"),
    ("initscan frobnicate", "initscan has no command frobnicate"),
    ("initscan db build --from osv:x -o y", None),
    ("kubectl initscan check --probe", None),
    ("kubectl initscan check --prove", "initscan-injector check has no option --prove"),
    ("./dev frobnicate", "./dev has no frobnicate"),
])
def test_a_wrong_command_is_noticed(line, want):
    assert complaint(line) == want


@pytest.mark.parametrize("name", PROGRAMS)
def test_help_has_an_example(name):
    text = help_of(name)
    assert "Example" in text
    shown = re.findall(rf"^ *(?:Examples?: )?({name} .*)$", text, re.MULTILINE)
    assert shown and [complaint(part) for line in shown for part in commands_in(f"`{line}`")] == [None] * len(shown)


@pytest.mark.parametrize("command", [("initscan", "rootfs"), ("initscan", "sbom"), ("initscan", "gate"), ("initscan", "db", "build"), ("initscan", "policy"),
                                     ("initscan-injector", "inject"), ("initscan-injector", "check"), ("initscan-injector", "explain"),
                                     ("initscan-injector", "serve"), ("initscan-audit", "run"), ("initscan-audit", "explain"),
                                     ("initscan-audit", "diff"), ("initscan-server", "serve"), ("initscan-server", "watch")], ids=" ".join)
def test_help_of_a_command_has_an_example(command):
    assert "Example" in help_of(*command)


MAP = PROJECT / "docs" / "contributors" / "map.md"
CHANGES = ("a package format", "a scan report format", "an audit check", "a policy key",
           "an annotation that changes the injected containers", "another matcher", "another image source", "another feed")


def map_rows():
    """change -> the files that the map names for it."""
    table = MAP.read_text().split("## To change X, touch these files")[1].split("\n## ")[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line.startswith("| ")]
    return {row[0]: re.findall(r"`([^`]+/[^`]+)`", " ".join(row[1:])) for row in cells[1:]}


def test_the_map_has_a_row_for_each_change():
    assert [change for change in CHANGES if not map_rows().get(change)] == []


def test_files_of_the_map_exist():
    rows = map_rows()
    missing = {change: lost for change, files in rows.items() if (lost := [f for f in files if not list(PROJECT.glob(f))])}
    assert rows and not missing


def test_pictures_are_small_and_of_the_readme():
    shown = {link for link in links(PROJECT / "README.md") if link.startswith("docs/pictures/")}
    there = {named(path) for path in (PROJECT / "docs/pictures").iterdir() if path.suffix in (".svg", ".png")}
    assert shown == there
    assert [name for name in there if (PROJECT / name).stat().st_size > MAX_PICTURE_BYTES] == []

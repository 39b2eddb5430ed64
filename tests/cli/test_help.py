"""`initscan help` explains the ids that reports name, and every --help shows how a program is called."""

import json
import re
import resource

import pytest

from support import PROJECT, gate_message, run
from world import stanza

IDS_OF_LIST = re.compile(r"^  ([a-z-]+) ", re.MULTILINE)
PAGE = (PROJECT / "docs/users/reasons.md").read_text()


def listed(initscan):
    done = run(initscan, "help")
    assert done.returncode == 0, done.stderr
    return IDS_OF_LIST.findall(done.stdout)


def test_the_list_is_that_of_the_page(initscan):
    ids = listed(initscan)
    assert len(ids) > 20
    assert ids == re.findall(r"^### ([a-z-]+)$", PAGE, re.MULTILINE)


def test_each_id_is_explained_as_the_page_explains_it(initscan):
    sections = dict(re.findall(r"^### ([a-z-]+)\n(.*?)(?=^##|^<!--)", PAGE, re.MULTILINE | re.DOTALL))
    for id in listed(initscan):
        done = run(initscan, "help", id)
        assert done.returncode == 0, done.stderr
        assert all(len(line) <= 80 for line in done.stdout.splitlines() if line.startswith("  ")), done.stdout
        title, *_ = done.stdout.splitlines()
        assert title.startswith(f"{id}: ")
        meaning = done.stdout.split("What it means\n")[1].split("\nWhat to do\n")[0]
        action = done.stdout.split("What to do\n")[1].split("\nPolicy key\n")[0]
        for text in (title.removeprefix(f"{id}: "), " ".join(meaning.split()), " ".join(action.split())):
            assert text in sections[id], text


def test_a_key_of_the_policy_is_named_with_what_it_is_by_default(initscan):
    assert "onNothingFound (deny where a policy says nothing)" in run(initscan, "help", "nothing-found").stdout
    assert "onStaleData (warn where a policy says nothing)" in run(initscan, "help", "stale-data").stdout
    assert "Policy key" not in run(initscan, "help", "seal-wrong").stdout


@pytest.mark.parametrize("word, fact", [
    ("nothing-fonud", 'help: there is no id "nothing-fonud"; did you mean nothing-found?'),
    ("onStaleData", 'help: there is no id "onStaleData"; did you mean stale-data, undated-data, stale-overlay?'),
    ("qqqqqq", 'help: there is no id "qqqqqq"; `initscan help` lists them'),
    ("a\x1b[31m", 'help: there is no id "a\\u{1b}[31m"; `initscan help` lists them'),
])
def test_an_unknown_id_is_wrong_usage_and_near_ones_are_named(initscan, word, fact):
    done = run(initscan, "help", word)
    assert (done.returncode, done.stdout, done.stderr) == (64, "", f"initscan: error: {fact}\n")


def test_a_command_has_its_help_there_too(initscan):
    commands = re.findall(r"^  (\w+) ", run(initscan, "--help").stdout.split("Subcommands:")[1], re.MULTILINE)
    assert {"rootfs", "gate", "db", "policy", "install", "help"} <= set(commands)
    for command in commands:
        assert run(initscan, "help", command).stdout == run(initscan, command, "--help").stdout
    assert not set(commands) & set(listed(initscan)), "a word that means two things"


def test_every_help_shows_an_example(initscan, collect):
    for argv in (["--help"], ["rootfs", "--help"], ["gate", "--help"], ["db", "build", "--help"], ["db", "info", "--help"],
                 ["policy", "--help"], ["install", "--help"], ["help", "--help"]):
        done = run(initscan, *argv)
        assert done.returncode == 0 and "\nExample: initscan " in done.stdout, done.stdout
    assert "\nExample: initscan-collect " in run(collect, "--help").stdout


def test_a_reason_has_its_id_wherever_it_is_told(world):
    root, log = world.root("other", stanza("zlib1g", "1"), os_release="ID=debian\nVERSION_ID=13\n"), world.folder / "log"
    argv = ["gate", f"--rootfs=0={root}", f"--rootfs=1={world.folder / 'none'}", f"--db={world.index}",
            f"--termination-log={log}"]
    verdict = json.loads(run(world.initscan, *argv, "--format=json").stdout)
    other, none = ([(r["id"], r["effect"]) for r in image["reasons"]] for image in verdict["images"])
    assert (other[0], none) == (("no-data", "undecided"), [("image-unreadable", "undecided")])
    for image in verdict["images"]:
        assert [r["sentence"] for r in image["reasons"]] == image["undecided"] + image["warnings"]

    done = run(world.initscan, *argv)
    assert done.returncode == 1
    assert re.search(r"^  cannot decide: no advisories for .* \[no-data\]$", done.stdout, re.MULTILINE)
    assert re.search(r"^  cannot decide: .*none.* \[image-unreadable\]$", done.stdout, re.MULTILINE)
    fields, words = gate_message(log.read_text())
    assert fields["reason"] == "no-data"
    first, second, *_, last = words.splitlines()
    assert first.startswith('initscan: UNDECIDED of policy "default": cannot decide: ') and first.endswith(" [no-data]")
    assert second.endswith(" [image-unreadable]")
    assert last.startswith("help: `initscan help ID` explains no-data, image-unreadable")


@pytest.mark.parametrize("id, argv", [
    ("index-unreadable", ["--db=/none"]),
    ("policy-unreadable", ["--policy=/none"]),
    ("nonce-unreadable", ["--sbom=1=/none", "--seal=/none"]),
])
def test_what_ends_a_scan_has_an_id_too(world, id, argv):
    log = world.folder / "log"
    root = world.root("sound", stanza("zlib1g", "1:1.3-2", source="zlib"))
    done = run(world.initscan, "gate", f"--rootfs=0={root}", f"--termination-log={log}", *argv,
               *([] if argv[0].startswith("--db") else [f"--db={world.index}"]))
    assert done.returncode == 1
    assert done.stderr.startswith("initscan: error: ") and done.stderr.endswith(f" [{id}]\n") and done.stderr.count("\n") == 1
    fields, words = gate_message(log.read_text())
    assert (fields["verdict"], fields["reason"]) == ("undecided", id)
    assert words.startswith("initscan: UNDECIDED: ") and words.endswith(f" [{id}]\n")


@pytest.mark.plain_build
def test_memory_that_runs_out_is_told_where_every_reason_is(world):
    """A sanitizer takes more address space than any limit would leave it."""
    log, sbom = world.folder / "log", world.folder / "large.json"
    sbom.write_bytes(b"{" + b" " * (100 << 20) + b"}")
    argv = ["gate", f"--sbom=0={sbom}", f"--db={world.index}", f"--termination-log={log}"]
    limited = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_AS, (100 << 20, 100 << 20))}
    reason = "internal: std::bad_alloc [internal-error]"
    done = run(world.initscan, *argv, **limited)
    assert (done.returncode, done.stderr) == (1, f"initscan: error: {reason}\n")
    fields, words = gate_message(log.read_text())
    assert (fields["reason"], words) == ("internal-error", f"initscan: UNDECIDED: {reason}\n")
    done = run(world.initscan, *argv, "--policy", world.policy("enforcement: report\n"), **limited)
    assert (done.returncode, done.stderr) == (0, f"initscan: warning: reported only: {reason}\n")
    fields, words = gate_message(log.read_text())
    assert fields["enforcement"] == "report" and words == f"initscan: UNDECIDED (reported only): {reason}\n"

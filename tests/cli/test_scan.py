"""`initscan rootfs` and `initscan gate`: what they say and how they end."""

import base64
import hashlib
import json
import os
import pty
import subprocess

import jsonschema
import pytest

from support import PROJECT, gate_message, need_root_for, run
from world import stanza

ZLIB_OLD = stanza("zlib1g", "1:1.3-1+b1", source="zlib (1:1.3-1)")
ZLIB_NEW = stanza("zlib1g", "1:1.3-2", source="zlib")


def one_line_error(done, code, text):
    assert done.returncode == code, done.stdout + done.stderr
    assert done.stderr == f"initscan: error: {text}\n"


def test_a_clean_root_passes(world):
    done = world.scan(world.root("new", ZLIB_NEW))
    assert done.returncode == 0, done.stderr
    assert "(Debian GNU/Linux 12 (bookworm), 1 package)" in done.stdout
    assert done.stdout.splitlines()[-1].startswith('PASS  0 findings, 0 blocking; policy "default"')


def test_a_finding_below_the_threshold_is_shown_and_passes(world):
    code, verdict = world.scan_json(world.root("old", ZLIB_OLD))
    assert code == 0
    (finding,) = verdict["images"][0]["findings"]
    assert finding["status"] == "below-threshold"
    assert finding["id"] == "CVE-2024-0001"
    assert finding["package"]["name"] == "zlib1g"
    assert finding["package"]["version"] == "1:1.3-1+b1"
    assert finding["package"]["sourceVersion"] == "1:1.3-1"
    assert finding["fixed"] == "1:1.3-2"
    assert finding["severity"] == "high"


def test_the_verdict_keeps_to_its_schema(world):
    schema = json.loads((PROJECT / "docs/schemas/verdict.schema.json").read_text())
    roots = [world.root("old", ZLIB_OLD), world.root("ssl", stanza("libssl3", "3.0.1-1", source="openssl")),
             world.root("cut", "Package: a"), world.folder / "none"]
    for root in roots:
        _, verdict = world.scan_json(root)
        jsonschema.validate(verdict, schema)


def test_the_policy_decides(world):
    root = world.root("old", ZLIB_OLD)
    assert world.scan(root, "--policy", world.policy("failOn: {severity: high}\n")).returncode == 2
    assert world.scan(root, "--policy", world.policy("failOn: {severity: critical}\n")).returncode == 0


def test_only_fixed_leaves_out_what_nobody_can_repair(world):
    root = world.root("ssl", stanza("libssl3", "3.0.13-1", source="openssl"))
    assert world.scan(root, "--policy", world.policy("onlyFixed: false\n")).returncode == 2
    code, verdict = world.scan_json(root, "--policy", world.policy("onlyFixed: true\n"))
    assert code == 0
    assert [f["status"] for f in verdict["images"][0]["findings"]] == ["no-fix"]


def exemption(expires_at):
    return "ignore:\n" f"- {{id: CVE-2024-0003, package: openssl, reason: offline, expiresAt: {expires_at}}}\n"


def test_an_exemption_holds_until_it_expires(world):
    root = world.root("ssl", stanza("libssl3", "3.0.13-1", source="openssl"))
    code, verdict = world.scan_json(root, "--policy", world.policy(exemption("2999-01-01T00:00:00Z")))
    assert code == 0
    assert verdict["images"][0]["findings"][0]["why"] == "exempted until 2999-01-01T00:00:00Z: offline"
    code, verdict = world.scan_json(root, "--policy", world.policy(exemption("2020-01-01T00:00:00Z")))
    assert code == 2
    assert verdict["warnings"] == [
        "the exemption of CVE-2024-0003 in openssl ended at 2020-01-01T00:00:00Z and no longer applies; renew or remove it"
    ]


@pytest.mark.parametrize(
    "text, fact",
    [
        ("apiVersion: [\n", "2:1: not YAML: end of sequence flow not found"),
        (
            "apiVersion: initscan.io/v1alpha1\nkind: ScanPolicy\nmetadata: {name: x}\nspec: {failon: high}\n",
            '4:8: unknown key "failon" in spec; known are enforcement, failOn, onMalicious, onKnownExploited, onlyFixed, onUnreadable, onIncomplete, onNoData, '
            "onNothingFound, onUnmatched, onStaleData, staleAfterDays, onEndOfLife, onUnavailable, requireDigest, debugImages, ignore",
        ),
        ("", "no policy in it"),
    ],
)
def test_a_bad_policy_is_an_error_with_its_line(world, text, fact):
    policy = world.folder / "p.yaml"
    policy.write_text(text)
    one_line_error(world.scan(world.root("new", ZLIB_NEW), "--policy", policy), 1, f"{policy}: {fact} [policy-unreadable]")


def test_a_truncated_database_is_undecided(world):
    root = world.root("cut", ZLIB_NEW, "Package: half\nStatus: install ok inst")
    code, verdict = world.scan_json(root)
    assert code == 1
    (reason,) = verdict["images"][0]["undecided"]
    assert reason.startswith("var/lib/dpkg/status: ")


def test_a_release_without_advisories_is_undecided(world):
    root = world.root("new", ZLIB_NEW, os_release="ID=debian\nVERSION_ID=13\nPRETTY_NAME=trixie\n")
    done = world.scan(root)
    assert done.returncode == 1
    assert '"Debian:13"' in done.stdout
    assert done.stdout.splitlines()[-1].startswith("UNDECIDED  ")
    assert world.scan(root, "--policy", world.policy("onNoData: warn\n")).returncode == 0


def test_a_missing_root_is_undecided_and_named(world):
    done = world.scan(world.folder / "none")
    assert done.returncode == 1
    assert "none" in done.stdout and "No such file or directory" in done.stdout


def test_a_missing_index_is_an_error(world):
    world.index.unlink()
    done = world.scan(world.root("new", ZLIB_NEW))
    assert done.returncode == 1
    assert done.stderr.startswith(f"initscan: error: {world.index}: ") and done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "argv, fact",
    [
        ([], "A subcommand is required"),
        (["rootfs"], "DIR is required"),
        (["rootfs", "/", "--format", "xml"], "--format: xml not in {table,json,cyclonedx}"),
        (["gate"], "gate: nothing to judge; give --rootfs N=DIR or --sbom N=FILE"),
        (["gate", "--rootfs=/x"], '--rootfs: want NUMBER=VALUE, got "/x"; see initscan gate --help'),
        (["gate", "--rootfs=0=/x", "--sbom=0=/y"], "--sbom: number 0 is given twice"),
        (["gate", "--rootfs=0=/x", "--image=1=y"], "--image: number 1 has neither --rootfs nor --sbom"),
    ],
)
def test_wrong_usage_is_one_line_and_64(initscan, argv, fact):
    done = run(initscan, *argv)
    assert done.returncode == 64, done.stderr
    assert done.stderr.startswith(f"initscan: error: {fact}") and done.stderr.count("\n") == 1, done.stderr


def test_colour_is_only_for_a_terminal(world):
    root = world.root("old", ZLIB_OLD)
    assert "\x1b" not in world.scan(root).stdout

    def on_a_terminal(**environment):
        leader, follower = pty.openpty()
        argv = [world.initscan, "rootfs", root, "--db", world.index]
        subprocess.run(argv, stdout=follower, env={**os.environ, **environment})
        os.close(follower)
        shown = os.read(leader, 65536).decode()
        os.close(leader)
        return shown

    assert "\x1b[31mhigh\x1b[0m" in on_a_terminal()
    assert "\x1b" not in on_a_terminal(NO_COLOR="1")


def inline(policy):
    return f"--policy-inline={base64.b64encode(policy).decode()}", f"--policy-sha256={hashlib.sha256(policy).hexdigest()}"


def test_gate_writes_the_reason_to_the_termination_log(world):
    root, log = world.root("old", ZLIB_OLD), world.folder / "termination-log"
    log.write_text("of an earlier run, and longer than what is to come " * 20)
    policy = (
        b'{"apiVersion":"initscan.io/v1alpha1","kind":"ScanPolicy","metadata":{"name":"inline"},'
        b'"spec":{"failOn":{"severity":"high"},"onStaleData":"allow"}}'
    )
    argv = ["gate", f"--rootfs=0={root}", "--image=0=example/shop:1.4", f"--db={world.index}", f"--termination-log={log}"]
    done = run(world.initscan, *argv, *inline(policy))
    assert done.returncode == 2, done.stderr
    fields, words = gate_message(log.read_text())
    assert words == (
        'initscan: FAIL 1 of policy "inline": CVE-2024-0001 zlib1g 1:1.3-1+b1 -> 1:1.3-2 (high)\n'
        "help: `initscan help ID` explains blocks\n"
    )
    assert fields["verdict"] == "fail" and fields["high"] == "1/1" and fields["critical"] == "0/0"
    assert 0 <= int(fields["ms"]) < 60_000 and "reason" not in fields
    assert "example/shop:1.4  (Debian" in done.stdout

    other_hash = inline(policy + b" ")[1]
    done = run(world.initscan, *argv, inline(policy)[0], other_hash)
    assert done.returncode == 1
    fields, words = gate_message(log.read_text())
    assert words.startswith("initscan: UNDECIDED: --policy-inline: its SHA-256 is ")
    assert (fields["verdict"], fields["reason"]) == ("undecided", "policy-unreadable")


def test_the_gate_s_line_names_the_sbom_that_it_judged(world, collect):
    root, log = world.root("old", ZLIB_OLD), world.folder / "log"
    sboms = [world.folder / f"{n}.json" for n in range(2)]
    for sbom in sboms:
        assert run(collect, "--root", root, "--output", sbom).returncode == 0
    hashes = [hashlib.sha256(sbom.read_bytes()).hexdigest() for sbom in sboms]

    def told(*options):
        run(world.initscan, "gate", *options, "--db", world.index, f"--termination-log={log}")
        return gate_message(log.read_text())[0].get("sbom")

    assert told(f"--sbom=0={sboms[0]}") == f"sha256:{hashes[0]}"
    both = hashlib.sha256("".join(f"{one}\n" for one in hashes).encode()).hexdigest()
    assert told(f"--sbom=0={sboms[0]}", f"--sbom=1={sboms[1]}") == f"sha256:{both}"
    assert told(f"--sbom=0={sboms[0]}", "--sbom=1=/none") is None
    assert told(f"--rootfs=0={root}").startswith("sha256:")


def test_a_policy_that_only_reports_says_so_in_the_gate_s_line(world):
    root, log = world.root("old", ZLIB_OLD), world.folder / "log"
    argv = ["gate", "--db", world.index, f"--termination-log={log}",
            "--policy", world.policy("enforcement: report\nfailOn: {severity: high}\n")]
    assert run(world.initscan, *argv, f"--rootfs=0={root}").returncode == 0
    fields, _ = gate_message(log.read_text())
    assert (fields["verdict"], fields["enforcement"]) == ("fail", "report")


@pytest.mark.parametrize("room", [256, 300, 512, 1024])
def test_the_message_fits_into_what_the_kubelet_keeps_of_many_containers(world, room):
    root, log = world.root("old", ZLIB_OLD), world.folder / "log"
    roots = [f"--rootfs={n}={root}" for n in range(8)]
    done = run(world.initscan, "gate", *roots, "--db", world.index, f"--termination-log={log}", f"--message-bytes={room}",
               "--policy", world.policy("failOn: {severity: high}\n"))
    assert done.returncode == 2
    message = log.read_text()
    assert len(message.encode()) <= room and message.endswith("\n")
    fields, words = gate_message(message)
    assert fields["high"] == "8/8" and words.startswith("initscan: FAIL 8"[:room - message.index("\n") - 5])


def test_a_message_has_room_for_the_line_and_no_more_than_a_kubelet_keeps(world):
    for room in ("255", "4097", "-1", "x"):
        done = run(world.initscan, "gate", "--rootfs=0=/none", f"--message-bytes={room}")
        assert done.returncode == 64 and "--message-bytes" in done.stderr


def test_gate_reads_the_sbom_of_the_collector(world, collect):
    sbom = world.folder / "0.json"
    made = run(collect, "--root", world.root("old", ZLIB_OLD), "--output", sbom)
    assert made.returncode == 0, made.stderr
    by_sbom = run(world.initscan, "gate", f"--sbom=0={sbom}", "--image=0=x", "--db", world.index, "--format=json")
    by_root = run(world.initscan, "gate", f"--rootfs=0={world.folder / 'old'}", "--image=0=x", "--db", world.index, "--format=json")
    assert by_sbom.returncode == by_root.returncode == 0, by_sbom.stderr + by_root.stderr
    verdicts = [json.loads(done.stdout) for done in (by_sbom, by_root)]
    for verdict in verdicts:
        del verdict["evaluatedAt"]
    assert verdicts[0] == verdicts[1]


def test_gate_names_an_sbom_that_is_missing_or_broken(world):
    for content in (None, "", "{", '{"bomFormat":"SPDX"}'):
        sbom = world.folder / "0.json"
        if content is not None:
            sbom.write_text(content)
        done = run(world.initscan, "gate", f"--sbom=0={sbom}", "--db", world.index)
        assert done.returncode == 1, done.stdout
        assert "cannot decide: " in done.stdout and "0.json" in done.stdout


def test_the_worst_image_decides(world):
    old, new = world.root("old", ZLIB_OLD), world.root("new", ZLIB_NEW)
    policy = world.policy("failOn: {severity: high}\n")
    argv = ["gate", f"--rootfs=0={new}", f"--rootfs=1={old}", "--db", world.index, "--policy", policy]
    assert run(world.initscan, *argv).returncode == 2
    argv[2] = f"--rootfs=1={world.folder / 'none'}"
    assert run(world.initscan, *argv).returncode == 1


def test_cyclonedx_holds_the_vulnerabilities(world):
    done = world.scan(world.root("old", ZLIB_OLD), "--format", "cyclonedx")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["bomFormat"] == "CycloneDX" and document["specVersion"] == "1.6"
    (vulnerability,) = document["vulnerabilities"]
    assert vulnerability["id"] == "CVE-2024-0001"
    assert vulnerability["ratings"][0]["severity"] == "high"
    refs = {component["bom-ref"] for component in document["components"]}
    assert {affected["ref"] for affected in vulnerability["affects"]} <= refs


def test_policy_prints_what_the_final_state_policy_asks_for(world):
    policy = world.policy(exemption("2020-01-01T00:00:00Z"))
    done = run(world.initscan, "policy", policy)
    assert done.returncode == 0
    canonical, digest = done.stdout.splitlines()
    assert json.loads(canonical)["metadata"] == {"name": "test"}
    assert digest == "sha256 " + hashlib.sha256(canonical.encode()).hexdigest()
    assert "the exemption of CVE-2024-0003 in openssl ended at 2020-01-01T00:00:00Z" in done.stderr
    _, verdict = world.scan_json(world.root("new", ZLIB_NEW), "--policy", policy)
    assert digest == "sha256 " + verdict["policy"]["sha256"]


def test_help_names_the_exit_codes(initscan):
    done = run(initscan, "--help")
    assert done.returncode == 0
    assert "Exit codes: 0 pass, 1 could not decide, 2 policy failed, 64 wrong usage." in done.stdout
    for command in ("rootfs", "gate", "db", "install", "version"):
        assert command in done.stdout


def test_install_puts_the_collector_where_others_can_run_it(initscan, tmp_path):
    done = run(initscan, "install", f"--to={tmp_path}")
    assert done.returncode == 0, done.stderr
    program = tmp_path / "initscan-collect"
    assert program.stat().st_mode & 0o7777 == 0o111
    assert run(program, "--version").returncode == 0
    one_line_error(run(initscan, "install", "--to=/none"), 1, "/none: No such file or directory")


def test_install_says_that_a_mount_is_noexec(initscan, tmp_path):
    need_root_for("mounting")
    mounted = run("mount", "-t", "tmpfs", "-o", "noexec", "tmpfs", tmp_path)
    if mounted.returncode != 0:
        pytest.skip(f"cannot mount here: {mounted.stderr.strip()}")
    try:
        done = run(initscan, "install", f"--to={tmp_path}")
        assert done.returncode == 1
        assert f"{tmp_path}: is mounted noexec" in done.stderr
    finally:
        run("umount", tmp_path, check=True)


def test_exemptions_that_match_and_that_do_not_are_told(world):
    policy = world.policy("""\
        failOn: {severity: low}
        ignore:
          - {package: zlib, reason: r, expiresAt: 2199-01-01T00:00:00Z}
          - {id: CVE-1999-1, reason: r, expiresAt: 2199-01-01T00:00:00Z}
        """)
    done = world.scan(world.root("old", stanza("zlib1g", "1:1.2-1", source="zlib")), "--policy", policy)
    assert done.returncode == 0, done.stdout
    assert "\nnote: the exemption of CVE-1999-1 matched nothing [exemption-unused]\nPASS  1 finding, 1 exempted, 0 blocking; " in done.stdout


def test_who_asks_for_what_is_not_there_is_told_what_is(world):
    done = run(world.initscan, "bogus")
    one_line_error(done, 64, 'there is no command "bogus"; want one of rootfs, sbom, gate, db, policy, install, help, version')
    assert run(world.initscan, "--version").stdout == run(world.initscan, "version").stdout
    done = run(world.initscan, "rootfs", world.root("new", ZLIB_NEW), "--db", "/none")
    one_line_error(done, 1, "/none: cannot open: No such file or directory; name an index with --db, or bring the advisories that are needed: "
                            "initscan db update --ecosystem Debian -o /none [index-unreadable]")


def test_who_has_no_index_is_told_which_the_images_need(world, tmp_path):
    """All of them, and nothing where nothing is known of what they hold."""
    def needs(*purls):
        sbom = tmp_path / "sbom.json"
        sbom.write_text(json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
            {"type": "operating-system", "name": "alpine", "version": "3.20.3"},
            *({"type": "library", "name": purl.split("/")[-1].split("@")[0], "version": "1.0", "purl": purl} for purl in purls)]}))
        done = run(world.initscan, "sbom", sbom, "--db", tmp_path / "none")
        assert done.returncode == 1 and done.stdout == ""
        return done.stderr.partition("name an index with --db")[2].strip()

    assert needs("pkg:pypi/flask@1.0", "pkg:apk/alpine/zlib@1.0?arch=x86_64") == (
        f", or bring the advisories that are needed: initscan db update --ecosystem Alpine --ecosystem PyPI -o {tmp_path}/none [index-unreadable]")
    assert needs("pkg:cargo/serde@1.0") == (
        f", or bring the advisories that are needed: initscan db update --ecosystem crates.io -o {tmp_path}/none [index-unreadable]")
    assert needs() == "[index-unreadable]"

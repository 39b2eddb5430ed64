"""A small world of the tests' own: a Debian root, its advisories and what scans it."""

import json
import textwrap

from support import run

OS_RELEASE = 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n'


def advisory(cve, package, fixed, severity, ecosystem="Debian:12"):
    return {
        "schema_version": "1.6.0",
        "id": f"DEBIAN-{cve}",
        "modified": "2026-01-02T00:00:00Z",
        "aliases": [cve],
        "summary": f"a flaw in {package}",
        "affected": [
            {
                "package": {"ecosystem": ecosystem, "name": package},
                "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}] + ([{"fixed": fixed}] if fixed else [])}],
                "ecosystem_specific": {"urgency": severity},
            }
        ],
    }


def stanza(package, version, source=None, status="install ok installed"):
    lines = [f"Package: {package}", f"Status: {status}", "Architecture: amd64", f"Version: {version}"]
    if source:
        lines.insert(2, f"Source: {source}")
    return "\n".join(lines) + "\n\n"


class World:
    def __init__(self, folder, initscan):
        self.folder, self.initscan = folder, initscan
        self.index = folder / "advisories.db"

    def root(self, name, *stanzas, os_release=OS_RELEASE):
        root = self.folder / name
        (root / "var/lib/dpkg").mkdir(parents=True)
        (root / "etc").mkdir()
        (root / "etc/os-release").write_text(os_release)
        (root / "var/lib/dpkg/status").write_text("".join(stanzas))
        return root

    def policy(self, spec):
        path = self.folder / "policy.yaml"
        head = "apiVersion: initscan.io/v1alpha1\nkind: ScanPolicy\nmetadata: {name: test}\nspec:\n"
        path.write_text(head + textwrap.indent(textwrap.dedent(spec), "  "))
        return path

    def scan(self, root, *options):
        return run(self.initscan, "rootfs", root, "--db", self.index, *options)

    def scan_json(self, root, *options):
        done = self.scan(root, "--format", "json", *options)
        return done.returncode, json.loads(done.stdout)

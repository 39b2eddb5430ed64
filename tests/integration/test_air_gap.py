"""What docs/operators/advisories.md says about places without a network, run as it stands, with real registries."""

import json
import os
import re
import subprocess

import pytest

from feed_server import FeedServer, archive
from registries import DockerRegistry
from scan_server import make_certificate
from support import BIN, PROJECT

PAGE = PROJECT / "docs" / "operators" / "advisories.md"
FENCE = re.compile(r"^```\n(.*?)^```", re.MULTILINE | re.DOTALL)
DEBIAN = [(f"CVE-2026-{n}", "Debian:12", f"source-{n}", "1.0-1", "2026-11-20T00:00:00Z") for n in range(1, 50)]
ALPINE = [(f"CVE-2026-{n}", "Alpine:v3.20", f"origin-{n}", "1.0-r1", "2026-11-20T00:00:00Z") for n in range(1, 50)]


def commands():
    section = PAGE.read_text().split("## Without a network\n")[1]
    return [line for block in FENCE.findall(section) for line in block.splitlines()]


@pytest.fixture
def places(tmp_path):
    """The hosts that the page names, as they are here."""
    certificate = make_certificate(tmp_path)
    mirror = FeedServer(*certificate)
    mirror.files = {"/Debian/all.zip": archive(*DEBIAN), "/Alpine/all.zip": archive(*ALPINE)}
    outside, inside = (DockerRegistry(tmp_path / name, *certificate) for name in ("outside", "inside"))
    yield {"mirror.example.com": f"127.0.0.1:{mirror.port}", "registry.inside.example.com": inside.host, "registry.example.com": outside.host}, inside
    for server in (mirror, outside, inside):
        server.close()


@pytest.fixture
def path(tmp_path, podman):
    """Our programs, and a podman with a storage of its own that trusts the registries."""
    folder, trusted = tmp_path / "bin", tmp_path / "trusted"
    folder.mkdir()
    trusted.mkdir()
    script = folder / "podman"
    script.write_text(f'''#!/bin/bash
PATH={os.environ["PATH"]}
. {PROJECT}/tests/integration/podman.sh
podman_folder={podman.folder}
case $1 in pull | push) set -- "$1" --cert-dir {trusted} "${{@:2}}" ;; esac
play_podman "$@"
''')
    script.chmod(0o755)
    return f"{folder}:{BIN}:{os.environ['PATH']}"


def test_the_page_holds_what_it_promises(places, path, tmp_path):
    work = tmp_path / "work"
    work.mkdir()
    (tmp_path / "trusted" / "ca.crt").write_bytes((tmp_path / "cert.pem").read_bytes())
    said = commands()
    assert len(said) > 12 and all(any(word in line for line in said) for word in ("db update", "db install", "db push", "db pull", "podman load"))
    hosts, inside = places
    for line in said:
        for name, host in hosts.items():
            line = re.sub(rf"(?<![\w.]){re.escape(name)}", host, line)
        done = subprocess.run(["bash", "-ec", line], cwd=work, capture_output=True, text=True, timeout=300,
                              env={**os.environ, "PATH": path, "SSL_CERT_FILE": str(tmp_path / "cert.pem"), "HOME": str(work), "TMPDIR": str(tmp_path)})
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    index = (work / "advisories.db").read_bytes()
    assert index == (work / "installed.db").read_bytes() == (work / "pulled.db").read_bytes()
    (layer,) = json.loads(inside.get("security/copies/manifests/today"))["layers"]
    assert layer["mediaType"].endswith("gzip"), "what the page says of podman"
    subprocess.run(["podman", "rmi", "--force", f"{hosts['registry.example.com']}/security/advisories:today"], env={**os.environ, "PATH": path}, capture_output=True)

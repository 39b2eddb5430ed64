"""docs/operators/server.md, as somebody follows it who has a checkout and a shell: its commands are run as they are written, but for
the port and for what stands for a name."""

import json
import re
import subprocess

import pytest

from scan_server import DIGEST
from support import BIN, PROJECT
from test_server_postgresql import free_port

PAGE = (PROJECT / "docs" / "operators" / "server.md").read_text()
FENCE = re.compile(r"^```\n(.*?)^```", re.MULTILINE | re.DOTALL)


def commands(heading):
    """The blocks under a heading of the page."""
    section = re.split(rf"^#+ {re.escape(heading)}$", PAGE, maxsplit=1, flags=re.MULTILINE)[1]
    blocks = FENCE.findall(re.split(r"^## ", section, maxsplit=1, flags=re.MULTILINE)[0])
    assert blocks, heading
    return blocks


@pytest.fixture
def shell(tmp_path):
    """shell(block): the exit code and the output of its last command; of one shell, in which what was set before stays."""
    (tmp_path / "deploy").symlink_to(PROJECT / "deploy")
    port = free_port()
    process = subprocess.Popen(["bash"], cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=open(tmp_path / "log", "w"), text=True,
                               env={"PATH": f"{BIN}:/usr/bin:/bin", "HOME": str(tmp_path)})
    process.folder = tmp_path

    def run_block(block):
        for written, here in (("initscan-server serve ", f"initscan-server serve --listen 127.0.0.1:{port} "), ("localhost:8443", f"localhost:{port}"),
                              ("sha256:...", DIGEST), ("/images/0", "unpacked-image")):
            block = block.replace(written, here)
        process.stdin.write(f"{block}\nprintf '\\nended %s\\n' $?\n")
        process.stdin.flush()
        said = []
        for line in process.stdout:
            if line.startswith("ended "):
                return int(line.split()[1]), "".join(said)
            said.append(line)
        raise AssertionError((tmp_path / "log").read_text())

    yield run_block
    process.stdin.write("kill %%; wait; exit\n")
    process.stdin.close()
    process.wait(30)


def root(folder):
    (folder / "var/lib/dpkg").mkdir(parents=True)
    (folder / "etc").mkdir()
    (folder / "etc/os-release").write_text("ID=debian\nVERSION_ID=12\n")
    (folder / "var/lib/dpkg/status").write_text("Package: openssl\nStatus: install ok installed\nArchitecture: amd64\nVersion: 3.0.9-1\n\n")


def test_the_page_works_as_it_is_written(shell, tmp_path):
    root(tmp_path / "unpacked-image")
    first, second = commands("The server")
    code, said = shell(first)
    assert code == 0 and "43 records, 43 indexed" in said
    listening = "for i in 1 2 3 4 5 6 7 8 9 10; do curl -s --cacert tls.crt https://localhost:8443/healthz && break; sleep 0.5; done"
    assert "ok" in shell(listening)[1]
    # The machine of the tests may be anything: what is scanned is a folder.
    code, said = shell(second.replace("rootfs / ", "rootfs ./unpacked-image "))
    assert code == 0 and json.loads(said)["images"][0]["findings"], said

    by_folder, by_sbom, gate = commands("Scanners that ask it")[0].strip().split("\n")
    code, said = shell(by_folder)
    assert code in (0, 2) and "CVE-2023-5363" in said
    code, said = shell(by_sbom)
    assert code in (0, 2) and json.loads(said)["schema"] == "initscan.io/verdict/v1"
    code, said = shell(gate + " --db advisories.db --termination-log message 2>&1")
    assert code in (0, 2) and "not reported" not in said, said

    (search,) = commands("The API")
    code, said = shell(search)
    assert code == 0 and json.loads(said) == {"found": [], "next": None, "notSearched": 0}
    code, said = shell(search.replace("log4j-core&below=2.17", "openssl&below=3.1"))
    assert [row["digest"] for row in json.loads(said)["found"]] == [DIGEST]

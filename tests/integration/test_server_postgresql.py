"""initscan-server with its store in PostgreSQL: replicas, failures, and the way there. tests/integration/test_server.py
asks the same of this store as of SQLite."""

import os
import shutil
import socket
import subprocess
import threading
import time

import pytest

from postgresql_server import PROGRAMS, PostgresqlServer, is_installed
from scan_server import DIGEST, SBOM, ScanServer, make_certificate, report_of, write_tokens
from store_load import Writers, fill, hold_to_account
from support import need_root_for, run

WRITES = int(os.environ.get("INITSCAN_STORE_WRITES", "800"))  # while things are killed
FAST = ("--client-requests", "100000")


@pytest.fixture
def started():
    """started(settings): a PostgreSQL of this test's own."""
    if not is_installed():
        pytest.skip("no PostgreSQL 15 (./dev setup installs it)")
    made = []

    def start(*settings):
        made.append(PostgresqlServer(settings=settings).start())
        return made[-1]

    yield start
    for server in made:
        server.stop()


@pytest.fixture
def replica(server_program, index, tmp_path):
    """replica(store, options): one of several servers."""
    made = []

    def start(store, *options):
        folder = tmp_path / f"replica{len(made)}"
        folder.mkdir()
        made.append(ScanServer(server_program, folder, index, *FAST, *options, store=store))
        return made[-1]

    yield start
    for server in made:
        server.close()


def until(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it does not come"
        time.sleep(0.05)


def test_nothing_acknowledged_is_lost_when_the_server_or_postgresql_is_killed(started, replica):
    postgresql = started()
    server = replica(postgresql.new_database("killed"))
    writers = Writers(server)
    try:
        for life in range(4):
            writers.wait_for(WRITES // 5)
            if life % 2:
                server.kill()
                server.start()
            else:
                postgresql.kill()
                time.sleep(0.5)
                postgresql.start()
        writers.wait_for(WRITES // 5)
    finally:
        writers.stop()
    assert len(writers.acknowledged) >= WRITES
    assert any("the store cannot be reached now" in why for _, why in writers.failures), "PostgreSQL was away, and the server said so"
    hold_to_account(server, writers.acknowledged)


def test_a_replica_that_is_killed_costs_what_was_under_way_on_it_and_nothing_else(started, replica):
    url = started().new_database("shared")
    staying, going = replica(url), replica(url)
    writers = Writers(staying, going)
    try:
        writers.wait_for(WRITES // 4)
        assert not writers.failures
        going.kill()
        cut_off = [why for server, why in writers.failures if server is going]
        writers.wait_for(WRITES // 4)
    finally:
        writers.stop()
    assert [why for server, why in writers.failures if server is staying] == []
    assert len([why for why in cut_off if "refused" not in why.lower()]) <= 4, "one for each of its clients"
    hold_to_account(staying, writers.acknowledged)


def test_replicas_may_start_at_once_on_a_new_database(started, server_program, index, tmp_path):
    url = started().new_database("new")
    made = []

    def start(number):
        folder = tmp_path / str(number)
        folder.mkdir()
        made.append(ScanServer(server_program, folder, index, store=url))

    threads = [threading.Thread(target=start, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    try:
        assert len(made) == 4
        assert made[0].ask("POST", "/v1/reports", report_of(), "gate")[0] == 201
        assert {server.ask("GET", f"/v1/verdicts/{DIGEST}", token="reader")[0] for server in made} == {200}
    finally:
        for server in made:
            server.close()


def test_while_postgresql_is_away_the_rest_works_and_it_comes_back(started, replica):
    postgresql = started()
    server = replica(postgresql.new_database("away"))
    assert server.ask("POST", "/v1/reports", report_of(), "gate")[0] == 201
    postgresql.kill()
    for method, path, body, token in (("POST", "/v1/reports", report_of("sha256:" + "b" * 64), "gate"), ("GET", "/v1/images", None, "reader"),
                                      ("GET", f"/v1/verdicts/{DIGEST}", None, "reader"), ("GET", "/v1/search?package=openssl", None, "reader")):
        start = time.monotonic()
        status, headers, answer = server.ask(method, path, body, token)
        assert (status, headers["Retry-After"]) == (503, "1") and answer["detail"] == "the store cannot be reached now; try again", answer
        assert time.monotonic() - start < 2
    assert server.ask("POST", "/v1/scan", SBOM, "ci")[0] == 200, "which needs no store"
    assert server.ask("GET", "/readyz")[0] == 200
    assert server.metric("initscan_store_up") == 0
    server.wait_for_line("store: postgresql .*/away: ")
    postgresql.start()
    until(lambda: server.ask("GET", f"/v1/verdicts/{DIGEST}", token="reader")[0] == 200)
    server.wait_for_line("store: can be reached again")
    assert server.metric("initscan_store_up") == 1
    assert server.metric('initscan_store_rows{kind="reports"}') == 1
    assert server.metric("initscan_store_bytes") > 0 and server.metric("initscan_store_max_bytes") is None


def test_one_that_hangs_is_given_up(started, replica):
    postgresql = started()
    server = replica(postgresql.new_database("hangs"))
    assert server.ask("POST", "/v1/reports", report_of(), "gate")[0] == 201
    backends = postgresql.sql("SELECT pid FROM pg_stat_activity WHERE application_name = 'initscan-server'").split()
    for pid in backends:
        os.kill(int(pid), 19)
    try:
        start = time.monotonic()
        # The connection that hangs is left, and another one answers.
        assert server.ask("GET", f"/v1/verdicts/{DIGEST}", token="reader")[0] in (200, 503)
        assert time.monotonic() - start < 25
        assert server.ask("GET", f"/v1/verdicts/{DIGEST}", token="reader")[0] == 200
    finally:
        for pid in backends:
            os.kill(int(pid), 18)


def test_a_server_that_starts_before_postgresql_is_not_ready_until_it_is_there(started, replica):
    postgresql = started()
    url = postgresql.new_database("later")
    postgresql.kill()
    server = replica(url)
    server.wait_for_line("store: not there yet, it is tried again: postgresql .*/later: connection to server .*failed: ")
    for _ in range(3):
        status, _, body = server.ask("GET", "/readyz")
        assert status == 503 and body["detail"] == "the store has not been reached yet; the log says why", body
        assert server.ask("GET", "/healthz")[0] == 200, "so it is not ended"
        assert server.ask("GET", "/v1/images", token="reader")[0] == 503
        assert server.metric("initscan_store_up") == 0
        time.sleep(1)
    assert server.said().count("store: ") == 1, "one line, however often it was tried"
    assert server.ask("POST", "/v1/scan", SBOM, "ci")[0] == 200, "which needs no store"
    postgresql.start()
    until(lambda: server.ask("GET", "/readyz")[0] == 200, 20)
    server.wait_for_line("store: can be reached again")
    assert server.ask("POST", "/v1/reports", report_of(), "gate")[0] == 201


def ends(server_program, index, folder, url, *words):
    """The only line, and the seconds after which there is an end."""
    secret = folder / "url"
    secret.write_text(url)
    start = time.monotonic()
    code, line = refused(server_program, index, folder, "--store-url", secret, *words)
    return code, line, time.monotonic() - start


@pytest.mark.parametrize("who, database, error", [
    ("initscan:wrong", "remote", 'FATAL:  password authentication failed for user "initscan"; see pg_hba.conf there, and the role and its password here'),
    ("nobody:first", "remote", 'FATAL:  password authentication failed for user "nobody"; see pg_hba.conf there, and the role and its password here'),
    ("initscan", "remote", "fe_sendauth: no password supplied; see pg_hba.conf there, and the role and its password here"),
    ("initscan:first", "nowhere", 'FATAL:  database "nowhere" does not exist; create it there first')])
def test_a_database_that_does_not_let_it_in_is_one_line_at_once(over_tls, server_program, index, tmp_path, who, database, error):
    _, port, certificate = over_tls
    code, line, seconds = ends(server_program, index, tmp_path, f"postgresql://{who}@localhost:{port}/{database}?sslmode=verify-full&sslrootcert={certificate}")
    assert code == 1 and seconds < 4
    assert line.startswith(f"postgresql localhost:{port}/{database}: connection to server at ") and line.endswith(f" failed: {error}"), line
    assert "wrong" not in line and "first;" not in line


def test_one_that_speaks_no_tls_is_told(started, server_program, index, tmp_path):
    postgresql = started()
    postgresql.kill()
    postgresql.port = free_port()
    postgresql.settings = ["listen_addresses=127.0.0.1"]
    postgresql.start()
    code, line, _ = ends(server_program, index, tmp_path, f"postgresql://postgres@127.0.0.1:{postgresql.port}/postgres?sslmode=require")
    assert code == 1 and line.endswith("server does not support SSL, but SSL was required; see sslmode and sslrootcert of the connection string"), line


def test_tables_of_another_program_are_told_also_when_they_come_late(started, replica):
    postgresql = started()
    url = postgresql.new_database("theirs")
    postgresql.sql("CREATE TABLE theirs (n int)", "theirs")
    postgresql.kill()
    server = replica(url)
    postgresql.start()
    server.wait_for_line("store: postgresql .*/theirs: has tables of another program; name another database")
    assert server.ask("GET", "/readyz")[0] == 503
    postgresql.sql("DROP TABLE theirs", "theirs")
    until(lambda: server.ask("GET", "/readyz")[0] == 200, 20)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@pytest.fixture
def over_tls(started, tmp_path):
    """A PostgreSQL on a port, which asks for passwords and speaks TLS; the port, and its certificate."""
    certificate, key = make_certificate(tmp_path)
    port = free_port()
    postgresql = started()
    for path, name in ((certificate, "server.crt"), (key, "server.key")):
        shutil.copy(path, postgresql.data / name)
        shutil.chown(postgresql.data / name, *(("postgres", "postgres") if postgresql.user else (os.getuid(), os.getgid())))
        (postgresql.data / name).chmod(0o600)
    postgresql.sql("CREATE ROLE initscan LOGIN PASSWORD 'first'")
    postgresql.new_database("remote")
    postgresql.sql("ALTER DATABASE remote OWNER TO initscan")
    (postgresql.data / "pg_hba.conf").write_text("local all postgres trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n")
    postgresql.kill()
    postgresql.settings, postgresql.port = ["listen_addresses=127.0.0.1", "ssl=on"], port
    postgresql.start()
    return postgresql, port, certificate


def test_a_password_comes_from_a_file_over_a_way_that_nobody_reads(over_tls, replica, tmp_path):
    postgresql, port, certificate = over_tls
    secret = tmp_path / "url"

    def say(password):
        secret.write_text(f"postgresql://initscan:{password}@localhost:{port}/remote?sslmode=verify-full&sslrootcert={certificate}\n")

    say("first")
    server = replica(None, "--store-url", secret)
    assert server.ask("POST", "/v1/reports", report_of(), "gate")[0] == 201
    assert "not encrypted" not in server.said()
    postgresql.sql("ALTER ROLE initscan PASSWORD 'second'")
    postgresql.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'initscan'")
    assert server.ask("GET", "/v1/images", token="reader")[0] == 503
    server.wait_for_line("store: .*password authentication failed")
    assert "first" not in server.said()
    say("second")
    until(lambda: server.ask("GET", "/v1/images", token="reader")[0] == 200)


def refused(server_program, index, folder, *words):
    tokens = write_tokens(folder / "tokens")
    done = run(server_program, "serve", "--index", index, "--tls-cert", "none", "--tls-key", "none", "--token-file", tokens, *words)
    assert done.returncode in (1, 64) and done.stderr.count("\n") == 1, done.stderr
    return done.returncode, done.stderr.splitlines()[-1].removeprefix("initscan-server: error: ")


def test_a_server_of_another_authority_is_not_believed(over_tls, server_program, index, tmp_path):
    _, port, _ = over_tls
    other = tmp_path / "other"
    other.mkdir()
    certificate, _ = make_certificate(other)
    url = tmp_path / "url"
    url.write_text(f"postgresql://initscan:first@localhost:{port}/remote?sslmode=verify-full&sslrootcert={certificate}")
    code, words = refused(server_program, index, tmp_path, "--store-url", url)
    assert code == 1 and "certificate verify failed" in words and words.endswith("; see sslmode and sslrootcert of the connection string"), words


@pytest.mark.parametrize("words, code, error", [
    ([], 64, "want --store or --store-url, and not both"),
    (["--store", "postgresql://h/d", "--store-url", "f"], 64, "want --store or --store-url, and not both"),
    (["--store", "postgresql://u:secret@h/d"], 64, "--store: every process may read a password there; use --store-url FILE, PGPASSFILE or PGPASSWORD"),
    (["--store", "postgresql://[h/d"], 64, "want where PostgreSQL is: postgresql://USER@HOST:PORT/DATABASE?sslmode=verify-full"),
    (["--store-url", "/none"], 1, "/none: cannot open: No such file or directory")])
def test_a_store_that_cannot_be_meant_is_refused(server_program, index, tmp_path, words, code, error):
    assert refused(server_program, index, tmp_path, *words) == (code, error)


def test_a_backup_is_restored(started, replica, tmp_path):
    postgresql = started()
    url = postgresql.new_database("saved")
    server = replica(url)
    assert server.ask("POST", "/v1/reports", report_of(), "gate")[0] == 201
    dump = subprocess.run([PROGRAMS / "pg_dump", "--no-owner", url], capture_output=True, check=True, timeout=60).stdout
    assert server.ask("POST", "/v1/reports", report_of("sha256:" + "b" * 64), "gate")[0] == 201
    restored = postgresql.new_database("restored")
    subprocess.run([PROGRAMS / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", restored], input=dump, capture_output=True, check=True, timeout=60)
    other = replica(restored)
    assert other.ask("GET", f"/v1/images/{DIGEST}/sbom", token="reader")[2] == SBOM
    assert other.metric('initscan_store_rows{kind="reports"}') == 1
    assert other.ask("POST", "/v1/reports", report_of("sha256:" + "c" * 64), "gate")[0] == 201, "its numbers go on"


def test_a_database_that_is_full_says_so(started, replica):
    """A tablespace on a small file system of its own."""
    need_root_for("a file system of its own")
    postgresql = started("autovacuum=off")
    place = postgresql.folder / "small"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(place)], check=True)
    try:
        shutil.chown(place, "postgres", "postgres")
        postgresql.sql(f"CREATE TABLESPACE small LOCATION '{place}'")
        postgresql.sql("CREATE DATABASE full_one TABLESPACE small")
        filler = place / "filler"
        server = replica(postgresql.url("full_one"))
        assert server.ask("POST", "/v1/reports", report_of(), "gate")[0] == 201
        fill(filler)
        statuses = []
        for n in range(500):
            noise = os.urandom(16 << 10).hex()
            status, _, body = server.ask("POST", "/v1/reports", report_of("sha256:" + f"{n:08x}" * 8, {**SBOM, "serialNumber": noise}), "gate")
            statuses.append(status)
            if status != 201:
                break
        assert statuses[-1] == 507 and "nothing of this write was kept: free space" in body["detail"], body
        assert server.ask("GET", f"/v1/images/{DIGEST}/sbom", token="reader")[2] == SBOM, "it is still read"
        filler.unlink()
        until(lambda: server.ask("POST", "/v1/reports", report_of("sha256:" + "e" * 64), "gate")[0] == 201)
        assert server.metric('initscan_store_rows{kind="reports"}') == len(statuses) + 1
    finally:
        postgresql.kill()
        subprocess.run(["umount", "-l", str(place)], check=True)

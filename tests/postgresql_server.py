#!/usr/bin/env python3
"""A PostgreSQL of the tests' own, on a Unix socket in a temporary folder: a class for Python, `start` and `stop` for ctest.

    postgresql_server.py start FILE    starts one and writes where it is into FILE; nothing where there is no PostgreSQL
    postgresql_server.py stop FILE     ends it
"""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse

PROGRAMS = pathlib.Path("/usr/lib/postgresql/15/bin")
OWNER = "postgres"  # PostgreSQL refuses to run as root


def is_installed():
    return (PROGRAMS / "postgres").exists()


def children_of(pid):
    try:
        return [int(word) for word in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


class PostgresqlServer:
    def __init__(self, folder=None, settings=()):
        """In a new folder; or what is in an old one."""
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="initscan-pg-"))
        self.data = self.folder / "data"
        self.settings, self.port, self.process = list(settings), 5432, None
        self.user = {"user": OWNER, "group": OWNER, "extra_groups": []} if os.geteuid() == 0 else {}
        if not self.data.exists():
            if self.user:
                shutil.chown(self.folder, OWNER, OWNER)
            self._run("initdb", "-D", self.data, "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")

    def _run(self, program, *argv):
        done = subprocess.run([str(PROGRAMS / program), *map(str, argv)], cwd="/", capture_output=True, text=True, timeout=120, **self.user)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self):
        argv = [PROGRAMS / "postgres", "-D", self.data]
        for setting in ("listen_addresses=", f"port={self.port}", f"unix_socket_directories={self.folder}", *self.settings):
            argv += ["-c", setting]
        # Its parent is this process, which buries it: of a dead one that nobody buried a lock would stay.
        with open(self.folder / "log", "a") as log:
            self.process = subprocess.Popen([str(word) for word in argv], cwd="/", stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True, **self.user)
        end = time.monotonic() + 60
        while subprocess.run([PROGRAMS / "pg_isready", "-q", "-d", self.url()]).returncode != 0:
            assert self.process.poll() is None and time.monotonic() < end, (self.folder / "log").read_text()[-3000:]
            time.sleep(0.05)
        return self

    def pid(self):
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def kill(self):
        """As a machine does that loses its power: nothing is told anything."""
        pid = self.pid()
        processes = [pid, *children_of(pid)]
        os.kill(pid, signal.SIGSTOP)  # it starts no others meanwhile
        for process in processes + [child for child in children_of(pid) if child not in processes]:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait(10)

    def _is_running(self):
        argv = [PROGRAMS / "pg_ctl", "-D", self.data, "status"]
        return subprocess.run(argv, cwd="/", capture_output=True, timeout=120, **self.user).returncode == 0

    def stop(self):
        if self.process is None:
            if self._is_running():  # not after the machine was switched off
                self._run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")
        elif self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database="postgres", **options):
        return f"postgresql://{OWNER}@/{database}?" + urllib.parse.urlencode({"host": self.folder, "port": self.port, **options})

    def sql(self, text, database="postgres"):
        return self._run("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", self.url(database), "-c", text).strip()

    def new_database(self, name):
        self.sql(f'CREATE DATABASE "{name}"')
        return self.url(name)


def main(command, file):
    path = pathlib.Path(file)
    if command == "stop":
        if path.exists():
            PostgresqlServer(path.read_text().split()[1]).stop()
            path.unlink()
        return
    if path.exists():
        main("stop", file)
    if not is_installed():
        print(f"no PostgreSQL in {PROGRAMS}: tests of it are skipped")
        return
    server = PostgresqlServer(settings=["fsync=off"]).start()
    path.write_text(f"{server.url()}\n{server.folder}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Five real programs of Debian in one image, each as the pod of somebody who thinks of nothing but that it works."""

import contextlib
import copy
import shutil
import socket
import subprocess
import urllib.request

import pytest

from support import CACHE, need_root_for, run

IMAGE = "localhost/audit-services:1"
PACKAGES = "nginx-light redis-server postgresql-15 gunicorn tomcat10-user"
# What none of the five needs to run: the image stays small.
LEFT_OUT = ["usr/share/doc", "usr/share/man", "usr/share/locale", "var/lib/apt/lists", "var/cache/apt", "usr/share/i18n",
            "usr/lib/x86_64-linux-gnu/libLLVM-14.so.1"]

TOMCAT_BASE = "srv/tomcat"
SERVER_XML = """<Server port="-1"><Service name="Catalina">
  <Connector address="127.0.0.1" port="${http.port}"/>
  <Engine name="Catalina" defaultHost="localhost"><Host name="localhost" appBase="webapps"/></Engine>
</Service></Server>
"""


def services_root(minbase_root):
    """A Debian 12 with the programs. Made once, kept in build/cache."""
    need_root_for("chroot")
    root = CACHE / "debian12-services"
    if root.exists():
        return root
    part = CACHE / "debian12-services.part"
    shutil.rmtree(part, ignore_errors=True)
    subprocess.run(["cp", "-a", minbase_root, part], check=True)
    for name in ("resolv.conf", "hosts"):
        shutil.copy(f"/etc/{name}", part / "etc" / name)
    no_start = part / "usr/sbin/policy-rc.d"
    no_start.write_text("#!/bin/sh\nexit 101\n")
    no_start.chmod(0o755)
    (part / "etc/postgresql-common").mkdir()
    (part / "etc/postgresql-common/createcluster.conf").write_text("create_main_cluster = false\n")
    install = ("apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends "
               f"{PACKAGES} && apt-get clean")
    # Java's package wants /proc; the mount ends with its namespace.
    made = run("unshare", "--mount", "sh", "-c", 'mount --rbind /proc "$0/proc" && exec chroot "$0" sh -c "$1"', part, install,
               timeout=900)
    assert made.returncode == 0, made.stdout[-2000:] + made.stderr[-2000:]
    tomcat(part)
    part.rename(root)
    return root


def tomcat(root):
    """An instance with one page, which is compiled when it is first asked for."""
    base = root / TOMCAT_BASE
    (base / "webapps/ROOT").mkdir(parents=True)
    (base / "webapps/ROOT/index.jsp").write_text("<%= 6 * 7 %>\n")
    (base / "conf").mkdir()
    shutil.copy(root / "etc/tomcat10/web.xml", base / "conf") if (root / "etc/tomcat10/web.xml").exists() else \
        shutil.copy(root / "usr/share/tomcat10/skel/conf/web.xml", base / "conf")
    (base / "conf/server.xml").write_text(SERVER_XML)


def free_port(lowest=None):
    """A free port of the loopback; with `lowest` the first one from there on."""
    for port in range(lowest, 1024) if lowest else [0]:
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return probe.getsockname()[1]
    pytest.skip("no free port below 1024")


def get(port, path="/"):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
        return answer.read().decode()


def talk(port, said):
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(said)
        return connection.recv(4096).decode()


class Service:
    """A program: its pod's command, its configuration, and the question that it must answer."""

    def __init__(self, name, command, want, ask, complaint="Read-only file system", config=None, lowest_port=None, seconds=20):
        self.name, self.want, self.ask = name, want, ask
        self.complaint = complaint  # of the program when it cannot write
        self.seconds = seconds  # to its first answer, at most
        self.port = free_port(lowest_port)
        self.command = [word.replace("PORT", str(self.port)) for word in command]
        self.config = {file: text.replace("PORT", str(self.port)) for file, text in (config or {}).items()}

    def pod(self, folder):
        container = {"name": "app", "image": IMAGE, "imagePullPolicy": "Never", "command": self.command,
                     "ports": [{"containerPort": self.port}]}
        spec = {"hostNetwork": True, "restartPolicy": "Never", "containers": [container]}
        if self.config:
            for file, text in self.config.items():
                (folder / file).write_text(text)
            container["volumeMounts"] = [{"name": "conf", "mountPath": "/srv/conf", "readOnly": True}]
            spec["volumes"] = [{"name": "conf", "hostPath": {"path": str(folder), "type": "Directory"}}]
        return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": f"audit-{self.name}", "namespace": "shop"}, "spec": spec}


def nginx():
    config = """user www-data; worker_processes 1; pid /run/nginx.pid; error_log /var/log/nginx/error.log;
events {} http { access_log /var/log/nginx/access.log;
server { listen 127.0.0.1:PORT; location / { return 200 "nginx answers"; } } }
"""
    return Service("nginx", ["nginx", "-c", "/srv/conf/nginx.conf", "-g", "daemon off;"], "nginx answers",
                   lambda service: get(service.port), config={"nginx.conf": config}, lowest_port=700)


def redis():
    def ask(service):
        assert "+OK" in talk(service.port, b"SET shop open\r\n")
        return talk(service.port, b"SAVE\r\n") + talk(service.port, b"GET shop\r\n")

    command = ["redis-server", "/etc/redis/redis.conf", "--daemonize", "no", "--bind", "127.0.0.1", "--port", "PORT"]
    return Service("redis", command, "+OK\r\n$4\r\nopen\r\n", ask)


def postgres():
    """Starts as the official image does: as root, to make the data directory, then as another user."""
    script = """set -e
data=/var/lib/postgresql/data bin=/usr/lib/postgresql/15/bin
mkdir -p $data; chmod 700 $data; chown postgres $data
as="setpriv --reuid postgres --regid postgres --init-groups"
$as $bin/initdb -D /var/lib/postgresql/data --auth trust --no-sync --locale C.UTF-8 >/dev/null
exec $as $bin/postgres -D /var/lib/postgresql/data -c listen_addresses=127.0.0.1 -p PORT -c fsync=off
"""

    def ask(service):
        command = ["psql", "-h", "127.0.0.1", "-p", str(service.port), "-U", "postgres", "-Atc",
                   "create temp table t as select 42 as n; select n from t"]
        done = service.execute(*command)
        return done.stdout + done.stderr

    return Service("postgres", ["sh", "-c", script], "SELECT 1\n42\n", ask, seconds=40)


def gunicorn():
    app = """import tempfile
def app(environ, start_response):
    with tempfile.TemporaryFile() as upload:
        upload.write(b"python answers")
        upload.seek(0)
        start_response("200 OK", [])
        return [upload.read()]
"""
    return Service("gunicorn", ["gunicorn", "--chdir", "/srv/conf", "-b", "127.0.0.1:PORT", "shop:app"], "python answers",
                   lambda service: get(service.port), "No usable temporary directory", {"shop.py": app})


def java():
    command = ["java", "-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp",
               "/usr/share/tomcat10/bin/bootstrap.jar:/usr/share/tomcat10/bin/tomcat-juli.jar", "-Dhttp.port=PORT",
               f"-Dcatalina.base=/{TOMCAT_BASE}", "-Dcatalina.home=/usr/share/tomcat10", f"-Djava.io.tmpdir=/{TOMCAT_BASE}/temp",
               "org.apache.catalina.startup.Bootstrap", "start"]
    return Service("java", command, "42\n", lambda service: get(service.port, "/index.jsp"),
                   "ClassNotFoundException: org.apache.jsp.index_jsp", seconds=60)  # it could not write the compiled page


SERVICES = {"nginx": nginx, "redis": redis, "postgres": postgres, "python": gunicorn, "java": java}

# Of the lists in a pod: the field that says which element is which.
MERGE_KEYS = {"containers": "name", "initContainers": "name", "volumes": "name", "volumeMounts": "mountPath", "env": "name"}


def strategic_merge(target, patch):
    """As the API server merges; tests/e2e compares with the real one."""
    for key, value in patch.items():
        if isinstance(value, dict):
            target[key] = strategic_merge(target.get(key) or {}, value)
        elif key in MERGE_KEYS:
            merge_list(target.setdefault(key, []), value, MERGE_KEYS[key])
        else:
            target[key] = value
    return target


def merge_list(elements, patches, key):
    for patch in patches:
        same = [element for element in elements if element[key] == patch[key]]
        strategic_merge(same[0], patch) if same else elements.append(copy.deepcopy(patch))

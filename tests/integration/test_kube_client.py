"""common/kube against an API server that fails, through tests/tools/kube_client."""

import json
import time

import pytest

from failing_api_server import FailingApiServer
from support import program, run

LIST = {"kind": "List", "metadata": {"resourceVersion": "10"}, "items": [{"metadata": {"resourceVersion": "9"}}]}
GONE = {"type": "ERROR", "object": {"kind": "Status", "code": 410, "reason": "Expired", "message": "too old resource version"}}


@pytest.fixture
def api_server(tmp_path):
    made = []

    def start(answer):
        made.append(FailingApiServer(tmp_path, answer))
        return made[0]

    yield start
    for server in made:
        server.close()


def client(server, *argv, user=None, seconds=20):
    return run(program("tests/kube_client"), "--kubeconfig", server.kubeconfig(**(user or {})), "--seconds", seconds, *argv)


def lines(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def event(kind, version):
    return {"type": kind, "object": {"metadata": {"resourceVersion": version}}}


def test_retry_after_is_honoured(api_server):
    server = api_server(lambda r: r.reply(429, "{}", Retry_After="1") if r.number == 1 else r.reply(200, "ok"))
    start = time.monotonic()
    assert lines(client(server, "fetch", "/x")) == [{"status": 200, "body": "ok"}]
    assert time.monotonic() - start >= 1
    assert len(server.seen) == 2


def test_a_wait_without_end_is_not_honoured(api_server):
    server = api_server(lambda r: r.reply(503, "{}", Retry_After="Fri, 31 Dec 2099 23:59:59 GMT") if r.number == 1 else r.reply(200, "ok"))
    assert lines(client(server, "fetch", "/x", seconds=10))[0]["status"] == 200


def test_a_token_is_read_anew_for_each_request(api_server, tmp_path):
    token = tmp_path / "token"
    token.write_text("first\n")

    def answer(request):
        token.write_text("second\n")
        request.reply(503 if request.number == 1 else 200, "{}")

    server = api_server(answer)
    client(server, "fetch", "/x", user={"tokenFile": str(token)})
    assert [r.headers["Authorization"] for r in server.seen] == ["Bearer first", "Bearer second"]


@pytest.mark.parametrize("kind, content_type", [("json", "application/json-patch+json"), ("merge", "application/merge-patch+json"),
                                                ("strategic", "application/strategic-merge-patch+json")])
def test_a_patch_says_what_it_is(api_server, kind, content_type):
    server = api_server(lambda r: r.reply(200, {"a": 1}))
    body = '[{"op":"remove","path":"/a"}]' if kind == "json" else '{"a":1}'
    assert lines(client(server, "patch", kind, "/x", body)) == [{"a": 1}]
    request = server.seen[0]
    assert (request.command, request.headers["Content-Type"], request.sent.decode()) == ("PATCH", content_type, body)


@pytest.mark.parametrize("kind, times", [("json", 1), ("merge", 5)])
def test_only_what_may_happen_twice_is_repeated(api_server, kind, times):
    server = api_server(lambda r: r.reply(502, {"message": "bad gateway"}))
    done = client(server, "patch", kind, "/x", "[]" if kind == "json" else "{}")
    assert (done.returncode, done.stderr) == (1, "kube_client: error: PATCH /x: 502: bad gateway\n")
    assert len(server.seen) == times


def test_a_review_is_repeated_although_it_is_a_post(api_server):
    server = api_server(lambda r: r.reply(502, "{}") if r.number == 1 else r.reply(201, {"status": {"allowed": True}}))
    assert lines(client(server, "can", "list", "pods")) == [True]


def test_a_watch_goes_on_from_its_bookmark(api_server):
    def answer(request):
        if "watch=true" not in request.path:
            return request.reply(200, LIST)
        if "resourceVersion=10" in request.path:
            return request.stream(event("ADDED", "11"), event("BOOKMARK", "15"))
        if "resourceVersion=15" in request.path:
            return request.stream(event("MODIFIED", "16"), event("DELETED", "17"), ends=False)
        assert "resourceVersion=17" in request.path, request.path
        return request.reply(200, "") if len(server.seen) > 6 else request.stream(event("ADDED", "17"))

    server = api_server(answer)
    told = lines(client(server, "watch", "/api/v1/pods", seconds=3))
    assert [t for t in told if "contact" not in t][:4] == [{"replaced": 1}, {"changed": "11"}, {"changed": "16"}, {"deleted": "17"}]
    assert all("allowWatchBookmarks=true" in r.path for r in server.seen[1:])
    assert sum("watch=true" not in r.path for r in server.seen) == 1, "nothing is listed anew"
    # The connection that broke is told, and so is that the next one works.
    assert [bool(t["contact"]) for t in told if "contact" in t][:3] == [False, True, False]


@pytest.mark.parametrize("where", ["event", "status"])
def test_what_is_too_old_is_listed_anew(api_server, where):
    def answer(request):
        if "watch=true" not in request.path:
            return request.reply(200, LIST)
        watches = sum("watch=true" in r.path for r in server.seen)
        if watches > 1:
            return request.stream(event("ADDED", "11"))
        return request.stream(GONE) if where == "event" else request.reply(410, GONE["object"])

    server = api_server(answer)
    told = lines(client(server, "watch", "/api/v1/pods", seconds=2))
    assert [t for t in told if "contact" not in t][:3] == [{"replaced": 1}, {"replaced": 1}, {"changed": "11"}]


def test_a_watch_that_is_no_watch_is_an_error_and_tried_again(api_server):
    server = api_server(lambda r: r.reply(200, LIST) if "watch=true" not in r.path else r.stream({"rubbish": 1}))
    told = lines(client(server, "watch", "/api/v1/pods", seconds=2))
    assert {"contact": "/api/v1/pods: not a watch event"} in told
    assert 2 <= sum("watch=true" in r.path for r in server.seen) <= 10, "it waits in between"


def test_credentials_by_a_plugin_are_refused(api_server):
    server = api_server(lambda r: r.reply(200, "{}"))
    done = client(server, "fetch", "/x", user={"exec": {"command": "aws"}})
    assert done.returncode == 1 and "credential plugins are not run; use a token (kubectl create token NAME)" in done.stderr
    assert server.seen == []


def test_a_server_that_is_not_there_is_one_line(api_server, tmp_path):
    server = api_server(lambda r: r.reply(200, "{}"))
    path = server.kubeconfig()
    path.write_text(path.read_text().replace(str(server.server.server_address[1]), "1"))
    done = run(program("tests/kube_client"), "--kubeconfig", path, "fetch", "/x")
    assert (done.returncode, done.stderr) == (1, "kube_client: error: https://localhost:1: cannot connect: Connection refused\n")

"""What is nearly HTTP ends neither the server nor the clients, and takes no memory: mutating.py goes on for longer."""

import pytest

from mutating import MutatingServer, ask, attack, peak_mib
from support import program
from test_webhook import still_answers
from webhook import Webhook

SECONDS = 8
MEMORY_MIB = 64


@pytest.mark.plain_build  # a sanitizer takes memory of its own
def test_the_server_outlives_a_mutating_client(injector, tmp_path):
    webhook = Webhook(injector, tmp_path)
    try:
        assert attack(webhook.port, SECONDS) > 20
        assert webhook.process.poll() is None, "it ended"
        assert peak_mib(webhook.process.pid) < MEMORY_MIB
        still_answers(webhook)
    finally:
        webhook.close()


@pytest.mark.plain_build
def test_a_client_outlives_a_mutating_server(tmp_path):
    server = MutatingServer(tmp_path)
    try:
        codes = ask(program("tests/kube_client"), server, SECONDS)
        assert server.said > 10 and set(codes) <= {0, 1}, f"exit codes {set(codes)}"
    finally:
        server.close()

"""Waits until webhooks and policies are in force: they reach the API server's admission a moment after they are written."""

import json
import time


def bare_pod(**metadata):
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"namespace": "shop", **metadata},
            "spec": {"containers": [{"name": "a", "image": "a"}]}}


def until(seen, reason):
    for _ in range(100):
        done = seen()
        if done is True:
            return
        time.sleep(0.1)
    raise AssertionError(f"{reason}: {done}")


def asks_the_webhook(cluster):
    def seen():
        done = cluster.kubectl("create", "--dry-run=server", "-o", "json", "-f", "-",
                               input=json.dumps(bare_pod(generateName="probe-")), user="developer")
        return done.returncode == 0 and "initscan-gate" in done.stdout or done.stderr

    return seen


def wait_until_enforced(cluster):
    """Both: each comes by a watch of its own, so the one does not tell of the other."""
    until(asks_the_webhook(cluster), "the webhook is not asked")
    cluster.kubectl("delete", "pod", "probe", "-n", "shop", "--ignore-not-found", "--now", check=True)
    assert cluster.create(bare_pod(name="probe")).returncode == 0

    def denies():
        done = cluster.kubectl("set", "image", "pod/probe", "a=b", "-n", "shop", "--dry-run=server", user="developer")
        return done.returncode != 0 and "cannot be changed" in done.stderr or done.stdout + done.stderr

    until(denies, "the final-state policy does not deny")


def wait_until_without_webhook(cluster):
    def denied():
        done = cluster.create(bare_pod(generateName="probe-"))
        return "was the injector unreachable?" in done.stderr or done.stdout + done.stderr

    until(denied, "the webhook is still asked")

"""Waits until webhooks and policies are in force: they reach the API server's admission a moment after they are written."""

import json
import time

from support import run


def bare_pod(**metadata):
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"namespace": "shop", **metadata},
            "spec": {"containers": [{"name": "a", "image": "a:1"}]}}


def until(seen, reason, seconds=60):
    """Asks until it is true. What is waited for comes within a second on a quiet machine; the bound is for a busy one."""
    end = time.monotonic() + seconds
    while True:
        done = seen()
        if done is True:
            return
        if time.monotonic() > end:
            raise AssertionError(f"{reason}: {done}")
        time.sleep(0.1)


def asks_the_webhook(cluster):
    def seen():
        done = cluster.create(bare_pod(generateName="probe-"), dry_run=True)
        return done.returncode == 0 and "initscan-gate" in done.stdout or done.stderr or done.stdout

    return seen


def wait_until_enforced(cluster):
    """Both: each comes by a watch of its own, so the one does not tell of the other."""
    until(asks_the_webhook(cluster), "the webhook is not asked")
    cluster.ask("DELETE", "/api/v1/namespaces/shop/pods/probe?gracePeriodSeconds=0")
    until(lambda: cluster.create(bare_pod(name="probe")).status in (201, 409) or "not created", "there is no pod to try it on")

    def denies():
        done = cluster.patch(bare_pod(name="probe"), {"spec": {"containers": [{"name": "a", "image": "b"}]}}, dry_run=True)
        return done.returncode != 0 and "cannot be changed" in done.stderr or done.stdout + done.stderr

    until(denies, "the final-state policy does not deny")


def wait_until_without_webhook(cluster):
    def denied():
        done = cluster.create(bare_pod(generateName="probe-"), dry_run=True)
        return "was the injector unreachable?" in done.stderr or done.stdout + done.stderr

    until(denied, "the webhook is still asked")


def checked(injector, cluster):
    """What `check` has to say beyond ok, in lines, and how it ends."""
    done = run(injector, "check", "--kubeconfig", cluster.kubeconfig("admin"), "--format", "json", "--trial-namespace", "shop")
    items = json.loads(done.stdout)["items"]
    return done.returncode, [f"{i['state']} {i['name']}: {i['fact']}" for i in items if i["state"] != "ok"]

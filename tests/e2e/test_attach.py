"""Commands in initscan's containers, and ephemeral containers, whose image the kubelet starts before the gate has ended."""

import pytest

from enforcement import until
from test_admission import created, debugged, denied, gate_says, passed, pod, written_down

OURS = ("initscan-gate", "initscan-install", "initscan-collect-0")
NO_COMMAND = "initscan: no command may run in its containers and nothing may be attached to them"
BEFORE = "initscan: nothing can be attached to this pod before its scan has passed; see kubectl logs POD -c initscan-gate"
NEVER = "initscan: nothing can be attached to this pod, because it was never scanned"
OF_OURS = "has one of its names, mounts one of its volumes or targets one of its containers"


def connected(cluster, made, how, container, user="developer"):
    """What the API server says of a command; it goes no further than to ask where the pod runs."""
    where = f"/api/v1/namespaces/{made['metadata']['namespace']}/pods/{made['metadata']['name']}/{how}"
    named = f"&container={container}" if container else ""
    return cluster.ask("POST", f"{where}?command=sh&stdout=1{named}", user=user)


def admitted(done):
    assert "does not have a host assigned" in done.stderr, done.stderr


@pytest.mark.parametrize("how", ("exec", "attach"))
def test_no_command_runs_in_our_containers(cluster, installed, how):
    made = created(cluster.create(pod()))
    for container in OURS:
        denied(connected(cluster, made, how, container), NO_COMMAND)
        denied(connected(cluster, made, how, container, user="breaker"), NO_COMMAND)
    for container in ("app", None):
        admitted(connected(cluster, made, how, container))


def test_the_first_container_that_a_request_names_is_the_one_that_is_judged(cluster, installed):
    made = created(cluster.create(pod()))
    denied(connected(cluster, made, "exec", "initscan-gate&container=app"), NO_COMMAND)
    admitted(connected(cluster, made, "exec", "app&container=initscan-gate"))


def test_a_namespace_that_reports_is_told_of_a_command(cluster, installed):
    cluster.kubectl("label", "namespace", "shop", "initscan.io/enforcement=report", check=True)
    try:
        made = created(cluster.create(pod()))

        def warned():
            done = connected(cluster, made, "exec", "initscan-gate")
            return f"Warning: {NO_COMMAND}" in done.stderr.replace("Validation failed for ValidatingAdmissionPolicy "
                "'initscan-connect' with binding 'initscan-connect-report': ", "") or done.stderr

        until(warned, "nobody is warned")
    finally:
        cluster.kubectl("label", "namespace", "shop", "initscan.io/enforcement-", check=True)
    until(lambda: NO_COMMAND in connected(cluster, made, "exec", "initscan-gate").stderr or "it is admitted", "it is still only told")
    # The injector and what it has published follow the label, too, each in its own time: tests after this one make pods.
    until(lambda: (done := cluster.create(pod())).returncode == 0 or done.stderr, "pods of the namespace are denied")


STATES = {
    "waits": {"waiting": {"reason": "PodInitializing"}},
    "runs": {"running": {"startedAt": "2026-01-01T00:00:00Z"}},
    "refused": {"terminated": {"exitCode": 2}},
    "could not decide": {"terminated": {"exitCode": 1}},
    "crashes": {"waiting": {"reason": "CrashLoopBackOff"}},
}


def test_nothing_is_attached_to_a_pod_that_has_not_started(cluster, installed):
    made = created(cluster.create(pod()))
    denied(debugged(cluster, made, image="example/shop:1"), BEFORE)


@pytest.mark.parametrize("state", STATES)
def test_nothing_is_attached_before_the_gate_has_ended_well(cluster, installed, state):
    made = gate_says(cluster, created(cluster.create(pod())), **STATES[state])
    denied(debugged(cluster, made, image="example/shop:1"), BEFORE)
    denied(debugged(cluster, made, image="example/shop:1", name="initscan-gate-2"), "initscan: ")


def test_the_stored_pod_says_how_the_gate_ended(cluster, installed):
    """The API server gives the status of the pod to the policy that judges its subresource."""
    made = passed(cluster, created(cluster.create(pod())))
    created(debugged(cluster, made, image="example/shop:1"))


def test_who_attaches_says_nothing_of_the_gate(cluster, installed):
    made = created(cluster.create(pod()))
    forged = {"status": {"initContainerStatuses": [{"name": "initscan-gate", "image": "", "imageID": "", "ready": True, "restartCount": 0,
                                                    "state": {"terminated": {"exitCode": 0}}}]},
              "spec": {"ephemeralContainers": [{"name": "debug", "image": "example/shop:1"}]}}
    denied(cluster.patch(made, forged, subresource="/ephemeralcontainers"), BEFORE)


def test_what_is_attached_touches_nothing_of_ours(cluster, installed):
    volumes = [{"name": "data", "emptyDir": {}}]
    made = passed(cluster, created(cluster.create(pod(volumes=volumes))))
    ours = next(v["name"] for v in made["spec"]["volumes"] if v["name"].startswith("initscan-"))
    for container in ({"name": "initscan-debug"}, {"targetContainerName": "initscan-gate"},
                      {"volumeMounts": [{"name": ours, "mountPath": "/x"}]}):
        denied(debugged(cluster, made, image="example/shop:1", **container), OF_OURS)
    created(debugged(cluster, made, image="example/shop:1", targetContainerName="app", volumeMounts=[{"name": "data", "mountPath": "/x"}]))


def test_nothing_is_attached_to_a_pod_that_is_older_than_the_label(cluster, installed):
    made = passed(cluster, created(cluster.create(pod("plain"))))
    created(debugged(cluster, made, image="example/shop:1"))
    cluster.kubectl("label", "namespace", "plain", "initscan.io/inject=enabled", check=True)
    try:
        until(lambda: NEVER in debugged(cluster, made, name="late", image="example/shop:1").stderr or "it is admitted", "it is admitted")
    finally:
        cluster.kubectl("label", "namespace", "plain", "initscan.io/inject-", check=True)
    until(lambda: cluster.create(pod("plain"), dry_run=True).returncode == 0
          and "initscan-gate" not in cluster.create(pod("plain"), dry_run=True).stdout or "it is injected", "it is still labelled")


def test_who_may_bypass_attaches_to_a_pod_that_bears_the_label(cluster, installed):
    made = created(cluster.create(pod()))
    label = {"metadata": {"labels": {"initscan.io/inject": "disabled"}}}
    denied(debugged(cluster, made, image="example/debug:1"), BEFORE)
    attached = {**label, "spec": {"ephemeralContainers": [{"name": "debug", "image": "example/debug:1"}]}}
    denied(cluster.patch(made, attached, user="breaker", subresource="/ephemeralcontainers"), BEFORE)
    assert cluster.patch(made, label).returncode == 0
    denied(debugged(cluster, made, image="example/debug:1"), BEFORE)
    done = cluster.patch(made, attached, user="breaker", subresource="/ephemeralcontainers")
    assert done.returncode == 0, done.stderr
    assert written_down(cluster, made["metadata"]["name"], "patch").startswith("breaker holds the verb bypass")

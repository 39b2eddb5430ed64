"""What each overlay says of running pods and of namespaces, by Kubernetes' own code: commands in initscan's containers,
ephemeral containers, tenants. With webhooks: which of them are asked, and that no other request waits for an injector."""

import copy

import pytest

from admission import Admission, deployed, injected, namespace, policy_of
from renderer import KUSTOMIZE
from test_admission import created, denied, labelled, pod
from test_attach import BEFORE, NO_COMMAND, OURS, STATES
from test_tenants import NOT_YOURS, WORDS

OVERLAYS = sorted(p.name for p in (KUSTOMIZE / "overlays").iterdir())
BY_WEBHOOK = "webhook-only"
REPORTING = "report-only"


@pytest.fixture(scope="module", params=["copy", "volume"])
def good(request, injector):
    return injected(injector, pod(volumes=[{"name": "data", "emptyDir": {}}]), request.param)


@pytest.fixture(scope="module")
def admissions(injector):
    digest = policy_of(injected(injector, pod(), "volume"))
    made = {}

    def of(overlay, **keys):
        key = (overlay, *sorted(keys.items()))
        if key not in made:
            made[key] = Admission(deployed(overlay, {f"policy.{digest}": "default", **keys}))
        return made[key]

    yield of
    for one in made.values():
        one.close()


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_no_command_runs_in_our_containers(admissions, overlay, good):
    admission = admissions(overlay)
    for how in ("exec", "attach"):
        for container in OURS:
            done = admission.connect(good, how, user="breaker", container=container)
            if overlay == BY_WEBHOOK:
                assert admission.last["webhooks"] == ["connect.initscan.io"]
            elif overlay == REPORTING:
                created(done)
                assert NO_COMMAND in done.stderr
            else:
                denied(done, NO_COMMAND)
        for options in ({"container": "app"}, {}):
            created(admission.connect(good, how, **options))
            assert "webhooks" not in admission.last, "an injector that is down must block no other command"
    created(admission.connect(good, "portforward", ports=[80]))


def with_gate(document, **state):
    stored = copy.deepcopy(document)
    stored["status"] = {"initContainerStatuses": [{"name": "initscan-gate", "state": state}]}
    return stored


def attached(admission, stored, user="developer", **container):
    new = copy.deepcopy(stored)
    new["spec"].setdefault("ephemeralContainers", []).append({"name": "debug", "image": "example/shop:1", **container})
    return admission.update(stored, new, user, "ephemeralcontainers")


@pytest.mark.parametrize("overlay", [o for o in OVERLAYS if o not in (BY_WEBHOOK, REPORTING)])
@pytest.mark.parametrize("state", STATES)
def test_nothing_is_attached_before_the_gate_has_ended_well(admissions, overlay, state, good):
    denied(attached(admissions(overlay), with_gate(good, **STATES[state])), BEFORE)
    denied(attached(admissions(overlay), good), BEFORE)


def test_a_bypass_of_a_running_pod_is_told_to_the_injector(admissions, good):
    for overlay in ("enforce", BY_WEBHOOK):
        admission = admissions(overlay)
        stored = labelled(copy.deepcopy(good))
        other, unlabelled = copy.deepcopy(stored), copy.deepcopy(stored)
        other["spec"]["containers"][0]["image"] = "example/other:1"
        unlabelled["metadata"]["labels"] = {}
        for done in (admission.update(stored, other, "breaker"), attached(admission, stored, "breaker", image="example/debug:1")):
            created(done)
            assert admission.last["webhooks"] == ["bypass.initscan.io"]
        created(admission.update(stored, unlabelled, "breaker"))
        assert "webhooks" not in admission.last, "it brings no image"


SHOP = namespace("shop", {"initscan.io/inject": "enabled", "team": "a"})


def said(admission, change, user, subresource=""):
    now = copy.deepcopy(SHOP)
    for where, words in change.items():
        if words is None:
            now["metadata"].pop(where, None)
            continue
        kept = {**now["metadata"].get(where, {}), **words}
        now["metadata"][where] = {k: v for k, v in kept.items() if v is not None}
    return admission.request("UPDATE", "shop", "shop", user, "v1/namespaces", object=now, oldObject=SHOP, subresource=subresource)


@pytest.mark.parametrize("overlay", OVERLAYS)
@pytest.mark.parametrize("name", WORDS)
def test_a_tenant_does_not_change_what_its_namespace_says(admissions, overlay, name):
    admission = admissions(overlay)
    for subresource in ("", "status", "finalize"):
        for user in ("developer", "owner"):
            done = said(admission, WORDS[name], user, subresource)
            if overlay == BY_WEBHOOK:
                assert admission.last["webhooks"] == ["namespaces.initscan.io"]
            elif overlay == REPORTING:
                assert NOT_YOURS in done.stderr and done.returncode == 0
            else:
                denied(done, NOT_YOURS)
        created(said(admission, WORDS[name], "breaker", subresource))
        assert "webhooks" not in admission.last
    created(said(admission, {"labels": {"team": "b"}, "annotations": {"note": "c"}}, "developer"))
    assert "webhooks" not in admission.last, "an injector that is down must block no other change"


MEANINGLESS = {
    "a label's value": ({"labels": {"initscan.io/inject": "enable"}}, "initscan.io/inject is enabled or disabled"),
    "what is demanded": ({"labels": {"initscan.io/enforcement": "reprot"}}, "initscan.io/enforcement is enforce or report"),
    "a mode": ({"annotations": {"initscan.io/mode": "vol"}}, "initscan.io/mode is auto, copy or volume"),
    "an annotation that is a label": ({"annotations": {"initscan.io/enforcement": "report"}}, "are labels of a namespace"),
    "a label that is an annotation": ({"labels": {"initscan.io/policy": "strict"}}, "are annotations of a namespace"),
}


@pytest.mark.parametrize("overlay", [o for o in OVERLAYS if o != BY_WEBHOOK])
@pytest.mark.parametrize("name", MEANINGLESS)
def test_what_means_nothing_is_warned_of(admissions, overlay, name):
    change, words = MEANINGLESS[name]
    done = said(admissions(overlay), change, "breaker")
    created(done)
    assert words in done.stderr
    made = namespace("new", {})
    for where, pairs in change.items():
        made["metadata"].setdefault(where, {}).update(pairs)
    done = admissions(overlay).request("CREATE", "new", "new", "breaker", "v1/namespaces", object=made)
    created(done)
    assert words in done.stderr


@pytest.mark.parametrize("overlay", [o for o in OVERLAYS if o != BY_WEBHOOK])
def test_what_means_something_is_not(admissions, overlay):
    for change in ({"labels": {"initscan.io/inject": "disabled", "initscan.io/enforcement": "report"}},
                   {"annotations": {"initscan.io/mode": "copy", "initscan.io/policy": "strict"}}, {"labels": {"team": "b"}}):
        done = said(admissions(overlay), change, "breaker")
        created(done)
        assert "Warning" not in done.stderr

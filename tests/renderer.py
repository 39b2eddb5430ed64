"""What kustomize and Helm make of deploy/, by a small program of the tests': neither of them is a Debian package."""

import json
import os
import pathlib

import yaml

from go_tool import GoTool
from support import PROJECT, run

KUSTOMIZE = PROJECT / "deploy" / "kustomize"
CHARTS = PROJECT / "deploy" / "helm"
CHART = CHARTS / "initscan"


RENDER = GoTool("render")


def render(*argv):
    """The outcome of the program as it is; the test is skipped where it cannot be built."""
    return run(RENDER.need(), *argv)


def _even(value, key=""):
    """kustomize folds long text anew, with other line ends; in CEL they mean nothing."""
    if isinstance(value, dict):
        return {k: _even(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [_even(v) for v in value]
    return " ".join(value.split()) if key in ("expression", "messageExpression") else value


def documents(text):
    return [_even(d) for d in yaml.safe_load_all(text) if d]


def kustomized(folder: pathlib.Path):
    done = render("kustomize", folder)
    assert done.returncode == 0, done.stderr
    return documents(done.stdout)


def composed(folder, base, components, **more):
    """A kustomization of `base` and some components, outside of the project."""
    folder.mkdir(exist_ok=True)

    def path(to):
        return os.path.relpath(KUSTOMIZE / to, folder)

    (folder / "kustomization.yaml").write_text(json.dumps({
        "apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", "resources": [path(base)],
        "components": [path(f"components/{c}") for c in components], **more}))
    return kustomized(folder)


def charted(folder, values, *options, chart=CHART):
    """`folder` is a temporary one, for the file of values. Without an image neither chart renders."""
    path = folder / "values.yaml"
    path.write_text(yaml.safe_dump({"image": "initscan", **values}))
    return render("helm", chart, "-values", path, *options)


def templated(folder, values, *options, chart=CHART):
    done = charted(folder, values, *options, chart=chart)
    assert done.returncode == 0, done.stderr
    return documents(done.stdout)


def assert_same(kustomize, helm):
    ours, theirs = by_name(kustomize), by_name(helm)
    assert sorted(ours) == sorted(theirs)
    for key in ours:
        assert ours[key] == theirs[key], key


def assert_schema_knows_values(chart):
    """Each key of the values, and no other."""
    def compare(schema, values, path=""):
        known = set(schema.get("properties", {})) - {"global"}
        assert known == set(values), path
        for name, value in values.items():
            inner = schema["properties"][name]
            if isinstance(value, dict) and inner.get("additionalProperties") is False and name != "resources":
                compare(inner, value, f"{path}{name}.")

    compare(json.loads((chart / "values.schema.json").read_text()), yaml.safe_load((chart / "values.yaml").read_text()))


def by_name(objects):
    """(kind, namespace, name) -> object; a name that is given twice is an error of the renderer."""
    named = {}
    for o in objects:
        key = (o["kind"], o["metadata"].get("namespace", ""), o["metadata"]["name"])
        assert key not in named, key
        named[key] = o
    return named

"""What the collector finds in a root."""

import json

from support import run


def collected(collect, root):
    """(name, version, architecture, source, source version, module) of every package, and the document's properties as pairs."""
    done = run(collect, "--root", root, "--output", "-")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    packages = []
    for component in document["components"]:
        if component["type"] != "library":
            continue
        properties = {p["name"]: p["value"] for p in component["properties"]}
        words = dict(word.split("=") for word in component["purl"].partition("?")[2].split("&"))
        packages.append((component["name"], component["version"], words["arch"], properties["initscan:source:name"],
                         properties["initscan:source:version"], words.get("rpmmod", "")))
    return sorted(packages), [(p["name"], p["value"]) for p in document["metadata"]["properties"]]


def gaps_in(properties):
    return [value for name, value in properties if name == "initscan:coverage:incomplete"]

"""Our version orders against those of dpkg and apk themselves, over generated pairs."""

import random
import subprocess

import pytest

from support import program, run

PAIRS = 3000


def deb_version(rng):
    text = rng.choice(["", "", "", "0:", "1:", "2:"]) + str(rng.choice([0, 1, 2, 10]))
    for _ in range(rng.randint(0, 4)):
        text += rng.choice([".", "+", "~", "a", "b", ".", "rc", "deb", "dfsg", "~~", "-", "Z"])
        text += rng.choice(["", "0", "1", "01", "10", "2", "007"])
    if rng.random() < 0.6:
        text += "-" + rng.choice(["0", "1", "10", "1+b1", "1~deb12u1", "2ubuntu1", "0.1"])
    return text


def apk_version(rng):
    text = str(rng.choice([0, 1, 2, 10, 9, 20210101]))
    for _ in range(rng.randint(0, 3)):
        text += "." + rng.choice(["0", "1", "01", "00", "001", "10", "2", "007", "012"])
    if rng.random() < 0.25:
        text += rng.choice("abz")
    for _ in range(rng.choice([0, 0, 0, 1, 1, 2])):
        text += "_" + rng.choice(["alpha", "beta", "pre", "rc", "cvs", "svn", "git", "hg", "p"])
        text += rng.choice(["", "1", "2", "20200101", "01"])
    if rng.random() < 0.6:
        text += "-r" + rng.choice(["0", "1", "10", "2"])
    return text


def changed(rng, text, changes):
    """The same version with one place changed: near misses find more than random pairs."""
    place = rng.randrange(len(text) + 1)
    return text[:place] + rng.choice(changes) + text[place:]


DEB_CHANGES = ["0", "1", "~", ".", "a", "+", "-"]
ODD_DEB_CHANGES = [*DEB_CHANGES, "_", "!", "%", "v", ":"]
APK_CHANGES = ["0", "1", ".", "a", "_p", "_rc", "-r1", "+"]  # ~hash is of apk 3, which no root here has


def pairs(make, changes, seed):
    rng = random.Random(seed)
    made = []
    while len(made) < PAIRS:
        a = make(rng)
        b = changed(rng, a, changes) if rng.random() < 0.5 else make(rng)
        if not a.startswith("-") and not b.startswith("-"):
            made.append((a, b))
    return made


def our_orders(kind, versions):
    text = "".join(f"{a} {b}\n" for a, b in versions)
    return run(program("tests/version_order"), kind, input=text, check=True).stdout.split()


def compare(ours, theirs, versions):
    compared = [(pair, our, their) for pair, our, their in zip(versions, ours, theirs, strict=True) if our != "?"]
    assert len(compared) > PAIRS / 2, "too few of the pairs were versions"
    assert not [row for row in compared if row[1] != row[2]]


def test_debian_versions_are_ordered_as_dpkg_orders_them():
    versions = pairs(deb_version, DEB_CHANGES, 1)
    script = """while read a b; do
      if dpkg --compare-versions "$a" lt "$b" 2>/dev/null; then echo '<'
      elif dpkg --compare-versions "$a" gt "$b" 2>/dev/null; then echo '>'
      else echo '='; fi; done"""
    text = "".join(f"{a} {b}\n" for a, b in versions)
    theirs = run("sh", "-c", script, input=text, check=True).stdout.split()
    compare(our_orders("deb", versions), theirs, versions)


def test_what_dpkg_calls_a_version():
    """Without a warning: what it merely warns of it orders above each number, and we do not compare."""
    # dpkg reads an epoch "+1" by accident of its C library.
    made = [word for pair in pairs(deb_version, ODD_DEB_CHANGES, 2) for word in pair if not word.startswith("+")]
    versions = [(word, word) for word in made]
    script = 'while read a b; do if dpkg --validate-version "$a" 2>/dev/null; then echo "="; else echo "?"; fi; done'
    text = "".join(f"{a} {b}\n" for a, b in versions)
    theirs = run("sh", "-c", script, input=text, check=True).stdout.split()
    ours = our_orders("deb", versions)
    assert not [row for row in zip(versions, ours, theirs, strict=True) if row[1] != row[2]]
    assert "?" in theirs and "=" in theirs


@pytest.mark.parametrize("alpine", ["3.10.9", "3.18.9", "3.20.3"])
def test_alpine_versions_are_ordered_as_apk_orders_them(alpine_root, alpine):
    root = alpine_root(alpine)
    probe = run("chroot", root, "/sbin/apk", "version", "-t", "1", "2")
    if probe.returncode != 0 or probe.stdout.strip() != "<":
        pytest.skip(f"apk of Alpine {alpine} does not run here: {probe.stderr.strip()}")
    versions = pairs(apk_version, APK_CHANGES, 3)
    script = 'while read a b; do apk version -t "$a" "$b" 2>/dev/null | head -n 1; done'
    text = "".join(f"{a} {b}\n" for a, b in versions)
    theirs = subprocess.run(["chroot", root, "/bin/sh", "-c", script], input=text, capture_output=True, text=True).stdout
    compare(our_orders("apk2", versions), theirs.split("\n")[:-1], versions)

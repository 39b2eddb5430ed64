"""Our version orders against those of dpkg and apk themselves, over generated pairs."""

import base64
import hashlib
import random
import re
import shutil

import pytest

from support import program, run

PAIRS = 3000  # where each takes a process of its own
MANY_PAIRS = 20_000


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


def pairs(make, changes, seed, count=PAIRS):
    rng = random.Random(seed)
    made = []
    while len(made) < count:
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
    assert len(compared) > len(versions) / 2, "too few of the pairs were versions"
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


def test_debian_versions_are_ordered_as_dpkgs_own_library_orders_them():
    """Which also says of a text whether it is a version."""
    perl = shutil.which("perl")
    if not perl or run(perl, "-MDpkg::Version", "-e", "1").returncode != 0:
        pytest.skip("no Dpkg::Version (Debian's libdpkg-perl; ./dev setup installs it)")
    script = """
use Dpkg::Version;
my %sign = (-1 => "<", 0 => "=", 1 => ">");
while (<STDIN>) {
  my ($a, $b) = map { Dpkg::Version->new($_, check => 1) } split;
  print defined $a && defined $b ? $sign{version_compare($a, $b)} : "?", "\n";
}
"""
    versions = pairs(deb_version, DEB_CHANGES, 4, MANY_PAIRS)
    text = "".join(f"{a} {b}\n" for a, b in versions)
    compare(our_orders("deb", versions), run(perl, "-e", script, input=text, check=True).stdout.split(), versions)


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


def repository_of(root, folder, installed, available):
    """Packages p0, p1, ... of which some versions are installed in a folder of a root, and others are to be had."""
    def records(versions, place):
        sums = (base64.b64encode(hashlib.sha1(f"{place}{i}".encode()).digest()).decode() for i in range(len(versions)))
        return "".join(f"C:Q1{total}\nP:p{i}\nV:{version}\nA:x86_64\nS:1\nI:1\nT:x\nL:MIT\n\n"
                       for i, (version, total) in enumerate(zip(versions, sums)))

    files = {"lib/apk/db/installed": records(installed, "i"), "etc/apk/arch": "x86_64\n", "etc/apk/repositories": "",
             "etc/apk/world": "".join(f"p{i}\n" for i in range(len(installed))), "x86_64/APKINDEX": records(available, "a")}
    # apk 2.10 wants the rest of a database, too.
    files.update(dict.fromkeys(["lib/apk/db/triggers", "lib/apk/db/lock", "var/cache/apk/.keep", "tmp/.keep"], ""))
    for name, text in files.items():
        (root / folder / name).parent.mkdir(parents=True, exist_ok=True)
        (root / folder / name).write_text(text)
    shutil.copy(root / "lib/apk/db/scripts.tar", root / folder / "lib/apk/db")
    index = root / folder / "x86_64"
    run("tar", "-C", index, "-czf", index / "APKINDEX.tar.gz", "APKINDEX", check=True)


def upgrades(root, folder, installed, available):
    """Which of the installed apk calls older than what is to be had; all of them in one process."""
    repository_of(root, folder, installed, available)
    said = run("chroot", root, "/sbin/apk", "version", "--root", f"/{folder}", "--repositories-file", "/dev/null",
               "--repository", f"/{folder}", "--allow-untrusted", "--no-network", "--verbose", "--limit", "<=>?", check=True).stdout
    signs = dict(re.findall(r"^p(\d+)-[^\s<=>?]+ *([<=>?]) ", said, re.M))
    missing = [(a, b) for i, (a, b) in enumerate(zip(installed, available)) if str(i) not in signs]
    assert not missing, f"apk says nothing of {len(missing)}, first: {missing[:3]}"
    return {int(number) for number, sign in signs.items() if sign == "<"}


@pytest.mark.parametrize("alpine", ["3.10.9", "3.18.9", "3.20.3"])
def test_alpine_versions_are_ordered_as_apk_orders_them(alpine_root, alpine):
    root = alpine_root(alpine)
    probe = run("chroot", root, "/sbin/apk", "version", "-t", "1", "2")
    if probe.returncode != 0 or probe.stdout.strip() != "<":
        pytest.skip(f"apk of Alpine {alpine} does not run here: {probe.stderr.strip()}")
    made = pairs(apk_version, APK_CHANGES, 3, 3 * MANY_PAIRS)
    if alpine == "3.10.9":  # apk 2.10 takes a suffix without a number otherwise than all since 2.12, and "0_rc1" for none
        odd = re.compile(r"_[a-z]+(?![a-z0-9])|^0_")
        made = [pair for pair in made if not any(odd.search(version) for version in pair)]
    both = [row for row in zip(made, our_orders("apk2", made), strict=True) if row[1] != "?"][:MANY_PAIRS]
    versions, ours = [row[0] for row in both], [row[1] for row in both]
    firsts, seconds = [a for a, _ in versions], [b for _, b in versions]
    older = upgrades(root, "forth", firsts, seconds)
    newer = upgrades(root, "back", seconds, firsts)
    theirs = ["<" if i in older else ">" if i in newer else "=" for i in range(len(versions))]
    assert not [row for row in zip(versions, ours, theirs, strict=True) if row[1] != row[2]]
    assert len(versions) > MANY_PAIRS / 2 and {"<", "=", ">"} == set(theirs)

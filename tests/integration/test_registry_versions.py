"""Our orders of rpm's and of languages' versions against those of the package managers themselves: 20,000 pairs each, of
which half differ in one place. Each tool reads all pairs in one process.

Cargo, NuGet and pub have no small package in Debian. Cargo's order is Semantic Versioning without liberties, and compared
with npm's where that has none either; NuGet's and pub's are tested by their published rules (version_test.cc)."""

import functools
import os
import random
import re
import shutil

import pytest

from go_tool import GoTool
from support import program, run

PAIRS = 20_000
SEPARATORS = [".", ".", ".", "-", "_", "+", "~", "^", ""]
NUMBERS = ["0", "0", "1", "2", "9", "10", "00", "01", "11", "100", "2024", "20240131"]
WORDS = ["a", "b", "m", "c", "p", "r", "x", "rc", "cr", "dev", "pre", "alpha", "beta", "post", "rev", "preview", "milestone",
         "snapshot", "final", "ga", "release", "sp", "pl", "patch", "stable", "foo", "Foo", "el9", "git"]


def semver(rng):
    number = lambda: rng.choice(["0", "1", "2", "9", "10", "11", "123"])
    identifiers = lambda: ".".join(rng.choice([number(), rng.choice(WORDS), rng.choice(WORDS) + number(), "-", "0a", "A-b"])
                                   for _ in range(rng.choice([1, 1, 2, 3])))
    text = ".".join(number() for _ in range(3))
    if rng.random() < 0.6:
        text += "-" + identifiers()
    return text + ("+" + identifiers() if rng.random() < 0.2 else "")


def loose(rng, most=5, separators=SEPARATORS, words=WORDS):
    """Numbers and words of all kinds in a row."""
    text = rng.choice(NUMBERS)
    for _ in range(rng.randint(0, most)):
        text += rng.choice(separators) + rng.choice(NUMBERS if rng.random() < 0.6 else words)
    return text


def rpm(rng):
    text = rng.choice(["", "", "", "0:", "1:", "12:"]) + loose(rng, separators=[".", ".", "_", "+", "~", "^", ""])
    return text + ("-" + loose(rng, 2, [".", "_", "~", "^", ""]) if rng.random() < 0.7 else "")


def python(rng):
    text = rng.choice(["", "", "", "", "v", "1!", "0!"]) + ".".join(rng.choice(NUMBERS) for _ in range(rng.randint(1, 4)))
    joint = lambda: rng.choice(["", "", ".", "-", "_"])
    part = lambda words: joint() + rng.choice(words) + joint() + rng.choice(["", *NUMBERS])
    if rng.random() < 0.4:
        text += part(["a", "b", "c", "rc", "alpha", "beta", "pre", "preview", "RC"])
    if rng.random() < 0.3:
        text += "-" + rng.choice(NUMBERS) if rng.random() < 0.3 else part(["post", "rev", "r"])
    if rng.random() < 0.3:
        text += part(["dev", "DEV"])
    if rng.random() < 0.2:
        text += "+" + rng.choice([".", "-", "_"]).join(rng.choice([*NUMBERS, "abc", "Ubuntu", "1a"]) for _ in range(rng.randint(1, 3)))
    return text


def gem(rng):
    text = rng.choice(NUMBERS)
    for _ in range(rng.randint(0, 4)):
        text += "." + rng.choice([*NUMBERS, rng.choice(WORDS), rng.choice(WORDS) + rng.choice(NUMBERS)])
    return text + ("-" + rng.choice(WORDS) + rng.choice(["", ".", ".1", "-", "2"]) if rng.random() < 0.2 else "")


def composer(rng):
    if rng.random() < 0.15:
        date = rng.choice(["2010", "2024"]) + rng.choice(["", ".", "-", ":"]) + rng.choice(["01", "0102", "12", "011"])
        return date + rng.choice(["", "-01", ".02", "5", "-123", "010203"]) + rng.choice(["", "-rc1", "-dev"])
    text = rng.choice(["", "", "v"]) + ".".join(rng.choice([*NUMBERS, "x"]) for _ in range(rng.randint(1, 4)))
    if rng.random() < 0.5:
        word = rng.choice(["alpha", "a", "beta", "b", "RC", "rc", "p", "pl", "patch", "stable", "Stable"])
        text += rng.choice(["", ".", "-", "_"]) + word + rng.choice(["", "1", ".2", "-3", "10", ".1.2"])
    return text + rng.choice(["", "", "", "-dev", ".dev", "dev", "@dev", "@RC", "+b.1", "-"])


def golang(rng):
    text = "v" + semver(rng)
    roll = rng.random()
    if roll < 0.15:
        return text.split("-")[0].split("+")[0] + "+incompatible"
    if roll < 0.35:
        base = text.split("-")[0].split("+")[0]
        return base + rng.choice(["-", "-0.", "-rc1.0."]) + str(rng.randint(20190101000000, 20191231000000)) + "-" + "%012x" % rng.getrandbits(48)
    return ".".join(text.split(".")[:rng.randint(1, 2)]) if roll < 0.45 else text


def pairs(make, seed=1, takes=lambda text: text and not text.startswith("-")):
    rng = random.Random(seed)
    made = []
    while len(made) < PAIRS:
        a = make(rng)
        if rng.random() < 0.5:
            place = rng.randrange(len(a) + 1)
            b = a[:place] + rng.choice(["0", "1", ".", "-", "a", "~", "^", "+", ".0", "rc", "A", "01"]) + a[place + rng.randint(0, 1):]
        else:
            b = make(rng)
        if takes(a) and takes(b):
            made.append((a, b))
    return made


def lines_of(versions):
    return "".join(f"{a} {b}\n" for a, b in versions)


def need(tool, package):
    found = shutil.which(tool)
    if not found:
        pytest.skip(f"no {tool} (Debian's {package}; ./dev setup installs it)")
    return found


def asked(*argv, versions, **options):
    done = run(*argv, input=lines_of(versions), **options)
    if done.returncode != 0 and ("No module named" in done.stderr or "Cannot find module" in done.stderr):
        pytest.skip(f"the tool to compare with is missing (./dev setup installs it): {done.stderr.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.split()


def agree(order, versions, theirs, may_say_nothing=False):
    """What both call a version is in the same order, and both call the same a version."""
    ours = run(program("tests/version_order"), order, input=lines_of(versions), check=True).stdout.split()
    rows = list(zip(versions, ours, theirs, strict=True))
    wrong = [row for row in rows if row[1] != row[2] and not (row[1] == "?" and may_say_nothing)]
    assert wrong == [], f"{len(wrong)} of {len(rows)}"
    compared = [our for our in ours if our != "?"]
    assert len(compared) > PAIRS / 3 and {"<", "=", ">"} <= set(compared), "too few of the pairs were versions"


SIGN = "print('<' if order < 0 else '>' if order > 0 else '=')"


def test_rpm():
    script = f"""
import rpm, sys
def parts(text):
    epoch, _, rest = text.rpartition(":")
    version, _, release = rest.partition("-")
    return epoch or "0", version, release or None
for line in sys.stdin:
    try:
        order = rpm.labelCompare(*map(parts, line.split()))
    except ValueError:
        print("?")
        continue
    {SIGN}
"""
    # The library compares what rpmbuild takes for no version, too: a release with a dash, an epoch that is no number.
    versions = pairs(rpm, takes=re.compile(r"([0-9]+:)?[^:-]+(-[^:-]+)?").fullmatch)
    agree("rpm", versions, asked("/usr/bin/python3", "-c", script, versions=versions))


def test_python():
    script = f"""
import sys
from packaging.version import InvalidVersion, Version
for line in sys.stdin:
    try:
        a, b = map(Version, line.split())
    except InvalidVersion:
        print("?")
        continue
    order = (a > b) - (a < b)
    {SIGN}
"""
    versions = pairs(python)
    agree("python", versions, asked("/usr/bin/python3", "-c", script, versions=versions))


NODE = """
const semver = require("semver");
const read = (text) => { try { return new semver.SemVer(text); } catch { return null; } };
for (const line of require("fs").readFileSync(0, "utf8").trim().split("\\n")) {
  const [a, b] = line.split(" ").map(read);
  const order = a && b ? a.compare(b) : NaN;
  console.log(order < 0 ? "<" : order > 0 ? ">" : order === 0 ? "=" : "?");
}
"""


def node_says(versions):
    node = need("node", "node-semver")
    return asked(node, "-e", NODE, versions=versions, env={**os.environ, "NODE_PATH": "/usr/share/nodejs"})


def test_npm():
    versions = pairs(lambda rng: rng.choice(["", "", "", "v"]) + semver(rng))
    agree("npm", versions, node_says(versions))


def test_cargo():
    versions = pairs(semver, 2)
    agree("cargo", versions, node_says(versions))


def test_hex():
    elixir = need("elixir", "elixir")
    script = """
sign = %{lt: "<", gt: ">", eq: "="}
IO.stream(:stdio, :line) |> Stream.map(fn line ->
  [a, b] = String.split(line)
  with {:ok, a} <- Version.parse(a), {:ok, b} <- Version.parse(b) do sign[Version.compare(a, b)] else _ -> "?" end
end) |> Enum.join("\\n") |> IO.puts()
"""
    versions = pairs(semver, 3)
    agree("hex", versions, asked(elixir, "-e", script, versions=versions, env={**os.environ, "LC_ALL": "C.UTF-8"}))


def test_go():
    tool = GoTool("versions")
    if tool.missing:
        pytest.skip(tool.missing)
    # That we take "1.0" and "go1.21" as well is of no matter to Go's own order of modules.
    versions = pairs(golang, takes=lambda text: text.startswith("v"))
    agree("golang", versions, asked(tool.program, versions=versions))


def test_gem():
    ruby = need("ruby", "ruby")
    script = """
STDIN.each_line do |line|
  a, b = line.split
  unless Gem::Version.correct?(a) && Gem::Version.correct?(b)
    puts "?"
    next
  end
  puts ["=", ">", "<"][Gem::Version.new(a) <=> Gem::Version.new(b)]
end
"""
    versions = pairs(gem)
    agree("gem", versions, asked(ruby, "-e", script, versions=versions))


def test_composer():
    php = need("php", "php-cli and php-composer-semver")
    script = """
@include "/usr/share/php/Composer/Semver/autoload.php";
if (!class_exists("Composer\\\\Semver\\\\VersionParser")) { fwrite(STDERR, "Cannot find module php-composer-semver"); exit(1); }
$parser = new Composer\\Semver\\VersionParser();
while (($line = fgets(STDIN)) !== false) {
  try {
    [$a, $b] = array_map([$parser, "normalize"], explode(" ", trim($line)));
  } catch (UnexpectedValueException $e) {
    echo "?\\n";
    continue;
  }
  $is_branch = strpos($a, "dev-") === 0 || strpos($b, "dev-") === 0;
  echo $is_branch ? "?" : (Composer\\Semver\\Comparator::lessThan($a, $b) ? "<" : (Composer\\Semver\\Comparator::greaterThan($a, $b) ? ">" : "=")), "\\n";
}
"""
    versions = pairs(composer)
    agree("composer", versions, asked(php, "-r", script, versions=versions))


def test_maven():
    """Maven's own comparison prints how each argument stands to the next. Where it goes in circles we say nothing."""
    java = need("java", "default-jre-headless")
    jars = ["/usr/share/java/maven3-artifact.jar", "/usr/share/java/commons-lang3.jar"]
    if not os.path.exists(jars[0]):
        pytest.skip("no Maven (Debian's libmaven3-core-java; ./dev setup installs it)")
    versions = pairs(functools.partial(loose, separators=[".", ".", ".", "-", "-", ""]))
    theirs = []
    for first in range(0, PAIRS, 10_000):
        words = [word for pair in versions[first:first + 10_000] for word in pair]
        done = run(java, "-cp", ":".join(jars), "org.apache.maven.artifact.versioning.ComparableVersion", *words)
        assert done.returncode == 0, done.stderr[-2000:]
        signs = [line.split()[1].replace("==", "=") for line in done.stdout.splitlines() if line.startswith("   ")]
        assert len(signs) == len(words) - 1, done.stdout[:2000]
        theirs += signs[::2]
    ours = run(program("tests/version_order"), "maven", input=lines_of(versions), check=True).stdout.split()
    agree("maven", versions, theirs, may_say_nothing=True)
    assert ours.count("?") < PAIRS / 100, "too many were not compared"
